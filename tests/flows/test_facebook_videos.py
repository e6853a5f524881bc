"""Videos, reels and stories on Facebook Pages as flows: every request as it goes on the wire, and what each answer leads to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from noillusion.core.sensitive import Content, reveal
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.measures import PostMetrics, PostRef
from noillusion.flows.protocol import Absent, Call, Listing, Lookup, Published, Reply, Step, Unreadable, Until
from noillusion.platforms.facebook import facts
from noillusion.platforms.facebook.options import FacebookOptions
from noillusion.platforms.facebook.platform import PLATFORM
from tests.flows.driver import calls, wire
from tests.flows.test_facebook import NOW, OK, PAGE, STAMP, V, codes, insights, ok, refused, run

LABELED = FacebookOptions(is_ai_generated=True)
CLIP = MediaItem("video", Content("https://cdn.example.com/clip.mp4"), title=Content("Bread"))
BYTES = MediaItem("video", data=bytes(range(250)), content_type="video/mp4", title=Content("Bread"))
THUMBNAIL = MediaItem("image", data=b"\xff\xd8", content_type="image/jpeg")
TALL = MediaItem("image", Content("https://cdn.example.com/tall.jpg"))
LOST = OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.COMMIT)
NETWORK = PlatformError(Fault(ErrorClass.TRANSIENT, "network"), Effect.PREPARE)


def draft(kind: Any, item: MediaItem, text: str = "Fresh", **parts: Any) -> Draft:
    return Draft(kind, Content(text), media=(item,), **parts)


def phase(status: str, *errors: int, **more: str) -> dict[str, Any]:
    listed = {"errors": [{"code": code, "message": "never read"} for code in errors]} if errors else {}
    return {"status": status, **listed, **more}


def state(video: str, publishing: str = "not_started", **more: Any) -> Reply:
    done = {"publish_status": "published"} if publishing == "complete" else {}
    return ok(
        status={
            "video_status": video,
            "uploading_phase": phase("complete"),
            "processing_phase": phase("complete"),
            "publishing_phase": phase(publishing, **done),
            **more.pop("phases", {}),
        },
        **more,
    )


PUBLIC = state("ready", "complete", permalink_url="/reel/7/", post_id="9")
WAITING = state("processing", "in_progress")


def asks(video: str) -> dict[str, Any]:
    """The reading of a video's state on the wire."""
    return {
        "method": "GET",
        "url": f"{V}/{video}",
        "effect": "read",
        "auth": "bearer",
        "query": {"fields": "status,permalink_url,post_id"},
    }


def posted(edge: str, effect: str, keep: dict[str, str] | None = None, **form: Any) -> dict[str, Any]:
    """A call on an edge of the Page on the wire."""
    shown = {"method": "POST", "url": f"{V}/101/{edge}", "effect": effect, "auth": "bearer", "form": form}
    return shown | ({"keep": keep} if keep else {})


# ---- videos ----------------------------------------------------------------------------------------------------------------


def test_a_video_by_url_is_one_call_whose_answer_names_it() -> None:
    result, steps = run(PLATFORM.publish(draft("video", CLIP, options=LABELED), PAGE), OK, ok(id="7"), WAITING, PUBLIC)
    assert result == Published("7", "101_9", "https://www.facebook.com/reel/7/")
    assert wire(steps[1]) == posted(
        "videos",
        "commit",
        {"accepted_id": "id", "video_id": "id"},
        file_url="https://cdn.example.com/clip.mp4",
        description="Fresh",
        title="Bread",
        is_ai_generated="true",
    )
    assert wire(steps[2]) == asks("7") and isinstance(steps[2], Until) and steps[2].resumable


def test_bytes_of_a_video_travel_in_the_parts_that_facebook_wants() -> None:
    result, steps = run(
        PLATFORM.publish(draft("video", BYTES), PAGE),
        ok(upload_session_id="55", video_id="7", start_offset="0", end_offset="100"),
        ok(start_offset="100", end_offset="200"),
        ok(start_offset="200", end_offset="250"),
        ok(start_offset="250", end_offset="250"),
        ok(success=True),
        state("ready", "complete"),
    )
    assert result == Published("7", "7", "https://www.facebook.com/7")
    assert wire(steps[0]) == posted("videos", "prepare", {"video_id": "video_id"}, upload_phase="start", file_size=250)
    parts = [step.multipart for step in steps[1:4] if isinstance(step, Call) and step.multipart]
    assert [part["video_file_chunk"].data for part in parts] == [BYTES.data[at : at + 100] for at in (0, 100, 200)]  # type: ignore[index]
    assert [{**part, "video_file_chunk": ""} for part in parts] == [
        {"upload_phase": "transfer", "upload_session_id": "55", "start_offset": at, "video_file_chunk": ""}
        for at in (0, 100, 200)
    ]
    finish = steps[4]
    assert wire(finish) == posted(
        "videos",
        "commit",
        {"accepted_id": "success"},
        upload_phase="finish",
        upload_session_id="55",
        description="Fresh",
        title="Bread",
    )
    assert isinstance(finish, Call) and finish.known == {"accepted_id": "7"}


def test_a_part_is_never_larger_than_ours_however_much_facebook_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noillusion.platforms.facebook.uploads.CHUNK_BYTES", 90)
    replies = [ok(upload_session_id="55", video_id="7", start_offset="0", end_offset="250")]
    replies += [ok(start_offset=str(at), end_offset="250") for at in (90, 180, 250)]
    _, steps = run(PLATFORM.publish(draft("video", BYTES), PAGE), *replies, ok(success=True), PUBLIC)
    parts = [step.multipart["video_file_chunk"].data for step in steps if isinstance(step, Call) and step.multipart]
    assert [len(part) for part in parts] == [90, 90, 70] and b"".join(parts) == BYTES.data


@pytest.mark.parametrize("problem", [refused(6000, 1363037), refused(6000, 1363041), refused(6000), Reply(503), NETWORK])
def test_an_upload_that_was_lost_begins_once_more_and_never_a_third_time(problem: Reply | PlatformError) -> None:
    started = ok(upload_session_id="55", video_id="7", start_offset="0", end_offset="250")
    again = ok(upload_session_id="56", video_id="8", start_offset="0", end_offset="250")
    done = ok(start_offset="250", end_offset="250")
    result, steps = run(PLATFORM.publish(draft("video", BYTES), PAGE), started, problem, again, done, ok(success=True), PUBLIC)
    assert result.accepted_id == "8" and wire(steps[4])["form"]["upload_session_id"] == "56"
    trace: list[Step] = []
    with pytest.raises(PlatformError):
        run(PLATFORM.publish(draft("video", BYTES), PAGE), started, problem, again, problem, trace=trace)
    assert Effect.COMMIT not in {step.effect for step in trace if isinstance(step, Call)}


def test_an_upload_that_does_not_advance_is_given_up() -> None:
    started = ok(upload_session_id="55", video_id="7", start_offset="0", end_offset="250")
    with pytest.raises(UnexpectedShape, match="start_offset"):
        run(PLATFORM.publish(draft("video", BYTES), PAGE), started, ok(start_offset="0", end_offset="250"))
    with pytest.raises(UnexpectedShape, match="start_offset"):
        run(PLATFORM.publish(draft("video", BYTES), PAGE), ok(upload_session_id="55", video_id="7"))


def test_a_thumbnail_travels_with_the_commit_of_its_video() -> None:
    item = replace(CLIP, title=None, thumbnail=THUMBNAIL)
    _, steps = run(PLATFORM.publish(draft("video", item), PAGE), OK, ok(id="7"), PUBLIC)
    call = steps[1]
    assert isinstance(call, Call) and call.form is None and call.effect is Effect.COMMIT
    assert reveal(dict(call.multipart or {})) == {
        "file_url": "https://cdn.example.com/clip.mp4",
        "description": "Fresh",
        "thumb": THUMBNAIL,
    }


# ---- reels -----------------------------------------------------------------------------------------------------------------


def sent(**headers: str) -> dict[str, Any]:
    """The call to the upload host on the wire."""
    url = f"https://rupload.facebook.com/video-upload/v26.0/{headers.pop('video', '7')}"
    return {"method": "POST", "url": url, "effect": "prepare", "auth": "oauth", "headers": headers}


SOURCES = [
    (CLIP, sent(file_url="https://cdn.example.com/clip.mp4")),
    (BYTES, sent(offset="0", file_size="250")),
]


@pytest.mark.parametrize(("item", "upload"), SOURCES, ids=["url", "bytes"])
def test_a_reel_is_started_sent_and_finished(item: MediaItem, upload: dict[str, Any]) -> None:
    result, steps = run(
        PLATFORM.publish(draft("reel", item, options=LABELED), PAGE),
        ok(video_id="7", upload_url="https://evil.example/"),
        ok(success=True),
        ok(success=True),
        WAITING,
        PUBLIC,
    )
    assert result == Published("7", "7", "https://www.facebook.com/reel/7/")
    assert wire(steps[0]) == posted("video_reels", "prepare", {"reel_id": "video_id"}, upload_phase="start")
    assert wire(steps[1]) == upload
    assert isinstance(steps[1], Call) and steps[1].body == (item if item.data else None)
    assert wire(steps[2]) == posted(
        "video_reels",
        "commit",
        {"accepted_id": "success"},
        upload_phase="finish",
        video_id="7",
        video_state="PUBLISHED",
        description="Fresh",
        title="Bread",
        is_ai_generated="true",
    )
    assert wire(steps[3]) == asks("7") and len(steps) == 4


def test_a_comment_under_a_reel_waits_until_it_is_public() -> None:
    given = draft("reel", CLIP, first_comment=Content("First"))
    replies = (ok(video_id="7"), ok(success=True), ok(success=True), WAITING, PUBLIC, ok(id="7_1"))
    result, steps = run(PLATFORM.publish(given, PAGE), *replies)
    assert result.first_comment == "posted"
    assert (wire(steps[-1])["url"], wire(steps[-1])["effect"]) == (f"{V}/7/comments", "follow_up")


# ---- after the commit ------------------------------------------------------------------------------------------------------


def failed(*codes: int, video: str = "error", name: str = "processing_phase") -> Reply:
    return state(video, phases={name: phase("error", *codes)})


@pytest.mark.parametrize(
    ("reply", "error_class", "code"),
    [
        (failed(1363128), ErrorClass.INVALID_CONTENT, "1363128"),
        (failed(1363040), ErrorClass.INVALID_CONTENT, "1363040"),
        (failed(6000, name="uploading_phase"), ErrorClass.MEDIA_PROCESSING, "6000"),
        (failed(1363042, name="publishing_phase"), ErrorClass.PERMISSION, "1363042"),
        (failed(987), ErrorClass.MEDIA_PROCESSING, "987"),
        (failed(), ErrorClass.MEDIA_PROCESSING, "video_error"),
        (failed(video="processing"), ErrorClass.MEDIA_PROCESSING, "video_error"),
        (state("expired"), ErrorClass.MEDIA_PROCESSING, "video_expired"),
        (ok(status={"video_status": "error", "processing_phase": "?"}), ErrorClass.MEDIA_PROCESSING, "video_error"),
    ],
)
@pytest.mark.parametrize("kind", ["video", "reel"])
def test_a_video_that_facebook_gives_up_is_a_failure_with_its_reason(
    kind: str, reply: Reply, error_class: ErrorClass, code: str
) -> None:
    replies = (OK, ok(id="7")) if kind == "video" else (ok(video_id="7"), ok(success=True), ok(success=True))
    with pytest.raises(PlatformError) as ended:
        run(PLATFORM.publish(draft(kind, CLIP), PAGE), *replies, reply)
    assert ended.value.fault == Fault(error_class, code, certain=True)
    assert ended.value.effect is Effect.COMMIT and not isinstance(ended.value, OutcomeUnknown)


def test_a_refused_question_after_the_commit_leaves_the_outcome_open() -> None:
    with pytest.raises(OutcomeUnknown):
        run(PLATFORM.publish(draft("video", CLIP), PAGE), OK, ok(id="7"), refused(190, 460))


KEPT_BACK = state("ready", phases={"publishing_phase": phase("complete", publish_status="draft")})
NOT_YET = [refused(100, 33), ok(), ok(status={"video_status": "brand_new"}), state("ready", "in_progress"), KEPT_BACK]


@pytest.mark.parametrize("reply", NOT_YET)
def test_a_state_that_says_nothing_means_not_yet(reply: Reply) -> None:
    result, _ = run(PLATFORM.publish(draft("video", CLIP), PAGE), OK, ok(id="7"), reply, PUBLIC)
    assert result.post_id == "101_9"


@pytest.mark.parametrize(
    ("handles", "replies", "expected"),
    [
        ({"accepted_id": "7", "video_id": "7"}, [WAITING, PUBLIC], Published("7", "101_9", "https://www.facebook.com/reel/7/")),
        ({"accepted_id": "7", "reel_id": "7"}, [PUBLIC], Published("7", "7", "https://www.facebook.com/reel/7/")),
    ],
)
def test_a_video_that_was_accepted_is_waited_for_again(
    handles: dict[str, str], replies: list[Reply], expected: Published
) -> None:
    result, steps = run(PLATFORM.resume(handles, PAGE), *replies)
    assert result == expected and wire(steps[0]) == asks("7") and len(steps) == 1


@pytest.mark.parametrize("handles", [{"video_id": "7"}, {"reel_id": "7"}, {"photo_id": "5", "photo_2_id": "6"}])
def test_what_needs_its_text_cannot_be_finished_without_it(handles: dict[str, str]) -> None:
    with pytest.raises(UnexpectedShape, match="handles"):
        run(PLATFORM.resume(handles, PAGE))


# ---- stories ---------------------------------------------------------------------------------------------------------------


def story(media: str = "5", number: str = "9", **more: str) -> dict[str, Any]:
    return {"post_id": number, "media_id": media, "url": f"https://www.facebook.com/stories/101/{number}", **more}


STORY = Published("9", "9", "https://www.facebook.com/stories/101/9")


def test_a_photo_story_is_uploaded_unseen_and_used_once() -> None:
    replies = (ok(id="5"), ok(success=True, post_id="9"), ok(data=[story("4", "8"), story()]))
    result, steps = run(PLATFORM.publish(draft("story", TALL, ""), PAGE), *replies)
    assert result == STORY
    photo = {"url": "https://cdn.example.com/tall.jpg", "published": "false"}
    assert wire(steps[0]) == posted("photos", "prepare", {"story_photo_id": "id"}, **photo)
    assert wire(steps[1]) == posted("photo_stories", "commit", {"accepted_id": "post_id"}, photo_id="5")
    assert (wire(steps[2])["url"], wire(steps[2])["effect"]) == (f"{V}/101/stories", "read")


@pytest.mark.parametrize(("item", "upload"), SOURCES, ids=["url", "bytes"])
@pytest.mark.parametrize(("options", "handle"), [(None, "story_video_id"), (LABELED, "labeled_story_video_id")])
def test_a_video_story_is_finished_once_facebook_has_all_of_it(
    item: MediaItem, upload: dict[str, Any], options: FacebookOptions | None, handle: str
) -> None:
    early = state("uploading", phases={"uploading_phase": phase("in_progress")})
    result, steps = run(
        PLATFORM.publish(draft("story", replace(item, title=None), "", options=options), PAGE),
        ok(video_id="7"),
        ok(success=True),
        early,
        state("upload_complete"),
        ok(success=True, post_id="9"),
        WAITING,
        PUBLIC,
        ok(data=[]),
    )
    assert result == STORY
    assert wire(steps[0]) == posted("video_stories", "prepare", {handle: "video_id"}, upload_phase="start")
    assert wire(steps[1]) == upload and wire(steps[2]) == asks("7")
    label = {"is_ai_generated": "true"} if options else {}
    finish = {"upload_phase": "finish", "video_id": "7", **label}
    assert wire(steps[3]) == posted("video_stories", "commit", {"accepted_id": "post_id"}, **finish)
    assert wire(steps[4]) == asks("7")


def test_a_story_whose_upload_fails_is_never_finished() -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as ended:
        replies = (ok(video_id="7"), ok(success=True), failed(6000, name="uploading_phase"))
        run(PLATFORM.publish(draft("story", CLIP, ""), PAGE), *replies, trace=trace)
    assert ended.value.fault.code == "6000" and len(trace) == 3


def test_a_photo_whose_story_was_refused_is_removed() -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError, match="duplicate"):
        run(PLATFORM.publish(draft("story", TALL, ""), PAGE), ok(id="5"), refused(100, 1366051), ok(success=True), trace=trace)
    assert (wire(trace[-1])["method"], wire(trace[-1])["url"]) == ("DELETE", f"{V}/5")
    trace.clear()
    with pytest.raises(OutcomeUnknown):
        run(PLATFORM.publish(draft("story", TALL, ""), PAGE), ok(id="5"), LOST, trace=trace)
    assert len(trace) == 2


@pytest.mark.parametrize(
    ("handles", "replies", "commits"),
    [
        ({"story_photo_id": "5"}, [ok(success=True, post_id="9"), ok(data=[])], "photo_stories"),
        ({"story_photo_id": "5", "accepted_id": "9"}, [ok(data=[])], None),
        (
            {"story_video_id": "7"},
            [state("upload_complete"), ok(success=True, post_id="9"), PUBLIC, ok(data=[])],
            "video_stories",
        ),
        ({"story_video_id": "7", "accepted_id": "9"}, [PUBLIC, ok(data=[])], None),
    ],
)
def test_a_story_goes_on_from_whatever_was_kept(handles: dict[str, str], replies: list[Reply], commits: str | None) -> None:
    result, steps = run(PLATFORM.resume(handles, PAGE), *replies)
    assert result == STORY
    sent_to = [step.url.rpartition("/")[2] for step in steps if isinstance(step, Call) and step.effect is Effect.COMMIT]
    assert sent_to == ([commits] if commits else [])


def test_the_label_of_a_video_story_survives_an_interruption() -> None:
    replies = (state("upload_complete"), ok(success=True, post_id="9"), PUBLIC, ok(data=[]))
    _, steps = run(PLATFORM.resume({"labeled_story_video_id": "7"}, PAGE), *replies)
    assert wire(steps[1])["form"] == {"upload_phase": "finish", "video_id": "7", "is_ai_generated": "true"}


# ---- reading back ----------------------------------------------------------------------------------------------------------


def lookup(kind: Any, **handles: str) -> Lookup:
    return Lookup(handles, NOW - 120, kind)


VIDEO_9 = Published("7", "101_9", "https://www.facebook.com/reel/7/")
REEL_7 = Published("7", "7", "https://www.facebook.com/reel/7/")


@pytest.mark.parametrize(
    ("handle", "reply", "expected"),
    [
        ("video_id", PUBLIC, VIDEO_9),
        ("reel_id", PUBLIC, REEL_7),
        *[(handle, state("upload_complete"), Absent()) for handle in ("video_id", "reel_id")],
        *[(handle, state("expired"), Absent()) for handle in ("video_id", "reel_id")],
        *[(handle, failed(1363128), Absent()) for handle in ("video_id", "reel_id")],
        *[(handle, WAITING, Absent(final=False)) for handle in ("video_id", "reel_id")],
        *[(handle, state("processing"), Absent(final=False)) for handle in ("video_id", "reel_id")],
        *[(handle, refused(100, 33), Absent(final=False)) for handle in ("video_id", "reel_id")],
        *[(handle, ok(), Absent(final=False)) for handle in ("video_id", "reel_id")],
    ],
)
def test_a_lost_finish_is_told_by_the_state_of_its_video(handle: str, reply: Reply, expected: Any) -> None:
    kind = "video" if handle == "video_id" else "reel"
    found, steps = run(PLATFORM.find(lookup(kind, **{handle: "7"}), PAGE), reply)
    assert found == expected and [wire(step) for step in steps] == [asks("7")]


def test_a_lost_video_by_url_is_looked_for_in_the_list_whose_silence_proves_nothing() -> None:
    row = {"id": "101_9", "message": "Fresh", "created_time": STAMP, "status_type": "added_video"}
    found, steps = run(PLATFORM.find(lookup("video"), PAGE), ok(data=[row]))
    assert isinstance(found, Listing) and found.posts[0].kinds == {"video"} and not found.complete
    assert wire(steps[0])["url"] == f"{V}/101/published_posts"


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([ok(id="5", page_story_id="9"), ok(data=[story()])], STORY),
        ([ok(id="5"), ok(data=[story()])], STORY),
        ([ok(id="5"), ok(data=[story("4", "8")])], Absent()),
        ([ok(id="5"), ok(data=[{"post_id": "8"}])], Absent(final=False)),
        ([refused(100, 33), ok(data=[])], Absent()),
    ],
)
def test_a_lost_photo_story_is_told_by_its_photo(replies: list[Reply], expected: Any) -> None:
    found, _ = run(PLATFORM.find(lookup("story", story_photo_id="5"), PAGE), *replies)
    assert found == expected


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([ok(data=[story("7")])], STORY),
        ([ok(data=[]), PUBLIC], STORY),
        ([ok(data=[]), state("upload_complete")], Absent()),
        ([ok(data=[]), WAITING], Absent(final=False)),
    ],
)
def test_a_lost_video_story_is_told_by_the_list_or_by_its_video(replies: list[Reply], expected: Any) -> None:
    found, _ = run(PLATFORM.find(lookup("story", story_video_id="7"), PAGE), *replies)
    assert found == expected


def test_stories_cannot_be_read_back_without_the_scope() -> None:
    account = replace(PAGE, scopes=("pages_manage_posts",))
    found, _ = run(PLATFORM.find(lookup("story", story_video_id="7"), account))
    assert found == Unreadable("scope_missing")


# ---- checks ----------------------------------------------------------------------------------------------------------------


ACCENTED = MediaItem("video", Content("https://cdn.example.com/ä.mp4"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (draft("video", CLIP, options=LABELED), []),
        (draft("video", replace(BYTES, thumbnail=THUMBNAIL)), []),
        (draft("video", ACCENTED), []),
        (draft("reel", ACCENTED), [("media.0.url", "not_ascii")]),
        (draft("story", ACCENTED, ""), [("media.0.url", "not_ascii")]),
        (draft("story", TALL, ""), []),
        (draft("story", TALL, "", options=LABELED), [("options.facebook.is_ai_generated", "not_applicable")]),
        (draft("story", MediaItem("video", CLIP.url), "", options=LABELED), []),
        (draft("story", TALL, "Words"), [("text", "not_allowed")]),
        (draft("story", CLIP, ""), [("media.0.title", "not_allowed")]),
        (draft("story", TALL, "", first_comment=Content("x")), [("first_comment", "not_allowed")]),
        (draft("story", replace(TALL, alt_text=Content("x")), ""), [("media.0.alt_text", "not_allowed")]),
        (draft("video", TALL), [("media.0.kind", "not_supported")]),
        (draft("reel", replace(CLIP, content_type="video/quicktime")), [("media.0.content_type", "not_supported")]),
        (draft("reel", replace(CLIP, thumbnail=THUMBNAIL)), [("media.0.thumbnail", "not_allowed")]),
        (draft("video", replace(CLIP, alt_text=Content("x"))), [("media.0.alt_text", "not_allowed")]),
        (draft("video", replace(CLIP, thumbnail=TALL)), [("media.0.thumbnail.url", "not_supported")]),
        (
            draft("video", replace(CLIP, thumbnail=replace(THUMBNAIL, content_type="image/webp"))),
            [("media.0.thumbnail.content_type", "not_supported")],
        ),
        (draft("video", MediaItem("video")), [("media.0", "required")]),
        (draft("video", MediaItem("video", Content("https://video.xx.fbcdn.net/a.mp4"))), [("media.0.url", "host_refused")]),
        (draft("image", TALL, options=LABELED), [("options.facebook.is_ai_generated", "not_applicable")]),
        (Draft("reel", Content("x"), media=(CLIP, CLIP)), [("media", "wrong_count")]),
        (Draft("video", Content("x")), [("media", "required")]),
    ],
)
def test_check_names_every_problem_of_a_video_with_its_field(given: Draft, expected: list[tuple[str, str]]) -> None:
    assert codes(given) == expected


@pytest.mark.parametrize("kind", ["video", "reel", "story"])
def test_what_facebook_processes_needs_the_scope_to_read_its_state(kind: str) -> None:
    account = replace(PAGE, scopes=("pages_manage_posts",))
    given = draft(kind, MediaItem("video", CLIP.url), "")
    (issue,) = PLATFORM.check(given, account)
    assert (issue.field, issue.code, issue.params) == ("account", "scope_missing", {"needed": ["pages_read_engagement"]})


def test_every_rule_for_files_belongs_to_a_kind() -> None:
    assert {name.partition(".")[0] for name in facts.FILES} <= {"image", *facts.KINDS}


# ---- metrics ---------------------------------------------------------------------------------------------------------------


def part(**values: Any) -> dict[str, Any]:
    return {"code": 200, "body": json.dumps(insights(**values))}


def test_reels_and_stories_have_figures_of_their_own() -> None:
    refs = [PostRef("7", "reel"), PostRef("9", "story"), PostRef("8", "video")]
    videos = [
        part(blue_reels_play_count=90, fb_reels_total_plays=120, post_video_likes_by_reaction_type={"a": 2, "b": 1}),
        {"code": 200, "body": '{"data": []}'},
    ]
    found, steps = run(
        PLATFORM.metrics(refs, PAGE),
        ok(**insights(page_story_total_media_view_unique=40, pages_fb_story_shares=2)),
        Reply(200, data=videos),
    )
    assert found == {
        "7": PostMetrics(views=90, likes=3, extra={"fb_reels_total_plays": 120}),
        "9": PostMetrics(reach=40, shares=2),
        "8": PostMetrics(unavailable="no_data"),
    }
    assert wire(steps[0])["url"] == f"{V}/9/insights"
    asked = [(call.url, call.query) for call in calls(steps)[1].batch]
    query = {"metric": ",".join(facts.VIDEO_METRICS)}
    assert asked == [(f"{V}/7/video_insights", query), (f"{V}/8/video_insights", query)]


def test_one_refused_name_or_post_costs_only_itself() -> None:
    one, other = PostRef("7", "reel"), PostRef("9", "story")
    no = {"code": 400, "body": json.dumps(refused(100).data)}
    alone = [part(blue_reels_play_count=90), no, part(), part(), part()]
    found, _ = run(PLATFORM.metrics([one], PAGE), refused(100), Reply(200, data=alone), ok(**insights(blue_reels_play_count=90)))
    assert (found["7"].views, found["7"].refused) == (90, (list(facts.VIDEO_METRICS)[1],))
    found, _ = run(PLATFORM.metrics([one, other], PAGE), ok(**insights(story_interaction=4)), refused(100, 33))
    assert found == {"7": PostMetrics(unavailable="not_found"), "9": PostMetrics(extra={"story_interaction": 4})}
    with pytest.raises(PlatformError):
        run(PLATFORM.metrics([one, other], PAGE), refused(80001))


def test_videos_with_a_post_are_measured_with_the_other_posts() -> None:
    row = {"id": "101_9", "insights": insights(post_media_view=5)}
    found, steps = run(PLATFORM.metrics([PostRef("101_9", "video")], PAGE), ok(data=[row]))
    assert found["101_9"].views == 5 and wire(steps[0])["url"] == f"{V}/101/posts"


def test_figures_of_reels_need_their_scope() -> None:
    account = replace(PAGE, scopes=("pages_read_engagement",))
    assert run(PLATFORM.metrics([PostRef("7", "reel")], account)) == ({"7": PostMetrics(unavailable="scope_missing")}, [])
