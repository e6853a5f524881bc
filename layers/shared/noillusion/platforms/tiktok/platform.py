"""TikTok: photos and films that TikTok fetches from a verified address, under the rules of its content-posting audit.

The init of a post *is* its commit. Must never start a second one for the same post, nor choose a privacy level for anyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict, Field

from noillusion.core.sensitive import Content, Secret
from noillusion.flows.names import Kind, PlatformName
from noillusion.flows.protocol import (
    Absent,
    Account,
    AccountMetrics,
    App,
    Call,
    Candidate,
    Draft,
    Effect,
    ErrorClass,
    Fault,
    Flow,
    Issue,
    ListedPost,
    Listing,
    Lookup,
    OutcomeUnknown,
    PlatformError,
    PostMetrics,
    PostRef,
    Published,
    Reading,
    Reply,
    Tokens,
    UnexpectedShape,
    Unreadable,
    Until,
)
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms import grants
from noillusion.platforms.contract import ApiVersion, Capabilities, Platform, ReadBack, Refresh
from noillusion.platforms.tiktok import errors

API = "https://open.tiktokapis.com/v2"
"""Not versioned by date; trailing slashes matter (platforms.md 4.1)."""

FEATURES: Mapping[str, str] = {
    "user.info.basic": "knowing which TikTok account was connected",
    "user.info.profile": "the account's username and links to its posts",
    "user.info.stats": "follower and like counts of the account",
    "video.list": "counts of each post, and settling posts whose outcome is unclear",
    "video.publish": "posting directly",
    "video.upload": "sending drafts to the TikTok inbox",
}
PROFILE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "user.info.basic": ("open_id", "display_name"),
    "user.info.profile": ("username",),
}
COUNTER_FIELDS = ("follower_count", "following_count", "likes_count", "video_count")
POSTING_SCOPE = {"direct": "video.publish", "inbox": "video.upload"}

PUBLISH_ID = Form(r"[a-z]+(_[a-z]+)+~[A-Za-z0-9._-]+", 64)
"""``v_pub_url~…``, ``v_inbox_file~…``, ``p_pub_url~…`` and the like (platforms.md 4.3)."""
FORMS = Forms(
    account=Form("[A-Za-z0-9_-]+", 64),
    accepted=Form(f"{PUBLISH_ID.pattern}|{NUMBER.pattern}", PUBLISH_ID.longest),
    post=NUMBER,
    username=Form("[A-Za-z0-9_.]+", 64),
    link_hosts=("tiktok.com",),
    handles={"accepted_id": PUBLISH_ID},
)
"""A post whose publish id was lost goes by its public id."""

TEXT_LIMITS: Mapping[Kind, int] = {"video": 2200, "image": 4000, "images": 4000}
TITLE_LIMIT = 90
PHOTO_LIMIT = 35
LISTED_TEXT = 150
"""Characters of a description that lists give back (platforms.md 4.4)."""
MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "image": ("image/jpeg", "image/webp"),
    "video": ("video/mp4", "video/webm", "video/quicktime"),
}
PAGE = 20
LIST_PAGES = 5

VIDEO_OPTIONS = ("disable_duet", "disable_stitch", "is_aigc", "cover_timestamp_ms", "duration_s")
PHOTO_OPTIONS = ("title", "cover_index", "auto_add_music")

METRICS: Mapping[str, str] = {
    "view_count": "views",
    "like_count": "likes",
    "comment_count": "comments",
    "share_count": "shares",
}
"""Video fields and the counts they fill (platforms.md 4.4). TikTok announces no retirement dates."""

DAY = 86_400.0
STATUS_EVERY = 3.0
"""At most 30 status calls a minute and token are allowed (platforms.md 4.3)."""


class Options(BaseModel):
    """TikTok's own publishing options. Nothing that the person must decide has a default (failure-classes.md D5)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    mode: Literal["direct", "inbox"] = "direct"
    """``inbox`` sends a draft that the person finishes in TikTok's app, where every other option is decided."""
    privacy_level: Literal["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"] | None = None
    consent: bool = False
    """The person agreed to TikTok's music usage confirmation (and to the branded content policy, where that applies)."""
    disable_comment: bool = True
    disable_duet: bool = True
    disable_stitch: bool = True
    brand_content_toggle: bool = False
    """A paid partnership for somebody else's brand."""
    brand_organic_toggle: bool = False
    """Promotes the person's own business."""
    is_aigc: bool = False
    title: Content | None = None
    """Photo posts only; the text is their description."""
    cover_index: int | None = Field(default=None, ge=0, lt=PHOTO_LIMIT)
    cover_timestamp_ms: int | None = Field(default=None, ge=0)
    auto_add_music: bool = False
    duration_s: float | None = Field(default=None, gt=0)
    """The film's length as the client measured it: compared with what the creator may post, never sent."""


class TikTok:
    """TikTok as flows (platforms.md 4). One authorization is one account; its id is the ``open_id``."""

    name: PlatformName = "tiktok"
    title = "TikTok"
    hosts: tuple[str, ...] = ("open.tiktokapis.com", "www.tiktok.com")
    upload_hosts: tuple[str, ...] = ()
    version = ApiVersion("v2", None)
    capabilities = Capabilities(
        kinds=("image", "images", "video"),
        text_limit=TEXT_LIMITS["video"],
        text_limits=TEXT_LIMITS,
        text_unit="utf16",
        refresh=Refresh("rotating", margin_s=30 * 60),
        metrics_batch=PAGE,
        deletes=False,
        revokes=True,
        # Before it posts, TikTok fetches the media, for up to an hour (platforms.md 4.3).
        read_back=ReadBack(
            created_within_s=3600, settles_after_s=3600, gives_up_after_s=2 * 3600, growth=2.0, longest_gap_s=1800
        ),
        media_by="url",
    )
    forms: Forms = FORMS
    scopes: tuple[str, ...] = tuple(FEATURES)
    features: Mapping[str, str] = FEATURES
    options: type[BaseModel] = Options

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        """Where the browser goes for consent (platforms.md 4.2). The app's id is called ``client_key`` here."""
        asked = {
            "client_key": app.client_id,
            "response_type": "code",
            "scope": ",".join(self.scopes),
            "redirect_uri": redirect_uri,
            "state": state,
            # Without it a person with a running session is never asked, and could not add a second account.
            "disable_auto_auth": "1",
        }
        return f"https://www.tiktok.com/v2/auth/authorize/?{urlencode(asked, quote_via=quote)}"

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        """Tokens for an authorization code: access 24 h, refresh 365 d, the scopes that were really granted."""
        form = {"grant_type": "authorization_code", "code": Secret(code), "redirect_uri": redirect_uri}
        reply = yield from _token_call(app, form)
        return _tokens(reply, Tokens(Secret("")))

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """A new pair. The returned refresh token replaces the old one; a missing or empty one never does."""
        if not tokens.refresh:
            yield from ()
            raise PlatformError(Fault(ErrorClass.REAUTH, "no_refresh_token"))
        reply = yield from _token_call(app, {"grant_type": "refresh_token", "refresh_token": tokens.refresh})
        return _tokens(reply, tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw the grant. A token that is dead already is a grant withdrawn."""
        form = {"client_key": app.client_id, "client_secret": app.client_secret, "token": tokens.access}
        call = Call("POST", f"{API}/oauth/revoke/", Effect.PREPARE, form=form, auth="none")
        yield from grants.revoked(call, errors.DEAD_GRANT)

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """The one account of the grant, with as much of its profile as the scopes allow."""
        granted = tokens.scopes or self.scopes
        fields = [field for scope, names in PROFILE_FIELDS.items() if scope in granted for field in names]
        user = yield _user_info(fields or ["open_id"])
        allowed = not set(POSTING_SCOPE.values()).isdisjoint(granted)
        username = str(user.get("data.user.username", ""))
        return [
            Candidate(
                str(user["data.user.open_id"]),
                "creator",
                str(user.get("data.user.display_name") or username or "TikTok"),
                username,
                can_publish=allowed,
                reason="" if allowed else "scope_missing",
            )
        ]

    def probe(self, account: Account) -> Flow[None]:
        """Read who the token belongs to."""
        yield _user_info(["open_id"])

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """Everything that TikTok would refuse or silently drop, short of what only the creator's own settings tell."""
        if draft.kind not in self.capabilities.kinds:
            return [Issue("kind", "not_supported", f"TikTok takes these kinds here: {', '.join(self.capabilities.kinds)}.")]
        options = _options(draft)
        by_mode = _check_direct(options, draft) if options.mode == "direct" else _check_inbox(options, draft)
        return [*_check_account(options, account), *_check_text(draft), *_check_media(draft), *by_mode]

    def stored_text(self, draft: Draft) -> str:
        """The beginning of the text, which is all that lists give back (platforms.md 4.4)."""
        return draft.text.reveal()[:LISTED_TEXT]

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Creator's rules, init (the commit: TikTok fetches the media by itself from there), status (platforms.md 4.3)."""
        options, username = _options(draft), account.username
        if options.mode == "direct":
            creator = yield _post("/post/publish/creator_info/query/", {})
            _obey(creator, options, draft.kind)
            username = str(creator.get("data.creator_username", username))
        else:
            yield from self.probe(account)
        path, body = _init(draft, options)
        reply = yield _post(path, body, Effect.COMMIT, keep={"accepted_id": "data.publish_id"}, timeout=20.0)
        return (yield from _settle(str(reply["data.publish_id"]), username))

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Ask for the status of what TikTok accepted. Nothing else exists that could be resumed."""
        if not handles.get("accepted_id"):
            yield from ()
            raise UnexpectedShape("handles")
        return (yield from _settle(handles["accepted_id"], account.username))

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Read back by publish id, else the public videos since the commit (platforms.md 4.3).

        Private posts are in no list, so only a failure that TikTok states is a final absence.
        """
        if publish_id := lookup.handles.get("accepted_id"):
            try:
                outcome = _outcome((yield _status(publish_id)), publish_id, account.username)
            except PlatformError as error:
                if error.fault.error_class is not ErrorClass.NOT_FOUND:
                    raise
            else:
                return outcome if isinstance(outcome, Published) else Absent(final=outcome is not None)
        if "video.list" not in account.scopes:
            return Unreadable("scope_missing")
        return Listing((yield from _listed(lookup, account)), complete=False)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """TikTok lets nobody delete by API (platforms.md 4.3); ``capabilities.deletes`` says so beforehand."""
        yield from ()
        raise PlatformError(Fault(ErrorClass.PERMISSION, "delete_not_supported"))

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Counts by ``post_id``, or by the publish id where TikTok had not told the post's id yet (platforms.md 4.4).

        Such a post is looked up first; :attr:`PostMetrics.post_id` then carries what was found (failure-classes.md G6).
        """
        measured: dict[str, PostMetrics] = {}
        ids: dict[str, str] = {}
        if "video.list" not in account.scopes:
            yield from ()
            return {_key(post): PostMetrics(unavailable="scope_missing") for post in posts}
        for post in posts:
            if post.post_id.isdecimal():
                ids[_key(post)] = post.post_id
                continue
            resolved = yield from _resolve(post.handles.get("accepted_id") or post.post_id, account)
            if resolved.post_id:
                ids[_key(post)] = resolved.post_id
            else:
                measured[_key(post)] = resolved
        wanted = list(dict.fromkeys(ids.values()))
        counted: dict[str, PostMetrics] = {}
        for start in range(0, len(wanted), PAGE):
            counted |= yield from _query(wanted[start : start + PAGE])
        for key, post_id in ids.items():
            # Private, removed and unknown ids are simply left out of the answer.
            measured[key] = counted.get(post_id) or PostMetrics(unavailable="not_public", post_id=post_id)
        return measured

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """The account's counters as they are now; TikTok keeps no history."""
        if "user.info.stats" not in account.scopes:
            yield from ()
            return AccountMetrics(unavailable="scope_missing")
        user = yield _user_info(COUNTER_FIELDS)
        followers, following, likes, videos = (_number(user.get(f"data.user.{name}")) for name in COUNTER_FIELDS)
        extra = {} if likes is None else {"likes": likes}
        return AccountMetrics(followers=followers, following=following, posts=videos, extra=extra)

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply. A data endpoint succeeded only if it says ``ok``, whatever the status (platforms.md 4.5)."""
        return errors.classify(reply)


# ---- checks ----------------------------------------------------------------------------------------------------------------


def _check_account(options: Options, account: Account) -> Iterator[Issue]:
    scope = POSTING_SCOPE[options.mode]
    if account.scopes and scope not in account.scopes:
        yield Issue("account", "scope_missing", f"The connection lacks the permission {scope}: reconnect and grant it.")


def _check_text(draft: Draft) -> Iterator[Issue]:
    limit, length = TEXT_LIMITS[draft.kind], _utf16(draft.text)
    if length > limit:
        yield Issue("text", "too_long", f"TikTok takes at most {limit} UTF-16 units here; this text has {length}.")
    if draft.link:
        yield Issue("link", "not_allowed", "TikTok has no link posts.")


def _check_media(draft: Draft) -> Iterator[Issue]:
    kind, most = ("video", 1) if draft.kind == "video" else ("image", PHOTO_LIMIT if draft.kind == "images" else 1)
    if not 1 <= len(draft.media) <= most:
        allowed = "exactly 1" if most == 1 else f"1 to {most}"
        yield Issue("media", "wrong_count", f"This kind of post needs {allowed} of {kind}; this one has {len(draft.media)}.")
    for number, item in enumerate(draft.media):
        where = f"media.{number}"
        if item.kind != kind:
            yield Issue(f"{where}.kind", "not_supported", f"This kind of post takes {kind}s only.")
        elif item.content_type and item.content_type not in MEDIA_TYPES[kind]:
            yield Issue(f"{where}.content_type", "not_supported", f"TikTok takes these types: {', '.join(MEDIA_TYPES[kind])}.")
        if item.url is None:
            yield Issue(f"{where}.url", "url_required", "TikTok fetches media by itself: give a public https address.")
        elif not item.url.reveal().lower().startswith("https://"):
            yield Issue(f"{where}.url", "https_required", "TikTok fetches media from https addresses only.")
        if item.alt_text:
            yield Issue(f"{where}.alt_text", "not_supported", "TikTok has no alt text; it will not be sent.", "warning")


def _check_direct(options: Options, draft: Draft) -> Iterator[Issue]:
    if options.privacy_level is None:
        levels = "PUBLIC_TO_EVERYONE, MUTUAL_FOLLOW_FRIENDS, FOLLOWER_OF_CREATOR or SELF_ONLY"
        yield _issue("privacy_level", "required", f"The person must choose who sees the post: {levels}.")
    if not options.consent:
        yield _issue("consent", "consent_required", "The person must agree to TikTok's music usage confirmation.")
    if options.brand_content_toggle and options.privacy_level == "SELF_ONLY":
        yield _issue("privacy_level", "branded_content_private", "Branded content cannot be SELF_ONLY.")
    for name in PHOTO_OPTIONS if draft.kind == "video" else VIDEO_OPTIONS:
        if getattr(options, name) != Options.model_fields[name].default:
            yield _issue(name, "not_applicable", f"This option does not exist for posts of kind {draft.kind}.")
    if draft.kind != "video" and options.cover_index and options.cover_index >= len(draft.media):
        yield _issue("cover_index", "out_of_range", f"The cover is one of the {len(draft.media)} photos, counted from 0.")
    if options.title and _utf16(options.title) > TITLE_LIMIT:
        yield _issue("title", "too_long", f"A photo post's title has at most {TITLE_LIMIT} UTF-16 units.")


def _check_inbox(options: Options, draft: Draft) -> Iterator[Issue]:
    """An inbox draft drops what it does not know, so asking for it is refused here (failure-classes.md F2)."""
    for name in sorted(options.model_fields_set - {"mode"}):
        if getattr(options, name) is not None:
            yield _issue(name, "ignored_in_inbox", "In inbox mode the person decides this in TikTok's app: leave it out.")
    if draft.kind == "video" and draft.text:
        yield Issue("text", "ignored_in_inbox", "TikTok drops the text of a film sent to the inbox: leave it out.")


def _issue(option: str, code: str, message: str) -> Issue:
    return Issue(f"options.tiktok.{option}", code, message)


# ---- parts of flows --------------------------------------------------------------------------------------------------------


def _obey(creator: Reply, options: Options, kind: Kind) -> None:
    """Hold the options against what this creator may do right now; nothing was sent yet (platforms.md 4.3, 4.7)."""
    if options.privacy_level not in creator["data.privacy_level_options"]:
        raise PlatformError(Fault(ErrorClass.INVALID_CONTENT, "privacy_level_option_mismatch"))
    for name in ("comment",) if kind != "video" else ("comment", "duet", "stitch"):
        if creator.get(f"data.{name}_disabled") and not getattr(options, f"disable_{name}"):
            raise PlatformError(Fault(ErrorClass.INVALID_CONTENT, f"{name}_disabled"))
    longest = _number(creator.get("data.max_video_post_duration_sec"))
    if kind == "video" and options.duration_s and longest and options.duration_s > longest:
        raise PlatformError(Fault(ErrorClass.INVALID_CONTENT, "duration_check_failed"))


def _init(draft: Draft, options: Options) -> tuple[str, dict[str, Any]]:
    """Path and body of the init. Empty values are left out (failure-classes.md E2)."""
    urls = [item.url for item in draft.media]
    if draft.kind == "video":
        source: dict[str, Any] = {"source": "PULL_FROM_URL", "video_url": urls[0]}
        if options.mode == "inbox":
            return "/post/publish/inbox/video/init/", {"source_info": source}
        return "/post/publish/video/init/", {"post_info": _video_info(draft, options), "source_info": source}
    body = {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST" if options.mode == "direct" else "MEDIA_UPLOAD",
        "post_info": _photo_info(draft, options),
        "source_info": {"source": "PULL_FROM_URL", "photo_images": urls, "photo_cover_index": options.cover_index or 0},
    }
    return "/post/publish/content/init/", body


def _video_info(draft: Draft, options: Options) -> dict[str, Any]:
    info: dict[str, Any] = {
        "title": draft.text,
        "privacy_level": options.privacy_level,
        "disable_comment": options.disable_comment,
        "disable_duet": options.disable_duet,
        "disable_stitch": options.disable_stitch,
        "video_cover_timestamp_ms": options.cover_timestamp_ms,
        "brand_content_toggle": options.brand_content_toggle,
        "brand_organic_toggle": options.brand_organic_toggle,
        "is_aigc": options.is_aigc,
    }
    return _filled(info)


def _photo_info(draft: Draft, options: Options) -> dict[str, Any]:
    info: dict[str, Any] = {"title": options.title, "description": draft.text}
    if options.mode == "direct":
        info |= {
            "privacy_level": options.privacy_level,
            "disable_comment": options.disable_comment,
            "auto_add_music": options.auto_add_music,
            "brand_content_toggle": options.brand_content_toggle,
            "brand_organic_toggle": options.brand_organic_toggle,
        }
    return _filled(info)


def _settle(publish_id: str, username: str) -> Flow[Published]:
    """Wait until TikTok has published, delivered or refused what it accepted; up to a day (failure-classes.md B5, F7)."""
    try:
        reply = yield Until(
            _status(publish_id),
            done=lambda reply: _outcome(reply, publish_id, username) is not None,
            failed=lambda _: None,
            every=STATUS_EVERY,
            at_most=DAY,
            tolerate=frozenset({ErrorClass.NOT_READY, ErrorClass.RATE_LIMIT, ErrorClass.TRANSIENT}),
        )
    except PlatformError as error:
        # Only the question was refused. TikTok goes on with the post, so this is no failure of the post.
        raise OutcomeUnknown(error.fault, Effect.COMMIT) from None
    outcome = _outcome(reply, publish_id, username)
    if isinstance(outcome, Published):
        return outcome
    raise PlatformError(outcome or Fault(ErrorClass.UNKNOWN, "status"), Effect.COMMIT)


def _outcome(reply: Reply, publish_id: str, username: str) -> Published | Fault | None:
    """What a status reply settles; ``None`` while it is open, also for a status nobody knows (platforms.md 4.3)."""
    match reply.get("data.status"):
        case "SEND_TO_USER_INBOX":
            return Published(publish_id, state="delivered_to_inbox")
        case "PUBLISH_COMPLETE":
            # Private posts never get a public id; for others it can come hours later. The spelling is TikTok's.
            post_id = FORMS.post_id(reply.get("data.publicaly_available_post_id.0"))
            return Published(publish_id, post_id, _permalink(username, post_id, publish_id))
        case "FAILED":
            code = str(reply.get("data.fail_reason", ""))
            return errors.failure(code)
    return None


def _permalink(username: str, post_id: str | None, publish_id: str) -> str | None:
    if not (FORMS.named(username) and post_id):
        return None
    kind = "photo" if publish_id.startswith("p_") else "video"
    return f"https://www.tiktok.com/@{username}/{kind}/{post_id}"


def _share_link(video: Mapping[str, Any]) -> str | None:
    # Its query only tells TikTok where the visitor came from.
    return str(video.get("share_url") or "").partition("?")[0] or None


def _listed(lookup: Lookup, account: Account) -> Flow[tuple[ListedPost, ...]]:
    """The public videos since the commit. Newest first, so an older one ends the search."""
    cursor: int | None = None
    found: list[ListedPost] = []
    for _ in range(LIST_PAGES):
        body = {"max_count": PAGE} if cursor is None else {"max_count": PAGE, "cursor": cursor}
        reply = yield _post("/video/list/?fields=id,create_time,title,video_description,share_url", body)
        listed = [_video(video, account) for video in _videos(reply) if video.get("id")]
        found += listed
        cursor = _number(reply.get("data.cursor"))
        older = any(post.created_at is not None and post.created_at < lookup.since for post in listed)
        if older or reply.get("data.has_more") is not True or cursor is None:
            break
    return tuple(found)


def _video(video: Mapping[str, Any], account: Account) -> ListedPost:
    post_id, created = str(video["id"]), _number(video.get("create_time"))
    text = str(video.get("video_description") or video.get("title") or "")
    link = _share_link(video) or _permalink(account.username, post_id, "")
    # A link to a photo tells the kind; photos were seen with links to videos.
    kinds: frozenset[Kind] = frozenset({"image", "images"}) if link and "/photo/" in link else frozenset()
    return ListedPost(post_id, text[:LISTED_TEXT], None if created is None else float(created), link, kinds)


def _resolve(publish_id: str, account: Account) -> Flow[PostMetrics]:
    """The public id behind a publish id, or why there is none (yet)."""
    if not publish_id:
        return PostMetrics(unavailable="not_found")
    try:
        outcome = _outcome((yield _status(publish_id)), publish_id, account.username)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
        return PostMetrics(unavailable="not_found")
    if outcome is None:
        return PostMetrics(unavailable="processing")
    if isinstance(outcome, Fault):
        return PostMetrics(unavailable="failed")
    if outcome.post_id:
        return PostMetrics(post_id=outcome.post_id)
    return PostMetrics(unavailable="in_inbox" if outcome.state == "delivered_to_inbox" else "not_public")


def _query(ids: Sequence[str]) -> Flow[dict[str, PostMetrics]]:
    """Counts of up to 20 videos by id. A field TikTok no longer knows does not cost the others (failure-classes.md G1)."""
    rows: dict[str, dict[str, Any]] = {}
    wanted = ("share_url", *METRICS)
    try:
        _collect((yield _query_call(ids, wanted)), rows)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.INVALID_CONTENT:
            raise
        for name in wanted:
            try:
                _collect((yield _query_call(ids, [name])), rows)
            except PlatformError as refusal:
                if refusal.fault.error_class is not ErrorClass.INVALID_CONTENT:
                    raise
    return {post_id: _measured(post_id, row) for post_id, row in rows.items() if post_id in ids}


def _query_call(ids: Sequence[str], fields: Iterable[str]) -> Call:
    return _post(f"/video/query/?fields={','.join(('id', *fields))}", {"filters": {"video_ids": list(ids)}})


def _collect(reply: Reply, rows: dict[str, dict[str, Any]]) -> None:
    for video in _videos(reply):
        rows.setdefault(str(video.get("id", "")), {}).update(video)


def _measured(post_id: str, row: Mapping[str, Any]) -> PostMetrics:
    counts: dict[str, Any] = {fills: _number(row.get(name)) for name, fills in METRICS.items()}
    known = any(value is not None for value in counts.values())
    reason = None if known else "no_data"
    return PostMetrics(**counts, unavailable=reason, post_id=post_id, permalink=_share_link(row))


# ---- requests and replies --------------------------------------------------------------------------------------------------


def _post(
    path: str, body: Any, effect: Effect = Effect.READ, *, keep: Mapping[str, str] | None = None, timeout: float = 10.0
) -> Call:
    return Call("POST", API + path, effect, json=body, keep=keep or {}, timeout=timeout)


def _status(publish_id: str) -> Call:
    return _post("/post/publish/status/fetch/", {"publish_id": publish_id})


def _user_info(fields: Iterable[str]) -> Call:
    """A field whose scope was not granted fails the whole call: ask for no more than is granted (platforms.md 4.2)."""
    return Call("GET", f"{API}/user/info/?fields={','.join(fields)}")


def _token_call(app: App, form: Mapping[str, Any]) -> Flow[Reply]:
    full = {**form, "client_key": app.client_id, "client_secret": app.client_secret}
    call = Call("POST", f"{API}/oauth/token/", Effect.PREPARE, form=full, auth="none")
    return (yield from grants.token_answer(call, errors.DEAD_GRANT))


def _tokens(reply: Reply, before: Tokens) -> Tokens:
    """The tokens in a reply; what it leaves out or leaves empty stays as it was (failure-classes.md C1)."""
    refresh = reply.get("refresh_token")
    return Tokens(
        access=Secret(str(reply["access_token"])),
        refresh=Secret(str(refresh)) if refresh else before.refresh,
        access_expires_in=_number(reply.get("expires_in")),
        refresh_expires_in=_number(reply.get("refresh_expires_in")),
        scopes=tuple(re.findall(r"[^\s,]+", str(reply.get("scope", "")))) or before.scopes,
        subject=str(reply.get("open_id", "")) or before.subject,
    )


def _videos(reply: Reply) -> list[Mapping[str, Any]]:
    videos = reply.get("data.videos", [])
    if not isinstance(videos, list):
        raise UnexpectedShape("data.videos")
    return [video for video in videos if isinstance(video, Mapping)]


def _key(post: PostRef) -> str:
    return post.post_id or post.handles.get("accepted_id", "")


def _options(draft: Draft) -> Options:
    return draft.options if isinstance(draft.options, Options) else Options()


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and not (isinstance(value, Content) and not value)}


def _utf16(text: Content) -> int:
    return len(text.reveal().encode("utf-16-le", "surrogatepass")) // 2


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


PLATFORM: Platform = TikTok()
