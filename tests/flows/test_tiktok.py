"""TikTok's flows against canned replies: what is sent, what is understood, and what must never happen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.catalog import registrations
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import Draft, Kind, Link, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass, Fault, OutcomeUnknown, OwnReason, PlatformError, UnexpectedShape
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
    Unreadable,
    Until,
)
from noillusion.platforms.tiktok import errors
from noillusion.platforms.tiktok import facts as tiktok
from noillusion.platforms.tiktok.options import TikTokOptions
from noillusion.platforms.tiktok.platform import PLATFORM
from tests.flows.driver import play, wire

SCOPES = tuple(registrations.get("tiktok", "").features)
APP = App("key", Secret("app-secret"), scopes=SCOPES)
ACCOUNT = Account("open-1", "creator", "ada", SCOPES, verified_urls=("https://cdn.test/",))
BASE = "https://open.tiktokapis.com/v2"
VIDEO_ID = "v_pub_url~v2.1"
PHOTO_ID = "p_pub_url~v2.1"
POST_ID = 7_300_000_000_000_000_001
PUBLIC = TikTokOptions(privacy_level="PUBLIC_TO_EVERYONE", consent=True)
INBOX = TikTokOptions(mode="inbox")


def ok(**data: Any) -> Reply:
    return Reply(200, data={"data": data, "error": {"code": "ok", "message": "", "log_id": "1"}})


def refusal(code: str, status: int = 400) -> Reply:
    return Reply(status, data={"data": {}, "error": {"code": code, "message": "words", "log_id": "1"}})


def creator(**changes: Any) -> Reply:
    given = {
        "creator_username": "ada.posts",
        "privacy_level_options": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"],
        "comment_disabled": False,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 300,
    }
    return ok(**{**given, **changes})


def status(name: str, *ids: int, reason: str = "") -> Reply:
    return ok(status=name, fail_reason=reason, publicaly_available_post_id=list(ids))


DONE = status("PUBLISH_COMPLETE", POST_ID)


def video(**more: Any) -> MediaItem:
    return MediaItem("video", **{"url": Content("https://cdn.test/a.mp4"), **more})


def photo(**more: Any) -> MediaItem:
    return MediaItem("image", **{"url": Content("https://cdn.test/a.jpg"), **more})


def draft(kind: Kind = "video", text: str = "Hello #tag", **more: Any) -> Draft:
    media = {"video": (video(),), "image": (photo(),), "images": (photo(), photo())}.get(kind, ())
    return Draft(kind, Content(text), **{"media": media, "options": PUBLIC, **more})


def options(**more: Any) -> TikTokOptions:
    return TikTokOptions(**{"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True, **more})


def issues(given: Draft, account: Account = ACCOUNT) -> set[tuple[str, str]]:
    return {(issue.field, issue.code) for issue in PLATFORM.check(given, account)}


def error(kind: ErrorClass, code: str = "code") -> PlatformError:
    return PlatformError(Fault(kind, code))


# ---- connecting


def test_consent_is_asked_for_with_a_client_key_and_comma_separated_scopes() -> None:
    url = urlsplit(PLATFORM.authorize_url(APP, redirect_uri="https://api.test/cb", state="s"))
    assert (url.scheme, url.netloc, url.path) == ("https", "www.tiktok.com", "/v2/auth/authorize/")
    assert parse_qs(url.query) == {
        "client_key": ["key"],
        "response_type": ["code"],
        "scope": ["user.info.basic,user.info.profile,user.info.stats,video.list,video.publish,video.upload"],
        "redirect_uri": ["https://api.test/cb"],
        "state": ["s"],
        "disable_auto_auth": ["1"],
    }


def test_the_code_is_exchanged_and_the_really_granted_scopes_are_kept() -> None:
    data = {
        "access_token": "a",
        "expires_in": 86400,
        "refresh_token": "r",
        "refresh_expires_in": 31536000,
        "open_id": "open-1",
        "scope": "user.info.basic,video.upload",
    }
    tokens, (call,) = play(PLATFORM.exchange(APP, code="c", redirect_uri="https://api.test/cb"), [Reply(200, data=data)])
    assert wire(call) == {
        "method": "POST",
        "url": f"{BASE}/oauth/token/",
        "effect": "prepare",
        "auth": "none",
        "form": {
            "grant_type": "authorization_code",
            "code": "c",
            "redirect_uri": "https://api.test/cb",
            "client_key": "key",
            "client_secret": "app-secret",
        },
    }
    assert tokens == Tokens(Secret("a"), Secret("r"), 86400, 31536000, ("user.info.basic", "video.upload"), "open-1")


def test_C6_a_rotated_refresh_token_replaces_the_old_one() -> None:
    before = Tokens(Secret("a"), Secret("r1"), scopes=("video.list",), subject="open-1")
    reply = Reply(200, data={"access_token": "b", "refresh_token": "r2", "expires_in": 86400, "refresh_expires_in": 9})
    tokens, (call,) = play(PLATFORM.refresh(APP, before), [reply])
    assert tokens == Tokens(Secret("b"), Secret("r2"), 86400, 9, ("video.list",), "open-1")
    assert wire(call)["form"] == {
        "grant_type": "refresh_token",
        "refresh_token": "r1",
        "client_key": "key",
        "client_secret": "app-secret",
    }


@pytest.mark.parametrize("returned", [{}, {"refresh_token": ""}, {"refresh_token": None}])
def test_C1_an_empty_refresh_token_never_overwrites_the_stored_one(returned: dict[str, Any]) -> None:
    reply = Reply(200, data={"access_token": "b", **returned})
    tokens, _ = play(PLATFORM.refresh(APP, Tokens(Secret("a"), Secret("keep"))), [reply])
    assert tokens.refresh == Secret("keep")


def test_without_a_refresh_token_the_grant_is_dead_and_nothing_is_sent() -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.refresh(APP, Tokens(Secret("a"))), trace=trace)
    assert (refused.value.fault.error_class, trace) == (ErrorClass.REAUTH, [])


def test_revoking_a_dead_token_is_done() -> None:
    _, (call,) = play(PLATFORM.revoke(APP, Tokens(Secret("t"))), [refusal("access_token_invalid", 401)], PLATFORM.classify)
    assert wire(call)["url"] == f"{BASE}/oauth/revoke/"
    assert wire(call)["form"] == {"client_key": "key", "client_secret": "app-secret", "token": "t"}
    for reply in (Reply(503), Reply(401), Reply(401, data={"message": "Unauthorized"})):
        with pytest.raises(PlatformError):
            play(PLATFORM.revoke(APP, Tokens(Secret("t"))), [reply], PLATFORM.classify)


@pytest.mark.parametrize(("status_code", "data", "certain"), [
    (200, {"error": "invalid_grant", "error_description": "words", "log_id": "1"}, True),
    (401, {"error": "invalid_grant"}, True),
    (401, {"error": "invalid_client"}, False),
    (401, None, False),
    (500, {"message": "words"}, False),
])  # fmt: skip
def test_only_the_token_endpoints_own_words_say_that_a_grant_is_dead(status_code: int, data: Any, certain: bool) -> None:
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.refresh(APP, Tokens(Secret("a"), Secret("r"))), [Reply(status_code, data=data)], PLATFORM.classify)
    assert refused.value.fault.certain is certain


@pytest.mark.parametrize(
    ("scopes", "fields"),
    [
        (SCOPES, "open_id,display_name,username,avatar_url"),
        (("user.info.basic", "video.upload"), "open_id,display_name,avatar_url"),
        (("video.publish",), "open_id"),
    ],
)
def test_only_fields_of_granted_scopes_are_asked_for(scopes: tuple[str, ...], fields: str) -> None:
    user = {"open_id": "open-1", "display_name": "Ada", "username": "ada"}
    (found,), (call,) = play(PLATFORM.accounts(APP, Tokens(Secret("t"), scopes=scopes)), [ok(user=user)])
    assert wire(call) == {"method": "GET", "url": f"{BASE}/user/info/?fields={fields}", "effect": "read", "auth": "bearer"}
    assert (found.id, found.kind, found.name, found.username, found.can_publish) == ("open-1", "creator", "Ada", "ada", True)


def test_an_account_that_cannot_publish_says_why() -> None:
    tokens = Tokens(Secret("t"), scopes=("user.info.basic", "video.list"))
    (found,), _ = play(PLATFORM.accounts(APP, tokens), [ok(user={"open_id": "open-1"})])
    assert (found.can_publish, found.reason) == (False, "scope_missing")


# ---- publishing


def test_a_film_is_checked_with_the_creator_then_started_once_then_waited_for() -> None:
    replies = [creator(), ok(publish_id=VIDEO_ID), status("PROCESSING_DOWNLOAD"), status("A_NEW_STATUS"), DONE]
    result, (info, init, wait) = play(PLATFORM.publish(draft(), ACCOUNT), replies, PLATFORM.classify)
    assert wire(info) == {
        "method": "POST",
        "url": f"{BASE}/post/publish/creator_info/query/",
        "effect": "read",
        "auth": "bearer",
        "json": {},
    }
    assert wire(init) == {
        "method": "POST",
        "url": f"{BASE}/post/publish/video/init/",
        "effect": "commit",
        "auth": "bearer",
        "keep": {"accepted_id": "data.publish_id"},
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
            "source_info": {"source": "PULL_FROM_URL", "video_url": "https://cdn.test/a.mp4"},
        },
    }
    assert wire(wait) == {
        "method": "POST",
        "url": f"{BASE}/post/publish/status/fetch/",
        "effect": "read",
        "auth": "bearer",
        "json": {"publish_id": VIDEO_ID},
    }
    assert isinstance(wait, Until)
    assert (wait.every, wait.at_most) == (3.0, 86_400.0)
    assert result == Published(VIDEO_ID, str(POST_ID), f"https://www.tiktok.com/@ada.posts/video/{POST_ID}")
    assert "Hello" not in repr((info, init, wait))


def test_the_persons_choices_reach_tiktok() -> None:
    chosen = options(
        privacy_level="SELF_ONLY",
        disable_comment=False,
        disable_duet=False,
        disable_stitch=False,
        brand_organic_toggle=True,
        is_aigc=True,
        cover_timestamp_ms=1500,
        duration_s=299.5,
    )
    replies = [creator(), ok(publish_id=VIDEO_ID), status("PUBLISH_COMPLETE")]
    result, steps = play(PLATFORM.publish(draft(text="", options=chosen), ACCOUNT), replies)
    assert wire(steps[1])["json"]["post_info"] == {
        "privacy_level": "SELF_ONLY",
        "disable_comment": False,
        "disable_duet": False,
        "disable_stitch": False,
        "video_cover_timestamp_ms": 1500,
        "brand_content_toggle": False,
        "brand_organic_toggle": True,
        "is_aigc": True,
    }
    assert result == Published(VIDEO_ID)


def test_F5_photos_are_pulled_with_title_description_and_cover_and_every_setting() -> None:
    chosen = options(title=Content("Title"), cover_index=1, auto_add_music=True)
    replies = [creator(), ok(publish_id=PHOTO_ID), DONE]
    result, steps = play(PLATFORM.publish(draft("images", options=chosen), ACCOUNT), replies)
    assert wire(steps[1])["url"] == f"{BASE}/post/publish/content/init/"
    assert wire(steps[1])["json"] == {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {
            "title": "Title",
            "description": "Hello #tag",
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "disable_comment": True,
            "auto_add_music": True,
            "brand_content_toggle": False,
            "brand_organic_toggle": False,
        },
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": ["https://cdn.test/a.jpg", "https://cdn.test/a.jpg"],
            "photo_cover_index": 1,
        },
    }
    assert result.permalink == f"https://www.tiktok.com/@ada.posts/photo/{POST_ID}"


def test_music_is_added_to_photos_only_on_request() -> None:
    replies = [creator(), ok(publish_id=PHOTO_ID), DONE]
    _, steps = play(PLATFORM.publish(draft("images", options=options()), ACCOUNT), replies)
    assert wire(steps[1])["json"]["post_info"]["auto_add_music"] is False


def test_F2_an_inbox_draft_ends_as_delivered_to_the_inbox() -> None:
    replies = [ok(user={"open_id": "open-1"}), ok(publish_id="v_inbox_url~1"), status("SEND_TO_USER_INBOX")]
    result, (probe, init, _) = play(PLATFORM.publish(draft(text="", options=INBOX), ACCOUNT), replies)
    assert wire(probe)["url"] == f"{BASE}/user/info/?fields=open_id"
    assert wire(init)["url"] == f"{BASE}/post/publish/inbox/video/init/"
    assert wire(init)["json"] == {"source_info": {"source": "PULL_FROM_URL", "video_url": "https://cdn.test/a.mp4"}}
    assert result == Published("v_inbox_url~1", state="delivered_to_inbox")


def test_inbox_photos_carry_their_description_only() -> None:
    replies = [ok(user={"open_id": "open-1"}), ok(publish_id=PHOTO_ID), status("SEND_TO_USER_INBOX")]
    _, steps = play(PLATFORM.publish(draft("image", options=INBOX), ACCOUNT), replies)
    assert wire(steps[1])["json"]["post_mode"] == "MEDIA_UPLOAD"
    assert wire(steps[1])["json"]["post_info"] == {"description": "Hello #tag"}


@pytest.mark.parametrize(
    ("kind", "chosen", "rules", "code"),
    [
        ("video", options(privacy_level="FOLLOWER_OF_CREATOR"), {}, "privacy_level_option_mismatch"),
        ("image", options(), {"privacy_level_options": ["SELF_ONLY"]}, "privacy_level_option_mismatch"),
        ("video", options(disable_comment=False), {"comment_disabled": True}, "comment_disabled"),
        ("video", options(disable_duet=False), {"duet_disabled": True}, "duet_disabled"),
        ("video", options(disable_stitch=False), {"stitch_disabled": True}, "stitch_disabled"),
        ("image", options(disable_comment=False), {"comment_disabled": True}, "comment_disabled"),
        ("video", options(duration_s=300.5), {}, "duration_check_failed"),
    ],
)
def test_D5_what_the_creator_may_not_do_is_refused_before_anything_is_sent(
    kind: Kind, chosen: TikTokOptions, rules: dict[str, Any], code: str
) -> None:
    trace: list[Step] = []
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.publish(draft(kind, options=chosen), ACCOUNT), [creator(**rules)], PLATFORM.classify, trace)
    assert refused.value.fault == Fault(ErrorClass.INVALID_CONTENT, code)
    assert [step.effect for step in trace if isinstance(step, Call)] == [Effect.READ]


def test_photos_have_no_duet_or_stitch_to_forbid() -> None:
    rules = creator(duet_disabled=True, stitch_disabled=True, max_video_post_duration_sec=None)
    result, _ = play(PLATFORM.publish(draft("image"), ACCOUNT), [rules, ok(publish_id=PHOTO_ID), DONE])
    assert result.post_id == str(POST_ID)


def test_a_creator_who_cannot_post_now_is_told_so_in_a_200() -> None:
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.publish(draft(), ACCOUNT), [refusal("spam_risk_too_many_posts", 200)], PLATFORM.classify)
    assert refused.value.fault == Fault(ErrorClass.RATE_LIMIT, "spam_risk_too_many_posts", 86_400.0, certain=True)


def test_creator_info_without_privacy_options_sends_nothing() -> None:
    trace: list[Step] = []
    with pytest.raises(UnexpectedShape):
        play(PLATFORM.publish(draft(), ACCOUNT), [ok(creator_username="ada")], trace=trace)
    assert len(trace) == 1


@pytest.mark.parametrize("reason", ["video_pull_failed", "internal", "auth_removed", "a_new_reason", "spam_risk_new"])
def test_a_failed_post_carries_its_reason_if_it_is_documented(reason: str) -> None:
    replies = [creator(), ok(publish_id=VIDEO_ID), status("FAILED", reason=reason)]
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.publish(draft(), ACCOUNT), replies, PLATFORM.classify)
    expected = {**errors.ERRORS, "spam_risk_new": ErrorClass.BLOCKED_BY_POLICY}.get(reason, ErrorClass.UNKNOWN)
    assert refused.value.fault == Fault(expected, reason if reason in errors.ERRORS else UNRECOGNIZED, certain=True)
    assert not isinstance(refused.value, OutcomeUnknown)


def test_a_reason_that_is_free_text_is_not_carried_on() -> None:
    with pytest.raises(PlatformError) as refused:
        play(PLATFORM.resume({"accepted_id": VIDEO_ID}, ACCOUNT), [status("FAILED", reason="Somebody's words")])
    assert refused.value.fault.code == UNRECOGNIZED


@pytest.mark.parametrize(("reason", "code"), [("video_pull_failed", "video_pull_failed"), ("Somebody's words", UNRECOGNIZED)])
def test_B5_a_reason_beside_a_status_that_goes_on_is_told_and_fails_nothing(reason: str, code: str) -> None:
    working = status("PROCESSING_DOWNLOAD", reason=reason)
    result, (wait,) = play(PLATFORM.resume({"accepted_id": VIDEO_ID}, ACCOUNT), [working, working, DONE], PLATFORM.classify)
    assert isinstance(wait, Until) and wait.odd(working) == code
    assert wait.odd(status("PROCESSING_DOWNLOAD")) is None
    assert result.post_id == str(POST_ID)


def test_waiting_survives_limits_and_outages() -> None:
    replies = [creator(), ok(publish_id=VIDEO_ID), refusal("rate_limit_exceeded", 429), refusal("internal_error", 500), DONE]
    assert play(PLATFORM.publish(draft(), ACCOUNT), replies, PLATFORM.classify)[0].post_id == str(POST_ID)


def test_a_refused_question_is_no_failure_of_the_post() -> None:
    replies = [creator(), ok(publish_id=VIDEO_ID), refusal("access_token_invalid", 401)]
    with pytest.raises(OutcomeUnknown) as unknown:
        play(PLATFORM.publish(draft(), ACCOUNT), replies, PLATFORM.classify)
    assert unknown.value.fault.error_class is ErrorClass.REAUTH


def test_A6_a_resume_goes_on_with_the_accepted_id() -> None:
    result, (wait,) = play(PLATFORM.resume({"accepted_id": PHOTO_ID}, ACCOUNT), [status("PROCESSING_UPLOAD"), DONE])
    assert wire(wait)["json"] == {"publish_id": PHOTO_ID}
    assert result == Published(PHOTO_ID, str(POST_ID), f"https://www.tiktok.com/@ada/photo/{POST_ID}")
    with pytest.raises(UnexpectedShape, match="handles"):
        play(PLATFORM.resume({}, ACCOUNT))


def test_without_a_username_there_is_no_permalink_to_invent() -> None:
    result, _ = play(PLATFORM.resume({"accepted_id": VIDEO_ID}, Account("open-1", "creator")), [DONE])
    assert result == Published(VIDEO_ID, str(POST_ID))


# ---- reading back


def lookup(**handles: str) -> Lookup:
    return Lookup(handles, 1000.9, "video")


def row(number: int, text: str, created: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "video_description": text, "title": "", "create_time": created, **more}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (DONE, Published(VIDEO_ID, str(POST_ID), f"https://www.tiktok.com/@ada/video/{POST_ID}")),
        (status("PUBLISH_COMPLETE"), Published(VIDEO_ID)),
        (status("SEND_TO_USER_INBOX"), Published(VIDEO_ID, state="delivered_to_inbox")),
        (status("FAILED", reason="video_pull_failed"), Absent(final=True)),
        (status("PROCESSING_DOWNLOAD"), Absent(final=False)),
        (status("A_NEW_STATUS"), Absent(final=False)),
    ],
)
def test_the_status_settles_what_was_accepted(reply: Reply, expected: Published | Absent) -> None:
    found, (call,) = play(PLATFORM.find(lookup(accepted_id=VIDEO_ID), ACCOUNT), [reply])
    assert found == expected
    assert wire(call)["url"] == f"{BASE}/post/publish/status/fetch/"


def test_without_an_id_the_public_videos_are_listed() -> None:
    first = ok(videos=[row(3, "Other", 1010)], cursor=77, has_more=True)
    second = ok(videos=[row(2, "Hello", 1001, share_url="https://www.tiktok.com/@ada/video/2?x=1")], has_more=False)
    found, steps = play(PLATFORM.find(lookup(), ACCOUNT), [first, second])
    assert found == Listing(
        (
            ListedPost("3", "Other", 1010.0, "https://www.tiktok.com/@ada/video/3"),
            ListedPost("2", "Hello", 1001.0, "https://www.tiktok.com/@ada/video/2"),
        ),
        complete=False,
    )
    assert [wire(step)["url"] for step in steps] == [
        f"{BASE}/video/list/?fields=id,create_time,title,video_description,share_url"
    ] * 2
    assert [wire(step)["json"] for step in steps] == [{"max_count": 20}, {"max_count": 20, "cursor": 77}]


def test_an_older_video_ends_the_search_and_private_posts_keep_it_open() -> None:
    rows = [row(3, "Other", 1010), row(1, "Hello", 999)]
    found, steps = play(PLATFORM.find(lookup(), ACCOUNT), [ok(videos=rows, cursor=1, has_more=True)])
    assert isinstance(found, Listing) and not found.complete and len(steps) == 1


def test_the_search_is_bounded() -> None:
    page = ok(videos=[row(3, "Other", 1010)], cursor=1, has_more=True)
    assert len(play(PLATFORM.find(lookup(), ACCOUNT), [page] * tiktok.LIST_PAGES)[1]) == tiktok.LIST_PAGES


def test_a_forgotten_publish_id_falls_back_to_the_list() -> None:
    replies = [refusal("invalid_publish_id"), ok(videos=[row(2, "Hello", 1001)], has_more=False)]
    found, _ = play(PLATFORM.find(lookup(accepted_id=VIDEO_ID), ACCOUNT), replies, PLATFORM.classify)
    assert found == Listing((ListedPost("2", "Hello", 1001.0, "https://www.tiktok.com/@ada/video/2"),), complete=False)


def test_without_the_list_scope_nothing_can_be_read() -> None:
    assert play(PLATFORM.find(lookup(), Account("open-1", "creator"))) == (Unreadable("scope_missing"), [])


def test_an_outage_while_reading_back_is_no_absence() -> None:
    with pytest.raises(PlatformError):
        play(PLATFORM.find(lookup(accepted_id=VIDEO_ID), ACCOUNT), [error(ErrorClass.TRANSIENT)])


def test_the_stored_text_is_what_lists_give_back() -> None:
    assert PLATFORM.stored_text(draft(text="x" * 200)) == "x" * 150


# ---- checking


@pytest.mark.parametrize(
    "given",
    [
        draft(text="x" * 2200),
        draft(text="\N{GRINNING FACE}" * 1100),
        draft("image", text="x" * 4000, options=options(title=Content("t" * 90), cover_index=0)),
        draft("images", media=(photo(content_type="image/webp"),) * 35, options=options(cover_index=34)),
        draft(media=(video(content_type="video/quicktime"),)),
        draft(options=options(privacy_level="SELF_ONLY", brand_organic_toggle=True)),
        draft(text="", options=INBOX),
        draft("image", options=INBOX),
    ],
)
def test_what_tiktok_takes_passes(given: Draft) -> None:
    assert issues(given) == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (draft(text="x" * 2201), {("text", "too_long")}),
        (draft(text="\N{GRINNING FACE}" * 1100 + "x"), {("text", "too_long")}),
        (draft("image", text="x" * 4001), {("text", "too_long")}),
        (draft("text"), {("kind", "not_supported")}),
        (draft(link=Link(Content("https://x.test"))), {("link", "not_allowed")}),
        (draft(media=()), {("media", "wrong_count")}),
        (draft(media=(video(), video())), {("media", "wrong_count")}),
        (draft("image", media=(photo(), photo())), {("media", "wrong_count")}),
        (draft("images", media=(photo(),) * 36), {("media", "wrong_count")}),
        (draft(media=(photo(),)), {("media.0.kind", "not_supported")}),
        (draft("images", media=(photo(), video())), {("media.1.kind", "not_supported")}),
        (draft("image", media=(photo(content_type="image/png"),)), {("media.0.content_type", "not_supported")}),
        (draft("image", media=(MediaItem("image", data=b"x"),)), {("media.0.url", "url_required")}),
        (draft(media=(video(url=Content("http://cdn.test/a.mp4")),)), {("media.0.url", "https_required")}),
        (draft("image", media=(photo(alt_text=Content("A cat")),)), {("media.0.alt_text", "not_supported")}),
        (draft("images", options=options(cover_index=2)), {("options.tiktok.cover_index", "out_of_range")}),
        (draft("image", options=options(title=Content("t" * 91))), {("options.tiktok.title", "too_long")}),
        (draft("image", options=options(disable_duet=False)), {("options.tiktok.disable_duet", "not_applicable")}),
        (draft("image", options=options(is_aigc=True)), {("options.tiktok.is_aigc", "not_applicable")}),
        (draft(options=options(title=Content("t"))), {("options.tiktok.title", "not_applicable")}),
    ],
)
def test_every_limit_is_checked_before_anything_is_sent(given: Draft, expected: set[tuple[str, str]]) -> None:
    assert issues(given) == expected


def test_D5_privacy_and_consent_have_no_default() -> None:
    required = {("options.tiktok.privacy_level", "required"), ("options.tiktok.consent", "consent_required")}
    assert issues(draft(options=None)) == required
    assert issues(draft(options=TikTokOptions())) == required


def test_branded_content_cannot_be_private() -> None:
    given = draft(options=options(privacy_level="SELF_ONLY", brand_content_toggle=True))
    assert issues(given) == {("options.tiktok.privacy_level", "branded_content_private")}


@pytest.mark.parametrize("name", sorted(set(TikTokOptions.model_fields) - {"mode"}))
def test_F2_inbox_mode_rejects_every_option_it_would_ignore(name: str) -> None:
    values: dict[str, Any] = {"privacy_level": "SELF_ONLY", "title": Content("t"), "duration_s": 1.0, "cover_index": 0,
                              "cover_timestamp_ms": 0}  # fmt: skip
    given = draft(text="", options=TikTokOptions(**{"mode": "inbox", name: values.get(name, True)}))
    assert issues(given) == {(f"options.tiktok.{name}", "ignored_in_inbox")}


def test_F2_inbox_mode_rejects_the_text_it_would_drop() -> None:
    assert issues(draft(options=INBOX)) == {("text", "ignored_in_inbox")}


def test_all_problems_are_named_at_once() -> None:
    given = draft("image", text="x" * 4001, media=(MediaItem("video", data=b"x"),), options=None)
    assert issues(given) == {
        ("text", "too_long"),
        ("media.0.kind", "not_supported"),
        ("media.0.url", "url_required"),
        ("options.tiktok.privacy_level", "required"),
        ("options.tiktok.consent", "consent_required"),
    }


def test_dropped_alt_text_is_a_warning_only() -> None:
    (issue,) = PLATFORM.check(draft("image", media=(photo(alt_text=Content("A cat")),)), ACCOUNT)
    assert issue.severity == "warning"


def test_each_mode_needs_its_own_permission_and_unknown_scopes_are_not_missing() -> None:
    only_inbox = Account("open-1", "creator", scopes=("video.upload",))
    assert issues(draft(), only_inbox) == {("account", "scope_missing")}
    assert issues(draft(text="", options=INBOX), only_inbox) == set()
    assert issues(draft(), Account("open-1", "creator")) == set()


# ---- measuring


def counts(number: int, views: int) -> dict[str, Any]:
    return {"id": str(number), "share_url": f"https://t.test/{number}", "view_count": views, "like_count": 2,
            "comment_count": 3, "share_count": 4}  # fmt: skip


def test_videos_are_measured_in_one_query() -> None:
    posts = [PostRef("11", "video"), PostRef("12", "video")]
    result, (call,) = play(PLATFORM.metrics(posts, ACCOUNT), [ok(videos=[counts(11, 100)])])
    assert wire(call) == {
        "method": "POST",
        "url": f"{BASE}/video/query/?fields=id,share_url,view_count,like_count,comment_count,share_count",
        "effect": "read",
        "auth": "bearer",
        "json": {"filters": {"video_ids": ["11", "12"]}},
    }
    assert result["11"] == PostMetrics(views=100, likes=2, comments=3, shares=4, post_id="11", permalink="https://t.test/11")
    assert result["12"] == PostMetrics(unavailable="not_public", post_id="12")


def test_no_query_asks_for_more_than_twenty_videos() -> None:
    posts = [PostRef(str(n), "video") for n in range(21)]
    _, steps = play(PLATFORM.metrics(posts, ACCOUNT), [ok(videos=[])] * 2)
    assert [len(wire(step)["json"]["filters"]["video_ids"]) for step in steps] == [20, 1]
    assert PLATFORM.capabilities.metrics_batch == 20


@pytest.mark.parametrize("post_id", ["", VIDEO_ID])
def test_G6_a_post_without_its_public_id_is_resolved_first(post_id: str) -> None:
    ref = PostRef(post_id, "video", {"accepted_id": VIDEO_ID})
    result, (resolve, query) = play(PLATFORM.metrics([ref], ACCOUNT), [DONE, ok(videos=[counts(POST_ID, 9)])])
    assert wire(resolve)["json"] == {"publish_id": VIDEO_ID}
    assert wire(query)["json"] == {"filters": {"video_ids": [str(POST_ID)]}}
    assert list(result) == [VIDEO_ID]
    assert (result[VIDEO_ID].views, result[VIDEO_ID].post_id) == (9, str(POST_ID))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (status("PUBLISH_COMPLETE"), "not_public"),
        (status("SEND_TO_USER_INBOX"), "in_inbox"),
        (status("PROCESSING_DOWNLOAD"), "processing"),
        (status("FAILED", reason="internal"), "failed"),
        (refusal("invalid_publish_id"), "not_found"),
    ],
)
def test_a_post_that_cannot_be_resolved_says_why_and_costs_no_other(reply: Reply, reason: OwnReason) -> None:
    posts = [PostRef("", "video", {"accepted_id": VIDEO_ID}), PostRef("11", "video")]
    result, _ = play(PLATFORM.metrics(posts, ACCOUNT), [reply, ok(videos=[counts(11, 5)])], PLATFORM.classify)
    assert result[VIDEO_ID] == PostMetrics(unavailable=reason)
    assert result["11"].views == 5


def test_a_post_without_any_id_is_not_asked_about() -> None:
    assert play(PLATFORM.metrics([PostRef("", "video")], ACCOUNT)) == ({"": PostMetrics(unavailable="not_found")}, [])


def test_without_the_scope_nothing_is_asked_and_the_reason_is_given() -> None:
    bare = Account("open-1", "creator", scopes=("user.info.basic",))
    assert play(PLATFORM.metrics([PostRef("11", "video")], bare)) == ({"11": PostMetrics(unavailable="scope_missing")}, [])
    assert play(PLATFORM.account_metrics(bare)) == (AccountMetrics(unavailable="scope_missing"), [])


def test_G1_one_retired_field_does_not_lose_the_others() -> None:
    bad = refusal("invalid_params")
    single = [ok(videos=[{"id": "11", name: 5}]) for name in ("view_count", "comment_count", "share_count")]
    replies = [bad, ok(videos=[{"id": "11", "share_url": "https://t.test/11"}]), single[0], bad, *single[1:]]
    result, steps = play(PLATFORM.metrics([PostRef("11", "video")], ACCOUNT), replies, PLATFORM.classify)
    assert result["11"] == PostMetrics(views=5, comments=5, shares=5, post_id="11", permalink="https://t.test/11")
    assert wire(steps[3])["url"] == f"{BASE}/video/query/?fields=id,like_count"


@pytest.mark.parametrize("kind", [ErrorClass.RATE_LIMIT, ErrorClass.REAUTH, ErrorClass.TRANSIENT])
def test_a_refusal_that_concerns_every_call_ends_the_measuring(kind: ErrorClass) -> None:
    with pytest.raises(PlatformError):
        play(PLATFORM.metrics([PostRef("11", "video")], ACCOUNT), [error(kind)])


def test_missing_figures_are_unavailable_and_never_zero() -> None:
    result, _ = play(PLATFORM.metrics([PostRef("11", "video")], ACCOUNT), [ok(videos=[{"id": "11"}])])
    assert result["11"] == PostMetrics(unavailable="no_data", post_id="11")


def test_account_counters_are_read_as_they_are() -> None:
    user = {"follower_count": 1, "following_count": 2, "likes_count": 3, "video_count": 4}
    result, (call,) = play(PLATFORM.account_metrics(ACCOUNT), [ok(user=user)])
    assert wire(call)["url"] == f"{BASE}/user/info/?fields=follower_count,following_count,likes_count,video_count"
    assert result == AccountMetrics(followers=1, following=2, posts=4, extra={"likes": 3})
    assert play(PLATFORM.account_metrics(ACCOUNT), [ok(user={"follower_count": 1})])[0] == AccountMetrics(followers=1)


# ---- refusals


@pytest.mark.parametrize("http", [200, 400, 401, 403, 429])
@pytest.mark.parametrize(("code", "expected"), errors.ERRORS.items())
def test_every_code_has_its_class_whatever_the_status_and_the_shape(code: str, expected: ErrorClass, http: int) -> None:
    fault = Fault(expected, code, errors.RETRY_AFTER.get(code))
    assert PLATFORM.classify(refusal(code, http)) == replace(fault, certain=code in errors.REFUSALS)
    flat = Reply(http, data={"error": code, "error_description": "words", "log_id": "1"})
    assert PLATFORM.classify(flat) == fault


def test_success_is_what_says_ok_or_has_no_error() -> None:
    assert PLATFORM.classify(ok()) is None
    assert PLATFORM.classify(Reply(200, data={})) is None
    assert PLATFORM.classify(Reply(200, data={"access_token": "t"})) is None
    assert PLATFORM.classify(Reply(201)) is None


@pytest.mark.parametrize(
    ("status_code", "expected"),
    [
        (400, ErrorClass.UNKNOWN),
        (401, ErrorClass.REAUTH),
        (403, ErrorClass.UNKNOWN),
        (429, ErrorClass.RATE_LIMIT),
        (500, ErrorClass.TRANSIENT),
        (503, ErrorClass.TRANSIENT),
    ],
)
def test_without_a_code_the_status_decides(status_code: int, expected: ErrorClass) -> None:
    assert PLATFORM.classify(Reply(status_code)) == Fault(expected, f"http_{status_code}")


def test_an_error_without_a_usable_code_is_unknown_and_never_a_success() -> None:
    for value in ({}, {"code": ""}, {"code": "Some words"}, ["x"], 7):
        assert PLATFORM.classify(Reply(200, data={"error": value})) == Fault(ErrorClass.UNKNOWN, "http_200")


def test_spam_risks_nobody_has_seen_yet_are_policy_and_are_not_repeated() -> None:
    assert PLATFORM.classify(refusal("spam_risk_something", 403)) == Fault(ErrorClass.BLOCKED_BY_POLICY, UNRECOGNIZED)


def test_a_server_error_stays_transient_whatever_its_body_says() -> None:
    assert PLATFORM.classify(refusal("invalid_param", 502)) == Fault(ErrorClass.TRANSIENT, "invalid_param")
