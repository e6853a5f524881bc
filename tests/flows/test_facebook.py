"""Facebook Pages as flows: every request as it goes on the wire, and what each answer leads to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.catalog import registrations
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.flows.draft import Draft, Link, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, App, Call, ListedPost, Listing, Lookup, Published, Reply, Step, Tokens, Unreadable
from noillusion.platforms.contract import missing_scopes
from noillusion.platforms.facebook import facts as facebook
from noillusion.platforms.facebook.platform import PLATFORM
from tests.flows.driver import calls, play, wire

SCOPES = tuple(registrations.get("facebook", "").features)
APP = App("app-1", Secret("app-secret"), scopes=SCOPES)
PAGE = Account("101", "page", scopes=SCOPES, details={"tasks": ["CREATE_CONTENT", "ANALYZE"]})
V = "https://graph.facebook.com/v26.0"
OK = Reply(200, data={"id": "101"})
NOW = 1_795_000_000.0
WHEN = NOW + 4_800  # as STAMP says
STAMP = "2026-11-18T12:26:40+0000"


def ok(**data: Any) -> Reply:
    return Reply(200, data=data)


def refused(code: int, subcode: int | None = None, status: int = 400, **more: Any) -> Reply:
    error = {"message": "never read", "type": "OAuthException", "code": code, **more}
    return Reply(status, data={"error": error | ({"error_subcode": subcode} if subcode else {})})


def run(flow: Any, *replies: Reply | PlatformError, trace: list[Step] | None = None) -> tuple[Any, list[Step]]:
    return play(flow, replies, PLATFORM.classify, trace)


def draft(kind: Any = "text", text: str = "Hello", **parts: Any) -> Draft:
    return Draft(kind, Content(text), **parts)


def image(url: str | None = "https://cdn.example.com/a.jpg", alt: str | None = None, **more: Any) -> MediaItem:
    return MediaItem("image", Content(url) if url else None, alt_text=Content(alt) if alt else None, **more)


def lookup(**handles: str) -> Lookup:
    return Lookup(handles, NOW - 120)


def codes(of: Draft, account: Account = PAGE) -> list[tuple[str, str]]:
    return [(issue.field, issue.code) for issue in PLATFORM.check(of, account)]


# ---- connecting ------------------------------------------------------------------------------------------------------------


def test_the_dialog_asks_for_every_scope_and_again_for_declined_ones() -> None:
    url = urlsplit(PLATFORM.authorize_url(APP, redirect_uri="https://api.test/cb", state="s+1"))
    assert (url.netloc, url.path) == ("www.facebook.com", "/v26.0/dialog/oauth")
    assert parse_qs(url.query) == {
        "client_id": ["app-1"],
        "redirect_uri": ["https://api.test/cb"],
        "state": ["s+1"],
        "response_type": ["code"],
        "scope": [",".join(SCOPES)],
        "auth_type": ["rerequest"],
    }


def test_with_a_configuration_the_dialog_takes_its_permissions_from_there() -> None:
    app = App("app-1", Secret("app-secret"), "config-1", scopes=SCOPES)
    url = urlsplit(PLATFORM.authorize_url(app, redirect_uri="https://api.test/cb", state="s+1"))
    assert parse_qs(url.query) == {
        "client_id": ["app-1"],
        "redirect_uri": ["https://api.test/cb"],
        "state": ["s+1"],
        "response_type": ["code"],
        "config_id": ["config-1"],
    }


def test_exchange_ends_with_the_long_token_the_granted_scopes_and_the_app_scoped_id() -> None:
    tokens, steps = run(
        PLATFORM.exchange(APP, code="c-1", redirect_uri="https://api.test/cb"),
        ok(access_token="short", token_type="bearer", expires_in=3600),
        ok(access_token="long", token_type="bearer", expires_in=5183944),
        ok(id="77"),
        ok(data=[{"permission": "pages_show_list", "status": "granted"}, {"permission": "read_insights", "status": "declined"}]),
        ok(data={"is_valid": True, "data_access_expires_at": 1803513600}),
    )
    assert (tokens.access.reveal(), tokens.access_expires_in, tokens.scopes, tokens.subject) == (
        "long",
        5183944,
        ("pages_show_list",),
        "77",
    )
    assert "read_insights" in {
        missing.scope for missing in missing_scopes(registrations.get("facebook", "").features, tokens.scopes)
    }
    assert wire(steps[0]) == {
        "method": "POST",
        "url": f"{V}/oauth/access_token",
        "effect": "prepare",
        "auth": "none",
        "form": {"client_id": "app-1", "client_secret": "app-secret", "redirect_uri": "https://api.test/cb", "code": "c-1"},
    }
    assert (wire(steps[1])["method"], wire(steps[1])["url"]) == ("POST", f"{V}/oauth/access_token")
    assert wire(steps[1])["form"] == {
        "grant_type": "fb_exchange_token",
        "client_id": "app-1",
        "client_secret": "app-secret",
        "fb_exchange_token": "short",
    }
    assert isinstance(steps[2], list)
    assert [wire(call)["url"] for call in steps[2]] == [f"{V}/me", f"{V}/me/permissions"]
    assert all(wire(call)["headers"] == {"authorization": "Bearer long"} and call.auth == "none" for call in steps[2])
    assert (wire(steps[3])["url"], wire(steps[3])["query"]) == (f"{V}/debug_token", {"input_token": "long"})
    assert wire(steps[3])["headers"] == {"authorization": "Bearer app-1|app-secret"}
    assert tokens.data_access_expires_at == 1803513600


@pytest.mark.parametrize("life", [{}, {"expires_in": 0}])
def test_an_absent_lifetime_is_no_lifetime(life: dict[str, int]) -> None:
    replies = (ok(access_token="s"), ok(access_token="l", **life), ok(id="7"), ok(data=[]), ok(data={}))
    assert run(PLATFORM.exchange(APP, code="c", redirect_uri="r"), *replies)[0].access_expires_in is None


@pytest.mark.parametrize("told", [refused(190), refused(1), ok(data={"is_valid": False}), ok(data=[])])
def test_connecting_does_not_fail_where_the_end_of_data_access_is_not_told(told: Any) -> None:
    replies = (ok(access_token="s"), ok(access_token="l"), ok(id="7"), ok(data=[]), told)
    assert run(PLATFORM.exchange(APP, code="c", redirect_uri="r"), *replies)[0].data_access_expires_at is None


def test_an_empty_token_is_never_taken() -> None:
    with pytest.raises(UnexpectedShape, match="access_token"):
        run(PLATFORM.exchange(APP, code="c", redirect_uri="r"), ok(access_token="s"), ok(access_token=""))


def test_refresh_changes_nothing_and_calls_nobody() -> None:
    tokens = Tokens(Secret("t"), subject="7")
    assert run(PLATFORM.refresh(APP, tokens)) == (tokens, [])


def test_revoke_withdraws_with_the_persons_own_token_and_tells_of_a_refusal() -> None:
    _, steps = run(PLATFORM.revoke(APP, Tokens(Secret("page-token"), refresh=Secret("t"))), ok(success=True))
    assert (wire(steps[0])["method"], wire(steps[0])["url"]) == ("DELETE", f"{V}/me/permissions")
    assert wire(steps[0])["headers"] == {"authorization": "Bearer t"}
    with pytest.raises(PlatformError):
        run(PLATFORM.revoke(APP, Tokens(Secret("page-token"))), refused(100))


def page(number: str, tasks: tuple[str, ...] = ("CREATE_CONTENT",), **more: Any) -> dict[str, Any]:
    return {"id": number, "name": f"Page {number}", "access_token": f"token-{number}", "tasks": list(tasks), **more}


def test_accounts_follow_cursors_and_never_the_next_url() -> None:
    found, steps = run(
        PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=("pages_show_list",))),
        ok(data=[page("1")], paging={"cursors": {"after": "c1"}, "next": f"{V}/77/accounts?access_token=t&after=c1"}),
        ok(data=[page("2", username="two")], paging={"cursors": {"after": "c2"}}),
    )
    assert [(one.id, one.kind, one.username, reveal(one.token), one.can_publish) for one in found] == [
        ("1", "page", "", "token-1", True),
        ("2", "page", "two", "token-2", True),
    ]
    first = {"fields": "id,name,username,access_token,picture{url},tasks", "limit": 100}
    assert [wire(step)["query"] for step in steps] == [first, {**first, "after": "c1"}]
    assert {wire(step)["url"] for step in steps} == {f"{V}/me/accounts"}
    assert {wire(step)["auth"] for step in steps} == {"bearer"}


def test_pages_of_businesses_are_added_once_and_their_failure_costs_only_themselves() -> None:
    found, steps = run(
        PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=("business_management",))),
        ok(data=[page("1")]),
        ok(data=[{"id": "900", "name": "Portfolio"}]),
        ok(data=[page("1"), page("2")]),
        refused(200, status=403),
    )
    assert [one.id for one in found] == ["1", "2"]
    assert [wire(step)["url"].removeprefix(V) for step in steps] == [
        "/me/accounts",
        "/me/businesses",
        "/900/owned_pages",
        "/900/client_pages",
    ]


def test_pages_without_known_tasks_can_be_tried_and_new_pages_name_theirs_otherwise() -> None:
    bare = {"id": "3", "name": "Of a business", "access_token": "token-3"}
    found, steps = run(
        PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=("business_management",))),
        ok(data=[page("1", ("PROFILE_PLUS_CREATE_CONTENT",)), page("2", ("PROFILE_PLUS_ANALYZE",))]),
        ok(data=[{"id": "900", "name": "Portfolio"}]),
        ok(data=[bare]),
        ok(data=[]),
    )
    assert [(one.id, one.can_publish, one.details.get("tasks")) for one in found] == [
        ("1", True, ["PROFILE_PLUS_CREATE_CONTENT"]),
        ("2", False, ["PROFILE_PLUS_ANALYZE"]),
        ("3", True, None),
    ]
    assert [wire(step)["query"]["fields"] for step in steps[2:]] == ["id,name,username,access_token,picture{url}"] * 2
    assert codes(draft(), Account("3", "page", details={})) == []


def test_pages_that_cannot_be_published_to_are_offered_with_the_reason() -> None:
    replies = ok(data=[page("1", ("ANALYZE",)), {"id": "2", "name": "No token", "tasks": ["CREATE_CONTENT"]}, {"name": "no id"}])
    found, _ = run(PLATFORM.accounts(APP, Tokens(Secret("t"))), replies)
    assert [(one.id, one.can_publish, one.reason) for one in found] == [
        ("1", False, "task_missing"),
        ("2", False, "token_missing"),
    ]


def test_an_account_list_without_data_is_an_error_and_not_an_empty_list() -> None:
    assert run(PLATFORM.accounts(APP, Tokens(Secret("t"))), ok(data=[]))[0] == []
    with pytest.raises(UnexpectedShape):
        run(PLATFORM.accounts(APP, Tokens(Secret("t"))), ok())


# ---- publishing ------------------------------------------------------------------------------------------------------------


PUBLISHED = Published("101_9", "101_9", "https://www.facebook.com/101/posts/9")
LINK_REPLY = ok(id="101_9", permalink_url="https://www.facebook.com/101/posts/9")
COMMITS = [
    (draft(), {"message": "Hello"}),
    (
        draft("link", "Look", link=Link(Content("https://example.com/a?b=c"))),
        {"message": "Look", "link": "https://example.com/a?b=c"},
    ),
    (draft("link", "", link=Link(Content("https://example.com"))), {"link": "https://example.com"}),
]
PICTURE = draft("image", "Pic", media=(image(alt="A cat"),))


def feed(**form: str) -> dict[str, Any]:
    """The commit on the wire."""
    return {
        "method": "POST",
        "url": f"{V}/101/feed",
        "effect": "commit",
        "auth": "bearer",
        "form": form,
        "keep": {"accepted_id": "id"},
    }


@pytest.mark.parametrize(("given", "form"), COMMITS)
def test_publish_reads_first_then_commits_once_then_reads_the_link(given: Draft, form: dict[str, str]) -> None:
    result, steps = run(PLATFORM.publish(given, PAGE), OK, ok(id="101_9"), LINK_REPLY)
    assert result == PUBLISHED
    assert wire(steps[0]) == {
        "method": "GET",
        "url": f"{V}/101",
        "effect": "read",
        "auth": "bearer",
        "query": {"fields": "id"},
    }
    assert wire(steps[1]) == feed(**form)
    assert wire(steps[2])["url"] == f"{V}/101_9"
    assert wire(steps[2])["query"] == {"fields": "permalink_url"}


def test_an_image_is_uploaded_unseen_so_that_its_post_has_a_handle_and_costs_no_call_more() -> None:
    result, steps = run(PLATFORM.publish(PICTURE, PAGE), ok(id="5"), ok(id="101_9"), LINK_REPLY)
    assert result == PUBLISHED
    assert wire(steps[0]) == {
        "method": "POST",
        "url": f"{V}/101/photos",
        "effect": "prepare",
        "auth": "bearer",
        "form": {"url": "https://cdn.example.com/a.jpg", "alt_text_custom": "A cat", "published": "false"},
        "keep": {"photo_id": "id"},
    }
    assert wire(steps[1]) == feed(message="Pic", attached_media='[{"media_fbid": "5"}]')
    assert len(steps) == 3


def test_inline_bytes_travel_as_the_source_part() -> None:
    item = image(None, data=b"\xff\xd8", content_type="image/jpeg")
    _, steps = run(PLATFORM.publish(draft("image", "", media=(item,)), PAGE), ok(id="5"), ok(id="101_9"), LINK_REPLY)
    call = steps[0]
    assert isinstance(call, Call)
    assert call.form is None
    assert reveal(dict(call.multipart or {})) == {"source": item, "published": "false"}
    assert wire(steps[1]) == feed(attached_media='[{"media_fbid": "5"}]')


ALBUM = draft("images", "Album", media=tuple(image(f"https://cdn.example.com/{n}.jpg", f"Image {n}") for n in range(1, 8)))


def test_several_images_are_uploaded_unseen_and_attached_in_their_order() -> None:
    uploads = [ok(id=str(n)) for n in range(1, 8)]
    result, steps = run(PLATFORM.publish(ALBUM, PAGE), *uploads, ok(id="101_9"), LINK_REPLY)
    assert result == PUBLISHED
    assert [len(step) for step in steps if isinstance(step, list)] == [5, 2]
    sent = [call for step in steps[:2] if isinstance(step, list) for call in step]
    assert [wire(call) for call in sent] == [
        {
            "method": "POST",
            "url": f"{V}/101/photos",
            "effect": "prepare",
            "auth": "bearer",
            "form": {
                "url": f"https://cdn.example.com/{n}.jpg",
                "alt_text_custom": f"Image {n}",
                "published": "false",
            },
            "keep": {"photo_id" if n == 1 else f"photo_{n}_id": "id"},
        }
        for n in range(1, 8)
    ]
    attached = [{"media_fbid": str(n)} for n in range(1, 8)]
    assert wire(steps[2]) == feed(message="Album", attached_media=json.dumps(attached))


def test_the_images_of_a_refused_album_are_removed_one_by_one_and_a_lost_one_keeps_them() -> None:
    uploads = [ok(id=str(n)) for n in range(1, 8)]
    trace: list[Step] = []
    with pytest.raises(PlatformError):
        removals = [ok(success=True), Reply(503), *[ok(success=True)] * 5]
        run(PLATFORM.publish(ALBUM, PAGE), *uploads, refused(368, 1346003), *removals, trace=trace)
    assert [(wire(step)["method"], wire(step)["url"]) for step in trace[3:]] == [("DELETE", f"{V}/{n}") for n in range(1, 8)]
    trace = []
    with pytest.raises(OutcomeUnknown):
        lost = OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.COMMIT)
        run(PLATFORM.publish(ALBUM, PAGE), *uploads, lost, trace=trace)
    assert len(trace) == 3


def test_a_lost_album_is_recognized_by_any_of_its_images() -> None:
    album = {
        **post("101_9"),
        "status_type": "added_photos",
        "attachments": {
            "data": [
                {
                    "media_type": "album",
                    "target": {"id": "101_9"},
                    "subattachments": {"data": [{"media_type": "photo", "target": {"id": n}} for n in ("5", "6")]},
                }
            ]
        },
    }
    found, steps = run(PLATFORM.find(lookup(photo_id="5", photo_2_id="6"), PAGE), ok(id="5"), ok(data=[album]))
    assert wire(steps[0])["query"] == {"fields": "page_story_id"}
    assert found.posts[0].handles == {"5", "6"} and found.posts[0].kinds == {"image", "images"} and found.complete


# ---- the first comment -----------------------------------------------------------------------------------------------------


COMMENTED = draft("text", "Hello", first_comment=Content("First"))


def test_the_first_comment_comes_last_and_is_sent_once() -> None:
    result, steps = run(PLATFORM.publish(COMMENTED, PAGE), OK, ok(id="101_9"), LINK_REPLY, ok(id="9_1"))
    assert (result.post_id, result.first_comment) == ("101_9", "posted")
    assert wire(steps[3]) == {
        "method": "POST",
        "url": f"{V}/101_9/comments",
        "effect": "follow_up",
        "auth": "bearer",
        "form": {"message": "First"},
    }


LOST_COMMENT = OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.FOLLOW_UP)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (refused(200, status=403), "failed"),
        (refused(368), "failed"),
        (refused(20, 1772107), "posted"),
        (refused(2, status=500), "unknown"),
        (Reply(503), "unknown"),
        (LOST_COMMENT, "unknown"),
        (ok(), "unknown"),
    ],
)
def test_a_post_stands_whatever_comes_of_its_comment(answer: Reply | PlatformError, state: Any) -> None:
    result, steps = run(PLATFORM.publish(COMMENTED, PAGE), OK, ok(id="101_9"), LINK_REPLY, answer)
    assert (result, len(steps)) == (replace(PUBLISHED, first_comment=state), 4)


def test_a_post_without_a_comment_says_nothing_of_one() -> None:
    assert run(PLATFORM.publish(draft(), PAGE), OK, ok(id="101_9"), LINK_REPLY)[0].first_comment is None


def test_check_says_that_a_comment_needs_a_permission_of_its_own() -> None:
    account = Account("101", "page", scopes=("pages_manage_posts", "pages_read_engagement"))
    (issue,) = PLATFORM.check(COMMENTED, account)
    assert (issue.field, issue.code, issue.params) == (
        "first_comment",
        "scope_missing",
        {"needed": ["pages_manage_engagement"]},
    )
    assert PLATFORM.check(draft(), account) == []


@pytest.mark.parametrize("removal", [ok(success=True), refused(100, 33), Reply(503)])
def test_a_photo_whose_post_was_refused_is_removed_if_it_can_be(removal: Reply) -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as refusal:
        run(PLATFORM.publish(PICTURE, PAGE), ok(id="5"), refused(368, 1346003), removal, trace=trace)
    assert refusal.value.fault.code == "368/1346003"
    assert (wire(trace[-1])["method"], wire(trace[-1])["url"], wire(trace[-1])["effect"]) == ("DELETE", f"{V}/5", "prepare")


def test_a_photo_whose_post_may_exist_is_left_alone() -> None:
    trace: list[Step] = []
    with pytest.raises(OutcomeUnknown):
        lost = OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.COMMIT)
        run(PLATFORM.publish(PICTURE, PAGE), ok(id="5"), lost, trace=trace)
    assert len(trace) == 2


@pytest.mark.parametrize("reply", [refused(100, 33), refused(2, status=500), Reply(503), ok()])
def test_a_failing_link_read_never_undoes_a_success(reply: Reply) -> None:
    result, _ = run(PLATFORM.publish(draft(), PAGE), OK, ok(id="101_9"), reply)
    assert result == Published("101_9", "101_9", "https://www.facebook.com/101_9")


def test_a_relative_link_is_made_absolute() -> None:
    result, _ = run(PLATFORM.publish(draft(), PAGE), OK, ok(id="101_9"), ok(permalink_url="/reel/9/"))
    assert result.permalink == "https://www.facebook.com/reel/9/"


def test_resume_goes_on_only_from_an_accepted_post() -> None:
    assert run(PLATFORM.resume({"accepted_id": "101_9"}, PAGE), LINK_REPLY)[0] == PUBLISHED
    with pytest.raises(UnexpectedShape, match="handles"):
        run(PLATFORM.resume({}, PAGE))


# ---- reading back ----------------------------------------------------------------------------------------------------------


def post(number: str, message: str | None = "Hello", created: str = STAMP) -> dict[str, Any]:
    return {"id": number, "created_time": created, "permalink_url": f"/101/posts/{number}"} | (
        {} if message is None else {"message": message}
    )


LINK_9 = "https://www.facebook.com/101/posts/101_9"


def test_find_lists_the_posts_since_the_commit_and_decides_nothing() -> None:
    result, steps = run(PLATFORM.find(lookup(), PAGE), ok(data=[post("101_8", "Other"), post("101_9"), post("101_7", None)]))
    assert result == Listing(
        (
            ListedPost("101_8", "Other", WHEN, "https://www.facebook.com/101/posts/101_8"),
            ListedPost("101_9", "Hello", WHEN, LINK_9),
            ListedPost("101_7", "", WHEN, "https://www.facebook.com/101/posts/101_7"),
        ),
        complete=True,
    )
    assert wire(steps[0])["url"] == f"{V}/101/published_posts"
    assert wire(steps[0])["query"] == {"fields": facebook.LISTED_FIELDS, "since": int(NOW) - 120, "limit": 25}


def attached(*photos: str, media_type: str = "photo", **more: Any) -> dict[str, Any]:
    """What a listed post says of its attachments."""
    return {**more, "attachments": {"data": [{"media_type": media_type, "target": {"id": photo}} for photo in photos]}}


@pytest.mark.parametrize(
    ("said", "kinds", "handles"),
    [
        ({}, set(), set()),
        ({"status_type": "mobile_status_update"}, set(), set()),
        (attached("5", status_type="added_photos"), {"image", "images"}, {"5"}),
        (attached("5", media_type="album", status_type="added_photos"), {"image", "images"}, set()),
        # A link to an image can be listed as one.
        (attached("5", status_type="shared_story"), set(), {"5"}),
        (attached("7", media_type="video", status_type="added_video"), {"video"}, set()),
        (attached("7", media_type="link"), {"text", "link", "video"}, set()),
        (attached("7", media_type="video", status_type="shared_story"), {"text", "link", "video"}, set()),
        ({"attachments": {"data": None}}, set(), set()),
        ({"attachments": [1], "status_type": ["added_photos"]}, set(), set()),
        ({"attachments": {"data": ["x", {"media_type": "photo", "target": {"id": 5}}]}}, set(), set()),
    ],
)
def test_a_listed_post_tells_its_kind_and_its_photos_as_far_as_they_are_known(
    said: dict[str, Any], kinds: set[str], handles: set[str]
) -> None:
    found, _ = run(PLATFORM.find(lookup(), PAGE), ok(data=[{**post("101_8"), **said}]))
    assert isinstance(found, Listing)
    assert {*map(str, found.posts[0].kinds)} == kinds
    assert found.posts[0].handles == handles


def test_a_photo_names_the_post_that_it_is_in() -> None:
    found, steps = run(PLATFORM.find(lookup(photo_id="5"), PAGE), ok(id="5", page_story_id="101_9"), LINK_REPLY)
    assert found == PUBLISHED
    assert (wire(steps[0])["url"], wire(steps[0])["query"]) == (f"{V}/5", {"fields": "page_story_id"})


@pytest.mark.parametrize("photo", [ok(id="5"), ok(page_story_id=""), ok(page_story_id=7), refused(100, 33), refused(100)])
def test_a_photo_that_names_no_post_is_looked_for_in_the_list(photo: Reply) -> None:
    listed = {**post("101_9", None), **attached("5", status_type="added_photos")}
    found, _ = run(PLATFORM.find(lookup(photo_id="5"), PAGE), photo, ok(data=[listed]))
    assert isinstance(found, Listing) and found.complete and found.posts[0].handles == {"5"}


def test_without_the_scope_nothing_can_be_read_back() -> None:
    account = Account("101", "page", scopes=("pages_manage_posts",))
    assert run(PLATFORM.find(lookup(), account)) == (Unreadable("scope_missing"), [])


def test_a_list_is_complete_only_when_it_was_read_to_its_end() -> None:
    following = "https://graph.facebook.com/v26.0/101/published_posts?access_token=t&until={}&__paging_token=p"
    pages = [ok(data=[post("101_8", "Other")], paging={"next": following.format(n)}) for n in range(facebook.PAGES_OF_POSTS)]
    found, steps = run(PLATFORM.find(lookup(), PAGE), pages[0], ok(data=[], paging={"next": following.format(1)}), ok(data=[]))
    assert isinstance(found, Listing) and found.complete
    asked = [wire(step)["query"] for step in steps]
    assert [query.get("until") for query in asked] == [None, "0", "1"]
    assert all("access_token" not in query and query["since"] == int(NOW) - 120 for query in asked)
    cut, _ = run(PLATFORM.find(lookup(), PAGE), *pages)
    assert isinstance(cut, Listing) and not cut.complete


def test_what_led_to_a_page_of_a_list_does_not_lead_to_the_next_one() -> None:
    where = "https://graph.facebook.com/v26.0/101/published_posts"
    first = ok(data=[], paging={"cursors": {"after": "c1"}, "next": f"{where}?after=c1&access_token=t"})
    second = ok(data=[post("101_8", "Other")], paging={"next": f"{where}?until=5&__paging_token=p&access_token=t"})
    _, steps = run(PLATFORM.find(lookup(), PAGE), first, second, ok(data=[]))
    asked = [wire(step)["query"] for step in steps]
    assert [(query.get("after"), query.get("until")) for query in asked] == [(None, None), ("c1", None), (None, "5")]


@pytest.mark.parametrize("following", ["https://evil.example/v26.0/x?after=c", "//graph.facebook.com/x?after=c", "https://[", 7])
def test_a_next_page_elsewhere_is_not_followed_and_not_the_end(following: Any) -> None:
    found, steps = run(PLATFORM.find(lookup(), PAGE), ok(data=[post("101_8")], paging={"next": following}))
    assert isinstance(found, Listing) and not found.complete and len(steps) == 1


def test_a_list_without_data_proves_nothing() -> None:
    with pytest.raises(UnexpectedShape):
        run(PLATFORM.find(lookup(), PAGE), ok())


def test_find_trusts_an_accepted_id() -> None:
    assert run(PLATFORM.find(lookup(accepted_id="101_9"), PAGE), LINK_REPLY)[0] == PUBLISHED


@pytest.mark.parametrize("reply", [ok(success=True), refused(100, 33)])
def test_delete_removes_and_takes_gone_for_done(reply: Reply) -> None:
    _, steps = run(PLATFORM.delete("101_9", PAGE), reply)
    assert wire(steps[0]) == {"method": "DELETE", "url": f"{V}/101_9", "effect": "commit", "auth": "bearer"} | {
        name: {} for name in wire(steps[0]) if name in ("query", "headers", "keep")
    }


@pytest.mark.parametrize("reply", [refused(200, status=403), ok(success=False)])
def test_a_refused_delete_is_an_error(reply: Reply) -> None:
    with pytest.raises(PlatformError):
        run(PLATFORM.delete("101_9", PAGE), reply)


# ---- checks ----------------------------------------------------------------------------------------------------------------


def test_drafts_within_all_limits_pass() -> None:
    assert codes(draft("text", "x" * 63_206)) == []
    assert codes(draft("link", "", link=Link(Content("http://example.com/ä")))) == []
    assert codes(draft("image", "", media=(image(alt="x" * 5000),))) == []
    assert codes(draft("image", "", media=(image(None, data=b"x" * 10_000_000, content_type="image/png"),))) == []


CHECKS: list[tuple[Draft, list[tuple[str, str]]]] = [
    (draft("text", "x" * 63_207), [("text", "too_long")]),
    (draft("text", " \n"), [("text", "required")]),
    (draft("poll"), [("kind", "not_supported")]),
    (draft("link"), [("link", "required")]),
    (draft("link", link=Link(Content("ftp://example.com"))), [("link.url", "invalid")]),
    (draft("link", link=Link(Content("https://")), text="x" * 63_207), [("text", "too_long"), ("link.url", "invalid")]),
    (draft("link", link=Link(Content("https://a.example"), Content("T"))), [("link.title", "not_supported")]),
    (draft("text", media=(image(),)), [("media", "not_allowed")]),
    (draft("image", media=(image(),), link=Link(Content("https://a.example"))), [("link", "not_allowed")]),
    (draft("image"), [("media", "required")]),
    (draft("image", media=(image(), image())), [("media", "wrong_count")]),
    (draft("images", media=(image(),)), [("media", "wrong_count")]),
    (draft("images", media=(image(),) * 11), [("media", "wrong_count")]),
    (draft("images", media=(image(), image("https://[bad"))), [("media.1.url", "invalid")]),
    (draft("image", media=(MediaItem("video", Content("https://a.example/v")),)), [("media.0.kind", "not_supported")]),
    (draft("image", media=(image(content_type="image/webp"),)), [("media.0.content_type", "not_supported")]),
    (draft("image", media=(image("https://u:p@a.example/x.jpg"),)), [("media.0.url", "invalid")]),
    (draft("image", media=(image("https://[bad"),)), [("media.0.url", "invalid")]),
    (draft("image", media=(image("https://a b.example/x"),)), [("media.0.url", "invalid")]),
    (draft("image", media=(image("https://scontent.xx.fbcdn.net/x.jpg"),)), [("media.0.url", "host_refused")]),
    (draft("image", media=(image(None),)), [("media.0", "required")]),
    (draft("image", media=(image(None, data=b"x" * 10_000_001),)), [("media.0.data", "too_large")]),
]


@pytest.mark.parametrize(("given", "expected"), CHECKS)
def test_check_names_every_problem_with_its_field(given: Draft, expected: list[tuple[str, str]]) -> None:
    assert codes(given) == expected


def test_check_sees_missing_scope_and_task() -> None:
    account = Account("101", "page", scopes=("pages_show_list",), details={"tasks": ["ANALYZE"]})
    assert codes(draft(), account) == [("account", "scope_missing"), ("account", "task_missing")]


def test_ignored_link_texts_are_a_warning_only() -> None:
    (issue,) = PLATFORM.check(draft("link", link=Link(Content("https://a.example"), None, Content("D"))), PAGE)
    assert (issue.field, issue.severity) == ("link.description", "warning")


# ---- metrics ---------------------------------------------------------------------------------------------------------------


def insights(**values: Any) -> dict[str, Any]:
    return {"data": [{"name": name, "values": [{"value": value}]} for name, value in values.items()]}


FULL = insights(
    post_media_view=90, post_total_media_view_unique=70, post_clicks=4, post_reactions_by_type_total={"like": 2, "love": 1}
)
NAMES = "post_media_view,post_total_media_view_unique,post_clicks,post_reactions_by_type_total"
COUNTS = "reactions.summary(total_count).limit(0),comments.summary(true).limit(0)"


def refs(*numbers: str) -> list[PostRef]:
    return [PostRef(number, "text") for number in numbers]


def row(number: str, given: Mapping[str, Any] = FULL, **more: Any) -> dict[str, Any]:
    return {"id": number, "permalink_url": f"https://www.facebook.com/{number}", "insights": given, **more}


def test_metrics_of_many_posts_come_from_one_expanded_edge() -> None:
    live: dict[str, Any] = {
        "shares": {"count": 5},
        "reactions": {"summary": {"total_count": 8}},
        "comments": {"summary": {"total_count": 6}},
    }
    found, steps = run(
        PLATFORM.metrics(refs("101_1", "101_2"), PAGE), ok(data=[row("101_9"), row("101_1", **live), row("101_2")])
    )
    assert found == {
        "101_1": PostMetrics(
            views=90, reach=70, clicks=4, likes=8, comments=6, shares=5, permalink="https://www.facebook.com/101_1"
        ),
        "101_2": PostMetrics(views=90, reach=70, clicks=4, likes=3, shares=0, permalink="https://www.facebook.com/101_2"),
    }
    assert len(steps) == 1
    assert wire(steps[0])["url"] == f"{V}/101/posts"
    assert wire(steps[0])["query"] == {
        "fields": f"id,permalink_url,shares,{COUNTS},insights.metric({NAMES}){{name,values}}",
        "limit": 25,
    }


def test_posts_beyond_the_list_are_read_together_and_fail_alone() -> None:
    parts = [{"code": 400, "body": json.dumps(refused(100, 33).data)}, {"code": 200, "body": json.dumps(row("101_3"))}]
    found, steps = run(PLATFORM.metrics(refs("101_1", "101_2", "101_3"), PAGE), ok(data=[row("101_1")]), Reply(200, data=parts))
    assert found["101_2"] == PostMetrics(unavailable="not_found")
    assert found["101_3"].views == found["101_1"].views == 90
    assert [call.url for call in calls(steps)[1].batch] == [f"{V}/101_2", f"{V}/101_3"]


def test_no_data_is_nothing_and_not_zero() -> None:
    found, _ = run(PLATFORM.metrics(refs("101_1"), PAGE), ok(data=[row("101_1", {"data": []})]))
    assert (found["101_1"].views, found["101_1"].reach, found["101_1"].likes, found["101_1"].comments) == (None,) * 4


@pytest.mark.parametrize("reply", [refused(190, 460), refused(80001), Reply(503)])
def test_a_refused_list_ends_the_reading(reply: Reply) -> None:
    with pytest.raises(PlatformError):
        run(PLATFORM.metrics(refs("101_1", "101_2"), PAGE), reply)


def test_metrics_ask_only_for_what_the_scopes_allow() -> None:
    account = Account("101", "page", scopes=("pages_read_engagement",))
    _, steps = run(PLATFORM.metrics(refs("101_1"), account), ok(data=[row("101_1")]))
    assert wire(steps[0])["query"]["fields"] == "id,permalink_url,shares"
    account = Account("101", "page", scopes=("pages_show_list",))
    assert run(PLATFORM.metrics(refs("101_1"), account)) == ({"101_1": PostMetrics(unavailable="scope_missing")}, [])
    assert run(PLATFORM.account_metrics(account)) == (AccountMetrics(unavailable="scope_missing"), [])


def test_account_metrics_take_the_last_day() -> None:
    series = {"name": "page_follows", "values": [{"value": 10}, {"value": 12}]}
    rows = [series, *insights(page_media_view=5, page_post_engagements=3)["data"]]
    found, steps = run(PLATFORM.account_metrics(PAGE), ok(data=rows))
    assert found == AccountMetrics(followers=12, views=5, engagements=3)
    assert wire(steps[0])["url"] == f"{V}/101/insights"
    assert wire(steps[0])["query"] == {
        "metric": "page_follows,page_media_view,page_total_media_view_unique,page_post_engagements,page_views_total",
        "period": "day",
    }


def test_a_page_without_insights_says_so() -> None:
    assert run(PLATFORM.account_metrics(PAGE), ok(data=[]))[0] == AccountMetrics(unavailable="no_data")


# ---- errors ----------------------------------------------------------------------------------------------------------------


C = ErrorClass
ROWS: list[tuple[int, int | None, ErrorClass]] = [
    *[(190, subcode, C.REAUTH) for subcode in (None, 458, 459, 460, 463, 464, 467, 492)],
    (102, None, C.REAUTH), (104, None, C.REAUTH),
    *[(code, None, C.PERMISSION) for code in (3, 10, 200, 230, 299, 270)],
    (100, 33, C.NOT_FOUND), (100, None, C.INVALID_CONTENT), (100, 2018001, C.INVALID_CONTENT),
    (1, None, C.TRANSIENT), (2, None, C.TRANSIENT), (-1, None, C.TRANSIENT),
    *[(code, None, C.RATE_LIMIT) for code in (4, 17, 32, 341, 613, 80000, 80001, 80002, 80014)],
    (368, None, C.BLOCKED_BY_POLICY), (506, None, C.DUPLICATE), (506, 1455006, C.DUPLICATE),
    *[(100, subcode, C.INVALID_CONTENT) for subcode in (1609005, 1366046, 1609008, 2061006, 1349125, 1504028)],
    (1609005, None, C.INVALID_CONTENT), (324, 2069019, C.INVALID_CONTENT), (3001, 1504028, C.INVALID_CONTENT),
    (100, 1366051, C.DUPLICATE), (1390008, None, C.RATE_LIMIT), (9999, 1390008, C.RATE_LIMIT),
    *[(368, subcode, C.BLOCKED_BY_POLICY) for subcode in (1346003, 1404006, 1404102, 1404112, 4854002)],
    (9999, 1404006, C.BLOCKED_BY_POLICY), (368, 1404078, C.PERMISSION), (6000, 1363042, C.PERMISSION),
    *[(code, None, C.TRANSIENT) for code in (1363047, 1609010, 6000, 1363041)],
    *[(6000, subcode, C.TRANSIENT) for subcode in (1363030, 1363033, 1363037, 1363041)],
    *[(6000, 1363000 + n, C.INVALID_CONTENT) for n in (19, 21, 22, 23, 24, 25, 26, 31, 32, 40, 45, 5, 127, 128, 129, 140)],
    (9999, None, C.UNKNOWN), (80015, None, C.UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("code", "subcode", "expected"), ROWS)
def test_every_row_of_the_error_table_has_its_class(code: int, subcode: int | None, expected: ErrorClass) -> None:
    fault = PLATFORM.classify(refused(code, subcode))
    assert fault is not None
    assert (fault.error_class, fault.code) == (expected, f"{code}/{subcode}" if subcode else str(code))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (refused(9999, is_transient=True), (C.TRANSIENT, "9999")),
        (refused(9999, status=500), (C.TRANSIENT, "9999")),
        (refused(190, status=200), (C.REAUTH, "190")),
        (refused(4, is_transient=True), (C.RATE_LIMIT, "4")),
        (Reply(400, data={"error": {"code": "190", "error_subcode": "463"}}), (C.REAUTH, "190/463")),
        (Reply(400, data={"error": {}}), (C.UNKNOWN, "http_400")),
        (Reply(503), (C.TRANSIENT, "http_503")),
        (Reply(429, data={}), (C.RATE_LIMIT, "http_429")),
        (Reply(401, data={}), (C.UNKNOWN, "http_401")),
        (Reply(302, data={}), (C.UNKNOWN, "http_302")),
        (Reply(200), (C.TRANSIENT, "empty_body")),
        (ok(success=False), (C.UNKNOWN, "success_false")),
    ],
)
def test_what_is_in_no_table_is_judged_by_flag_and_status(reply: Reply, expected: tuple[ErrorClass, str]) -> None:
    fault = PLATFORM.classify(reply)
    assert fault is not None
    assert (fault.error_class, fault.code) == expected


@pytest.mark.parametrize("reply", [ok(id="1"), ok(success=True), Reply(200, data=[]), Reply(200, data=True)])
def test_success_has_no_fault(reply: Reply) -> None:
    assert PLATFORM.classify(reply) is None


def test_F8_words_in_a_message_decide_nothing() -> None:
    fault = PLATFORM.classify(refused(9999, message="(#190) internal error, code 368, please reduce, rate limit"))
    assert fault == Fault(C.UNKNOWN, "9999")


def usage(*minutes: Any) -> dict[str, str]:
    entries = [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": m} for m in minutes]
    return {"x-business-use-case-usage": json.dumps({"101": entries})}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (usage(17, 3), 1020.0),
        (usage(0), 3600.0),
        (usage("soon", None, float("nan"), float("inf"), -4), 3600.0),
        ({"x-business-use-case-usage": "not json"}, 3600.0),
        ({"x-business-use-case-usage": "[1]"}, 3600.0),
        ({"x-business-use-case-usage": '{"101": {"a": 1}}'}, 3600.0),
        ({}, 3600.0),
    ],
)
def test_the_wait_comes_from_the_usage_header_and_is_an_hour_without_one(headers: dict[str, str], wait: float) -> None:
    fault = PLATFORM.classify(Reply(400, headers, {"error": {"code": 80001}}))
    assert fault == Fault(C.RATE_LIMIT, "80001", wait, certain=True)


def test_only_a_throttle_has_a_wait() -> None:
    fault = PLATFORM.classify(Reply(400, usage(17), {"error": {"code": 190}}))
    assert fault == Fault(C.REAUTH, "190", certain=True)


def test_the_module_says_what_the_product_asks_of_it() -> None:
    assert tuple(PLATFORM.capabilities.kinds) == ("text", "link", "image", "images", "video", "reel", "story")
    assert PLATFORM.stored_text(draft("text", " Hello \n")) == "Hello"
