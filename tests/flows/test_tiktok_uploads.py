"""TikTok's uploads by chunks: what is sent, where an upload goes on after a lost answer, and when nothing was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Call, Listing, Lookup, Published, Reply, SizeOf, Step
from noillusion.platforms.tiktok import facts
from noillusion.platforms.tiktok.options import TikTokOptions
from noillusion.platforms.tiktok.platform import PLATFORM
from tests.flows import driver
from tests.flows.driver import calls, play, wire
from tests.flows.test_tiktok import ACCOUNT, BASE, DONE, INBOX, creator, draft, error, ok, options, refusal, status, video

FILE_ID = "v_pub_file~v2.1"
UPLOAD_URL = "https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=secret-token"
STARTED = ok(publish_id=FILE_ID, upload_url=UPLOAD_URL)
ELSEWHERE = video(url=Content("https://films.test/a.mp4"))
INLINE = MediaItem("video", data=b"abcdef", content_type="video/quicktime")
NEXT, FINISHED = Reply(206), Reply(201)
TIMEOUT = Fault(ErrorClass.TRANSIENT, "timeout")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file at a URL has the size of the reference's example: five chunks."""
    monkeypatch.setattr(driver, "URL_BYTES", 50_000_123)


def received(count: int) -> Reply:
    return ok(status="PROCESSING_UPLOAD", uploaded_bytes=count)


def publish(item: MediaItem, replies: list[Reply | PlatformError], trace: list[Step] | None = None, **more: Any) -> Published:
    result, _ = play(PLATFORM.publish(draft(media=(item,), **more), ACCOUNT), replies, PLATFORM.classify, trace)
    return result


def chunks(steps: list[Step]) -> list[tuple[tuple[int, int] | None, str]]:
    return [(call.span, call.effect.value) for call in calls(steps) if call.method == "PUT"]


def test_a_video_from_any_host_is_sent_in_chunks_and_the_last_one_publishes(large: None) -> None:
    trace: list[Step] = []
    result = publish(ELSEWHERE, [creator(), STARTED, NEXT, NEXT, NEXT, NEXT, FINISHED, DONE], trace)
    assert result.accepted_id == FILE_ID and result.state == "published"
    info, size, init, *_ = trace
    assert isinstance(info, Call) and size == SizeOf(ELSEWHERE)
    assert wire(init) == {
        "method": "POST",
        "url": f"{BASE}/post/publish/video/init/",
        "effect": "prepare",
        "auth": "bearer",
        "keep": {"publish_id": "data.publish_id", "upload_size": "data.publish_id"},
        "json": {
            "post_info": {
                "title": "Hello #tag",
                "privacy_level": "PUBLIC_TO_EVERYONE",
                "disable_comment": True,
                "disable_duet": True,
                "disable_stitch": True,
                "brand_content_toggle": False,
                "brand_organic_toggle": False,
                "is_aigc": False,
            },
            "source_info": {
                "source": "FILE_UPLOAD",
                "video_size": 50_000_123,
                "chunk_size": 10_000_000,
                "total_chunk_count": 5,
            },
        },
    }
    assert isinstance(init, Call) and init.known == {"upload_size": "50000123"}
    sent = [call for call in calls(trace) if call.method == "PUT"]
    assert [wire(call) for call in sent] == [
        {
            "method": "PUT",
            "url": UPLOAD_URL,
            "effect": "prepare",
            "auth": "none",
            "headers": {"content-type": "video/mp4", "content-range": f"bytes {first}-{first + 9_999_999}/50000123"},
        }
        for first in (0, 10_000_000, 20_000_000, 30_000_000)
    ] + [
        {
            "method": "PUT",
            "url": UPLOAD_URL,
            "effect": "commit",
            "auth": "none",
            "headers": {"content-type": "video/mp4", "content-range": "bytes 40000000-50000122/50000123"},
            "keep": {"accepted_id": ""},
        }
    ]
    assert [call.span for call in sent] == [*((at * 10_000_000, 10_000_000) for at in range(4)), (40_000_000, 10_000_123)]
    assert [call.success for call in sent] == [(206,)] * 4 + [(201,)]
    assert sent[-1].known == {"accepted_id": FILE_ID} and all(call.body == ELSEWHERE for call in sent)
    assert "films.test" not in repr(trace) and "secret-token" not in repr(trace)


@pytest.mark.parametrize(
    ("size", "chunk", "count", "last"),
    [
        (1, 1, 1, 1),
        (4_999_999, 4_999_999, 1, 4_999_999),
        (19_999_999, 19_999_999, 1, 19_999_999),
        (20_000_000, 10_000_000, 2, 10_000_000),
        (29_999_999, 10_000_000, 2, 19_999_999),
        (4_000_000_000, 10_000_000, 400, 10_000_000),
    ],
)
def test_chunks_keep_to_the_rules_of_tiktok(
    monkeypatch: pytest.MonkeyPatch, size: int, chunk: int, count: int, last: int
) -> None:
    monkeypatch.setattr(driver, "URL_BYTES", size)
    trace: list[Step] = []
    publish(ELSEWHERE, [creator(), STARTED, *[NEXT] * (count - 1), FINISHED, DONE], trace)
    source = wire(trace[2])["json"]["source_info"]
    assert source == {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count}
    spans = [span for span, _ in chunks(trace) if span]
    assert spans[-1][1] == last <= 128_000_000 and sum(length for _, length in spans) == size
    assert len(spans) == count == max(1, size // chunk) <= 1_000
    # Five megabytes, whatever TikTok means by them.
    assert count == 1 or all(5 * 1024 * 1024 <= length <= 64_000_000 for _, length in spans)


def test_bytes_of_the_request_are_sent_with_their_own_type() -> None:
    trace: list[Step] = []
    result = publish(INLINE, [creator(), STARTED, FINISHED, DONE], trace)
    assert wire(trace[2])["json"]["source_info"] == {
        "source": "FILE_UPLOAD", "video_size": 6, "chunk_size": 6, "total_chunk_count": 1,
    }  # fmt: skip
    assert wire(trace[3])["headers"] == {"content-type": "video/quicktime", "content-range": "bytes 0-5/6"}
    assert (chunks(trace), result.accepted_id) == ([((0, 6), "commit")], FILE_ID)


def test_a_file_in_the_inbox_mode_is_uploaded_without_anything_else() -> None:
    replies = [ok(user={"open_id": "open-1"}), ok(publish_id="v_inbox_file~1", upload_url=UPLOAD_URL), FINISHED]
    trace: list[Step] = []
    result = publish(INLINE, [*replies, status("SEND_TO_USER_INBOX")], trace, text="", options=INBOX)
    assert wire(trace[2])["url"] == f"{BASE}/post/publish/inbox/video/init/"
    assert set(wire(trace[2])["json"]) == {"source_info"}
    assert result == Published("v_inbox_file~1", state="delivered_to_inbox")


@pytest.mark.parametrize(
    ("item", "pulled"),
    [
        (video(), True),
        (video(redirected=True), False),
        (video(url=Content("https://cdn.test.evil.example/a.mp4")), False),
        (video(url=Content("https://cdn.testing/a.mp4")), False),
        (video(url=Content("https://CDN.test/a.mp4")), False),
    ],
)
def test_tiktok_fetches_only_what_begins_like_a_verified_url_and_does_not_redirect(item: MediaItem, pulled: bool) -> None:
    trace: list[Step] = []
    publish(item, [creator(), ok(publish_id=FILE_ID), DONE] if pulled else [creator(), STARTED, FINISHED, DONE], trace)
    sources = [wire(call)["json"]["source_info"]["source"] for call in calls(trace) if call.url.endswith("/init/")]
    assert sources == ["PULL_FROM_URL" if pulled else "FILE_UPLOAD"]


def test_nothing_is_fetched_by_tiktok_unless_the_operator_verified_something() -> None:
    account = replace(ACCOUNT, verified_urls=())
    _, steps = play(PLATFORM.publish(draft(), account), [creator(), STARTED, FINISHED, DONE], PLATFORM.classify)
    assert chunks(steps) == [((0, driver.URL_BYTES), "commit")]


# ---- going on


@pytest.mark.parametrize(
    ("trouble", "found", "after"),
    [
        (Reply(416), 20_000_000, (20_000_000, 10_000_000)),
        (Reply(416), 10_000_000, (10_000_000, 10_000_000)),
        (Reply(416), 0, (0, 10_000_000)),
        (PlatformError(TIMEOUT, Effect.PREPARE), 20_000_000, (20_000_000, 10_000_000)),
        (PlatformError(TIMEOUT, Effect.PREPARE), 10_000_000, (10_000_000, 10_000_000)),
        (PlatformError(Fault(ErrorClass.MEDIA_FETCH, "interrupted"), Effect.PREPARE), 10_000_000, (10_000_000, 10_000_000)),
        (Reply(500), 13_000_000, (13_000_000, 7_000_000)),
    ],
)
def test_after_a_chunk_without_a_clear_answer_it_goes_on_from_the_last_byte_that_tiktok_has(
    large: None, trouble: Reply | PlatformError, found: int, after: tuple[int, int]
) -> None:
    trace: list[Step] = []
    left = [NEXT] * ((40_000_000 - found + 9_999_999) // 10_000_000)
    publish(ELSEWHERE, [creator(), STARTED, NEXT, trouble, received(found), *left, FINISHED, DONE], trace)
    sent = chunks(trace)
    assert sent[:2] == [((0, 10_000_000), "prepare"), ((10_000_000, 10_000_000), "prepare")]
    assert sent[2] == (after, "prepare") and sent[-1] == ((40_000_000, 10_000_123), "commit")
    asked = [call for call in calls(trace) if call.url.endswith("/status/fetch/")]
    assert [wire(call)["json"] for call in asked] == [{"publish_id": FILE_ID}] * 2


def test_an_upload_that_comes_no_further_is_given_up_and_canceled(large: None) -> None:
    trace: list[Step] = []
    stalled = [Reply(500), received(0)] * (facts.STALLS + 1)
    with pytest.raises(PlatformError) as ended:
        publish(ELSEWHERE, [creator(), STARTED, *stalled, ok()], trace)
    assert ended.value.fault == Fault(ErrorClass.TRANSIENT, "http_500")
    assert wire(trace[-1]) == {
        "method": "POST", "url": f"{BASE}/post/publish/cancel/", "effect": "prepare", "auth": "bearer",
        "json": {"publish_id": FILE_ID},
    }  # fmt: skip
    assert Effect.COMMIT not in {call.effect for call in calls(trace)}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Reply(403), Fault(ErrorClass.TRANSIENT, "http_403")),
        (Reply(404), Fault(ErrorClass.TRANSIENT, "http_404")),
        (Reply(400), Fault(ErrorClass.UNKNOWN, "http_400")),
        (Reply(401), Fault(ErrorClass.UNKNOWN, "http_401")),
        (Reply(200), Fault(ErrorClass.UNKNOWN, "http_200")),
        (Reply(201), Fault(ErrorClass.UNKNOWN, "http_201")),
    ],
)
def test_an_upload_that_tiktok_ends_is_a_failure_that_says_nothing_of_the_connection(
    large: None, answer: Reply, fault: Fault
) -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as ended:
        publish(ELSEWHERE, [creator(), STARTED, NEXT, answer, ok()], trace)
    assert (ended.value.fault, ended.value.effect) == (fault, Effect.PREPARE)
    assert wire(trace[-1])["url"] == f"{BASE}/post/publish/cancel/"


def test_an_upload_that_failed_at_tiktok_ends_with_its_reason(large: None) -> None:
    failed = status("FAILED", reason="file_format_check_failed")
    with pytest.raises(PlatformError) as ended:
        publish(ELSEWHERE, [creator(), STARTED, Reply(416), failed, refusal("invalid_param")])
    assert ended.value.fault.code == "file_format_check_failed"


@pytest.mark.parametrize("status_code", [200, 204, 206, 302, 400, 403, 404, 416, 500])
def test_any_other_answer_than_201_leaves_the_last_chunk_unknown(status_code: int) -> None:
    def lose(call: Call) -> Reply:
        if call.effect is not Effect.COMMIT:
            return STARTED if call.url.endswith("/init/") else creator()
        fault = PLATFORM.classify(Reply(status_code)) or call.other(Reply(status_code))
        assert fault is not None and not fault.certain
        raise OutcomeUnknown(fault, Effect.COMMIT)

    trace: list[Step] = []
    with pytest.raises(OutcomeUnknown):
        play(PLATFORM.publish(draft(media=(INLINE,)), ACCOUNT), lose, PLATFORM.classify, trace)
    assert chunks(trace) == [((0, 6), "commit")] and calls(trace)[-1].effect is Effect.COMMIT


# ---- reading back and resuming

KEPT = {"publish_id": FILE_ID, "upload_size": "50000123"}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (DONE, Published),
        (status("SEND_TO_USER_INBOX"), Published),
        (status("FAILED", reason="internal"), Absent(final=True)),
        (received(50_000_123), Absent(final=False)),
        (received(50_000_122), Absent(final=True)),
        (received(40_000_000), Absent(final=True)),
        (status("PROCESSING_UPLOAD"), Absent(final=False)),
        (status("A_NEW_STATUS"), Absent(final=False)),
    ],
)
def test_a_lost_last_chunk_is_settled_by_status_and_by_the_bytes_that_tiktok_has(reply: Reply, expected: Any) -> None:
    found, (call,) = play(PLATFORM.find(Lookup(KEPT, 1_000.0, "video"), ACCOUNT), [reply], PLATFORM.classify)
    assert isinstance(found, Published) and found.accepted_id == FILE_ID if expected is Published else found == expected
    assert wire(call)["json"] == {"publish_id": FILE_ID}


def test_an_upload_is_absent_for_certain_only_once_its_url_has_expired() -> None:
    assert PLATFORM.capabilities.read_back.settles_after_s >= 3_600


def test_a_forgotten_upload_is_looked_for_among_the_public_videos() -> None:
    replies = [refusal("invalid_publish_id"), ok(videos=[], has_more=False)]
    found, _ = play(PLATFORM.find(Lookup(KEPT, 1_000.0, "video"), ACCOUNT), replies, PLATFORM.classify)
    assert found == Listing((), complete=False)


def resume(handles: Mapping[str, str], replies: list[Reply | PlatformError], trace: list[Step] | None = None) -> Published:
    return play(PLATFORM.resume(handles, ACCOUNT), replies, PLATFORM.classify, trace)[0]


@pytest.mark.parametrize("reply", [received(10_000_000), received(0), status("A_NEW_STATUS")])
def test_an_unfinished_upload_is_canceled_since_its_bytes_are_gone(reply: Reply) -> None:
    trace: list[Step] = []
    with pytest.raises(UnexpectedShape, match="handles"):
        resume(KEPT, [reply, ok()], trace)
    assert [call.url.removeprefix(BASE) for call in calls(trace)] == ["/post/publish/status/fetch/", "/post/publish/cancel/"]
    assert Effect.COMMIT not in {call.effect for call in calls(trace)}


def test_an_upload_with_an_outcome_keeps_it() -> None:
    assert resume(KEPT, [DONE]).accepted_id == FILE_ID
    with pytest.raises(PlatformError) as ended:
        resume(KEPT, [status("FAILED", reason="duration_check_failed")])
    assert ended.value.fault.code == "duration_check_failed"
    with pytest.raises(UnexpectedShape, match="handles"):
        resume(KEPT, [refusal("invalid_publish_id")])


def test_an_accepted_upload_is_waited_for_whatever_else_is_kept() -> None:
    trace: list[Step] = []
    assert resume({**KEPT, "accepted_id": FILE_ID}, [status("PROCESSING_UPLOAD"), DONE], trace).accepted_id == FILE_ID
    assert len(trace) == 1


# ---- checks and the creator's limits


def issues(given: Draft, account: Account = ACCOUNT) -> set[tuple[str, str]]:
    return {(issue.field, issue.code) for issue in PLATFORM.check(given, account)}


def test_videos_are_taken_as_bytes_and_from_any_host_and_images_by_url_only() -> None:
    assert issues(draft(media=(INLINE,))) == set() == issues(draft(media=(ELSEWHERE,)))
    assert issues(draft(text="", media=(INLINE,), options=INBOX)) == set()
    photo = MediaItem("image", data=b"x", content_type="image/jpeg")
    (issue,) = PLATFORM.check(draft("image", media=(photo,)), ACCOUNT)
    assert (issue.field, issue.code) == ("media.0.url", "url_required") and "public https URL" in issue.message


@pytest.mark.parametrize(
    ("measured", "told", "refused"),
    [(300.0, None, False), (300.5, None, True), (299.0, 301.0, False), (301.0, 10.0, True), (None, 301.0, True)],
)
def test_the_creators_longest_video_is_compared_with_what_was_measured(
    measured: float | None, told: float | None, refused: bool
) -> None:
    chosen: TikTokOptions = options(duration_s=told)
    item, trace = replace(INLINE, duration_s=measured), list[Step]()
    if not refused:
        assert publish(item, [creator(), STARTED, FINISHED, DONE], options=chosen).accepted_id == FILE_ID
        return
    with pytest.raises(PlatformError) as ended:
        publish(item, [creator()], trace, options=chosen)
    assert (ended.value.fault.code, len(trace)) == ("duration_check_failed", 1)


@pytest.mark.parametrize("reply", [error(ErrorClass.RATE_LIMIT), refusal("spam_risk_too_many_posts", 403)])
def test_an_init_of_an_upload_that_is_refused_sends_no_byte(reply: Reply | PlatformError) -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError):
        publish(INLINE, [creator(), reply], trace)
    assert chunks(trace) == []
