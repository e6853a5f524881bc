"""Every sample of LinkedIn and TikTok against the parser that meets it: what a refusal means and whether it is certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from noillusion.catalog import registrations
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, App, Listing, Lookup, Published, Reply, Tokens
from noillusion.platforms.catalog import get
from noillusion.platforms.linkedin.facts import METRICS
from noillusion.platforms.tiktok.options import TikTokOptions
from tests.flows.driver import play
from tests.flows.samples import SAMPLES, names, sample

REAUTH, PERMISSION, LIMIT = ErrorClass.REAUTH, ErrorClass.PERMISSION, ErrorClass.RATE_LIMIT
CONTENT, OPERATOR, TRANSIENT = ErrorClass.INVALID_CONTENT, ErrorClass.OPERATOR, ErrorClass.TRANSIENT
UNKNOWN, BLOCKED, MISSING = ErrorClass.UNKNOWN, ErrorClass.BLOCKED_BY_POLICY, ErrorClass.NOT_FOUND
DAY = 86_400.0


@dataclass(frozen=True)
class Means:
    """What a refusal means. ``certain``: the platform's own code says that the call did nothing."""

    error_class: ErrorClass
    code: str
    certain: bool = False
    wait: float | None = None


LINKEDIN = {
    "error-302-login": Means(UNKNOWN, "http_302"),
    "error-400-organization-author": Means(PERMISSION, "organization_permissions", certain=True),
    "error-400-organization-or-events": Means(PERMISSION, "organization_permissions", certain=True),
    "error-400-member-author": Means(PERMISSION, "member_permissions", certain=True),
    "error-400-owner-type": Means(UNKNOWN, "owner_type", certain=True),
    "error-400-asset-owner": Means(CONTENT, "asset_owner", certain=True),
    "error-400-marked-only": Means(UNKNOWN, "http_400", certain=True),
    "error-400-marked-by-gateway": Means(UNKNOWN, "http_400"),
    "error-400-unmarked-sentence": Means(UNKNOWN, "http_400"),
    "error-400-missing-field": Means(CONTENT, "MISSING_FIELD", certain=True),
    "error-400-media-waiting": Means(ErrorClass.NOT_READY, "MEDIA_ASSET_WAITING_UPLOAD", certain=True),
    "error-400-version-missing": Means(OPERATOR, "VERSION_MISSING", certain=True),
    "error-400-html": Means(UNKNOWN, "http_400"),
    "error-400-other-status": Means(PERMISSION, "100"),
    "error-401-expired": Means(REAUTH, "EXPIRED_ACCESS_TOKEN", certain=True),
    "error-401-revoked": Means(REAUTH, "REVOKED_ACCESS_TOKEN", certain=True),
    "error-401-empty": Means(REAUTH, "EMPTY_ACCESS_TOKEN", certain=True),
    "error-401-number-only": Means(REAUTH, "65600", certain=True),
    "error-401-message-only": Means(REAUTH, "http_401"),
    "error-401-marked-only": Means(REAUTH, "http_401"),
    "error-401-html": Means(REAUTH, "http_401"),
    "error-401-empty-body": Means(REAUTH, "http_401"),
    "error-401-proxy-json": Means(PERMISSION, "access_denied"),
    "error-403-access-denied": Means(PERMISSION, "ACCESS_DENIED", certain=True),
    "error-403-number-only": Means(PERMISSION, "100", certain=True),
    "error-403-sentence-only": Means(PERMISSION, "not_enough_permissions", certain=True),
    "error-403-status-only": Means(PERMISSION, "http_403"),
    "error-403-firewall": Means(PERMISSION, "http_403"),
    "error-403-proxy-json": Means(PERMISSION, "http_403"),
    "error-404-not-found": Means(MISSING, "NOT_FOUND", certain=True),
    "error-404-html": Means(MISSING, "http_404"),
    "error-404-framework": Means(MISSING, "http_404"),
    "error-409-conflict": Means(TRANSIENT, "CONFLICT"),
    "error-413-edge": Means(CONTENT, "http_413"),
    "error-422-duplicate": Means(ErrorClass.DUPLICATE, "DUPLICATE_POST", certain=True),
    "error-422-duplicate-of-person": Means(ErrorClass.DUPLICATE, "DUPLICATE_POST", certain=True),
    "error-426-version": Means(OPERATOR, "NONEXISTENT_VERSION", certain=True),
    "error-429-throttle": Means(LIMIT, "101", certain=True),
    "error-429-sentence-only": Means(LIMIT, "http_429"),
    "error-429-empty-body": Means(LIMIT, "http_429", wait=30.0),
    "error-429-html": Means(LIMIT, "http_429"),
    "error-500-own": Means(TRANSIENT, "http_500"),
    "error-502-html": Means(TRANSIENT, "http_502"),
    "error-504-own": Means(TRANSIENT, "http_504"),
    "error-999-edge": Means(TRANSIENT, "http_999"),
    "token-error-invalid-grant": Means(REAUTH, "invalid_grant"),
    "token-error-invalid-client": Means(OPERATOR, "invalid_client"),
    "token-error-html": Means(REAUTH, "http_401"),
}

TIKTOK = {
    "creator-info-too-many-posts": Means(LIMIT, "spam_risk_too_many_posts", certain=True, wait=DAY),
    "init-403-unaudited-client-can-only-post-to-private-accounts": Means(
        PERMISSION, "unaudited_client_can_only_post_to_private_accounts", certain=True
    ),
    "init-403-url-ownership-unverified": Means(OPERATOR, "url_ownership_unverified", certain=True),
    "init-403-privacy-level-option-mismatch": Means(CONTENT, "privacy_level_option_mismatch", certain=True),
    "init-403-spam-risk-too-many-posts": Means(LIMIT, "spam_risk_too_many_posts", certain=True, wait=DAY),
    "init-403-spam-risk-user-banned-from-posting": Means(BLOCKED, "spam_risk_user_banned_from_posting", certain=True),
    "init-403-reached-active-user-cap": Means(LIMIT, "reached_active_user_cap", certain=True, wait=DAY),
    "init-400-invalid-param": Means(CONTENT, "invalid_param", certain=True),
    "init-400-app-version-check-failed": Means(PERMISSION, "app_version_check_failed", certain=True),
    "init-429-rate-limit-exceeded": Means(LIMIT, "rate_limit_exceeded", certain=True, wait=60.0),
    "init-401-access-token-invalid": Means(REAUTH, "access_token_invalid", certain=True),
    "init-401-scope-not-authorized": Means(PERMISSION, "scope_not_authorized", certain=True),
    "init-200-spam-risk": Means(BLOCKED, "spam_risk", certain=True),
    "init-403-unknown-code": Means(UNKNOWN, UNRECOGNIZED),
    "init-403-spam-risk-of-tomorrow": Means(BLOCKED, UNRECOGNIZED),
    "init-403-failure-code": Means(CONTENT, "frame_rate_check_failed"),
    "init-403-firewall": Means(UNKNOWN, "http_403"),
    "init-401-html": Means(REAUTH, "http_401"),
    "init-401-empty-body": Means(REAUTH, "http_401"),
    "init-401-flat": Means(REAUTH, "access_token_invalid"),
    "init-401-proxy-json": Means(REAUTH, "http_401"),
    "init-404-html": Means(UNKNOWN, "http_404"),
    "init-429-empty-body": Means(LIMIT, "http_429"),
    "init-429-html": Means(LIMIT, "http_429"),
    "init-500-internal-error": Means(TRANSIENT, "internal_error"),
    "init-200-internal-error": Means(TRANSIENT, "internal_error"),
    "init-500-refusal-code": Means(TRANSIENT, "invalid_param"),
    "init-502-html": Means(TRANSIENT, "http_502"),
    "init-504-empty-body": Means(TRANSIENT, "http_504"),
    "status-unknown-id": Means(MISSING, "invalid_publish_id"),
    "token-error-invalid-grant": Means(REAUTH, "invalid_grant"),
    "token-error-invalid-request": Means(UNKNOWN, "invalid_request"),
    "token-error-html": Means(REAUTH, "http_401"),
}
REFUSALS: dict[str, dict[str, Means]] = {"linkedin": LINKEDIN, "tiktok": TIKTOK}
ALL = [(platform, name) for platform, table in REFUSALS.items() for name in table]


@pytest.mark.parametrize(("platform", "name"), ALL)
def test_a_refusal_means_what_its_table_says(platform: str, name: str) -> None:
    means, reply = REFUSALS[platform][name], sample(platform, name)
    expected = Fault(means.error_class, means.code, means.wait, certain=means.certain)
    assert get(platform).classify(reply) == expected


@pytest.mark.parametrize(("platform", "name"), [pair for pair in ALL if REFUSALS[pair[0]][pair[1]].certain])
def test_a_certain_refusal_is_certain_by_its_body_or_mark_and_never_by_its_status(platform: str, name: str) -> None:
    reply = sample(platform, name)
    bodies: tuple[Any, ...] = (None, {}, [], {"message": "words"}, {"status": reply.status}, {"error": "words"})
    for data in bodies:
        fault = get(platform).classify(Reply(reply.status if reply.status != 200 else 403, {}, data))
        assert fault is not None and not fault.certain, data


@pytest.mark.parametrize(("platform", "name"), ALL)
def test_nothing_of_a_refusals_words_is_kept(platform: str, name: str) -> None:
    reply = sample(platform, name)

    def marked(value: Any) -> Any:
        if isinstance(value, dict):
            words = ("message", "error_description", "description")
            return {key: f"{item} zebra7" if key in words else marked(item) for key, item in value.items()}
        return [marked(item) for item in value] if isinstance(value, list) else value

    fault = get(platform).classify(Reply(reply.status, reply.headers, marked(reply.data)))
    assert fault is not None and "zebra7" not in repr(fault)
    assert fault == get(platform).classify(reply)


# ---- good ones

APP = App("app", Secret("secret"))
SCOPES = tuple(registrations.get("tiktok", "").features)
MEMBER = Account("aBc12dEf3G", "member", scopes=("w_member_social", "r_member_postAnalytics", "r_member_profileAnalytics"))
PAGE = Account("81179752", "organization", scopes=("w_organization_social", "r_organization_social", "rw_organization_admin"))
LINKEDIN_FLOWS, TIKTOK_FLOWS = get("linkedin"), get("tiktok")
CREATOR = Account("-000Ab", "creator", "ada.builds", SCOPES, verified_urls=("https://",))
URN = "urn:li:share:7398000000001000003"
VIDEO = Draft(
    "video",
    Content("Hello"),
    media=(MediaItem("video", url=Content("https://cdn.test/a.mp4")),),
    options=TikTokOptions(privacy_level="PUBLIC_TO_EVERYONE", consent=True),
)
used: set[tuple[str, str]] = set()


def take(platform: str, *wanted: str) -> list[Reply]:
    """Samples as replies, in order."""
    return [sample(platform, name) for name in wanted]


def li(*wanted: str) -> list[Reply]:
    """Samples of LinkedIn."""
    return take("linkedin", *wanted)


def tt(*wanted: str) -> list[Reply]:
    """Samples of TikTok."""
    return take("tiktok", *wanted)


def test_linkedins_posts_are_taken_by_the_id_in_their_header() -> None:
    for name, urn in (("post-created-share", URN), ("post-created-ugcpost", "urn:li:ugcPost:7398000000001000003")):
        flow = LINKEDIN_FLOWS.publish(Draft("text", Content("Hello")), MEMBER)
        post, _ = play(flow, li("userinfo", name), LINKEDIN_FLOWS.classify)
        assert post == Published(urn, urn, f"https://www.linkedin.com/feed/update/{urn}/")
        assert LINKEDIN_FLOWS.forms.handle("accepted_id").fits(urn)
    with pytest.raises(UnexpectedShape):
        play(LINKEDIN_FLOWS.publish(Draft("text", Content("Hello")), MEMBER), li("userinfo", "post-created-without-id"))
    for name in ("post-created-with-words", "post-created-of-person"):
        (reply,) = li(name)
        assert not LINKEDIN_FLOWS.forms.handle("accepted_id").fits(reply.get("header:x-restli-id"))


def test_linkedins_images_are_registered_uploaded_and_posted() -> None:
    draft = Draft("image", Content("Hello"), media=(MediaItem("image", data=b"x", content_type="image/png"),))
    replies = li("image-registered", "image-uploaded", "error-400-media-waiting", "image-available", "post-created-share")
    post, _ = play(LINKEDIN_FLOWS.publish(draft, PAGE), replies, LINKEDIN_FLOWS.classify)
    assert post.post_id == URN
    assert LINKEDIN_FLOWS.forms.handle("image_urn").fits(replies[0]["value.image"])


@pytest.mark.parametrize(("name", "scopes", "shown"), [
    ("userinfo", ("openid",), "Ada Fenwick"),
    ("me", ("r_basicprofile",), "Ada Fenwick"),
    ("me-names-as-objects", ("r_basicprofile",), "Ada Fenwick"),
])  # fmt: skip
def test_linkedins_members_are_known_by_either_endpoint(name: str, scopes: tuple[str, ...], shown: str) -> None:
    (found,), _ = play(LINKEDIN_FLOWS.accounts(APP, Tokens(Secret("t"), scopes=scopes)), li(name))
    assert (found.kind, found.name) == ("member", shown)
    assert LINKEDIN_FLOWS.forms.account.fits(found.id)


def test_linkedins_tokens_are_read_with_and_without_a_refresh_token() -> None:
    before = Tokens(Secret("a"), Secret("keep"), scopes=("openid",))
    plain, _ = play(LINKEDIN_FLOWS.refresh(APP, before), li("token"))
    assert (plain.refresh, plain.access_expires_in) == (Secret("keep"), 5183999)
    full, _ = play(LINKEDIN_FLOWS.refresh(APP, before), li("token-refreshable"))
    assert (full.refresh, full.refresh_expires_in) == (Secret("AQXmadeUpRefresh"), 31535999)


def test_linkedins_figures() -> None:
    assert play(LINKEDIN_FLOWS.account_metrics(MEMBER), li("member-followers"))[0] == AccountMetrics(followers=120)
    figures, _ = play(LINKEDIN_FLOWS.account_metrics(PAGE), li("network-size", "page-statistics"))
    assert figures == AccountMetrics(followers=0, profile_views=22)
    (shares,) = play(LINKEDIN_FLOWS.metrics([PostRef(URN, "text")], PAGE), li("share-statistics"))[0].values()
    assert shares == PostMetrics(views=140, reach=90, likes=-1, comments=3, shares=1, clicks=2)
    for name in ("member-post-analytics-object", "member-post-analytics-string"):
        replies = li(*[name] * len(METRICS))
        (member,) = play(LINKEDIN_FLOWS.metrics([PostRef(URN, "text")], MEMBER), replies)[0].values()
        assert (member.views, member.likes) == (421, 421)


def test_linkedins_lists_end_where_there_is_no_next_link() -> None:
    lookup = Lookup({}, 1_795_000_000.0)
    pages = ("posts-page-with-next", "posts-page-short-with-next", "posts-page-last")
    found, steps = play(LINKEDIN_FLOWS.find(lookup, PAGE), li(*pages))
    assert isinstance(found, Listing) and found.complete and len(found.posts) == 10 + 8 + 1 and len(steps) == 3
    assert found.posts[-1].text == "A #plain text with #robots (and more)"
    assert found.posts[-2].handles == {"urn:li:image:C4E10AQmadeup"} and found.posts[-2].kinds == {"image"}
    assert [post for post in found.posts if not LINKEDIN_FLOWS.forms.post_id(post.post_id)] == []
    assert play(LINKEDIN_FLOWS.find(lookup, PAGE), li("posts-page-empty"))[0] == Listing((), complete=True)
    # A page that holds something older than the commit is enough.
    recent = Lookup({}, 1_795_694_400.0 - 3600)
    assert len(play(LINKEDIN_FLOWS.find(recent, PAGE), li(*pages[:2]))[1]) == 2


def test_linkedins_organizations_are_read_to_the_last_page() -> None:
    scopes = ("r_basicprofile", "rw_organization_admin", "w_organization_social")
    replies = li(
        "me",
        "acls-page-short-with-next",
        "acls-page-last",
        "organization",
        "organization",
        "error-403-number-only",
        "error-403-number-only",
    )
    found, _ = play(LINKEDIN_FLOWS.accounts(APP, Tokens(Secret("t"), scopes=scopes)), replies, LINKEDIN_FLOWS.classify)
    assert [(account.id, account.name) for account in found[1:]] == [
        ("81179752", "Fenwick Robotics"),
        ("5509810", "Fenwick Robotics"),
        ("81179753", "81179753"),
    ]


def publish_tiktok(*wanted: str) -> Published:
    """What comes of publishing a video when TikTok answers so."""
    post, _ = play(TIKTOK_FLOWS.publish(VIDEO, CREATOR), tt("creator-info", *wanted), TIKTOK_FLOWS.classify)
    return post


def test_tiktoks_posts_are_taken_by_their_publish_id() -> None:
    post_id, link = "7398000000001000003", "https://www.tiktok.com/@ada.builds/video/7398000000001000003"
    found = publish_tiktok("init-video", "status-processing", "status-of-tomorrow", "status-complete-number-id")
    assert found == Published("v_pub_url~v2-1.7398000000001000003", post_id, link)
    assert publish_tiktok("init-video", "status-complete-without-id").post_id is None
    assert publish_tiktok("init-video", "status-complete-words-id").post_id is None
    assert publish_tiktok("init-video", "status-inbox").state == "delivered_to_inbox"
    for name in ("init-video", "init-photo", "init-inbox"):
        assert TIKTOK_FLOWS.forms.handle("accepted_id").fits(sample("tiktok", name)["data.publish_id"])


@pytest.mark.parametrize("name", [
    "init-ok-without-id",
    "init-ok-without-data",
    "init-ok-empty-id",
    "init-200-without-envelope",
    "init-200-html",
])  # fmt: skip
def test_an_init_that_succeeds_without_a_publish_id_is_no_success(name: str) -> None:
    with pytest.raises(UnexpectedShape):
        publish_tiktok(name)


def test_tiktoks_lists_go_on_while_there_is_more() -> None:
    lookup, wanted = (
        Lookup({}, 1_795_000_000.0, "video"),
        ("video-list-empty-with-more", "video-list-with-more", "video-list-last"),
    )
    found, steps = play(TIKTOK_FLOWS.find(lookup, CREATOR), tt(*wanted), TIKTOK_FLOWS.classify)
    assert isinstance(found, Listing) and len(steps) == 3
    assert [post.text for post in found.posts] == ["A newer video", "Another one", "The oldest video"]
    assert not found.complete, "private posts are in no list"
    other, _ = play(TIKTOK_FLOWS.find(lookup, CREATOR), tt("video-list-code-zero"), TIKTOK_FLOWS.classify)
    assert isinstance(other, Listing)
    assert [post.permalink for post in other.posts] == ["https://www.tiktok.com/@ada.builds/video/7398000000001000003"]


def test_an_init_with_an_id_of_another_form_gives_no_handle() -> None:
    assert not TIKTOK_FLOWS.forms.handle("accepted_id").fits(sample("tiktok", "init-ok-id-of-another-form")["data.publish_id"])


@pytest.mark.parametrize(("name", "expected"), [
    ("status-failed", (CONTENT, "frame_rate_check_failed")),
    ("status-failed-reason-of-tomorrow", (UNKNOWN, UNRECOGNIZED)),
])  # fmt: skip
def test_tiktoks_failed_posts_say_why(name: str, expected: tuple[ErrorClass, str]) -> None:
    with pytest.raises(PlatformError) as failed:
        publish_tiktok("init-video", name)
    assert (failed.value.fault.error_class, failed.value.fault.code) == expected


def test_tiktoks_tokens_and_profiles_are_read() -> None:
    tokens, _ = play(TIKTOK_FLOWS.refresh(APP, Tokens(Secret("a"), Secret("r"))), tt("token"), TIKTOK_FLOWS.classify)
    assert (tokens.refresh, tokens.scopes) == (Secret("rft.madeUp!1.va"), ("user.info.basic", "video.publish"))
    assert TIKTOK_FLOWS.forms.account.fits(tokens.subject)
    for name, shown in (
        ("user-info", "Ada builds"),
        ("user-info-without-envelope", "Ada builds"),
        ("user-info-code-zero", "ada"),
    ):
        (found,), _ = play(TIKTOK_FLOWS.accounts(APP, tokens), tt(name), TIKTOK_FLOWS.classify)
        assert found.name == shown and TIKTOK_FLOWS.forms.account.fits(found.id)


def test_tiktoks_figures() -> None:
    ref = PostRef("7398000000001000003", "video")
    (sparse,) = play(TIKTOK_FLOWS.metrics([ref], CREATOR), tt("video-query-sparse"), TIKTOK_FLOWS.classify)[0].values()
    assert (sparse.views, sparse.likes) == (100, None)
    (nulls,) = play(TIKTOK_FLOWS.metrics([ref], CREATOR), tt("video-query-null-counts"), TIKTOK_FLOWS.classify)[0].values()
    assert nulls.unavailable == "no_data"


@pytest.mark.parametrize("platform", REFUSALS)
def test_every_sample_is_held_against_something(platform: str) -> None:
    source = (SAMPLES.parent / "flows" / "test_samples.py").read_text("utf-8")
    assert [name for name in names(platform) if f'"{name}"' not in source] == []
