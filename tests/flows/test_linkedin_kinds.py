"""LinkedIn's posts with several images, a video, a document or a poll, and first comments: what is sent, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from noillusion.core.sensitive import Content
from noillusion.flows.draft import CommentState, MediaItem, Poll, PollDays
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Account, Call, Reply, SizeOf, Step, Until
from noillusion.platforms.linkedin import facts
from noillusion.platforms.linkedin.options import LinkedInOptions
from noillusion.platforms.linkedin.platform import PLATFORM
from tests.flows.driver import URL_BYTES, calls, play, wire
from tests.flows.test_linkedin import (
    IMAGE,
    ME,
    MEMBER,
    PAGE,
    POST,
    POSTED,
    URN,
    VERSIONED,
    WAITING,
    body,
    card,
    draft,
    image,
    issues,
)

URL, BYTES = "url", "bytes"
SOURCES = (URL, BYTES)
UPLOADS = "https://www.linkedin.com/dms-uploads"
AVAILABLE, PROCESSING = (Reply(200, data={"status": state}) for state in ("AVAILABLE", "PROCESSING"))
FORBIDDEN = Reply(403, data={"status": 403, "code": "ACCESS_DENIED"})
VIDEO, DOCUMENT = "urn:li:video:V5", "urn:li:document:D5"
AUTHORS = {"member": "urn:li:person:abc", "organization": "urn:li:organization:42"}
COMMENTED = Reply(201, {"x-restli-id": "6"}, {"id": "6"})
accounts = pytest.mark.parametrize("account", [MEMBER, PAGE], ids=lambda account: account.kind)
sources = pytest.mark.parametrize("source", SOURCES)


def file(kind: Any, source: str, content_type: str, **more: Any) -> MediaItem:
    given: dict[str, Any] = {"url": Content(f"https://cdn.test/a-{kind}")} if source == URL else {"data": b"x" * 7}
    return MediaItem(kind, content_type=content_type, **given, **more)


def picture(source: str, **more: Any) -> MediaItem:
    return file("image", source, "image/jpeg", **more)


def registered(number: int) -> Reply:
    return Reply(200, data={"value": {"uploadUrl": f"{UPLOADS}/{number}", "image": f"urn:li:image:{number}"}})


def registration(kind: str, handle: str, account: Account, **more: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": f"https://api.linkedin.com/rest/{kind}s?action=initializeUpload",
        "effect": "prepare",
        "auth": "bearer",
        "headers": VERSIONED,
        "keep": {handle: f"value.{kind}"},
        "json": {"initializeUploadRequest": {"owner": AUTHORS[account.kind], **more}},
    }


def commit(steps: Sequence[Step]) -> dict[str, Any]:
    """The body of the one call that publishes."""
    (call,) = [call for call in calls(steps) if call.effect is Effect.COMMIT]
    assert call.url == "https://api.linkedin.com/rest/posts" and call.keep == {"accepted_id": "header:x-restli-id"}
    sent: dict[str, Any] = wire(call)["json"]
    return sent


def bodies(steps: Sequence[Step]) -> list[MediaItem]:
    """The files that were sent, in order."""
    return [call.body for call in calls(steps) if call.body is not None]


# ---- several images


@accounts
@sources
def test_several_images_are_registered_and_sent_a_few_at_once_and_posted_in_their_order(source: str, account: Account) -> None:
    items = [picture(source, alt_text=Content(f"Alt {n}") if n else None) for n in range(6)]
    replies = [*(registered(n) for n in range(6)), *[Reply(201)] * 6, POSTED]
    result, steps = play(PLATFORM.publish(draft("images", media=tuple(items)), account), replies)
    assert result == POST
    assert [len(step) if isinstance(step, list) else 1 for step in steps] == [4, 2, 4, 2, 1]
    handles = ["image_urn", "image_urn_2", "image_urn_3", "image_urn_4", "image_urn_5", "image_urn_6"]
    asked = calls(steps)
    assert [wire(call) for call in asked[:6]] == [registration("image", handle, account) for handle in handles]
    assert [call.url for call in asked[6:12]] == [f"{UPLOADS}/{n}" for n in range(6)]
    assert {(call.method, call.effect, call.auth) for call in asked[6:12]} == {("PUT", Effect.PREPARE, "bearer")}
    assert bodies(steps) == items
    images = [{"id": "urn:li:image:0"}, *({"id": f"urn:li:image:{n}", "altText": f"Alt {n}"} for n in range(1, 6))]
    assert commit(steps) == body("Hello", author=AUTHORS[account.kind], content={"multiImage": {"images": images}})


def test_twenty_images_have_twenty_handles_of_a_known_form() -> None:
    replies = [*(registered(n) for n in range(20)), *[Reply(201)] * 20, POSTED]
    _, steps = play(PLATFORM.publish(draft("images", media=(image(),) * 20), MEMBER), replies)
    kept = [name for call in calls(steps)[:20] for name in call.keep]
    assert len(set(kept)) == 20 and all(PLATFORM.forms.handles[name].fits(IMAGE) for name in kept)


def test_images_still_processed_are_all_waited_for_before_the_second_attempt() -> None:
    replies = [registered(0), registered(1), Reply(201), Reply(201), WAITING, PROCESSING, AVAILABLE, AVAILABLE, POSTED]
    result, steps = play(PLATFORM.publish(draft("images", media=(image(), image())), PAGE), replies, PLATFORM.classify)
    assert result == POST
    waits = [step for step in steps if isinstance(step, Until)]
    assert [wait.call.url[-20:] for wait in waits] == ["urn%3Ali%3Aimage%3A0", "urn%3Ali%3Aimage%3A1"]
    assert not any(wait.resumable for wait in waits)


def test_a_token_that_cannot_read_images_waits_once_for_all_of_them() -> None:
    replies = [registered(0), registered(1), Reply(201), Reply(201), WAITING, FORBIDDEN, *[ME] * facts.BLIND_ASKS, POSTED]
    result, steps = play(PLATFORM.publish(draft("images", media=(image(), image())), MEMBER), replies, PLATFORM.classify)
    asked, blind = (step for step in steps if isinstance(step, Until))
    assert result == POST and (blind.every, blind.asks) == (4.0, 3)
    assert asked.call.url != blind.call.url


# ---- a video


def begun(*parts: tuple[int, int], **more: Any) -> Reply:
    told = [{"uploadUrl": f"{UPLOADS}/part-{n}", "firstByte": a, "lastByte": b} for n, (a, b) in enumerate(parts)]
    return Reply(200, data={"value": {"video": VIDEO, "uploadToken": "", "uploadInstructions": told, **more}})


def tagged(*tags: str) -> list[Reply]:
    return [Reply(200, {"etag": tag}) for tag in tags]


@accounts
@sources
def test_a_video_is_sent_in_the_parts_that_linkedin_asks_for_and_posted_once_it_is_available(
    source: str, account: Account
) -> None:
    item = file("video", source, "video/mp4", title=Content("A title"))
    size = URL_BYTES if source == URL else 7
    parts = [(0, 3), (4, size - 1)]
    replies = [begun(*parts), *tagged('"tag-1"', "tag-2"), Reply(200), PROCESSING, AVAILABLE, POSTED]
    result, steps = play(PLATFORM.publish(draft("video", media=(item,)), account), replies)
    assert result == POST
    assert steps[0] == SizeOf(item)
    register, first, second, finish, _, _ = calls(steps)
    asked = {"fileSizeBytes": size, "uploadCaptions": False, "uploadThumbnail": False}
    assert wire(register) == registration("video", "video_urn", account, **asked)
    for number, (call, (a, b)) in enumerate(zip((first, second), parts, strict=True)):
        assert wire(call) == {
            "method": "PUT",
            "url": f"{UPLOADS}/part-{number}",
            "effect": "prepare",
            "auth": "none",
            "headers": {"content-type": "application/octet-stream"},
        }
        assert (call.body, call.span) == (item, (a, b - a + 1))
    assert wire(finish) == {
        "method": "POST",
        "url": "https://api.linkedin.com/rest/videos?action=finalizeUpload",
        "effect": "prepare",
        "auth": "bearer",
        "headers": VERSIONED,
        "json": {"finalizeUploadRequest": {"video": VIDEO, "uploadToken": "", "uploadedPartIds": ["tag-1", "tag-2"]}},
    }
    wait = steps[-2]
    assert isinstance(wait, Until) and not wait.resumable and wait.asks is None
    assert wait.call.url == "https://api.linkedin.com/rest/videos/urn%3Ali%3Avideo%3AV5"
    content = {"media": {"id": VIDEO, "title": "A title"}}
    assert commit(steps) == body("Hello", author=AUTHORS[account.kind], content=content)


@pytest.mark.parametrize(
    ("count", "turns", "following"),
    [(1, [[0]], [0]), (3, [[0, 1, 2]], [0, 0, 0]), (6, [[0, 1, 3, 4], [2, 5]], [0, 10, 0, 10, 0, 0])],
)
def test_S12_the_stretches_of_a_video_are_sent_side_by_side_and_each_in_order(
    count: int, turns: list[list[int]], following: list[int]
) -> None:
    item = file("video", URL, "video/mp4")
    parts = [(at * 10, at * 10 + 9) for at in range(count)]
    tags = [f"tag-{part}" for turn in turns for part in turn]
    _, steps = play(
        PLATFORM.publish(draft("video", media=(item,)), MEMBER), [begun(*parts), *tagged(*tags), Reply(200), AVAILABLE, POSTED]
    )
    sent = steps[2 : 2 + len(turns)]
    assert [[call.url for call in calls([step])] for step in sent] == [
        [f"{UPLOADS}/part-{part}" for part in turn] for turn in turns
    ]
    assert [call.following for call in calls(sent)] == following
    finish = wire(calls(steps)[count + 1])["json"]["finalizeUploadRequest"]
    assert finish["uploadedPartIds"] == [f"tag-{part}" for part in range(count)]


@sources
def test_E6_thumbnail_and_captions_go_to_urls_of_their_own_before_the_video_is_finished(source: str) -> None:
    thumbnail, captions = picture(source), file("captions", source, "application/x-subrip")
    item = file("video", source, "video/mp4", thumbnail=thumbnail, captions=captions)
    beside = {"thumbnailUploadUrl": f"{UPLOADS}/thumbnail", "captionsUploadUrl": f"{UPLOADS}/captions"}
    replies = [begun((0, 6), **beside), *tagged("t"), Reply(201), Reply(201), Reply(200), AVAILABLE, POSTED]
    _, steps = play(PLATFORM.publish(draft("video", media=(item,)), MEMBER), replies)
    asked = calls(steps)
    wanted = wire(asked[0])["json"]["initializeUploadRequest"]
    assert (wanted["uploadThumbnail"], wanted["uploadCaptions"]) == (True, True)
    assert [call.url for call in asked[1:4]] == [f"{UPLOADS}/{name}" for name in ("part-0", "thumbnail", "captions")]
    assert bodies(steps) == [item, thumbnail, captions]
    assert asked[4].url.endswith("finalizeUpload")
    assert commit(steps)["content"] == {"media": {"id": VIDEO}}


def test_the_token_of_an_upload_is_given_back_as_it_came() -> None:
    replies = [begun((0, 6), uploadToken="a token"), *tagged("t"), Reply(200), AVAILABLE, POSTED]
    _, steps = play(PLATFORM.publish(draft("video", media=(file("video", BYTES, "video/mp4"),)), MEMBER), replies)
    assert wire(calls(steps)[2])["json"]["finalizeUploadRequest"]["uploadToken"] == "a token"


@pytest.mark.parametrize(
    "replies",
    [
        [Reply(200, data={"value": {"video": VIDEO}})],
        [begun((5, 1))],
        [Reply(200, data={"value": {"video": VIDEO, "uploadInstructions": [{"firstByte": 0, "lastByte": 1}]}})],
        [begun((0, 6)), Reply(200)],
        [begun((0, 6)), *tagged("t"), Reply(400, data={"status": 400, "code": "INVALID_VALUE_FOR_FIELD"})],
        [begun((0, 6)), *tagged("t"), Reply(200), Reply(200, data={"status": "PROCESSING_FAILED"})],
    ],
    ids=["no parts", "a part backwards", "a part without a URL", "a part without a tag", "refused", "not processed"],
)
def test_a_video_that_does_not_get_through_is_never_posted(replies: list[Reply]) -> None:
    trace: list[Step] = []
    item = file("video", BYTES, "video/mp4")
    with pytest.raises(Exception, match=r"etag|value|invalid_content|media_processing"):
        play(PLATFORM.publish(draft("video", media=(item,)), MEMBER), replies, PLATFORM.classify, trace)
    assert trace and Effect.COMMIT not in {call.effect for call in calls(trace)}


def test_a_video_whose_source_tells_no_size_is_not_begun() -> None:
    flow = PLATFORM.publish(draft("video", media=(file("video", URL, "video/mp4"),)), MEMBER)
    assert isinstance(next(flow), SizeOf)
    with pytest.raises(PlatformError, match="no_length"):
        flow.throw(PlatformError(Fault(ErrorClass.MEDIA_FETCH, "no_length"), Effect.PREPARE))


# ---- a document


@accounts
@sources
def test_a_document_is_registered_sent_and_posted_with_its_title(source: str, account: Account) -> None:
    item = file("document", source, "application/pdf", title=Content("A paper"))
    reply = Reply(200, data={"value": {"uploadUrl": f"{UPLOADS}/d", "document": DOCUMENT}})
    result, steps = play(PLATFORM.publish(draft("document", media=(item,)), account), [reply, Reply(201), POSTED])
    assert result == POST
    register, upload, _ = calls(steps)
    assert wire(register) == registration("document", "document_urn", account)
    assert wire(upload) == {"method": "PUT", "url": f"{UPLOADS}/d", "effect": "prepare", "auth": "bearer"}
    assert upload.body is item
    content = {"media": {"id": DOCUMENT, "title": "A paper"}}
    assert commit(steps) == body("Hello", author=AUTHORS[account.kind], content=content)


def test_a_document_still_processed_is_waited_for() -> None:
    item = file("document", BYTES, "application/pdf", title=Content("A paper"))
    reply = Reply(200, data={"value": {"uploadUrl": f"{UPLOADS}/d", "document": DOCUMENT}})
    replies = [reply, Reply(201), WAITING, AVAILABLE, POSTED]
    _, steps = play(PLATFORM.publish(draft("document", media=(item,)), PAGE), replies, PLATFORM.classify)
    wait = steps[3]
    assert isinstance(wait, Until) and wait.call.url.endswith("/rest/documents/urn%3Ali%3Adocument%3AD5")


# ---- a poll


DAYS: list[tuple[PollDays, str]] = [(1, "ONE_DAY"), (3, "THREE_DAYS"), (7, "SEVEN_DAYS"), (14, "FOURTEEN_DAYS")]


@accounts
@pytest.mark.parametrize(("days", "duration"), DAYS)
def test_a_poll_is_one_call_after_a_read(days: PollDays, duration: str, account: Account) -> None:
    poll = Poll(Content("Which (one)?"), (Content("This"), Content("That")), days)
    result, steps = play(PLATFORM.publish(draft("poll", poll=poll), account), [ME, POSTED])
    assert result == POST and len(steps) == 2
    asked = {"question": "Which (one)?", "options": [{"text": "This"}, {"text": "That"}], "settings": {"duration": duration}}
    assert commit(steps) == body("Hello", author=AUTHORS[account.kind], content={"poll": asked})


# ---- a link with a thumbnail


@accounts
@sources
def test_the_thumbnail_of_a_link_is_uploaded_first(source: str, account: Account) -> None:
    thumbnail = picture(source)
    given = draft("link", link=card(thumbnail=thumbnail))
    result, steps = play(PLATFORM.publish(given, account), [registered(3), Reply(201), POSTED])
    assert result == POST and bodies(steps) == [thumbnail]
    assert wire(calls(steps)[0]) == registration("image", "image_urn", account)
    article = {"source": "https://example.test/a", "title": "A title", "thumbnail": "urn:li:image:3"}
    assert commit(steps) == body("Hello", author=AUTHORS[account.kind], content={"article": article})


# ---- options


def test_reposts_can_be_forbidden_and_members_choose_who_sees_a_post() -> None:
    options = LinkedInOptions(visibility="LOGGED_IN", reshare_disabled=True)
    _, steps = play(PLATFORM.publish(draft(options=options), MEMBER), [ME, POSTED])
    assert commit(steps) == body("Hello", visibility="LOGGED_IN", isReshareDisabledByAuthor=True)
    assert issues(draft(options=options)) == set()


# ---- the first comment


@accounts
def test_the_first_comment_follows_the_post_in_plain_text(account: Account) -> None:
    given = draft(first_comment=Content("More (at) #home"))
    result, steps = play(PLATFORM.publish(given, account), [ME, POSTED, COMMENTED])
    assert result == replace(POST, first_comment="posted")
    assert wire(steps[-1]) == {
        "method": "POST",
        "url": "https://api.linkedin.com/rest/socialActions/urn%3Ali%3Ashare%3A7/comments",
        "effect": "follow_up",
        "auth": "bearer",
        "headers": VERSIONED,
        "json": {"actor": AUTHORS[account.kind], "object": URN, "message": {"text": "More (at) #home"}},
    }


THROTTLED = Reply(429, data={"status": 429, "code": "TOO_MANY_REQUESTS"})


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (FORBIDDEN, "failed"),
        (THROTTLED, "failed"),
        (Reply(503), "unknown"),
        (Reply(200, data="<html>"), "unknown"),
        (OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.FOLLOW_UP), "unknown"),
    ],
    ids=["forbidden", "throttled", "unavailable", "a page", "no answer"],
)
def test_whatever_comes_of_the_comment_the_post_stands(answer: Reply | PlatformError, state: CommentState) -> None:
    given = draft(first_comment=Content("More"))
    result, steps = play(PLATFORM.publish(given, MEMBER), [ME, POSTED, answer], PLATFORM.classify)
    assert result == replace(POST, first_comment=state)
    assert [call.effect for call in calls(steps)].count(Effect.FOLLOW_UP) == 1


def test_without_a_post_there_is_no_comment() -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError):
        play(PLATFORM.publish(draft(first_comment=Content("More")), MEMBER), [ME, FORBIDDEN], PLATFORM.classify, trace)
    assert len(calls(trace)) == 2


# ---- checking


def poll(question: str = "Q", options: Sequence[str] = ("A", "B")) -> Poll:
    return Poll(Content(question), tuple(map(Content, options)))


PAPER = MediaItem("document", data=b"x", content_type="application/pdf", title=Content("T"))
FILM = MediaItem("video", data=b"x", content_type="video/mp4")


@pytest.mark.parametrize(
    "given",
    [
        draft("images", text="", media=(image(alt_text=Content("a" * 4086)),) * 20),
        draft("video", text="", media=(replace(FILM, thumbnail=image(content_type="image/png"), title=Content("T")),)),
        draft("video", media=(replace(FILM, captions=MediaItem("captions", data=b"x", content_type="application/x-subrip")),)),
        *(draft("document", text="", media=(replace(PAPER, content_type=name),)) for name in facts.DOCUMENT_TYPES),
        draft("poll", text="", poll=poll("q" * 140, ["o" * 30] * 4)),
        draft("link", link=card(thumbnail=image(content_type="image/gif"))),
        draft(first_comment=Content("c" * 1250)),
    ],
)
def test_what_linkedin_takes_passes(given: Any) -> None:
    assert issues(given, PAGE) == set()
    assert issues(given, Account("abc", "member")) == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (draft("images", media=(image(),)), {("media", "wrong_count")}),
        (draft("images", media=(image(),) * 21), {("media", "wrong_count")}),
        (draft("images", media=(image(), FILM)), {("media.1.kind", "not_supported")}),
        (draft("images", media=(image(), image(title=Content("T")))), {("media.1.title", "not_allowed")}),
        (draft("images", media=(image(), image(alt_text=Content("a" * 4087)))), {("media.1.alt_text", "too_long")}),
        (draft("video"), {("media", "wrong_count")}),
        (draft("video", media=(replace(FILM, alt_text=Content("a")),)), {("media.0.alt_text", "not_allowed")}),
        (draft("video", media=(replace(FILM, content_type="video/quicktime"),)), {("media.0.content_type", "not_supported")}),
        (
            draft("video", media=(replace(FILM, thumbnail=image(content_type="image/webp")),)),
            {("media.0.thumbnail.content_type", "not_supported")},
        ),
        (
            draft("video", media=(replace(FILM, captions=MediaItem("captions", data=b"x", content_type="text/vtt")),)),
            {("media.0.captions.content_type", "not_supported")},
        ),
        (draft("document", media=(replace(PAPER, title=None),)), {("media.0.title", "required")}),
        (draft("document", media=(replace(PAPER, title=Content(" ")),)), {("media.0.title", "required")}),
        (draft("document", media=(PAPER, PAPER)), {("media", "wrong_count")}),
        (draft("document", media=(replace(PAPER, content_type="text/plain"),)), {("media.0.content_type", "not_supported")}),
        (draft("poll"), {("poll", "required")}),
        (draft("poll", poll=poll("q" * 141)), {("poll.question", "too_long")}),
        (draft("poll", poll=poll(" ")), {("poll.question", "required")}),
        (draft("poll", poll=poll(options=["A", "o" * 31])), {("poll.options.1", "too_long")}),
        (draft("poll", poll=poll(options=["\u200b", "B"])), {("poll.options.0", "required")}),
        (draft("poll", poll=poll(options=["A"])), {("poll.options", "wrong_count")}),
        (draft("poll", poll=poll(options=["A"] * 5)), {("poll.options", "wrong_count")}),
        (draft("poll", poll=poll(), media=(image(),)), {("media", "not_allowed")}),
        (draft(poll=poll()), {("poll", "not_allowed")}),
        (
            draft("link", link=card(thumbnail=image(content_type="image/webp"))),
            {("link.thumbnail.content_type", "not_supported")},
        ),
        (draft(first_comment=Content("c" * 1251)), {("first_comment", "too_long")}),
        (draft(first_comment=Content(" \n")), {("first_comment", "required")}),
        (
            draft(
                "document", text="x" * 3001, media=(replace(PAPER, title=None, content_type="a/b"),), first_comment=Content("")
            ),
            {("text", "too_long"), ("media.0.title", "required"), ("media.0.content_type", "not_supported")},
        ),
    ],
)
def test_all_problems_are_named_at_once(given: Any, expected: set[tuple[str, str]]) -> None:
    assert issues(given, PAGE) == expected


def test_figures_of_a_problem_are_told() -> None:
    (found,) = PLATFORM.check(draft("poll", poll=poll("q" * 141)), PAGE)
    assert found.params == {"limit": 140, "actual": 141, "unit": "characters"}
    (found,) = PLATFORM.check(draft("images", media=(image(),) * 21), PAGE)
    assert found.params == {"limit": 20, "actual": 21, "unit": "items"}
    assert found.message == "A post of kind images takes 2 to 20 of: images. This one has 21."


def test_the_share_app_is_told_that_its_comment_is_likely_to_fail_and_may_post() -> None:
    (found,) = PLATFORM.check(draft(first_comment=Content("More")), MEMBER)
    assert (found.field, found.code, found.severity) == ("first_comment", "scope_missing", "warning")
    assert found.params == {"needed": ["w_member_social_feed"]}
    assert (
        PLATFORM.check(draft(first_comment=Content("More")), replace(MEMBER, scopes=("r_basicprofile", "w_member_social"))) == []
    )


def test_calls_are_never_made_for_what_the_post_does_not_have() -> None:
    _, steps = play(PLATFORM.publish(draft(), MEMBER), [ME, POSTED])
    assert [type(step) for step in steps] == [Call, Call]
