"""Instagram as flows: every request as it goes on the wire, the life of a container, and what each answer leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.catalog import registrations
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.flows.draft import Draft, Link, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import (
    Absent,
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
    Until,
)
from noillusion.platforms.instagram.options import InstagramOptions
from noillusion.platforms.instagram.platform import PLATFORM
from tests.flows.driver import play, wire

SCOPES = tuple(registrations.get("instagram", "").features)
APP = App("ig-app", Secret("ig-secret"), scopes=SCOPES)
ACCOUNT = Account("178", "professional", "cats", scopes=SCOPES)
V = "https://graph.instagram.com/v26.0"
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


def image(url: str | None = "https://cdn.example.com/a.jpg", alt: str | None = None, **more: Any) -> MediaItem:
    return MediaItem("image", Content(url) if url else None, alt_text=Content(alt) if alt else None, **more)


def draft(text: str = "Hello", media: tuple[MediaItem, ...] = (image(),), **parts: Any) -> Draft:
    return Draft(parts.pop("kind", "image"), Content(text), media=media, **parts)


def lookup(**handles: str) -> Lookup:
    return Lookup(handles, NOW - 120, "image")


def codes(of: Draft, account: Account = ACCOUNT) -> list[tuple[str, str]]:
    return [(issue.field, issue.code) for issue in PLATFORM.check(of, account)]


def quota(used: int = 3, total: int = 100) -> Reply:
    return ok(data=[{"quota_usage": used, "config": {"quota_total": total, "quota_duration": 86400}}])


def state(code: str | None, status: str | None = None) -> Reply:
    return Reply(200, data={"id": "C1", "status_code": code, "status": status})


FINISHED, BUSY, GONE, CREATED, LIVE = state("FINISHED"), state("IN_PROGRESS"), refused(100, 33), ok(id="C1"), ok(id="M1")
LINK = ok(id="M1", permalink="https://www.instagram.com/p/abc/")
PUBLISHED = Published("M1", "M1", "https://www.instagram.com/p/abc/")


# ---- connecting ------------------------------------------------------------------------------------------------------------


def test_the_dialog_asks_for_every_scope() -> None:
    url = urlsplit(PLATFORM.authorize_url(APP, redirect_uri="https://api.test/cb", state="s"))
    assert (url.netloc, url.path) == ("www.instagram.com", "/oauth/authorize")
    assert parse_qs(url.query) == {
        "client_id": ["ig-app"],
        "redirect_uri": ["https://api.test/cb"],
        "response_type": ["code"],
        "scope": [",".join(SCOPES)],
        "state": ["s"],
    }


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("permissions", [["a", "b"], "a, b"])
def test_exchange_ends_with_the_token_of_60_days(wrapped: bool, permissions: Any) -> None:
    short = {"access_token": "short", "user_id": 17841400000000001, "permissions": permissions}
    tokens, steps = run(
        PLATFORM.exchange(APP, code="c-1#_", redirect_uri="https://api.test/cb"),
        ok(data=[short]) if wrapped else ok(**short),
        ok(access_token="long", token_type="bearer", expires_in=5184000),
    )
    assert (tokens.access.reveal(), tokens.access_expires_in, tokens.scopes) == ("long", 5184000, ("a", "b"))
    assert tokens.subject == "17841400000000001"
    first = steps[0]
    assert isinstance(first, Call)
    assert (first.method, first.url, first.auth) == ("POST", "https://api.instagram.com/oauth/access_token", "none")
    assert reveal(dict(first.multipart or {})) == {
        "client_id": "ig-app",
        "client_secret": "ig-secret",
        "grant_type": "authorization_code",
        "redirect_uri": "https://api.test/cb",
        "code": "c-1",
    }
    assert (wire(steps[1])["method"], wire(steps[1])["url"]) == ("GET", "https://graph.instagram.com/access_token")
    assert wire(steps[1])["query"] == {
        "grant_type": "ig_exchange_token",
        "client_secret": "ig-secret",
        "access_token": "short",
    }
    assert not [word for word in ("ig-secret", "c-1", "short", "long") if word in repr((tokens, steps))]


def test_refresh_extends_the_token_and_keeps_who_it_belongs_to() -> None:
    old = Tokens(Secret("old"), scopes=("a",), subject="7")
    tokens, steps = run(PLATFORM.refresh(APP, old), ok(access_token="new", expires_in=5184000))
    assert (tokens.access.reveal(), tokens.access_expires_in, tokens.scopes, tokens.subject) == ("new", 5184000, ("a",), "7")
    assert (wire(steps[0])["method"], wire(steps[0])["url"]) == ("GET", "https://graph.instagram.com/refresh_access_token")
    assert wire(steps[0])["query"] == {"grant_type": "ig_refresh_token", "access_token": "old"}


def test_C1_an_absent_lifetime_is_cautious_and_an_empty_token_never_taken() -> None:
    old = Tokens(Secret("old"))
    assert run(PLATFORM.refresh(APP, old), ok(access_token="new"))[0].access_expires_in == 30 * 86_400
    with pytest.raises(UnexpectedShape, match="access_token"):
        run(PLATFORM.refresh(APP, old), ok(access_token="", expires_in=5184000))


def test_revoke_calls_nobody() -> None:
    assert run(PLATFORM.revoke(APP, Tokens(Secret("t")))) == (None, [])


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_account_is_the_professional_id(wrapped: bool) -> None:
    profile = {"id": "app-scoped", "user_id": 178, "username": "cats", "name": "Cats", "account_type": "BUSINESS"}
    (found,), steps = run(PLATFORM.accounts(APP, Tokens(Secret("t"))), ok(data=[profile]) if wrapped else ok(**profile))
    assert (found.id, found.kind, found.name, found.username, found.can_publish) == ("178", "professional", "Cats", "cats", True)
    assert found.token is None
    assert wire(steps[0])["url"] == f"{V}/me"
    assert wire(steps[0])["query"] == {"fields": "user_id,username,name,account_type,profile_picture_url"}


def test_a_personal_account_is_offered_with_the_reason_it_cannot_publish() -> None:
    (found,), _ = run(PLATFORM.accounts(APP, Tokens(Secret("t"))), ok(user_id="178", account_type="PERSONAL"))
    assert (found.can_publish, found.reason) == (False, "personal_account")


# ---- publishing ------------------------------------------------------------------------------------------------------------


def test_publish_goes_from_quota_to_container_to_media_to_link() -> None:
    options = InstagramOptions(is_ai_generated=True, collaborators=(Content("ann"), Content("bob")), location_id=Content("55"))
    given = draft("Hello #cats", (image(alt="A cat"),), options=options)
    result, steps = run(PLATFORM.publish(given, ACCOUNT), quota(), CREATED, BUSY, GONE, FINISHED, LIVE, LINK)
    assert result == PUBLISHED
    assert wire(steps[0])["url"] == f"{V}/178/content_publishing_limit"
    assert wire(steps[0])["query"] == {"fields": "quota_usage,config{quota_total,quota_duration}"}
    assert wire(steps[1]) == {
        "method": "POST",
        "url": f"{V}/178/media",
        "effect": "prepare",
        "auth": "bearer",
        "form": {
            "image_url": "https://cdn.example.com/a.jpg",
            "caption": "Hello #cats",
            "alt_text": "A cat",
            "collaborators": '["ann", "bob"]',
            "location_id": "55",
            "is_ai_generated": "true",
        },
        "keep": {"container_id": "id"},
    }
    wait = steps[2]
    assert isinstance(wait, Until)
    assert (wait.every, wait.at_most) == (2.0, 300.0)
    assert wire(wait) == {
        "method": "GET",
        "url": f"{V}/C1",
        "effect": "read",
        "auth": "bearer",
        "query": {"fields": "status_code,status"},
    }
    assert wire(steps[3]) == {
        "method": "POST",
        "url": f"{V}/178/media_publish",
        "effect": "commit",
        "auth": "bearer",
        "form": {"creation_id": "C1"},
        "keep": {"accepted_id": "id"},
    }
    assert wire(steps[4])["url"] == f"{V}/M1"
    assert "cats" not in repr(steps)


def test_E2_nothing_empty_is_sent() -> None:
    _, steps = run(PLATFORM.publish(draft(""), ACCOUNT), quota(), CREATED, FINISHED, LIVE, LINK)
    assert wire(steps[1])["form"] == {"image_url": "https://cdn.example.com/a.jpg"}


def test_a_used_up_quota_refuses_before_anything_is_sent() -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as refusal:
        run(PLATFORM.publish(draft(), ACCOUNT), quota(100, 100), trace=trace)
    assert refusal.value.fault == Fault(ErrorClass.RATE_LIMIT, "content_publishing_limit", 3600.0)
    assert len(trace) == 1


@pytest.mark.parametrize("reply", [refused(10), Reply(503), ok(), ok(data=[]), quota(99, 100)])
def test_an_unreadable_or_open_quota_stops_nothing(reply: Reply) -> None:
    assert run(PLATFORM.publish(draft(), ACCOUNT), reply, CREATED, FINISHED, LIVE, LINK)[0] == PUBLISHED


FAILED = [
    (state("ERROR", "Error: Media upload has failed with error code 2207052"), ErrorClass.MEDIA_FETCH, "2207052"),
    (state("ERROR", "Error: 2207003"), ErrorClass.MEDIA_FETCH, "2207003"),
    (state("ERROR", "Error: 2207009"), ErrorClass.INVALID_CONTENT, "2207009"),
    (state("ERROR", "Error: 2207077"), ErrorClass.MEDIA_PROCESSING, "2207077"),
    (state("ERROR", "Error: 2207001"), ErrorClass.MEDIA_PROCESSING, "2207001"),
    (state("ERROR", "Error: 2299999"), ErrorClass.MEDIA_PROCESSING, "2299999"),
    (state(None, "Error: 2207005"), ErrorClass.INVALID_CONTENT, "2207005"),
    (state("ERROR", "Error"), ErrorClass.MEDIA_PROCESSING, "container_error"),
    (state("EXPIRED"), ErrorClass.MEDIA_PROCESSING, "container_expired"),
]


@pytest.mark.parametrize(("reply", "error_class", "code"), FAILED)
def test_B6_a_failed_container_ends_the_wait_with_its_number(reply: Reply, error_class: ErrorClass, code: str) -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as refusal:
        run(PLATFORM.publish(draft(), ACCOUNT), quota(), CREATED, reply, trace=trace)
    assert refusal.value.fault == Fault(error_class, code)
    assert not [step for step in trace if isinstance(step, Call) and step.effect is Effect.COMMIT]


@pytest.mark.parametrize("reply", [BUSY, state("SOMETHING_NEW"), state(None), GONE, refused(24, 2207008)])
def test_B4_an_unknown_state_or_unreadable_container_means_not_yet(reply: Reply) -> None:
    assert run(PLATFORM.publish(draft(), ACCOUNT), quota(), CREATED, reply, reply, FINISHED, LIVE, LINK)[0] == PUBLISHED


def test_a_dead_token_ends_the_wait() -> None:
    with pytest.raises(PlatformError):
        run(PLATFORM.publish(draft(), ACCOUNT), quota(), CREATED, refused(190, 463))


def test_F4_the_link_comes_from_the_list_when_the_media_cannot_be_read() -> None:
    listed = ok(data=[{"id": "M0", "permalink": "https://no"}, {"id": "M1", "permalink": "https://www.instagram.com/p/abc/"}])
    result, steps = run(PLATFORM.publish(draft(), ACCOUNT), quota(), CREATED, FINISHED, LIVE, GONE, listed)
    assert result == PUBLISHED
    assert wire(steps[-1])["url"] == f"{V}/178/media"


@pytest.mark.parametrize("reply", [Reply(503), ok(), ok(data=[])])
def test_F4_a_missing_link_never_undoes_a_success(reply: Reply) -> None:
    result, _ = run(PLATFORM.publish(draft(), ACCOUNT), quota(), CREATED, FINISHED, LIVE, GONE, reply)
    assert result == Published("M1", "M1", None)


def test_A6_resume_continues_the_container_and_makes_no_second_one() -> None:
    result, steps = run(PLATFORM.resume({"container_id": "C1"}, ACCOUNT), BUSY, FINISHED, LIVE, LINK)
    assert result == PUBLISHED
    assert not [step for step in steps if wire(step)["url"].endswith("/media")]


def test_resume_after_the_commit_only_reads() -> None:
    assert run(PLATFORM.resume({"container_id": "C1", "accepted_id": "M1"}, ACCOUNT), LINK)[0] == PUBLISHED
    result, steps = run(PLATFORM.resume({"container_id": "C1"}, ACCOUNT), state("PUBLISHED"))
    assert result == Published("C1")
    assert len(steps) == 1


def test_resume_publishes_unseen_when_only_the_read_is_broken() -> None:
    assert run(PLATFORM.resume({"container_id": "C1"}, ACCOUNT), GONE, LIVE, LINK)[0] == PUBLISHED
    with pytest.raises(PlatformError) as refusal:
        run(PLATFORM.resume({"container_id": "C1"}, ACCOUNT), GONE, refused(9007, 2207027))
    assert refusal.value.fault.error_class is ErrorClass.NOT_READY


# ---- reading back ----------------------------------------------------------------------------------------------------------


def media(number: str, caption: str | None = "Hello", at: str = STAMP) -> dict[str, Any]:
    return {"id": number, "timestamp": at, "permalink": f"https://www.instagram.com/p/{number}/"} | (
        {} if caption is None else {"caption": caption}
    )


LISTED = ok(data=[media("M9", "Other"), media("M1")])
M1 = ListedPost("M1", "Hello", WHEN, "https://www.instagram.com/p/M1/")
M9 = ListedPost("M9", "Other", WHEN, "https://www.instagram.com/p/M9/")


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([state("PUBLISHED"), LISTED], Listing((M9, M1), complete=False, published=Published("C1"))),
        ([state("PUBLISHED"), Reply(503)], Published("C1")),
        ([state("PUBLISHED"), ok()], Published("C1")),
        ([FINISHED], Absent()),
        ([state("ERROR", "Error: 2207001")], Absent()),
        ([state("EXPIRED")], Absent()),
        ([BUSY], Absent(final=False)),
        ([GONE, LISTED], Listing((M9, M1), complete=False)),
        ([GONE, ok(data=[])], Listing((), complete=False)),
        ([state("SOMETHING_NEW"), ok(data=[])], Listing((), complete=False)),
    ],
)
def test_find_asks_the_container_first(replies: list[Reply], expected: Published | Absent | Listing) -> None:
    result, steps = run(PLATFORM.find(lookup(container_id="C1"), ACCOUNT), *replies)
    assert result == expected
    assert wire(steps[0])["url"] == f"{V}/C1"


def test_find_lists_back_to_the_commit_and_no_further() -> None:
    page = {"paging": {"cursors": {"after": "c1"}, "next": "https://graph.instagram.com/v26.0/77/media?access_token=t&after=c1"}}
    newer = ok(data=[media("M9", at="2026-11-18T14:00:00+0000")], **page)
    older = ok(data=[media("M1"), media("M0", at="2026-11-18T11:00:00+0000")], **page)
    result, steps = run(PLATFORM.find(lookup(), ACCOUNT), newer, older)
    assert isinstance(result, Listing) and result.complete
    assert [post.post_id for post in result.posts] == ["M9", "M1", "M0"]
    query = {"fields": "id,caption,timestamp,permalink,media_type", "limit": 25}
    assert [wire(step)["query"] for step in steps] == [query, {**query, "after": "c1"}]


def test_without_a_container_there_was_no_commit() -> None:
    assert run(PLATFORM.find(lookup(), ACCOUNT), ok(data=[]))[0] == Listing((), complete=True)


def test_find_trusts_an_accepted_id() -> None:
    assert run(PLATFORM.find(lookup(accepted_id="M1"), ACCOUNT), LINK)[0] == PUBLISHED


@pytest.mark.parametrize("replies", [[Reply(503)], [GONE, Reply(503)]])
def test_an_outage_settles_nothing(replies: list[Reply]) -> None:
    with pytest.raises(PlatformError):
        run(PLATFORM.find(lookup(container_id="C1"), ACCOUNT), *replies)


# ---- checks ----------------------------------------------------------------------------------------------------------------


def tags(count: int) -> str:
    return " ".join(f"#tag{n}" for n in range(count))


def test_drafts_within_all_limits_pass() -> None:
    given = draft("x" * 2200, (image(alt="x" * 1000, content_type="image/jpeg"),))
    assert codes(given) == []
    assert codes(draft(tags(5) + " # #! a#")) == []
    assert codes(draft(" ".join(["@ann"] * 20) + " mail@example.com")) == []
    assert codes(draft(options=InstagramOptions(collaborators=tuple(map(Content, "abc"))))) == []


CHECKS: list[tuple[Draft, list[tuple[str, str]]]] = [
    (draft("x" * 2201), [("text", "too_long")]),
    (draft(tags(6)), [("text", "many_hashtags")]),
    (draft(tags(30)), [("text", "many_hashtags")]),
    (draft(tags(31)), [("text", "too_many_hashtags")]),
    (draft(" ".join(["@ann"] * 21)), [("text", "too_many_mentions")]),
    (draft(kind="text"), [("kind", "not_supported")]),
    (draft(media=()), [("media", "required")]),
    (draft(media=(image(), image())), [("media", "wrong_count")]),
    (draft(link=Link(Content("https://a.example"))), [("link", "not_allowed")]),
    (draft(media=(image("http://a.example/x.jpg"),)), [("media.0.url", "invalid")]),
    (draft(media=(image("https://a.example/ä.jpg"),)), [("media.0.url", "not_ascii")]),
    (draft(media=(image("https://x.cdninstagram.com/x.jpg"),)), [("media.0.url", "host_refused")]),
    (draft(media=(image(None, data=b"x"),)), [("media.0.url", "url_required")]),
    (draft(media=(image(content_type="image/png"),)), [("media.0.content_type", "not_supported")]),
    (draft(media=(MediaItem("video", Content("https://a.example/v.mp4")),)), [("media.0.kind", "not_supported")]),
    (draft(media=(image(alt="x" * 1001),)), [("media.0.alt_text", "too_long")]),
    (
        draft(options=InstagramOptions(collaborators=tuple(map(Content, "abcd")))),
        [("options.instagram.collaborators", "wrong_count")],
    ),
    (
        draft("x" * 2201, (image("http://a.example/x", alt="x" * 1001),)),
        [("text", "too_long"), ("media.0.url", "invalid"), ("media.0.alt_text", "too_long")],
    ),
]


@pytest.mark.parametrize(("given", "expected"), CHECKS)
def test_check_names_every_problem_with_its_field(given: Draft, expected: list[tuple[str, str]]) -> None:
    assert codes(given) == expected


def test_many_hashtags_warn_and_too_many_refuse() -> None:
    assert [PLATFORM.check(draft(tags(count)), ACCOUNT)[0].severity for count in (30, 31)] == ["warning", "error"]


def test_check_sees_a_missing_scope() -> None:
    account = Account("178", "professional", scopes=("instagram_business_basic",))
    assert codes(draft(), account) == [("account", "scope_missing")]


# ---- metrics ---------------------------------------------------------------------------------------------------------------


NAMES = "views,reach,saved,shares,total_interactions,reposts"


def row(number: str, likes: int | None = 4, **values: int) -> dict[str, Any]:
    data = [{"name": name, "values": [{"value": value}]} for name, value in values.items()]
    return {"id": number, "permalink": "https://l", "comments_count": 2, "insights": {"data": data}} | (
        {} if likes is None else {"like_count": likes}
    )


def test_metrics_of_many_posts_come_from_one_expanded_edge() -> None:
    full = row("M1", views=90, reach=70, saved=3, shares=5, total_interactions=14, reposts=1)
    found, steps = run(
        PLATFORM.metrics([PostRef("M1", "image"), PostRef("M2", "image")], ACCOUNT), ok(data=[full, row("M2", None)])
    )
    extra = {"total_interactions": 14, "reposts": 1}
    assert found == {
        "M1": PostMetrics(views=90, reach=70, likes=4, comments=2, shares=5, saves=3, extra=extra, permalink="https://l"),
        "M2": PostMetrics(comments=2, permalink="https://l"),
    }
    assert len(steps) == 1
    assert wire(steps[0])["url"] == f"{V}/178/media"
    assert wire(steps[0])["query"] == {
        "fields": f"id,permalink,like_count,comments_count,insights.metric({NAMES}){{name,values}}",
        "limit": 25,
    }


def test_a_list_that_one_item_breaks_is_replaced_by_single_reads() -> None:
    posts = [PostRef("M1", "image"), PostRef("M2", "image")]
    single = Reply(200, data=row("M1", views=90))
    found, steps = run(PLATFORM.metrics(posts, ACCOUNT), refused(9999), single, refused(10, status=403))
    assert found["M1"].views == 90
    assert found["M2"] == PostMetrics(unavailable="permission")
    assert [wire(step)["url"] for step in steps[1:]] == [f"{V}/M1", f"{V}/M2"]


def test_a_throttle_during_single_reads_stops_them() -> None:
    with pytest.raises(PlatformError):
        run(PLATFORM.metrics([PostRef("M1", "image"), PostRef("M2", "image")], ACCOUNT), ok(data=[]), refused(80002))


def test_without_the_scope_counts_remain() -> None:
    account = Account("178", "professional", scopes=("instagram_business_basic",))
    found, steps = run(PLATFORM.metrics([PostRef("M1", "image")], account), ok(data=[row("M1")]))
    assert found["M1"] == PostMetrics(likes=4, comments=2, permalink="https://l")
    assert wire(steps[0])["query"]["fields"] == "id,permalink,like_count,comments_count"


TOTALS = ok(followers_count=1000, follows_count=10, media_count=99)


def test_account_metrics_are_totals_and_the_last_day() -> None:
    day = [
        {"name": name, "total_value": {"value": value}}
        for name, value in {"reach": 5, "views": 9, "total_interactions": 3}.items()
    ]
    found, steps = run(PLATFORM.account_metrics(ACCOUNT), TOTALS, ok(data=day))
    assert found == AccountMetrics(followers=1000, following=10, posts=99, views=9, reach=5, engagements=3)
    assert wire(steps[0])["query"] == {"fields": "followers_count,follows_count,media_count"}
    assert wire(steps[1])["query"] == {
        "metric": "reach,views,total_interactions,accounts_engaged,profile_links_taps",
        "period": "day",
        "metric_type": "total_value",
    }


@pytest.mark.parametrize("reply", [refused(10, status=403), Reply(503), ok()])
def test_refused_insights_leave_the_totals(reply: Reply) -> None:
    found, _ = run(PLATFORM.account_metrics(ACCOUNT), TOTALS, reply)
    assert found == AccountMetrics(followers=1000, following=10, posts=99)


# ---- errors ----------------------------------------------------------------------------------------------------------------


C = ErrorClass
ROWS: list[tuple[int, int | None, ErrorClass]] = [
    (190, 463, C.REAUTH), (102, None, C.REAUTH), (10, None, C.PERMISSION), (200, None, C.PERMISSION),
    (100, 33, C.NOT_FOUND), (100, None, C.INVALID_CONTENT), (2, None, C.TRANSIENT), (368, None, C.BLOCKED_BY_POLICY),
    (9, 2207042, C.RATE_LIMIT), (80002, None, C.RATE_LIMIT), (4, None, C.RATE_LIMIT), (4, 2207051, C.BLOCKED_BY_POLICY),
    (25, 2207050, C.BLOCKED_BY_POLICY), (9007, 2207027, C.NOT_READY), (9007, None, C.NOT_READY), (24, 2207008, C.NOT_READY),
    (24, 2207006, C.NOT_FOUND), (-2, 2207020, C.MEDIA_PROCESSING), (-1, 2207001, C.TRANSIENT), (-1, 2207032, C.TRANSIENT),
    (-1, 2207053, C.TRANSIENT), (-2, 2207003, C.TRANSIENT), (9004, 2207052, C.MEDIA_FETCH), (9004, None, C.MEDIA_FETCH),
    (352, 2207026, C.INVALID_CONTENT), (36000, 2207004, C.INVALID_CONTENT), (36001, 2207005, C.INVALID_CONTENT),
    (36003, 2207009, C.INVALID_CONTENT), (36004, 2207010, C.INVALID_CONTENT), (10, 2207081, C.PERMISSION),
    *[(code, None, C.INVALID_CONTENT) for code in (352, 36000, 36001, 36003, 36004)],
    *[(9999, 2207000 + n, C.INVALID_CONTENT) for n in (26, 4, 5, 9, 10, 23, 28, 35, 36, 37, 40, 57)],
    *[(9999, 2207000 + n, C.MEDIA_PROCESSING) for n in (77, 82, 85)],
    (9999, None, C.UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("code", "subcode", "expected"), ROWS)
def test_every_row_of_the_error_table_has_its_class(code: int, subcode: int | None, expected: ErrorClass) -> None:
    fault = PLATFORM.classify(refused(code, subcode))
    assert fault is not None
    assert (fault.error_class, fault.code) == (expected, f"{code}/{subcode}" if subcode else str(code))


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [(400, 400, C.REAUTH), (401, 401, C.REAUTH), (403, 403, C.PERMISSION), (429, 429, C.RATE_LIMIT), (500, 500, C.TRANSIENT)],
)
def test_the_token_endpoint_speaks_another_shape(status: int, code: int, expected: ErrorClass) -> None:
    body = {"error_type": "OAuthException", "code": code, "error_message": "never read"}
    fault = PLATFORM.classify(Reply(status, data=body))
    assert fault is not None
    assert (fault.error_class, fault.code) == (expected, f"oauth/{code}")


def test_the_module_says_what_the_product_asks_of_it() -> None:
    refresh = PLATFORM.capabilities.refresh
    assert (refresh.model, refresh.margin_s, refresh.minimum_age_s) == ("extend", 10 * 86_400, 86_400)
    assert PLATFORM.stored_text(draft(" Hello \n")) == "Hello"
    assert run(PLATFORM.probe(ACCOUNT), ok(user_id="178"))[0] is None


def test_a_post_whose_id_is_not_known_costs_no_call_and_no_other_post_its_figures() -> None:
    posts = [PostRef("", "image", {"accepted_id": "C1"}), PostRef("M1", "image")]
    found, steps = run(PLATFORM.metrics(posts, ACCOUNT), ok(data=[{"id": "M1", "like_count": 3}]))
    assert (found["C1"].unavailable, found["M1"].likes) == ("not_found", 3)
    assert len(steps) == 1
