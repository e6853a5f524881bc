"""Posts that Facebook holds until their time, as flows: every request as it goes on the wire, and what each answer leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, Link, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Call, ListedPost, Listing, Lookup, Published, Step
from noillusion.platforms.catalog import get
from noillusion.platforms.facebook.platform import PLATFORM
from noillusion.platforms.holding import holding_issues
from tests.flows.driver import calls, wire
from tests.flows.test_facebook import NOW, OK, PAGE, STAMP, WHEN, V, codes, draft, image, ok, refused, run
from tests.flows.test_facebook_videos import BYTES, CLIP, phase, state

AT = 1_795_086_400
PLAN = {"published": "false", "unpublished_content_type": "SCHEDULED", "scheduled_publish_time": AT}
HELD = {"accepted_id": "id", "held_id": "id"}
GONE = refused(100, 33)
HOLDS = PLATFORM.capabilities.holds


def held(post_id: str) -> Published:
    return Published(post_id, post_id, state="held", publish_at=AT)


def scheduled(video: str = "ready", **more: Any) -> Any:
    return state(video, phases={"publishing_phase": phase("not_started", publish_status="scheduled")}, **more)


def looked(**handles: str) -> Any:
    return PLATFORM.resume({"accepted_id": handles["held_id"], **handles}, PAGE)


def lookup(**handles: str) -> Lookup:
    return Lookup(handles, NOW - 120, publish_at=AT)


# ---- handing over ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (draft("text", "Later", publish_at=AT), {"message": "Later"}),
        (
            draft("link", "Later", link=Link(Content("https://example.com/a")), publish_at=AT),
            {"message": "Later", "link": "https://example.com/a"},
        ),
    ],
)
def test_a_text_or_link_with_a_time_is_handed_over_in_the_one_commit(said: Draft, expected: dict[str, str]) -> None:
    result, steps = run(PLATFORM.publish(said, PAGE), OK, ok(id="101_5"))
    assert result == held("101_5")
    assert wire(steps[1]) == {
        "method": "POST",
        "url": f"{V}/101/feed",
        "effect": "commit",
        "auth": "bearer",
        "form": {**PLAN, **expected},
        "keep": HELD,
    }
    # Nobody asks for its link: it has none until it is public.
    assert len(steps) == 2


def test_images_of_a_post_that_is_held_are_uploaded_as_temporary_ones() -> None:
    said = draft("images", "Later", media=(image(alt="A loaf"), image("https://cdn.example.com/b.jpg")), publish_at=AT)
    result, steps = run(PLATFORM.publish(said, PAGE), ok(id="1"), ok(id="2"), ok(id="101_5"))
    assert result == held("101_5")
    assert [wire(call)["form"] for call in calls(steps)[:2]] == [
        {"url": "https://cdn.example.com/a.jpg", "alt_text_custom": "A loaf", "published": "false", "temporary": "true"},
        {"url": "https://cdn.example.com/b.jpg", "published": "false", "temporary": "true"},
    ]
    assert wire(steps[-1])["form"] == {
        **PLAN,
        "message": "Later",
        "attached_media": '[{"media_fbid": "1"}, {"media_fbid": "2"}]',
    }


def test_images_of_a_post_that_is_published_at_once_are_not_temporary() -> None:
    _, steps = run(PLATFORM.publish(draft("image", media=(image(),)), PAGE), ok(id="1"), ok(id="101_5"), ok())
    assert "temporary" not in wire(steps[0])["form"] and "published" not in wire(steps[1])["form"]


def test_a_video_by_url_is_handed_over_with_its_time() -> None:
    said = Draft("video", Content("Later"), media=(CLIP,), publish_at=AT)
    result, steps = run(PLATFORM.publish(said, PAGE), OK, ok(id="7"))
    assert result == held("7")
    assert wire(steps[1])["form"] == {
        "file_url": "https://cdn.example.com/clip.mp4",
        "description": "Later",
        "title": "Bread",
        **PLAN,
    }
    assert wire(steps[1])["keep"] == {**HELD, "video_id": "id"}


def test_a_video_in_phases_is_handed_over_with_its_finish() -> None:
    said = Draft("video", Content("Later"), media=(BYTES,), publish_at=AT)
    started = ok(video_id="7", upload_session_id="s1", start_offset="0", end_offset="250")
    result, steps = run(PLATFORM.publish(said, PAGE), started, ok(start_offset="250", end_offset="250"), ok(success=True))
    assert result == held("7")
    finish = wire(steps[-1])
    assert finish["form"] == {
        "upload_phase": "finish",
        "upload_session_id": "s1",
        "description": "Later",
        "title": "Bread",
        **PLAN,
    }
    assert isinstance(steps[-1], Call) and steps[-1].known == {"accepted_id": "7", "held_id": "7"}


def test_a_reel_is_scheduled_by_its_state() -> None:
    said = Draft("reel", Content("Later"), media=(CLIP,), publish_at=AT)
    result, steps = run(PLATFORM.publish(said, PAGE), ok(video_id="7"), ok(success=True), ok(success=True))
    assert result == held("7")
    assert wire(steps[-1])["form"] == {
        "upload_phase": "finish",
        "video_id": "7",
        "video_state": "SCHEDULED",
        "scheduled_publish_time": AT,
        "description": "Later",
        "title": "Bread",
    }


# ---- looking at it ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (ok(is_published=False, scheduled_publish_time=AT), held("101_5")),
        (ok(is_published=False, scheduled_publish_time=AT + 60), replace(held("101_5"), publish_at=AT + 60)),
        # A person made it a draft.
        (ok(is_published=False), replace(held("101_5"), publish_at=None)),
        (
            ok(is_published=True, permalink_url="https://www.facebook.com/101/posts/5"),
            Published("101_5", "101_5", "https://www.facebook.com/101/posts/5"),
        ),
    ],
)
def test_a_post_is_held_until_facebook_says_that_it_is_public(told: Any, expected: Published) -> None:
    result, steps = run(looked(held_id="101_5"), told)
    assert result == expected
    assert wire(steps[0])["query"] == {"fields": "is_published,scheduled_publish_time,permalink_url"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (scheduled(scheduled_publish_time="2026-11-19T11:06:40+0000"), held("7")),
        (scheduled("processing", scheduled_publish_time=AT), held("7")),
        (state("ready", "in_progress"), replace(held("7"), publish_at=None)),
        (state("ready", "complete", permalink_url="/reel/7/"), Published("7", "7", "https://www.facebook.com/reel/7/")),
    ],
)
def test_a_reel_is_held_until_its_publishing_phase_is_complete(told: Any, expected: Published) -> None:
    assert run(looked(held_id="7", reel_id="7"), told)[0] == expected


def test_a_video_that_is_public_goes_by_its_posts_id() -> None:
    told = state("ready", "complete", permalink_url="/101/videos/7/", post_id="9")
    result, _ = run(looked(held_id="7", video_id="7"), told)
    assert result == Published("7", "101_9", "https://www.facebook.com/101/videos/7/")


def test_a_video_whose_processing_failed_is_a_certain_failure_long_before_its_time() -> None:
    told = state("error", phases={"processing_phase": phase("error", 1363040)})
    with pytest.raises(PlatformError) as error:
        run(looked(held_id="7", reel_id="7"), told)
    assert (error.value.fault, error.value.effect) == (
        Fault(ErrorClass.INVALID_CONTENT, "1363040", certain=True),
        Effect.COMMIT,
    )


@pytest.mark.parametrize(
    ("handles", "proof"),
    [({"held_id": "101_5"}, ok(data=[{"id": "101_6"}])), ({"held_id": "7", "reel_id": "7"}, OK)],
)
def test_what_was_removed_at_facebook_is_a_certain_failure(handles: dict[str, str], proof: Any) -> None:
    with pytest.raises(PlatformError) as error:
        run(looked(**handles), GONE, proof)
    assert (error.value.fault, error.value.effect) == (Fault(ErrorClass.NOT_FOUND, "removed", certain=True), Effect.COMMIT)


@pytest.mark.parametrize(
    ("handles", "doubt"),
    [
        ({"held_id": "101_5"}, ok(data=[{"id": "101_5"}])),
        ({"held_id": "101_5"}, refused(10)),
        ({"held_id": "7", "video_id": "7"}, refused(190)),
    ],
)
def test_what_cannot_be_seen_is_not_gone_unless_the_page_can_be_read(handles: dict[str, str], doubt: Any) -> None:
    with pytest.raises(PlatformError) as error:
        run(looked(**handles), GONE, doubt)
    assert error.value.effect is Effect.READ and error.value.fault.code != "removed"


def test_only_a_list_that_was_read_to_its_end_proves_that_a_post_is_gone() -> None:
    following = {"next": "https://graph.facebook.com/v26.0/101/scheduled_posts?after=x"}
    pages = [ok(data=[{"id": f"101_{n}"}], paging={"next": f"{following['next']}{n}"}) for n in range(20, 28)]
    with pytest.raises(PlatformError) as error:
        run(looked(held_id="101_5"), GONE, *pages)
    assert error.value.fault.error_class is ErrorClass.NOT_FOUND and error.value.effect is Effect.READ


# ---- a lost answer ---------------------------------------------------------------------------------------------------------


def test_a_lost_post_is_looked_for_among_those_that_are_held_and_those_that_are_public() -> None:
    row = {"id": "101_5", "message": "Later", "created_time": STAMP, "scheduled_publish_time": AT}
    found, steps = run(PLATFORM.find(lookup(), PAGE), ok(data=[]), ok(data=[row]))
    assert found == Listing((ListedPost("101_5", "Later", WHEN, "https://www.facebook.com/101_5", publish_at=AT),), complete=True)
    asked = [wire(step) for step in steps]
    assert [each["url"] for each in asked] == [f"{V}/101/published_posts", f"{V}/101/scheduled_posts"]
    assert asked[1]["query"]["fields"].endswith(",scheduled_publish_time") and "since" not in asked[1]["query"]


def test_a_lost_post_with_a_photo_is_found_by_it() -> None:
    found, _ = run(
        PLATFORM.find(lookup(photo_id="3"), PAGE),
        ok(page_story_id="101_5"),
        ok(is_published=False, scheduled_publish_time=AT),
    )
    assert found == held("101_5")


@pytest.mark.parametrize("handle", ["reel_id", "video_id"])
def test_a_lost_reel_or_video_tells_by_its_id_that_it_is_scheduled(handle: str) -> None:
    found, _ = run(PLATFORM.find(lookup(**{handle: "7"}), PAGE), scheduled())
    assert isinstance(found, Published) and (found.accepted_id, found.state, found.permalink) == ("7", "held", None)


def test_a_reel_that_was_never_finished_is_absent() -> None:
    assert run(PLATFORM.find(lookup(reel_id="7"), PAGE), state("upload_complete"))[0] == Absent(final=True)


# ---- changing it -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handles", "text", "at", "form"),
    [
        ({"held_id": "101_5"}, "New", AT, {"message": "New", "scheduled_publish_time": AT}),
        ({"held_id": "101_5"}, None, AT, {"scheduled_publish_time": AT}),
        ({"held_id": "7", "reel_id": "7"}, "New", None, {"description": "New"}),
        ({"held_id": "7", "video_id": "7"}, "New", AT, {"description": "New", "scheduled_publish_time": AT}),
        # A video whose id was lost with the answer goes by its post's.
        ({"held_id": "101_9", "video_id": ""}, "New", None, {"message": "New"}),
    ],
)
def test_text_and_time_are_changed_by_the_fields_of_its_node(
    handles: dict[str, str], text: str | None, at: int | None, form: dict[str, Any]
) -> None:
    flow = PLATFORM.change_held(handles, Content(text) if text else None, at, PAGE)
    _, steps = run(flow, ok(success=True))
    assert wire(steps[0]) == {
        "method": "POST",
        "url": f"{V}/{handles['held_id']}",
        "effect": "commit",
        "auth": "bearer",
        "form": form,
    }


@pytest.mark.parametrize(
    ("handles", "form"),
    [({"held_id": "101_5"}, {"is_published": "true"}), ({"held_id": "7", "reel_id": "7"}, {"published": "true"})],
)
def test_it_is_published_at_once_by_the_flag_of_its_node(handles: dict[str, str], form: dict[str, str]) -> None:
    _, steps = run(PLATFORM.release_held(handles, PAGE), ok(success=True))
    assert wire(steps[0])["form"] == form


def test_a_change_that_is_not_confirmed_is_no_success() -> None:
    with pytest.raises(UnexpectedShape):
        run(PLATFORM.release_held({"held_id": "101_5"}, PAGE), ok())


@pytest.mark.parametrize("told", [ok(success=True), GONE])
def test_it_is_withdrawn_by_deleting_it(told: Any) -> None:
    trace: list[Step] = []
    run(PLATFORM.withdraw_held({"held_id": "101_5"}, PAGE), told, trace=trace)
    assert (wire(trace[0])["method"], wire(trace[0])["url"], wire(trace[0])["effect"]) == ("DELETE", f"{V}/101_5", "commit")


# ---- what can be held ------------------------------------------------------------------------------------------------------


def problems(said: Draft, platform: str = "facebook") -> list[tuple[str, str, Any]]:
    holds = get(platform).capabilities.holds
    return [(i.field, i.code, dict(i.params)) for i in holding_issues(said, holds, NOW, get(platform).title)]


@pytest.mark.parametrize(
    ("ahead", "limit"), [(659, 660), (660, None), (29 * 86_400, None), (29 * 86_400 + 1, 29 * 86_400), (-5, 660)]
)
def test_a_time_is_taken_from_eleven_minutes_to_29_days_ahead(ahead: int, limit: int | None) -> None:
    found = problems(draft("text", publish_at=int(NOW) + ahead))
    wrong = [("publish_at", "out_of_range", {"limit": limit, "actual": ahead, "unit": "seconds"})]
    assert found == ([] if limit is None else wrong)


@pytest.mark.parametrize("kind", PLATFORM.capabilities.kinds)
def test_everything_on_a_page_but_stories_is_held(kind: Any) -> None:
    item = MediaItem("image", Content("https://cdn.example.com/a.jpg"))
    found = problems(draft(kind, media=(item,), publish_at=AT))
    assert [code for _, code, _ in found] == (["not_supported"] if kind == "story" else [])


@pytest.mark.parametrize("platform", ["instagram", "linkedin", "tiktok"])
def test_no_other_platform_holds_anything(platform: str) -> None:
    assert problems(draft("image", publish_at=AT), platform) == [("publish_at", "not_supported", {"allowed": []})]
    for operation in (
        get(platform).change_held({"held_id": "5"}, None, AT, PAGE),
        get(platform).release_held({"held_id": "5"}, PAGE),
        get(platform).withdraw_held({"held_id": "5"}, PAGE),
    ):
        with pytest.raises(PlatformError, match="holding_not_supported"):
            run(operation)


def test_a_first_comment_is_refused_because_its_text_would_have_to_be_kept() -> None:
    said = draft("text", first_comment=Content("Open until six"), publish_at=AT)
    assert problems(said) == [("first_comment", "not_applicable", {})]


def test_what_is_held_is_looked_at_later_so_the_page_must_be_readable() -> None:
    blind = replace(PAGE, scopes=("pages_manage_posts",))
    assert codes(draft("text"), blind) == []
    assert codes(draft("text", publish_at=AT), blind) == [("account", "scope_missing")]
