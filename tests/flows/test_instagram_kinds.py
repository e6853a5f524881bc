"""Instagram's kinds of posts as flows: the containers of each as they go on the wire, comments, resuming, read-back, checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from noillusion.catalog.platforms import PLATFORMS
from noillusion.core.sensitive import Content
from noillusion.flows.draft import CommentState, Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.measures import PostMetrics, PostRef
from noillusion.flows.protocol import LATE, Absent, Account, Call, ListedPost, Listing, Lookup, Published, Reply, Step, Until
from noillusion.platforms.instagram.errors import FINAL_CLASSES
from noillusion.platforms.instagram.options import InstagramOptions
from noillusion.platforms.instagram.platform import PLATFORM
from tests.flows.driver import calls, play, wire
from tests.flows.test_instagram import ACCOUNT, FINISHED, GONE, LINK, LIVE, NOW, STAMP, WHEN, V, ok, quota, refused, run, state

CDN = "https://cdn.example.com"
COVER = MediaItem("image", Content(f"{CDN}/cover.jpg"))


def photo(name: str = "a.jpg", **more: Any) -> MediaItem:
    return MediaItem("image", Content(f"{CDN}/{name}"), **more)


def video(name: str = "a.mp4", **more: Any) -> MediaItem:
    return MediaItem("video", Content(f"{CDN}/{name}"), **more)


def draft(kind: Kind, *media: MediaItem, text: str = "Hello", **parts: Any) -> Draft:
    return Draft(kind, Content("" if kind == "story" else text), media=media, **parts)


def codes(of: Draft, account: Account = ACCOUNT) -> list[tuple[str, str]]:
    return [(issue.field, issue.code) for issue in PLATFORM.check(of, account)]


def container(number: str) -> Reply:
    return ok(id=number)


# ---- what each kind sends


CHOICES = InstagramOptions(
    is_ai_generated=True,
    collaborators=(Content("ann"), Content("bob")),
    location_id=Content("55"),
    share_to_feed=False,
    audio_name=Content("Bells"),
    trial="SS_PERFORMANCE",
)
LABEL = InstagramOptions(is_ai_generated=True)
SENT: dict[str, tuple[Draft, dict[str, Any]]] = {
    "reel with everything": (
        draft("reel", video(thumbnail=COVER), options=CHOICES),
        {
            "media_type": "REELS",
            "video_url": f"{CDN}/a.mp4",
            "cover_url": f"{CDN}/cover.jpg",
            "share_to_feed": "false",
            "audio_name": "Bells",
            "trial_params": '{"graduation_strategy": "SS_PERFORMANCE"}',
            "caption": "Hello",
            "collaborators": '["ann", "bob"]',
            "location_id": "55",
            "is_ai_generated": "true",
        },
    ),
    "reel with a frame as cover": (
        draft("reel", video(), text="", options=InstagramOptions(thumb_offset_ms=0, share_to_feed=True)),
        {"media_type": "REELS", "video_url": f"{CDN}/a.mp4", "thumb_offset": 0, "share_to_feed": "true"},
    ),
    "reel with nothing": (draft("reel", video(), text=""), {"media_type": "REELS", "video_url": f"{CDN}/a.mp4"}),
    "story of an image": (draft("story", photo()), {"media_type": "STORIES", "image_url": f"{CDN}/a.jpg"}),
    "story of a video": (
        draft("story", video(), options=LABEL),
        {"media_type": "STORIES", "video_url": f"{CDN}/a.mp4", "is_ai_generated": "true"},
    ),
}


@pytest.mark.parametrize(("given", "form"), SENT.values(), ids=SENT)
def test_a_single_container_has_the_fields_of_its_kind_and_no_other(given: Draft, form: dict[str, Any]) -> None:
    result, steps = run(PLATFORM.publish(given, ACCOUNT), quota(), container("C1"), FINISHED, LIVE, LINK)
    assert (result.post_id, result.first_comment) == ("M1", None)
    assert wire(steps[1]) == {
        "method": "POST",
        "url": f"{V}/178/media",
        "effect": "prepare",
        "auth": "bearer",
        "form": form,
        "keep": {"container_id": "id"},
    }
    assert isinstance(steps[2], Until) and steps[2].resumable
    assert wire(steps[3])["form"] == {"creation_id": "C1"}


def test_F6_a_carousel_prepares_its_members_side_by_side_waits_for_each_and_then_makes_itself() -> None:
    given = draft("images", photo(alt_text=Content("A door")), video(), options=LABEL)
    result, steps = run(
        PLATFORM.publish(given, ACCOUNT),
        quota(), container("11"), container("12"), state("IN_PROGRESS"), FINISHED, GONE, FINISHED,
        container("C1"), FINISHED, LIVE, LINK,
    )  # fmt: skip
    assert result == Published("M1", "M1", "https://www.instagram.com/p/abc/")
    members = steps[1]
    assert isinstance(members, list)
    assert [wire(call)["form"] for call in members] == [
        {"image_url": f"{CDN}/a.jpg", "alt_text": "A door", "is_carousel_item": "true"},
        {"video_url": f"{CDN}/a.mp4", "media_type": "VIDEO", "is_carousel_item": "true"},
    ]
    assert [wire(call)["keep"] for call in members] == [{"child_0": "id"}, {"child_1": "id"}]
    assert {call.effect for call in members} == {Effect.PREPARE}
    assert [wire(step)["url"] for step in steps[2:4]] == [f"{V}/11", f"{V}/12"]
    assert all(isinstance(step, Until) and not step.resumable for step in steps[2:4])
    parent = {"media_type": "CAROUSEL", "children": "11,12", "caption": "Hello", "is_ai_generated": "true"}
    assert wire(steps[4])["form"] == parent and wire(steps[4])["keep"] == {"container_id": "id"}
    assert isinstance(steps[5], Until) and steps[5].resumable
    assert [call.effect for call in calls(steps)].count(Effect.COMMIT) == 1


def test_ten_members_have_ten_handles_of_a_documented_form() -> None:
    replies = [quota(), *(container(str(n)) for n in range(10)), *[FINISHED] * 10, container("99"), FINISHED, LIVE, LINK]
    _, steps = run(PLATFORM.publish(draft("images", *[photo()] * 10), ACCOUNT), *replies)
    kept = {name for call in calls(steps) for name in call.keep}
    assert kept == {*(f"child_{n}" for n in range(10)), "container_id", "accepted_id"}
    assert all(PLATFORM.forms.handle(name).longest == 20 for name in kept), "a name without a form of its own"


@pytest.mark.parametrize("at", [0, 1])
def test_a_member_that_fails_ends_the_carousel_with_its_number(at: int) -> None:
    failed = state("ERROR", "Error: Media upload has failed with error code 2207026")
    trace: list[Step] = []
    with pytest.raises(PlatformError) as refusal:
        replies = [quota(), container("11"), container("12"), *[FINISHED] * at, failed]
        run(PLATFORM.publish(draft("images", photo(), video()), ACCOUNT), *replies, trace=trace)
    assert refusal.value.fault == Fault(ErrorClass.INVALID_CONTENT, "2207026")
    assert not [step for step in trace if isinstance(step, Call) and "CAROUSEL" in str(step.form)]


SLOW = PlatformError(Fault(ErrorClass.MEDIA_PROCESSING, LATE))


def test_members_that_take_too_long_end_the_run_unless_only_their_reading_is_broken() -> None:
    given, begun = draft("images", photo(), video()), (quota(), container("11"), container("12"))
    with pytest.raises(PlatformError) as refusal:
        run(PLATFORM.publish(given, ACCOUNT), *begun, SLOW, refused(9007, 2207027))
    assert refusal.value.fault == SLOW.fault
    result, _ = run(PLATFORM.publish(given, ACCOUNT), *begun, SLOW, container("C1"), FINISHED, LIVE, LINK)
    assert result.post_id == "M1"
    with pytest.raises(PlatformError) as refusal:
        run(PLATFORM.publish(given, ACCOUNT), *begun, SLOW, refused(36003, 2207009))
    assert refusal.value.fault.code == "36003/2207009"


def test_a_carousel_that_is_refused_as_too_early_is_refused_so() -> None:
    begun = (quota(), container("11"), container("12"), FINISHED, FINISHED)
    with pytest.raises(PlatformError, match="not_ready"):
        run(PLATFORM.publish(draft("images", photo(), video()), ACCOUNT), *begun, refused(9007, 2207027))


# ---- first comments


COMMENTED = {
    "posted": ok(id="17"),
    "failed": refused(10),
    "unknown": Reply(503),
}


@pytest.mark.parametrize(("comment", "answer"), COMMENTED.items())
@pytest.mark.parametrize("kind", ["image", "images", "reel"])
def test_a_comment_follows_the_commit_once_and_the_post_stands_whatever_comes_of_it(
    kind: Kind, comment: CommentState, answer: Reply
) -> None:
    media = {"image": [photo()], "images": [photo(), photo()], "reel": [video()]}[kind]
    prepared = [container("11"), container("12"), FINISHED, FINISHED] if kind == "images" else []
    given = draft(kind, *media, first_comment=Content("First!"))
    result, steps = run(PLATFORM.publish(given, ACCOUNT), quota(), *prepared, container("C1"), FINISHED, LIVE, answer, LINK)
    assert result == Published("M1", "M1", "https://www.instagram.com/p/abc/", first_comment=comment)
    effects = [call.effect for call in calls(steps)]
    assert effects.index(Effect.FOLLOW_UP) == effects.index(Effect.COMMIT) + 1
    sent = calls(steps)[effects.index(Effect.FOLLOW_UP)]
    assert wire(sent) == {
        "method": "POST",
        "url": f"{V}/M1/comments",
        "effect": "follow_up",
        "auth": "bearer",
        "form": {"message": "First!"},
    }
    assert "First!" not in repr(steps)


def test_a_lost_answer_to_a_comment_is_unknown() -> None:
    lost = OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.FOLLOW_UP)
    given = draft("image", photo(), first_comment=Content("First!"))
    result, _ = run(PLATFORM.publish(given, ACCOUNT), quota(), container("C1"), FINISHED, LIVE, lost, LINK)
    assert (result.post_id, result.first_comment) == ("M1", "unknown")


# ---- resuming and reading back


def test_members_without_their_carousel_cannot_be_gone_on_with_and_a_carousel_can() -> None:
    with pytest.raises(UnexpectedShape, match="handles"):
        run(PLATFORM.resume({"child_0": "11", "child_1": "12"}, ACCOUNT))
    handles = {"child_0": "11", "child_1": "12", "container_id": "C1"}
    result, steps = run(PLATFORM.resume(handles, ACCOUNT), FINISHED, LIVE, LINK)
    assert result.post_id == "M1" and wire(steps[1])["form"] == {"creation_id": "C1"}


def lookup(kind: Kind, **handles: str) -> Lookup:
    return Lookup(handles, NOW - 120, kind)


STORY = ok(
    data=[{"id": "M7", "timestamp": STAMP, "permalink": "https://www.instagram.com/stories/cats/M7", "media_type": "VIDEO"}]
)


def test_a_story_is_looked_for_among_the_stories() -> None:
    result, steps = run(PLATFORM.find(lookup("story", container_id="C1"), ACCOUNT), state("PUBLISHED"), STORY)
    seen = ListedPost("M7", "", WHEN, "https://www.instagram.com/stories/cats/M7", frozenset({"story"}))
    assert result == Listing((seen,), complete=False, published=Published("C1"))
    assert wire(steps[1])["url"] == f"{V}/178/stories"


def test_stories_are_read_to_their_end_because_they_have_no_order() -> None:
    page = {"paging": {"cursors": {"after": "c1"}, "next": f"{V}/178/stories?after=c1"}}
    old = {"id": "M0", "timestamp": "2026-11-17T14:00:00+0000"}
    result, steps = run(PLATFORM.find(lookup("story"), ACCOUNT), ok(data=[old], **page), STORY)
    assert isinstance(result, Listing) and result.complete
    assert ([post.post_id for post in result.posts], len(steps)) == (["M0", "M7"], 2)


def test_a_list_tells_reels_and_carousels_apart() -> None:
    rows = [{"id": str(n), "timestamp": STAMP, "media_type": name} for n, name in enumerate(("VIDEO", "CAROUSEL_ALBUM", "NEW"))]
    result, _ = run(PLATFORM.find(lookup("reel"), ACCOUNT), ok(data=rows))
    assert isinstance(result, Listing)
    assert [post.kinds for post in result.posts] == [{"reel"}, {"images"}, frozenset()]


def test_members_alone_were_never_published() -> None:
    result, steps = run(PLATFORM.find(lookup("images", child_0="11"), ACCOUNT), ok(data=[]))
    assert result == Listing((), complete=True) and wire(steps[0])["url"] == f"{V}/178/media"
    assert run(PLATFORM.find(lookup("images", child_0="11", container_id="C1"), ACCOUNT), FINISHED)[0] == Absent()


def test_the_login_of_an_account_decides_where_it_is_reached() -> None:
    answers: dict[str, Callable[[Any], Any]] = {
        "publish": lambda a: PLATFORM.publish(draft("images", photo(), video(), first_comment=Content("1")), a),
        "find": lambda a: PLATFORM.find(lookup("reel", container_id="1"), a),
        "metrics": lambda a: PLATFORM.metrics([PostRef("1", "reel"), PostRef("2", "story")], a),
        "account": PLATFORM.account_metrics,
    }
    body = {"id": "1", "status_code": "FINISHED", "data": []}
    for login, host in (("facebook", "graph.facebook.com"), ("instagram", "graph.instagram.com"), ("", "graph.instagram.com")):
        for name, flow in answers.items():
            given = Account("178", "professional", registration=login)
            _, steps = play(flow(given), lambda _: Reply(200, data=body))
            assert {call.url.split("/")[2] for call in calls(steps)} == {host}, name


# ---- checks


MANY = [photo()] * 10
CHECKS: list[tuple[Draft, list[tuple[str, str]]]] = [
    (draft("images", photo(), video()), []),
    (draft("images", *MANY), []),
    (draft("images", photo()), [("media", "wrong_count")]),
    (draft("images", *MANY, photo()), [("media", "wrong_count")]),
    (draft("images", photo(), video(alt_text=Content("x"))), [("media.1.alt_text", "not_allowed")]),
    (draft("images", photo(alt_text=Content("x" * 1001)), photo()), [("media.0.alt_text", "too_long")]),
    (draft("images", photo(), MediaItem("image", data=b"x")), [("media.1.url", "url_required")]),
    (draft("images", photo(), photo("ä.jpg")), [("media.1.url", "not_ascii")]),
    (draft("images", photo(content_type="image/png"), photo()), [("media.0.content_type", "not_supported")]),
    (draft("images", photo(), video(content_type="video/webm")), [("media.1.content_type", "not_supported")]),
    (draft("images", photo(), MediaItem("document", Content(CDN))), [("media.1.kind", "not_supported")]),
    (
        draft("images", photo(), photo(), options=InstagramOptions(trial="MANUAL")),
        [("options.instagram.trial", "not_applicable")],
    ),
    (draft("reel", video(thumbnail=COVER), first_comment=Content("x")), []),
    (draft("reel", photo()), [("media.0.kind", "not_supported")]),
    (draft("reel", video(), video()), [("media", "wrong_count")]),
    (draft("reel", MediaItem("video", data=b"x")), [("media.0.url", "url_required")]),
    (draft("reel", video(thumbnail=MediaItem("image", data=b"x"))), [("media.0.thumbnail.url", "url_required")]),
    (
        draft("reel", video(thumbnail=photo(content_type="image/png"))),
        [("media.0.thumbnail.content_type", "not_supported")],
    ),
    (
        draft("reel", video(thumbnail=COVER), options=InstagramOptions(thumb_offset_ms=1)),
        [("options.instagram.thumb_offset_ms", "not_applicable")],
    ),
    (draft("reel", video(alt_text=Content("x"))), [("media.0.alt_text", "not_allowed")]),
    (draft("reel", video(captions=MediaItem("captions", data=b"1"))), [("media.0.captions", "not_allowed")]),
    (draft("reel", video(), text=" ".join(["@ann"] * 21)), [("text", "too_many_mentions")]),
    (draft("reel", video(), text=" ".join(f"#t{n}" for n in range(31))), [("text", "too_many_hashtags")]),
    (draft("story", photo()), []),
    (draft("story", video(), options=LABEL), []),
    (Draft("story", Content("Hello"), media=(photo(),)), [("text", "not_allowed")]),
    (draft("story", photo(), first_comment=Content("x")), [("first_comment", "not_allowed")]),
    (draft("story", photo(alt_text=Content("x"))), [("media.0.alt_text", "not_allowed")]),
    (draft("story", video(thumbnail=MediaItem("image", data=b"x"))), [("media.0.thumbnail", "not_allowed")]),
    (
        draft("story", photo(), options=InstagramOptions(collaborators=(Content("a"),))),
        [("options.instagram.collaborators", "not_applicable")],
    ),
    (draft("story", photo(), photo()), [("media", "wrong_count")]),
    (draft("video", video()), [("kind", "not_supported")]),
]


@pytest.mark.parametrize(("given", "expected"), CHECKS)
def test_check_names_every_problem_of_every_kind_with_its_field(given: Draft, expected: list[tuple[str, str]]) -> None:
    assert codes(given) == expected


def test_a_first_comment_needs_its_own_scope_and_nothing_else_does() -> None:
    account = Account("178", "professional", scopes=("instagram_business_content_publish",))
    (issue,) = PLATFORM.check(draft("image", photo(), first_comment=Content("x")), account)
    assert (issue.field, issue.code, issue.params) == (
        "account",
        "scope_missing",
        {"needed": ["instagram_business_manage_comments"]},
    )
    assert codes(draft("image", photo()), account) == []


def test_bytes_are_refused_with_advice() -> None:
    (issue,) = PLATFORM.check(draft("reel", MediaItem("video", data=b"x")), ACCOUNT)
    assert "public https URL" in issue.message and issue.severity == "error"


# ---- reasons and figures


def test_numbers_that_say_what_to_change_have_a_sentence() -> None:
    told = {code for code in PLATFORMS["instagram"].reasons if code.isdecimal()}
    assert set(map(int, told)) <= set(FINAL_CLASSES), "a number that Instagram is not known to give"
    changeable = {n for n, c in FINAL_CLASSES.items() if c in (ErrorClass.INVALID_CONTENT, ErrorClass.MEDIA_FETCH)}
    # Product and user tags are never sent.
    assert changeable - {2207035, 2207036, 2207037, 2207040} <= set(map(int, told))


STORY_NAMES = "views,reach,shares,total_interactions,reposts,replies,navigation,follows,profile_visits"


def measured(number: str, **values: int) -> Reply:
    data = [{"name": name, "values": [{"value": value}]} for name, value in values.items()]
    return ok(id=number, permalink="https://l", like_count=4, insights={"data": data})


def test_stories_are_read_one_by_one_with_metrics_of_their_own() -> None:
    posts = [PostRef("M1", "reel"), PostRef("M2", "story")]
    listed = ok(data=[json.loads(json.dumps(measured("M1", views=9).data))])
    found, steps = run(PLATFORM.metrics(posts, ACCOUNT), listed, measured("M2", views=7, replies=1))
    assert (found["M1"].views, found["M2"].views, found["M2"].extra) == (9, 7, {"replies": 1})
    assert wire(steps[1])["url"] == f"{V}/M2"
    assert wire(steps[1])["query"] == {
        "fields": f"id,permalink,like_count,comments_count,insights.metric({STORY_NAMES}){{name,values}}"
    }


def test_a_story_with_too_few_viewers_keeps_its_counts_and_one_that_is_gone_says_so() -> None:
    posts = [PostRef("M2", "story"), PostRef("M3", "story")]
    found, _ = run(PLATFORM.metrics(posts, ACCOUNT), refused(10), refused(100, 33), ok(id="M2", like_count=3))
    assert found == {"M2": PostMetrics(likes=3), "M3": PostMetrics(unavailable=ErrorClass.NOT_FOUND)}
