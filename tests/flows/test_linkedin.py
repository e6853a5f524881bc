"""LinkedIn's flows against canned replies: what is sent, what is understood, and what must never happen."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from noillusion.catalog import registrations
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import Draft, Kind, Link, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OwnReason, PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import (
    Account,
    App,
    Call,
    ListedPost,
    Listing,
    Lookup,
    Published,
    Reply,
    Step,
    Tokens,
    Unreadable,
    Until,
)
from noillusion.platforms.linkedin import errors
from noillusion.platforms.linkedin import facts as linkedin
from noillusion.platforms.linkedin.options import LinkedInOptions
from noillusion.platforms.linkedin.platform import PLATFORM
from noillusion.platforms.linkedin.text import little_text, plain_text
from tests.flows.driver import play, wire

SCOPES = ("openid", "profile", "w_member_social")
APP = App("app", Secret("app-secret"), scopes=SCOPES)
MEMBER = Account("abc", "member", scopes=SCOPES)
PAGE = Account("42", "organization", scopes=("w_organization_social", "r_organization_social", "rw_organization_admin"))
ME = Reply(200, data={"sub": "abc", "name": "Ada"})
URN = "urn:li:share:7"
POSTED = Reply(201, {"x-restli-id": URN})
POST = Published(URN, URN, f"https://www.linkedin.com/feed/update/{URN}/")
VERSIONED = {"LinkedIn-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}
IMAGE = "urn:li:image:C5"
REGISTERED = Reply(200, data={"value": {"uploadUrl": "https://www.linkedin.com/dms-uploads/1?sig=x", "image": IMAGE}})
WAITING = Reply(400, data={"status": 400, "errorDetails": {"inputErrors": [{"code": "MEDIA_ASSET_WAITING_UPLOAD"}]}})


def draft(kind: Kind = "text", text: str = "Hello", **more: Any) -> Draft:
    return Draft(kind, Content(text), **more)


def image(**more: Any) -> MediaItem:
    return MediaItem("image", **{"url": Content("https://cdn.test/a.jpg"), **more})


def card(**more: Any) -> Link:
    return Link(**{"url": Content("https://example.test/a"), "title": Content("A title"), **more})


def body(text: str, **more: Any) -> dict[str, Any]:
    return {
        "author": "urn:li:person:abc",
        "commentary": text,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        **more,
    }


def listed(*rows: dict[str, Any], following: int | None = None) -> Reply:
    """A page of a list; ``following`` is where its next link leads."""
    links = [{"type": "application/json", "rel": "prev", "href": "/rest/x?start=0&count=10"}]
    if following is not None:
        links.append({"type": "application/json", "rel": "next", "href": f"/rest/x?q=y&start={following}&count=10"})
    return Reply(200, data={"elements": list(rows), "paging": {"start": 0, "count": 10, "links": links}})


def issues(given: Draft, account: Account = MEMBER) -> set[tuple[str, str]]:
    return {(issue.field, issue.code) for issue in PLATFORM.check(given, account)}


def error(kind: ErrorClass, code: str = "code") -> PlatformError:
    return PlatformError(Fault(kind, code))


# ---- connecting


def test_consent_asks_for_one_fixed_set_of_scopes_and_no_more() -> None:
    url = urlsplit(PLATFORM.authorize_url(APP, redirect_uri="https://api.test/cb?x=1", state="s t"))
    assert (url.scheme, url.netloc, url.path) == ("https", "www.linkedin.com", "/oauth/v2/authorization")
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["app"],
        "redirect_uri": ["https://api.test/cb?x=1"],
        "state": ["s t"],
        "scope": ["openid profile w_member_social"],
    }


def test_the_code_is_exchanged_with_secrets_in_the_form() -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"sub": "abc"}).encode()).decode().rstrip("=")
    reply = Reply(200, data={"access_token": "t", "expires_in": 5184000, "scope": "openid,profile", "id_token": f"h.{claims}.s"})
    tokens, (call,) = play(PLATFORM.exchange(APP, code="c", redirect_uri="https://api.test/cb"), [reply])
    assert wire(call) == {
        "method": "POST",
        "url": "https://www.linkedin.com/oauth/v2/accessToken",
        "effect": "prepare",
        "auth": "none",
        "form": {
            "grant_type": "authorization_code",
            "code": "c",
            "redirect_uri": "https://api.test/cb",
            "client_id": "app",
            "client_secret": "app-secret",
        },
    }
    assert tokens == Tokens(Secret("t"), None, 5184000, None, ("openid", "profile"), "abc")
    assert "app-secret" not in repr(call)


@pytest.mark.parametrize("id_token", [None, "", "x", "a.b.c", "a.WyJ4Il0.c"])
def test_without_a_useful_id_token_the_member_is_asked_for_whose_grant_it_is(id_token: str | None) -> None:
    replies = [Reply(200, data={"access_token": "t", "id_token": id_token}), Reply(200, data={"sub": "abc"})]
    tokens, calls = play(PLATFORM.exchange(APP, code="c", redirect_uri="https://api.test/cb"), replies)
    assert (tokens.subject, tokens.scopes) == ("abc", SCOPES)
    assert wire(calls[1]) == {
        "method": "GET",
        "url": "https://api.linkedin.com/v2/userinfo",
        "effect": "read",
        "auth": "none",
        "headers": {"authorization": "Bearer t"},
    }


def test_an_app_without_openid_asks_the_older_profile_whose_grant_it_is() -> None:
    community = registrations.get("linkedin", "community")
    app = App("app", Secret("app-secret"), registration="community", scopes=tuple(community.features))
    replies = [Reply(200, data={"access_token": "t"}), Reply(200, data={"id": "abc"})]
    tokens, calls = play(PLATFORM.exchange(app, code="c", redirect_uri="https://api.test/cb"), replies)
    assert (tokens.subject, wire(calls[1])["url"]) == ("abc", "https://api.linkedin.com/v2/me")


@pytest.mark.parametrize("returned", [{}, {"refresh_token": ""}, {"refresh_token": None}])
def test_C1_an_empty_refresh_token_never_overwrites_the_stored_one(returned: dict[str, Any]) -> None:
    before = Tokens(Secret("old"), Secret("keep"), scopes=SCOPES, subject="abc")
    reply = Reply(200, data={"access_token": "new", "expires_in": 60, "refresh_token_expires_in": 1000, **returned})
    tokens, (call,) = play(PLATFORM.refresh(APP, before), [reply])
    assert tokens == Tokens(Secret("new"), Secret("keep"), 60, 1000, SCOPES, "abc")
    assert wire(call)["form"]["grant_type"] == "refresh_token"
    assert wire(call)["form"]["refresh_token"] == "keep"


def test_without_a_refresh_token_nothing_is_refreshed_and_nothing_is_sent() -> None:
    before = Tokens(Secret("old"))
    assert play(PLATFORM.refresh(APP, before)) == (before, [])


def test_revoking_a_dead_token_is_done() -> None:
    dead = Reply(400, data={"error": "invalid_grant", "error_description": "words"})
    _, (call,) = play(PLATFORM.revoke(APP, Tokens(Secret("t"))), [dead], PLATFORM.classify)
    assert wire(call)["url"] == "https://www.linkedin.com/oauth/v2/revoke"
    assert wire(call)["form"] == {"client_id": "app", "client_secret": "app-secret", "token": "t"}
    for reply in (Reply(503), Reply(401), Reply(403, data={"message": "Forbidden"})):
        with pytest.raises(PlatformError):
            play(PLATFORM.revoke(APP, Tokens(Secret("t"))), [reply], PLATFORM.classify)


@pytest.mark.parametrize(("status", "data", "certain"), [
    (400, {"error": "invalid_grant", "error_description": "words"}, True),
    (401, {"error": "invalid_client"}, False),
    (401, None, False),
    (403, {"message": "Forbidden"}, False),
])  # fmt: skip
def test_only_the_token_endpoints_own_words_say_that_a_grant_is_dead(status: int, data: Any, certain: bool) -> None:
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.refresh(APP, Tokens(Secret("a"), Secret("r"))), [Reply(status, data=data)], PLATFORM.classify)
    assert refused.value.fault.certain is certain
    dead = refused.value.fault.error_class is ErrorClass.REAUTH and refused.value.fault.certain
    assert dead is certain


def test_the_member_is_the_account() -> None:
    (member,), (call,) = play(PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=SCOPES)), [ME])
    assert (member.id, member.kind, member.name, member.can_publish) == ("abc", "member", "Ada", True)
    assert wire(call)["url"] == "https://api.linkedin.com/v2/userinfo"


def test_an_account_that_cannot_publish_says_why() -> None:
    (member,), _ = play(PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=("openid",))), [ME])
    assert (member.can_publish, member.reason) == (False, "scope_missing")


def test_D4_organizations_are_listed_by_any_role_and_survive_missing_names() -> None:
    scopes = ("r_basicprofile", "w_member_social", "rw_organization_admin", "w_organization_social")
    who = Reply(200, data={"id": "abc", "localizedFirstName": "Ada", "localizedLastName": "L", "vanityName": "ada"})
    rows = [
        {"organization": "urn:li:organization:1", "role": "CONTENT_ADMIN"},
        {"organization": "urn:li:organization:2", "role": "ANALYST"},
        {"organization": "urn:li:organization:2", "role": "CURATOR"},
    ]
    names: list[Reply | PlatformError] = [
        error(ErrorClass.PERMISSION),
        error(ErrorClass.PERMISSION),
        Reply(200, data={"localizedName": "Two", "vanityName": "two"}),
    ]
    found, steps = play(
        PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=scopes)), [who, Reply(200, data={"elements": rows}), *names]
    )
    assert wire(steps[0])["url"].startswith("https://api.linkedin.com/v2/me?projection=(id,")
    assert [(a.id, a.kind, a.name, a.can_publish, a.reason) for a in found] == [
        ("abc", "member", "Ada L", True, ""),
        ("1", "organization", "1", True, ""),
        ("2", "organization", "Two", False, "role_missing"),
    ]
    assert found[2].details == {"roles": ["ANALYST", "CURATOR"]}


def test_only_a_number_stands_for_an_organization_and_gets_into_a_url() -> None:
    scopes = ("r_basicprofile", "rw_organization_admin", "w_organization_social")
    odd = ["urn:li:organizationBrand:5", "urn:li:organization:1/../2", "urn:li:organization:", "words", None, 7]
    rows = [{"organization": urn, "role": "ADMINISTRATOR"} for urn in odd]
    found, steps = play(
        PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=scopes)), [Reply(200, data={"id": "abc"}), listed(*rows)]
    )
    assert ([account.kind for account in found], len(steps)) == (["member"], 2)


def test_all_pages_of_organizations_are_read() -> None:
    scopes = ("r_basicprofile", "w_member_social", "rw_organization_admin", "w_organization_social")
    pages = [[{"organization": f"urn:li:organization:{n}", "role": "ADMINISTRATOR"} for n in part] for part in ((1, 2), (3,))]
    replies = [Reply(200, data={"id": "abc"}), listed(*pages[0], following=8), listed(*pages[1])]
    found, steps = play(PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=scopes)), [*replies, *[Reply(200, data={})] * 3])
    assert [account.id for account in found] == ["abc", "1", "2", "3"]
    assert "&start=8&" in wire(steps[2])["url"]


# ---- text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain, text: 100% + more!", "plain, text: 100% + more!"),
        (r"\|{}@[]()<>*_~", r"\\\|\{\}\@\[\]\(\)\<\>\*\_\~"),
        ("#tag and (#Other)", r"#tag and \(#Other\)"),
        ("#2026goals #über #日本", "#2026goals #über #日本"),
        ("# heading, #1, C# and end #", r"\# heading, \#1, C\# and end \#"),
        ("##twice a#b https://x.test/#part", r"\#\#twice a\#b https://x.test/\#part"),
        ("#snake_case", r"#snake\_case"),
        ("{hashtag|#|x}", r"\{hashtag\|\#\|x\}"),
        ("", ""),
    ],
)
def test_reserved_characters_are_escaped_and_hashtags_stay_hashtags(text: str, escaped: str) -> None:
    assert little_text(text) == escaped
    assert plain_text(escaped) == text


def test_a_commentary_read_back_with_templates_is_the_text_that_was_sent() -> None:
    assert plain_text(r"See {hashtag|\#|tag} and {hashtag|#|other\_one} \(now\)") == "See #tag and #other_one (now)"


# ---- publishing


def test_a_text_post_reads_first_and_then_commits_once() -> None:
    result, (probe, commit) = play(PLATFORM.publish(draft(text="Hi (all) #tag"), MEMBER), [ME, POSTED])
    assert result == POST
    assert wire(probe) == {"method": "GET", "url": "https://api.linkedin.com/v2/userinfo", "effect": "read", "auth": "bearer"}
    assert wire(commit) == {
        "method": "POST",
        "url": "https://api.linkedin.com/rest/posts",
        "effect": "commit",
        "auth": "bearer",
        "headers": VERSIONED,
        "keep": {"accepted_id": "header:x-restli-id"},
        "json": body(r"Hi \(all\) #tag"),
    }


def test_a_link_post_carries_its_own_card_without_empty_fields() -> None:
    given = draft("link", link=card(description=Content("")), options=LinkedInOptions(visibility="CONNECTIONS"))
    _, (_, commit) = play(PLATFORM.publish(given, MEMBER), [ME, POSTED])
    article = {"source": "https://example.test/a", "title": "A title"}
    assert wire(commit)["json"] == body("Hello", visibility="CONNECTIONS", content={"article": article})
    described = draft("link", link=card(description=Content("More")))
    _, (_, commit) = play(PLATFORM.publish(described, MEMBER), [ME, POSTED])
    assert wire(commit)["json"]["content"] == {"article": {**article, "description": "More"}}


def test_an_image_is_registered_uploaded_and_posted() -> None:
    item = image(alt_text=Content("A cat"))
    result, (register, upload, commit) = play(
        PLATFORM.publish(draft("image", media=(item,)), MEMBER), [REGISTERED, Reply(201), POSTED]
    )
    assert result == POST
    assert wire(register) == {
        "method": "POST",
        "url": "https://api.linkedin.com/rest/images?action=initializeUpload",
        "effect": "prepare",
        "auth": "bearer",
        "headers": VERSIONED,
        "keep": {"image_urn": "value.image"},
        "json": {"initializeUploadRequest": {"owner": "urn:li:person:abc"}},
    }
    assert wire(upload) == {
        "method": "PUT",
        "url": "https://www.linkedin.com/dms-uploads/1?sig=x",
        "effect": "prepare",
        "auth": "bearer",
    }
    assert isinstance(upload, Call)
    assert upload.body is item
    assert wire(commit)["json"] == body("Hello", content={"media": {"id": IMAGE, "altText": "A cat"}})


def test_organizations_post_as_themselves() -> None:
    _, steps = play(PLATFORM.publish(draft("image", media=(image(),)), PAGE), [REGISTERED, Reply(201), POSTED])
    assert wire(steps[0])["json"] == {"initializeUploadRequest": {"owner": "urn:li:organization:42"}}
    assert wire(steps[2])["json"]["author"] == "urn:li:organization:42"


def test_an_image_still_processed_is_waited_for_and_posted_once_more() -> None:
    state = [Reply(200, data={"status": "PROCESSING"}), Reply(200, data={"status": "AVAILABLE"})]
    replies = [REGISTERED, Reply(201), WAITING, *state, POSTED]
    result, steps = play(PLATFORM.publish(draft("image", media=(image(),)), MEMBER), replies, PLATFORM.classify)
    assert result == POST
    assert wire(steps[3])["url"] == "https://api.linkedin.com/rest/images/urn%3Ali%3Aimage%3AC5"
    assert wire(steps[4]) == wire(steps[2])


def test_a_token_that_cannot_read_the_image_waits_blindly_and_posts_once_more() -> None:
    forbidden = Reply(403, data={"code": "ACCESS_DENIED"})
    replies = [REGISTERED, Reply(201), WAITING, forbidden, ME, ME, ME, POSTED]
    result, steps = play(PLATFORM.publish(draft("image", media=(image(),)), MEMBER), replies, PLATFORM.classify)
    assert result == POST
    pause = steps[4]
    assert isinstance(pause, Until)
    assert pause.every >= 2


def test_an_image_never_ready_ends_in_a_clean_refusal_not_in_a_third_attempt() -> None:
    slow = [Reply(200, data={"status": "PROCESSING"})] * (linkedin.STATE_ASKS["image"] or 0)
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.publish(draft("image", media=(image(),)), MEMBER), [REGISTERED, Reply(201), WAITING, *slow, WAITING],
             PLATFORM.classify)  # fmt: skip
    assert (refused.value.fault.error_class, refused.value.effect) == (ErrorClass.NOT_READY, Effect.COMMIT)


def test_an_image_that_failed_processing_is_not_posted() -> None:
    trace: list[Step] = []
    failed = Reply(200, data={"status": "PROCESSING_FAILED"})
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.publish(draft("image", media=(image(),)), MEMBER), [REGISTERED, Reply(201), WAITING, failed],
             PLATFORM.classify, trace)  # fmt: skip
    assert refused.value.fault.error_class is ErrorClass.MEDIA_PROCESSING
    assert isinstance(trace[-1], Until)


@pytest.mark.parametrize("kind", [ErrorClass.DUPLICATE, ErrorClass.REAUTH, ErrorClass.INVALID_CONTENT, ErrorClass.RATE_LIMIT])
def test_any_other_refusal_of_an_image_post_is_final(kind: ErrorClass) -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError):
        play(PLATFORM.publish(draft("image", media=(image(),)), MEMBER), [REGISTERED, Reply(201), error(kind)], trace=trace)
    assert len(trace) == 3


def test_A8_a_duplicate_is_reported_and_no_post_is_taken_for_the_one_that_was_sent() -> None:
    duplicate = Reply(422, data={
        "message": f"Content is a duplicate of {URN}", "status": 422,
        "errorDetails": {"inputErrors": [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]},
    })  # fmt: skip
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.publish(draft(), MEMBER), [ME, duplicate], PLATFORM.classify)
    assert refused.value.fault == Fault(ErrorClass.DUPLICATE, "DUPLICATE_POST", certain=True)


def test_F1_a_success_without_an_id_is_no_success() -> None:
    with pytest.raises(UnexpectedShape):
        play(PLATFORM.publish(draft(), MEMBER), [ME, Reply(201)])


def test_an_accepted_post_resumes_to_published_and_a_bare_image_cannot() -> None:
    assert play(PLATFORM.resume({"accepted_id": URN, "image_urn": IMAGE}, MEMBER)) == (POST, [])
    with pytest.raises(UnexpectedShape, match="handles"):
        play(PLATFORM.resume({"image_urn": IMAGE}, MEMBER))


def test_deleting_a_post_that_is_gone_is_done() -> None:
    gone = Reply(404, data={"status": 404, "code": "NOT_FOUND", "message": "Could not find entity"})
    _, (call,) = play(PLATFORM.delete(URN, MEMBER), [gone], PLATFORM.classify)
    assert wire(call) == {
        "method": "DELETE",
        "url": "https://api.linkedin.com/rest/posts/urn%3Ali%3Ashare%3A7",
        "effect": "commit",
        "auth": "bearer",
        "headers": VERSIONED,
    }
    for other in (Reply(403), Reply(404), Reply(404, data={"message": "no such page"})):
        with pytest.raises(PlatformError):
            play(PLATFORM.delete(URN, MEMBER), [other], PLATFORM.classify)


# ---- reading back


def lookup(**handles: str) -> Lookup:
    return Lookup(handles, 1000.5)


def test_a_members_posts_cannot_be_listed_and_that_is_said() -> None:
    assert play(PLATFORM.find(lookup(), MEMBER)) == (Unreadable("not_listable"), [])
    assert play(PLATFORM.find(lookup(), Account("42", "organization"))) == (Unreadable("not_listable"), [])


def test_an_organizations_posts_are_listed_as_readers_see_them() -> None:
    rows = [
        {"id": "urn:li:share:9", "commentary": "Other", "createdAt": 1_001_000},
        {"id": URN, "commentary": r"Hello \(all\) {hashtag|\#|tag}", "createdAt": 1_000_500},
    ]
    found, (call,) = play(PLATFORM.find(lookup(), PAGE), [listed(*rows)])
    text: frozenset[Kind] = frozenset({"text"})
    assert found == Listing(
        (
            ListedPost("urn:li:share:9", "Other", 1001.0, "https://www.linkedin.com/feed/update/urn:li:share:9/", text),
            ListedPost(URN, "Hello (all) #tag", 1000.5, POST.permalink, text),
        ),
        complete=True,
    )
    assert wire(call)["url"] == (
        "https://api.linkedin.com/rest/posts?q=author&author=urn%3Ali%3Aorganization%3A42&sortBy=LAST_MODIFIED&start=0&count=10"
    )
    assert wire(call)["headers"]["X-RestLi-Method"] == "FINDER"


@pytest.mark.parametrize(
    ("content", "kinds", "handles"),
    [
        (None, {"text"}, set()),
        ({"article": {"source": "https://example.test/"}}, {"link"}, set()),
        ({"media": {"id": IMAGE, "altText": "a"}}, {"image"}, {IMAGE}),
        ({"media": {"id": "urn:li:video:1"}}, {"video"}, {"urn:li:video:1"}),
        ({"media": {"id": "urn:li:document:1", "title": "T"}}, {"document"}, {"urn:li:document:1"}),
        ({"media": {"id": "urn:li:other:1"}}, set(), {"urn:li:other:1"}),
        ({"media": "words"}, set(), set()),
        ({"article": {"source": "https://example.test/", "thumbnail": IMAGE}}, {"link"}, {IMAGE}),
        ({"multiImage": {"images": [{"id": IMAGE}, {"id": "urn:li:image:2"}, 7]}}, {"images"}, {IMAGE, "urn:li:image:2"}),
        ({"multiImage": {"images": "words"}}, {"images"}, set()),
        ({"poll": {"question": "Q"}}, {"poll"}, set()),
        ({"celebration": {}}, set(), set()),
        ("words", set(), set()),
    ],
)
def test_a_listed_post_tells_its_kind_and_the_image_that_it_shows(content: Any, kinds: set[str], handles: set[str]) -> None:
    row = {"id": URN, "commentary": "", "createdAt": 1_000_500, **({"content": content} if content else {})}
    found, _ = play(PLATFORM.find(lookup(), PAGE), [listed(row)])
    assert isinstance(found, Listing)
    (post,) = found.posts
    assert {*map(str, post.kinds)} == kinds
    assert post.handles == handles


def test_a_repost_is_nobodys_text() -> None:
    shared = {"id": URN, "commentary": "Hello", "createdAt": 1_000_500, "reshareContext": {"parent": "urn:li:share:1"}}
    assert play(PLATFORM.find(lookup(), PAGE), [listed(shared)])[0] == Listing((), complete=True)


def row(number: int, modified: int | None = 2_000_000) -> dict[str, Any]:
    """A listed post; times in milliseconds."""
    times = {} if modified is None else {"lastModifiedAt": modified}
    return {"id": f"urn:li:share:{number}", "commentary": "Other", "createdAt": 900_000, **times}


def test_a_list_of_posts_ends_where_there_is_no_next_link_and_nowhere_else() -> None:
    pages = [
        listed(*[row(n) for n in range(8)], following=8),
        listed(following=18),
        listed(*[row(n) for n in range(20, 30)]),
    ]
    found, steps = play(PLATFORM.find(lookup(), PAGE), pages)
    assert isinstance(found, Listing) and found.complete and len(found.posts) == 18
    assert [parse_qs(urlsplit(wire(step)["url"]).query)["start"] for step in steps] == [["0"], ["8"], ["18"]]


def test_a_list_of_posts_is_complete_once_it_is_older_than_the_commit() -> None:
    found, steps = play(PLATFORM.find(lookup(), PAGE), [listed(row(1), row(2, 1_000_000), following=2)])
    assert isinstance(found, Listing) and found.complete and len(steps) == 1


@pytest.mark.parametrize(
    "page",
    [
        listed(row(1), following=0),
        Reply(200, data={"elements": [row(1)]}),
        Reply(200, data={"elements": [row(1)], "paging": {"links": "words"}}),
        Reply(200, data={"elements": [row(1)], "paging": {"links": [{"rel": "next", "href": "/rest/posts?page=two"}]}}),
        Reply(200, data={"elements": [row(1)], "paging": {"links": [{"rel": "next"}]}}),
    ],
    ids=["back to the start", "no paging", "no links", "no start", "no address"],
)
def test_a_list_that_does_not_say_how_it_goes_on_is_not_complete(page: Reply) -> None:
    found, steps = play(PLATFORM.find(lookup(), PAGE), [page])
    assert isinstance(found, Listing) and not found.complete and len(steps) == 1 and len(found.posts) == 1


def test_lists_are_bounded_and_then_not_complete() -> None:
    pages = [listed(row(n, None), following=n + 1) for n in range(linkedin.PAGES_OF_POSTS)]
    found, _ = play(PLATFORM.find(lookup(), PAGE), pages)
    assert isinstance(found, Listing) and not found.complete


# ---- checking


@pytest.mark.parametrize(
    "given",
    [
        draft(text="x" * 3000),
        draft("link", text="", link=card()),
        draft("image", text="", media=(image(alt_text=Content("a" * 4086), content_type="image/gif"),)),
        draft("image", media=(MediaItem("image", data=b"bytes", content_type="image/png"),)),
        draft(options=LinkedInOptions(visibility="CONNECTIONS")),
    ],
)
def test_what_linkedin_takes_passes(given: Draft) -> None:
    assert issues(given) == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (draft(text="x" * 3001), {("text", "too_long")}),
        (draft(text=" \n"), {("text", "required")}),
        (draft(text="\u200b\u2060"), {("text", "required")}),
        (draft("story"), {("kind", "not_supported")}),
        (draft(link=card()), {("link", "not_allowed")}),
        (draft(media=(image(),)), {("media", "not_allowed")}),
        (draft("link"), {("link", "required")}),
        (draft("link", link=card(title=None)), {("link.title", "required")}),
        (draft("link", link=Link(Content("ftp://x"), Content(" "))), {("link.url", "invalid"), ("link.title", "required")}),
        (draft("image"), {("media", "wrong_count")}),
        (draft("image", media=(image(), image())), {("media", "wrong_count")}),
        (draft("image", media=(MediaItem("video", data=b"x"),)), {("media.0.kind", "not_supported")}),
        (draft("image", media=(image(content_type="image/webp"),)), {("media.0.content_type", "not_supported")}),
        (draft("image", media=(image(alt_text=Content("a" * 4087)),)), {("media.0.alt_text", "too_long")}),
        (
            draft("image", text="x" * 3001, link=card(), media=(image(alt_text=Content("a" * 4087)),)),
            {("text", "too_long"), ("link", "not_allowed"), ("media.0.alt_text", "too_long")},
        ),
    ],
)
def test_all_problems_are_named_at_once(given: Draft, expected: set[tuple[str, str]]) -> None:
    assert issues(given) == expected


def test_a_missing_permission_is_named_and_unknown_scopes_are_not_missing() -> None:
    assert issues(draft(), Account("abc", "member", scopes=("openid",))) == {("account", "scope_missing")}
    assert issues(draft(), Account("42", "organization", scopes=SCOPES)) == {("account", "scope_missing")}
    assert issues(draft(), Account("abc", "member")) == set()


def test_an_organization_posts_in_public_only() -> None:
    given = draft(options=LinkedInOptions(visibility="CONNECTIONS"))
    assert issues(given, PAGE) == {("options.linkedin.visibility", "not_supported")}


# ---- measuring


READER = Account("abc", "member", scopes=(*SCOPES, "r_member_postAnalytics", "r_member_profileAnalytics"))
NAMES = ["IMPRESSION", "MEMBERS_REACHED", "RESHARE", "REACTION", "COMMENT"]


def value(number: int) -> Reply:
    return Reply(200, data={"elements": [{"count": number, "metricType": "X"}]})


def test_without_the_scope_nothing_is_asked_and_the_reason_is_given() -> None:
    assert play(PLATFORM.metrics([PostRef(URN, "text")], MEMBER)) == ({URN: PostMetrics(unavailable="scope_missing")}, [])
    assert play(PLATFORM.account_metrics(MEMBER)) == (AccountMetrics(unavailable="scope_missing"), [])


def test_member_metrics_are_one_metric_and_post_per_call() -> None:
    posts = [PostRef(URN, "text"), PostRef("urn:li:ugcPost:8", "image")]
    result, steps = play(PLATFORM.metrics(posts, READER), [value(n) for n in range(1, 11)])
    assert result[URN] == PostMetrics(views=1, reach=2, shares=3, likes=4, comments=5)
    assert result["urn:li:ugcPost:8"] == PostMetrics(views=6, reach=7, shares=8, likes=9, comments=10)
    base = "https://api.linkedin.com/rest/memberCreatorPostAnalytics?q=entity&entity="
    assert isinstance(steps[0], list)
    assert isinstance(steps[1], list)
    assert [call.url for call in steps[0]] == [
        f"{base}(share:urn%3Ali%3Ashare%3A7)&aggregation=TOTAL&queryType={name}" for name in NAMES
    ]
    assert steps[1][0].url == f"{base}(ugc:urn%3Ali%3AugcPost%3A8)&aggregation=TOTAL&queryType=IMPRESSION"


def test_G1_one_retired_metric_does_not_lose_the_others() -> None:
    bad = Reply(400, data={"errorDetails": {"inputErrors": [{"code": "SOME_ENUM"}]}})
    replies = [value(1), bad, value(1), bad, value(3), value(4), value(5)]
    result, _ = play(PLATFORM.metrics([PostRef(URN, "text")], READER), replies, PLATFORM.classify)
    assert result[URN] == PostMetrics(views=1, reach=None, shares=3, likes=4, comments=5)


def test_missing_figures_are_unavailable_and_never_zero() -> None:
    empty = Reply(200, data={"elements": []})
    assert play(PLATFORM.metrics([PostRef(URN, "text")], READER), [empty] * 5)[0][URN] == PostMetrics(unavailable="no_data")
    assert play(PLATFORM.metrics([PostRef("urn:li:activity:1", "text")], READER))[0] == {
        "urn:li:activity:1": PostMetrics(unavailable="unsupported_id")
    }


@pytest.mark.parametrize(("kind", "reason"), [(ErrorClass.NOT_FOUND, "not_found"), (ErrorClass.PERMISSION, "permission")])
def test_one_unreadable_post_does_not_cost_the_next(kind: ErrorClass, reason: OwnReason) -> None:
    posts = [PostRef(URN, "text"), PostRef("urn:li:share:8", "text")]
    result, _ = play(PLATFORM.metrics(posts, READER), [error(kind), *[value(1)] * 5])
    assert result[URN] == PostMetrics(unavailable=reason)
    assert result["urn:li:share:8"].views == 1


@pytest.mark.parametrize("kind", [ErrorClass.RATE_LIMIT, ErrorClass.REAUTH, ErrorClass.TRANSIENT])
def test_a_refusal_that_concerns_every_call_ends_the_measuring(kind: ErrorClass) -> None:
    with pytest.raises(PlatformError):
        play(PLATFORM.metrics([PostRef(URN, "text")], READER), [error(kind)])


def test_organization_statistics_sort_urns_by_type_and_read_absence_as_zero() -> None:
    totals = {
        "impressionCount": 10,
        "uniqueImpressionsCount": 8,
        "clickCount": 3,
        "likeCount": -1,
        "commentCount": 2,
        "shareCount": 1,
    }
    rows = [{"share": URN, "totalShareStatistics": totals}]
    posts = [PostRef(URN, "text"), PostRef("urn:li:ugcPost:8", "text"), PostRef("odd", "text")]
    result, (call,) = play(PLATFORM.metrics(posts, PAGE), [Reply(200, data={"elements": rows})])
    assert wire(call)["url"] == (
        "https://api.linkedin.com/rest/organizationalEntityShareStatistics?q=organizationalEntity"
        "&organizationalEntity=urn%3Ali%3Aorganization%3A42"
        "&shares=List(urn%3Ali%3Ashare%3A7)&ugcPosts=List(urn%3Ali%3AugcPost%3A8)"
    )
    assert result == {
        URN: PostMetrics(views=10, reach=8, clicks=3, likes=-1, comments=2, shares=1),
        "urn:li:ugcPost:8": PostMetrics(views=0, reach=0, clicks=0, likes=0, comments=0, shares=0),
        "odd": PostMetrics(unavailable="unsupported_id"),
    }
    assert play(PLATFORM.metrics(posts[2:], PAGE))[0] == {"odd": PostMetrics(unavailable="unsupported_id")}


def test_I4_one_post_that_is_refused_costs_the_others_of_its_list_nothing() -> None:
    urns = [f"urn:li:share:{number}" for number in range(1, 26)]
    asked: list[int] = []

    def answer(call: Call) -> Reply:
        named = [urn for urn in urns if f"{quote(urn, safe='')}," in f"{call.url[:-1]},"]
        asked.append(len(named))
        if urns[6] in named:
            return Reply(400, {"x-restli-error-response": "true"}, {"status": 400, "code": "INVALID_URN_ID"})
        rows = [{"share": urn, "totalShareStatistics": {"impressionCount": 9}} for urn in named]
        return Reply(200, data={"elements": rows})

    found, _ = play(PLATFORM.metrics([PostRef(urn, "text") for urn in urns], PAGE), answer, PLATFORM.classify)
    assert {urn: metrics.views for urn, metrics in found.items()} == {**dict.fromkeys(urns, 9), urns[6]: None}
    assert found[urns[6]] == PostMetrics(unavailable=ErrorClass.INVALID_CONTENT)
    assert len(asked) <= 11


def test_a_reply_without_elements_invents_no_zeros() -> None:
    with pytest.raises(UnexpectedShape):
        play(PLATFORM.metrics([PostRef(URN, "text")], PAGE), [Reply(200, data={})])


def test_account_figures_of_members_and_organizations() -> None:
    result, (call,) = play(PLATFORM.account_metrics(READER), [Reply(200, data={"elements": [{"memberFollowersCount": 9}]})])
    assert result == AccountMetrics(followers=9)
    assert wire(call)["url"] == "https://api.linkedin.com/rest/memberFollowersCount?q=me"
    assert play(PLATFORM.account_metrics(READER), [Reply(200, data={"elements": []})])[0].unavailable == "no_data"
    pages = {"elements": [{"totalPageStatistics": {"views": {"allPageViews": {"pageViews": 4}}}}]}
    result, _ = play(PLATFORM.account_metrics(PAGE), [Reply(200, data={"firstDegreeSize": 7}), Reply(200, data=pages)])
    assert result == AccountMetrics(followers=7, profile_views=4)


# ---- refusals


def test_success_is_no_fault() -> None:
    for status in (200, 201, 204):
        assert PLATFORM.classify(Reply(status)) is None


@pytest.mark.parametrize(("code", "expected"), errors.ERRORS.items())
def test_every_code_has_its_class_wherever_it_stands(code: str, expected: ErrorClass) -> None:
    places: list[dict[str, Any]] = [
        {"code": code},
        {"error": code},
        {"code": "OUTER", "errorDetails": {"inputErrors": [{"code": code}]}},
    ]
    if code.isdecimal():
        places = [{"serviceErrorCode": int(code), "message": "text"}]
    for data in places:
        assert PLATFORM.classify(Reply(400, data=data)) == Fault(expected, code)


CODES = sorted({*errors.ERRORS, *errors.OTHER_CODES})


@pytest.mark.parametrize("status", [*range(400, 432), 451, 499, 500, 502, 503, 504, 999])
def test_a_code_is_certain_only_with_its_status_and_in_an_envelope_that_repeats_it(status: int) -> None:
    documented = errors.REFUSALS.get(status, frozenset())
    for code in CODES:
        number = {"serviceErrorCode": int(code)} if code.isdecimal() else {"code": code}
        for inside in (number, {"errorDetails": {"inputErrors": [{"code": code}]}}):
            own = PLATFORM.classify(Reply(status, data={"status": status, "message": "text", **inside}))
            assert own is not None and own.certain == (code in documented), code
            for envelope in ({}, {"status": str(status)}, {"status": 200}, {"status": True}, {"status": float(status) + 0.5}):
                other = PLATFORM.classify(Reply(status, data={**envelope, **inside}))
                assert other is not None and not other.certain, (code, envelope)
    for word in ("error", "error_description", "message", "title"):
        flat = PLATFORM.classify(Reply(status, data={"status": status, word: "ACCESS_DENIED"}))
        assert flat is not None and not flat.certain, word


@pytest.mark.parametrize("status", range(400, 600))
def test_the_mark_of_linkedins_error_handler_is_certain_where_nobody_else_decides(status: int) -> None:
    marked = {"x-restli-error-response": "true"}
    fault = PLATFORM.classify(Reply(status, marked))
    assert fault is not None and fault.certain == (status < 500 and status not in errors.GATEWAYS)
    for headers in ({"x-restli-error-response": "false"}, {**marked, "x-restli-gateway-error": "true"}, {}):
        other = PLATFORM.classify(Reply(status, headers))
        assert other is not None and not other.certain


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ErrorClass.UNKNOWN),
        (401, ErrorClass.REAUTH),
        (403, ErrorClass.PERMISSION),
        (404, ErrorClass.NOT_FOUND),
        (409, ErrorClass.TRANSIENT),
        (413, ErrorClass.INVALID_CONTENT),
        (415, ErrorClass.INVALID_CONTENT),
        (418, ErrorClass.UNKNOWN),
        (422, ErrorClass.UNKNOWN),
        (426, ErrorClass.OPERATOR),
        (429, ErrorClass.RATE_LIMIT),
        (500, ErrorClass.TRANSIENT),
        (502, ErrorClass.TRANSIENT),
        (503, ErrorClass.TRANSIENT),
        (504, ErrorClass.TRANSIENT),
    ],
)
def test_without_a_code_the_status_decides(status: int, expected: ErrorClass) -> None:
    assert PLATFORM.classify(Reply(status)) == Fault(expected, f"http_{status}")


def test_the_observed_bodies_are_understood() -> None:
    def fault(status: int, **data: Any) -> tuple[ErrorClass, str]:
        found = PLATFORM.classify(Reply(status, data={"status": status, **data}))
        assert found is not None
        return found.error_class, found.code

    assert fault(401, serviceErrorCode=65602, code="EXPIRED_ACCESS_TOKEN") == (ErrorClass.REAUTH, "EXPIRED_ACCESS_TOKEN")
    assert fault(403, serviceErrorCode=100, code="ACCESS_DENIED") == (ErrorClass.PERMISSION, "ACCESS_DENIED")
    assert fault(426, code="NONEXISTENT_VERSION") == (ErrorClass.OPERATOR, "NONEXISTENT_VERSION")
    assert fault(400, code="INVALID_URN_TYPE") == (ErrorClass.INVALID_CONTENT, "INVALID_URN_TYPE")
    sentence = "Organization permissions must be used when using organization as author"
    assert fault(400, message=sentence) == (ErrorClass.PERMISSION, "organization_permissions")
    listing = "Member permissions must be used when using member as author"
    assert fault(400, message=listing) == (ErrorClass.PERMISSION, "member_permissions")


def test_F8_words_inside_a_message_decide_nothing() -> None:
    assert PLATFORM.classify(Reply(400, data={"message": "DUPLICATE_POST EXPIRED_ACCESS_TOKEN urn:li:share:1"})) == Fault(
        ErrorClass.UNKNOWN, "http_400"
    )


def test_a_code_that_is_free_text_is_not_carried_on() -> None:
    found = PLATFORM.classify(Reply(400, data={"code": "the person's own words"}))
    assert found == Fault(ErrorClass.UNKNOWN, "http_400")


def test_a_server_error_stays_transient_whatever_its_body_says() -> None:
    assert PLATFORM.classify(Reply(503, data={"code": "INVALID_VALUE_FOR_FIELD"})) == Fault(ErrorClass.TRANSIENT, "http_503")


def test_a_wait_that_is_named_is_passed_on() -> None:
    assert PLATFORM.classify(Reply(429, {"retry-after": "30"})) == Fault(ErrorClass.RATE_LIMIT, "http_429", 30.0)
