"""Instagram accounts that are linked to Pages, as flows: connecting by Facebook Login, bytes of videos, deleting, figures."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.catalog import registrations
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.measures import PostMetrics, PostRef
from noillusion.flows.protocol import Account, App, Call, Reply, Step, Tokens
from noillusion.platforms.catalog import get
from noillusion.platforms.instagram.options import InstagramOptions
from tests.flows.driver import play, wire
from tests.flows.test_instagram import FINISHED, LINK, LIVE, PUBLISHED, image, ok, quota, refused

PLATFORM = get("instagram", "facebook")
APP = App(
    "fb-app", Secret("fb-secret"), registration="facebook", scopes=tuple(registrations.get("instagram", "facebook").features)
)
ACCOUNT = Account("178", "professional", "cats", registration="facebook")
V = "https://graph.facebook.com/v26.0"
UPLOADS = "https://rupload.facebook.com/ig-api-upload/v26.0"
CLIP = MediaItem("video", data=b"moov....", content_type="video/mp4")
SENT = ok(success=True)


def run(flow: Any, *replies: Reply | PlatformError, trace: list[Step] | None = None) -> tuple[Any, list[Step]]:
    return play(flow, replies, PLATFORM.classify, trace)


def page(number: int, account: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    linked = {"instagram_business_account": account} if account is not None else {}
    return {"id": str(number), "name": f"Page {number}", "access_token": f"page-{number}", "tasks": ["MANAGE"], **linked, **more}


# ---- connecting


def test_the_dialog_is_facebooks_and_asks_for_the_scopes_of_linked_accounts() -> None:
    url = urlsplit(PLATFORM.authorize_url(APP, redirect_uri="https://api.test/cb", state="s"))
    assert (url.netloc, url.path) == ("www.facebook.com", "/v26.0/dialog/oauth")
    assert set(parse_qs(url.query)["scope"][0].split(",")) == {
        "instagram_basic",
        "instagram_content_publish",
        "instagram_manage_insights",
        "instagram_manage_comments",
        "instagram_manage_contents",
        "pages_show_list",
        "pages_read_engagement",
        "business_management",
    }


def test_accounts_are_those_of_the_pages_each_once_with_the_pages_token() -> None:
    ann, bob = {"id": "11", "username": "ann", "name": "Ann"}, {"id": 12, "username": "bob"}
    mine = [page(1, ann, tasks=["ANALYZE"]), page(2), page(3, {}), page(4, bob, access_token=None)]
    businesses = [ok(data=[{"id": "B1"}]), ok(data=[page(5, ann, tasks=["CREATE_CONTENT"])]), refused(100), refused(100)]
    tokens = Tokens(Secret("person"), scopes=("business_management",))
    found, steps = run(PLATFORM.accounts(APP, tokens), ok(data=mine), *businesses)
    assert [(c.id, c.kind, c.name, c.username, c.can_publish, c.reason) for c in found] == [
        ("11", "professional", "Ann", "ann", True, ""),
        ("12", "professional", "bob", "bob", False, "token_missing"),
    ]
    assert (found[0].token and found[0].token.reveal(), found[1].token) == ("page-5", None)
    assert "instagram_business_account{id,username,name,profile_picture_url}" in wire(steps[0])["query"]["fields"]


def test_pages_without_a_professional_account_leave_nothing_to_choose() -> None:
    assert run(PLATFORM.accounts(APP, Tokens(Secret("person"))), ok(data=[page(1), page(2)]))[0] == []


def test_a_probe_reads_the_account_with_the_pages_token() -> None:
    _, steps = run(PLATFORM.probe(ACCOUNT), ok(id="178"))
    assert wire(steps[0]) == {"method": "GET", "url": f"{V}/178", "effect": "read", "auth": "bearer", "query": {"fields": "id"}}


def test_a_grant_is_withdrawn_with_the_persons_own_token_and_nothing_is_ever_renewed() -> None:
    tokens = Tokens(Secret("page"), Secret("person"))
    _, steps = run(PLATFORM.revoke(APP, tokens), SENT)
    call = steps[0]
    assert isinstance(call, Call) and (call.method, call.url, call.auth) == ("DELETE", f"{V}/me/permissions", "none")
    assert reveal(dict(call.headers)) == {"authorization": "Bearer person"}
    assert run(PLATFORM.refresh(APP, tokens)) == (tokens, [])


# ---- bytes of videos


def sent(kind: Kind, **options: Any) -> Draft:
    return Draft(kind, Content("" if kind == "story" else "Hello"), media=(CLIP,), options=InstagramOptions(**options))


@pytest.mark.parametrize(
    ("given", "form"),
    [
        (sent("reel", share_to_feed=True), {"media_type": "REELS", "caption": "Hello", "share_to_feed": "true"}),
        (sent("story", is_ai_generated=True), {"media_type": "STORIES", "is_ai_generated": "true"}),
    ],
)
def test_a_video_of_the_request_is_sent_to_a_container_that_becomes_a_handle_then(given: Draft, form: dict[str, str]) -> None:
    assert PLATFORM.check(given, ACCOUNT) == []
    result, steps = run(PLATFORM.publish(given, ACCOUNT), quota(), ok(id="C1"), SENT, FINISHED, LIVE, LINK)
    made, upload = steps[1], steps[2]
    assert result == PUBLISHED and isinstance(made, Call) and isinstance(upload, Call)
    assert (wire(made)["url"], wire(made)["form"]) == (f"{V}/178/media", {**form, "upload_type": "resumable"})
    assert (made.effect, made.keep) == (Effect.PREPARE, {})
    assert wire(upload) == {
        "method": "POST",
        "url": f"{UPLOADS}/C1",
        "effect": "prepare",
        "auth": "oauth",
        "headers": {"offset": "0", "file_size": "8"},
        "keep": {"container_id": ""},
    }
    assert upload.body is CLIP and upload.known == {"container_id": "C1"}


def test_a_lost_upload_is_begun_again_with_another_container_and_once_only() -> None:
    lost = refused(-1, 2207053)
    replies = quota(), ok(id="C1"), lost, ok(id="C2"), SENT, FINISHED, LIVE, LINK
    _, steps = run(PLATFORM.publish(sent("reel"), ACCOUNT), *replies)
    assert [wire(step)["url"] for step in (steps[2], steps[4])] == [f"{UPLOADS}/C1", f"{UPLOADS}/C2"]
    trace: list[Step] = []
    with pytest.raises(PlatformError) as error:
        run(PLATFORM.publish(sent("reel"), ACCOUNT), quota(), ok(id="C1"), lost, ok(id="C2"), lost, trace=trace)
    assert error.value.fault.error_class is ErrorClass.TRANSIENT
    assert Effect.COMMIT not in {step.effect for step in trace if isinstance(step, Call)}


def test_what_cannot_be_sent_is_told_before() -> None:
    def codes(draft: Draft, platform: Any = PLATFORM, account: Account = ACCOUNT) -> list[tuple[str, str]]:
        return [(issue.field, issue.code) for issue in platform.check(draft, account)]

    photo = MediaItem("image", data=b"x", content_type="image/jpeg")
    assert codes(Draft("images", Content(""), media=(image(), CLIP))) == [("media.1.url", "url_required")]
    assert codes(Draft("image", Content(""), media=(photo,))) == [("media.0.url", "url_required")]
    assert codes(Draft("story", Content(""), media=(photo,))) == [("media.0.url", "url_required")]
    assert codes(sent("reel"), get("instagram"), Account("178", "professional")) == [("media.0.url", "url_required")]


def test_the_scope_of_each_feature_is_the_one_of_facebook_login() -> None:
    def needed(*scopes: str, comment: Content | None = None) -> list[object]:
        account = Account("178", "professional", scopes=scopes, registration="facebook")
        draft = Draft("image", Content("Hello"), media=(image(),), first_comment=comment)
        return [issue.params["needed"] for issue in PLATFORM.check(draft, account)]

    assert needed("instagram_basic") == [["instagram_content_publish"]]
    assert needed("instagram_content_publish") == []
    assert needed("instagram_content_publish", comment=Content("First")) == [["instagram_manage_comments"]]


def test_the_persons_task_on_the_page_decides_too() -> None:
    account = Account("178", "professional", registration="facebook", details={"tasks": ["ANALYZE"]})
    draft = Draft("image", Content("Hello"), media=(image(),))
    assert [(issue.field, issue.code) for issue in PLATFORM.check(draft, account)] == [("account", "task_missing")]
    options, _ = run(PLATFORM.account_options(account), quota())
    assert [issue.code for issue in options.problems] == ["task_missing"]


# ---- deleting


def test_a_post_is_deleted_by_one_call() -> None:
    _, steps = run(PLATFORM.delete("M1", ACCOUNT), SENT)
    assert wire(steps[0]) == {"method": "DELETE", "url": f"{V}/M1", "effect": "commit", "auth": "bearer"}


def test_a_post_that_is_told_to_be_missing_is_gone_only_if_no_list_has_it() -> None:
    empty, listed = ok(data=[]), ok(data=[{"id": "M1"}])
    more = ok(data=[], paging={"next": f"{V}/178/media?after=c1"})
    assert run(PLATFORM.delete("M1", ACCOUNT), refused(100, 33), empty, empty)[0] is None
    for replies in ([listed], [empty, listed], [more, more]):
        with pytest.raises(PlatformError) as error:
            run(PLATFORM.delete("M1", ACCOUNT), refused(100, 33), *replies)
        assert error.value.fault.error_class is ErrorClass.NOT_FOUND


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (refused(10), ErrorClass.PERMISSION),
        (refused(-1, 2207085), ErrorClass.MEDIA_PROCESSING),
        (refused(100, 2207073), ErrorClass.INVALID_CONTENT),
    ],
)
def test_a_refused_deletion_is_an_error_of_its_class(reply: Reply, expected: ErrorClass) -> None:
    with pytest.raises(PlatformError) as error:
        run(PLATFORM.delete("M1", ACCOUNT), reply)
    assert error.value.fault.error_class is expected


# ---- figures


def test_stories_of_linked_accounts_have_clicks() -> None:
    insights = {"data": [{"name": "link_clicks", "values": [{"value": 4}]}, {"name": "views", "values": [{"value": 9}]}]}
    found, steps = run(PLATFORM.metrics([PostRef("M1", "story")], ACCOUNT), ok(id="M1", insights=insights))
    assert found == {"M1": PostMetrics(views=9, clicks=4)}
    assert "link_clicks" in wire(steps[0])["query"]["fields"] and wire(steps[0])["url"] == f"{V}/M1"
    _, steps = run(get("instagram").metrics([PostRef("M1", "story")], Account("178", "professional")), ok(id="M1"))
    assert "link_clicks" not in wire(steps[0])["query"]["fields"]


def test_figures_need_the_scope_of_facebook_login() -> None:
    for scopes, asked in ((("instagram_basic",), False), (("instagram_manage_insights",), True)):
        account = Account("178", "professional", scopes=scopes, registration="facebook")
        _, steps = run(PLATFORM.metrics([PostRef("M1", "image")], account), ok(data=[{"id": "M1"}]))
        assert ("insights" in wire(steps[0])["query"]["fields"]) is asked
