"""TikTok as reference/platforms.md section 4 describes it: OAuth with rotation, content posting, display API, webhooks.

It shares no code with the product and must never accept what the real platform refuses.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import math
import re
import secrets
import zlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.media import FetchFailed, Media, fetch, is_reserved, measure
from local.simulators.world import Json, Preset, Simulator, World, bearer

CLIENT_ID = "tiktok-app"
CLIENT_SECRET = "tiktok-app-secret"
DAY = 86_400
CODE_LIFE_S = 600
TOKEN_LIFE_S = DAY
REFRESH_LIFE_S = 365 * DAY
UPLOAD_LIFE_S = 3_600
MIB = 1024 * 1024
MIN_CHUNK, MAX_CHUNK, MAX_CHUNKS = 5 * MIB, 64 * MIB, 1_000
MAX_VIDEO_BYTES, MAX_PHOTO_BYTES = 4 * 1024 * MIB, 20 * MIB
MAX_PHOTOS = 35
MAX_IDS = 20
KEPT_BYTES = 64 * MIB
MAX_VIDEO_TITLE, MAX_PHOTO_TITLE, MAX_PHOTO_DESCRIPTION = 2_200, 90, 4_000
MAX_REDIRECT_URI = 512
UNAUDITED_USERS = 5
FIRST_ID = 7_574_000_000_000_000_000
USER_AGENT = "TikTok"

SCOPES = frozenset({"user.info.basic", "user.info.profile", "user.info.stats", "video.list", "video.publish", "video.upload"})
USER_FIELDS = {
    "user.info.basic": ("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"),
    "user.info.profile": ("bio_description", "profile_deep_link", "is_verified", "username"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}
VIDEO_FIELDS = frozenset(
    {
        "id",
        "create_time",
        "cover_image_url",
        "share_url",
        "video_description",
        "duration",
        "height",
        "width",
        "title",
        "embed_html",
        "embed_link",
        "like_count",
        "comment_count",
        "share_count",
        "view_count",
    }
)
RATES = {"init": 6, "creator_info": 20, "status": 30, "display": 600}  # calls per user token and sliding minute, 4.3 and 4.4
PUBLIC_OPTIONS = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
PRIVATE_OPTIONS = ("FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
FLAGS = ("disable_comment", "disable_duet", "disable_stitch", "brand_content_toggle", "brand_organic_toggle", "is_aigc")
VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")

# Section 4.5: the HTTP status that comes with a code of the data endpoints.
STATUS = {
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "scope_permission_missed": 400,
    "invalid_param": 400,
    "invalid_params": 400,
    "rate_limit_exceeded": 429,
    "spam_risk_too_many_posts": 403,
    "spam_risk_too_many_pending_share": 403,
    "spam_risk_user_banned_from_posting": 403,
    "spam_risk": 403,
    "spam_risk_text": 403,
    "reached_active_user_cap": 403,
    "unaudited_client_can_only_post_to_private_accounts": 403,
    "privacy_level_option_mismatch": 403,
    "url_ownership_unverified": 403,
    "app_version_check_failed": 400,
    "invalid_publish_id": 400,
    "token_not_authorized_for_specified_publish_id": 400,
    "internal_error": 500,
}
FAIL_REASONS = (
    "file_format_check_failed",
    "duration_check_failed",
    "frame_rate_check_failed",
    "picture_size_check_failed",
    "video_pull_failed",
    "photo_pull_failed",
    "internal",
    "publish_cancelled",
    "auth_removed",
    "spam_risk",
    "spam_risk_text",
    "spam_risk_too_many_posts",
    "spam_risk_user_banned_from_posting",
)
DEFAULT_SETTINGS: Json = {
    "processing_s": 1.5,
    "moderation_s": 0.0,
    "audited": True,
    "posts_a_day": 15,
    "pending_drafts": 5,
    "rotate_refresh_token": True,
    "oauth_error_status": 200,
    "photos_in_list": True,
    "check_media": True,
    "verified_prefixes": [],
    "webhook_url": "",
    "webhook_gap_s": 0.5,
}


class Refused(Exception):
    """An answer in the envelope of the data endpoints."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or STATUS[code]


@dataclass(slots=True)
class Token:
    """An access or refresh token."""

    value: str
    user: str
    scopes: frozenset[str]
    expires: float
    revoked: bool = False


@dataclass(slots=True)
class Code:
    """An authorization code."""

    user: str
    scopes: frozenset[str]
    redirect_uri: str
    issued: float


@dataclass(slots=True)
class Publication:
    """What one init started, under its ``publish_id``."""

    id: str
    user: str
    kind: str  # video | photo
    direct: bool
    info: Json
    created: float
    urls: list[str] = field(default_factory=list)
    size: int = 0
    chunk: int = 0
    chunks: int = 0
    upload_key: str = ""
    uploaded: int = 0
    downloaded: int = 0
    head: bytearray = field(default_factory=bytearray)
    duration_s: float | None = None
    ready: float | None = None  # when all bytes were there
    fail_reason: str = ""
    finished_by_user: float | None = None  # a draft that the person posted in the app
    post_id: str = ""
    announced: list[str] = field(default_factory=list)
    pull: asyncio.Task[None] | None = None

    @property
    def publish_type(self) -> str:
        """The word webhooks use."""
        return "DIRECT_PUBLISH" if self.direct else "INBOX_SHARE"


@dataclass(slots=True)
class Video:
    """A post on the creator's profile."""

    id: str
    publication: Publication
    created: float
    removed: bool = False


@dataclass(slots=True)
class Call:
    """One API request that passed the gate."""

    request: Request
    token: Token
    user: Json

    async def json(self, code: str) -> Json:
        """The body as a JSON object; ``code`` is the spelling of this endpoint's parameter error."""
        if not self.request.headers.get("content-type", "").startswith("application/json"):
            raise Refused(code, "Only Content-Type application/json is supported")
        try:
            body = json.loads(await self.request.body() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(code, "The request body is not a JSON object")
        return body


Handler = Callable[[Call], Awaitable[Json]]


def default_users() -> dict[str, Json]:
    """One public creator."""
    user = _new_user("-000Qw3rTySimulatedCreator")
    user |= {"username": "ada.builds", "display_name": "Ada builds", "bio_description": "Small robots", "is_verified": True}
    return {user["open_id"]: user}


def _new_user(open_id: str) -> Json:
    return {
        "open_id": open_id,
        "username": f"creator{zlib.crc32(open_id.encode()) % 1000}",
        "display_name": "New creator",
        "bio_description": "",
        "is_verified": False,
        "private": False,
        "banned": False,
        "comment_disabled": False,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 300,
        "old_app": False,
        "follower_count": 2_310,
        "following_count": 87,
    }


def grown(key: str, age_s: float, most: int) -> int:
    """A count that depends on ``key`` and age only: it rises fast at first and approaches a ceiling of about ``most``."""
    weight = 0.5 + zlib.crc32(key.encode()) % 1000 / 1000
    return int(most * weight * (1 - math.exp(-max(age_s, 0.0) / 21_600)))


def utf16(text: str) -> int:
    """Length in UTF-16 code units, which is how TikTok counts."""
    return len(text.encode("utf-16-le")) // 2


def _fault(code: str, message: str, status: int | None = None, note: str = "") -> Preset:
    error = {"code": code, "message": message, "log_id": "202611220000000000000000000000FA01"}
    return Preset(status or STATUS[code], {"data": {}, "error": error}, note=note)


def _oauth_fault(error: str, description: str, status: int) -> Preset:
    return Preset(status, {"error": error, "error_description": description, "log_id": "202611220000000000000000000000FA02"})


def _failed(reason: str) -> Preset:
    ok = {"code": "ok", "message": "", "log_id": "202611220000000000000000000000FA03"}
    return Preset(200, {"data": {"status": "FAILED", "fail_reason": reason}, "error": ok}, note="for status/fetch")


PRESETS: dict[str, Preset] = {
    **{code: _fault(code, f"Simulated {code}") for code in STATUS},
    **{f"failed_{reason}": _failed(reason) for reason in FAIL_REASONS},
    "expired_token": _fault("access_token_invalid", "The access token is invalid or not found in the request."),
    "rate_limited": _fault("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."),
    "transient": _fault("internal_error", "Something is wrong. Please try again later."),
    "unavailable": _fault("internal_error", "Service unavailable", 503),
    "bad_gateway": Preset(502, "<html><body>502 Bad Gateway</body></html>", note="HTML, not JSON"),
    "spam_block": _fault("spam_risk_user_banned_from_posting", "The user is banned from making new posts"),
    "spam_risk_too_many_posts_200": _fault(
        "spam_risk_too_many_posts", "The daily post cap of the user is reached", 200, "HTTP 200 with an error code"
    ),
    "oauth_invalid_grant": _oauth_fault("invalid_grant", "Refresh token is invalid or expired.", 400),
    "oauth_invalid_grant_200": _oauth_fault("invalid_grant", "Refresh token is invalid or expired.", 200),
    "oauth_invalid_client": _oauth_fault("invalid_client", "Client key or secret is incorrect.", 200),
    "oauth_invalid_request": _oauth_fault("invalid_request", "The request parameters are malformed.", 200),
    "upload_expired": Preset(403, "", note="for PUT upload_url"),
    "upload_no_task": Preset(404, "", note="for PUT upload_url"),
    "upload_out_of_step": Preset(416, "", note="for PUT upload_url"),
    "upload_transient": Preset(500, "", note="for PUT upload_url"),
}

NOTES = [
    f"Client: {CLIENT_ID}/{CLIENT_SECRET}. Any non-empty client_key opens the dialog; only this pair gets tokens.",
    "Redirect URIs: any https URL, and http on 127.0.0.1 or localhost; no query, no fragment, below 512 characters.",
    "Verified for PULL_FROM_URL: /_media/ here, https on example.com/.org/.net and *.example, and settings.verified_prefixes.",
    "Not documented, chosen here: codes live 10 min, an old refresh token dies at once, its life counts from the consent, "
    "photos must fit 1920 x 1080 either way, a PUT with Authorization is 400, MB are MiB.",
    "A publish_id never expires; ids of finished posts appear after settings.moderation_s. Titles are not screened.",
    "Webhooks: set settings.webhook_url (or the action webhook_url) and events are sent by themselves, three attempts each.",
    "Actions: consent, user, settings, expire_tokens, revoke, draft, remove_post, seed, webhook, webhook_url.",
]


class TikTok:
    """See the module's docstring."""

    name = "tiktok"
    base_host = "open.tiktokapis.com"
    presets: Mapping[str, Preset] = PRESETS
    notes = NOTES

    def __init__(self, world: World) -> None:
        self.world = world
        self.publications: dict[str, Publication] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.reset()
        self.hosts: Mapping[str, list[BaseRoute]] = {
            "open.tiktokapis.com": self._api_routes(),
            "www.tiktok.com": [Route("/v2/auth/authorize/", self.authorize, methods=["GET"])],
            "open-upload.tiktokapis.com": [Route("/video/", self.upload, methods=["PUT"])],
        }
        self.actions: Mapping[str, Callable[[Json], Any]] = {
            "consent": self.act_consent,
            "user": self.act_user,
            "settings": self.act_settings,
            "expire_tokens": self.act_expire,
            "revoke": self.act_revoke,
            "draft": self.act_draft,
            "remove_post": self.act_remove_post,
            "seed": self.act_seed,
            "webhook": self.act_webhook,
            "webhook_url": self.act_webhook_url,
        }

    def _api_routes(self) -> list[BaseRoute]:
        posting = "/v2/post/publish"
        publish, upload = frozenset({"video.publish"}), frozenset({"video.upload"})
        either, listing, basic = publish | upload, frozenset({"video.list"}), frozenset({"user.info.basic"})
        table: list[tuple[str, str, Handler, frozenset[str], str]] = [
            ("GET", "/v2/user/info/", self.user_info, basic, "display"),
            ("POST", f"{posting}/creator_info/query/", self.creator_info, publish, "creator_info"),
            ("POST", f"{posting}/video/init/", self.init_video, publish, "init"),
            ("POST", f"{posting}/inbox/video/init/", self.init_draft, upload, "init"),
            ("POST", f"{posting}/content/init/", self.init_photos, either, "init"),
            ("POST", f"{posting}/status/fetch/", self.fetch_status, either, "status"),
            ("POST", f"{posting}/cancel/", self.cancel, either, "status"),
            ("POST", "/v2/video/list/", self.list_videos, listing, "display"),
            ("POST", "/v2/video/query/", self.query_videos, listing, "display"),
        ]
        routes: list[BaseRoute] = [
            Route(path, self._endpoint(path, handler, scopes, rate), methods=[method])
            for method, path, handler, scopes, rate in table
        ]
        routes.append(Route("/v2/oauth/token/", self.oauth_token, methods=["POST"]))
        routes.append(Route("/v2/oauth/revoke/", self.oauth_revoke, methods=["POST"]))
        return routes

    def reset(self) -> None:
        """Forget everything, and stop what is still under way."""
        for task in [*self.tasks, *(p.pull for p in self.publications.values() if p.pull)]:
            # The loop of an earlier server may be closed; then there is nothing left to stop.
            if not task.get_loop().is_closed():
                task.get_loop().call_soon_threadsafe(task.cancel)
        self.tasks.clear()
        self.users = default_users()
        self.settings: Json = dict(DEFAULT_SETTINGS)
        self.consent: Json = {"decision": "grant", "declined_scopes": [], "user": next(iter(self.users))}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Token] = {}
        self.refresh_tokens: dict[str, Token] = {}
        self.publications = {}
        self.uploads: dict[str, Publication] = {}
        self.videos: dict[str, Video] = {}
        self.recent: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.sent: list[Json] = []

    def state(self) -> Json:
        """Publications, posts, users and counters, as JSON."""
        now = self.world.clock.now()
        for publication in self.publications.values():
            self._settle(publication)
        return {
            "publications": [
                {
                    "publish_id": p.id,
                    "account": p.user,
                    "kind": p.kind,
                    "direct": p.direct,
                    "status": self._status(p),
                    "fail_reason": p.fail_reason,
                    "info": p.info,
                    "media": p.urls,
                    "uploaded_bytes": p.uploaded,
                    "post_id": p.post_id,
                    "created_time": p.created,
                }
                for p in self.publications.values()
            ],
            "posts": [self._post_state(video) for video in self.videos.values()],
            "users": list(self.users.values()),
            "tokens": sum(not t.revoked and t.expires > now for t in self.tokens.values()),
            "refresh_tokens": sum(not t.revoked and t.expires > now for t in self.refresh_tokens.values()),
            "webhooks": self.sent,
            "settings": self.settings,
        }

    def _post_state(self, video: Video) -> Json:
        info = video.publication.info
        return {
            "id": video.id,
            "account": video.publication.user,
            "status": "REMOVED" if video.removed else "PUBLISHED",
            "text": _description(video.publication),
            "title": info.get("title", ""),
            "privacy_level": info.get("privacy_level", ""),
            "kind": video.publication.kind,
            "media": video.publication.urls,
            "created_time": video.created,
            "publish_id": video.publication.id,
        }

    def not_found(self, request: Request) -> Response:
        """An unknown path: a missing trailing slash is enough (4.1)."""
        return self._envelope(404, {}, "unsupported_path", "Unsupported path(Janus)")

    # ----------------------------------------------------------------------------------------------- behind the API's back

    def act_consent(self, given: Json) -> Json:
        """What the next dialogs do: ``decision`` grant or deny, ``declined_scopes``, ``user``."""
        if given.get("user", self.consent["user"]) not in self.users:
            return {"error": "no such user"}
        self.consent |= {k: v for k, v in given.items() if k in self.consent}
        return self.consent

    def act_user(self, given: Json) -> Json:
        """Create or change a creator: ``open_id`` (or ``id``) and any of the fields, e.g. ``private``, ``banned``."""
        open_id = str(given.get("open_id") or given.get("id") or self.consent["user"])
        user = self.users.setdefault(open_id, _new_user(open_id))
        user |= {k: v for k, v in given.items() if k not in ("id", "open_id")}
        return user

    def act_settings(self, given: Json) -> Json:
        """Change settings; unknown names are an error."""
        if unknown := set(given) - set(self.settings):
            return {"error": f"unknown settings {sorted(unknown)}"}
        self.settings |= given
        return self.settings

    def act_expire(self, given: Json) -> Json:
        """Expire all access tokens; with ``refresh`` true also the refresh tokens."""
        gone = [*self.tokens.values(), *(self.refresh_tokens.values() if given.get("refresh") else ())]
        for token in gone:
            token.expires = min(token.expires, self.world.clock.now())
        return {"expired": len(gone)}

    def act_revoke(self, given: Json) -> Json:
        """A person removes the app in TikTok's settings."""
        return {"revoked": self._remove_grant(str(given.get("user", self.consent["user"])), reason=1)}

    def _remove_grant(self, user: str, reason: int) -> int:
        gone = [t for t in (*self.tokens.values(), *self.refresh_tokens.values()) if t.user == user and not t.revoked]
        for token in gone:
            token.revoked = True
        for publication in self.publications.values():
            if publication.user == user and self._status(publication).startswith("PROCESSING"):
                publication.fail_reason = "auth_removed"
        if gone and self.settings["webhook_url"]:
            self._spawn(self._send("authorization.removed", user, {"reason": reason}))
        return len(gone)

    async def act_draft(self, given: Json) -> Json:
        """The person posts the draft ``publish_id`` in the app, or with ``decision`` ``discard`` throws it away."""
        publication = self.publications.get(str(given.get("publish_id")))
        if publication is None or self._status(publication) != "SEND_TO_USER_INBOX":
            return {"error": "no such draft in the inbox"}
        if given.get("decision") == "discard":
            publication.fail_reason = "publish_cancelled"
        else:
            publication.finished_by_user = self.world.clock.now()
            publication.info |= {
                "title": given.get("title", ""),
                "privacy_level": given.get("privacy_level", "PUBLIC_TO_EVERYONE"),
            }
        self._settle(publication)
        self._watch(publication)
        return {"status": self._status(publication)}

    async def act_remove_post(self, given: Json) -> Json:
        """A post is deleted, or taken down: its ``id``."""
        video = self.videos.get(str(given.get("id")))
        if video is None:
            return {"error": "no such post"}
        video.removed = True
        if self.settings["webhook_url"]:
            content = {"publish_id": video.publication.id, "post_id": video.id}
            self._spawn(self._send("post.publish.no_longer_publicaly_available", video.publication.user, content))
        return self._post_state(video)

    def act_seed(self, given: Json) -> Json:
        """Public posts that were there before: ``count``, ``user``, ``age_s``, ``text``, ``kind``."""
        at, kind = self.world.clock.now() - float(given.get("age_s", DAY)), str(given.get("kind", "video"))
        text = "description" if kind == "photo" else "title"
        info = {text: str(given.get("text", "Seeded")), "privacy_level": "PUBLIC_TO_EVERYONE"}
        ids = []
        for n in range(int(given.get("count", 1))):
            post_id = str(FIRST_ID - 1_000_003 * (len(self.videos) + 1))
            earlier = Publication("", str(given.get("user", self.consent["user"])), kind, True, info, at, post_id=post_id)
            self.videos[post_id] = Video(post_id, earlier, at + n / 1000)
            ids.append(post_id)
        return {"ids": ids}

    async def act_webhook_url(self, given: Json) -> Json:
        """The app's callback URL; empty: none."""
        self.settings["webhook_url"] = given.get("url", "")
        return {"url": self.settings["webhook_url"]}

    async def act_webhook(self, given: Json) -> Json:
        """Send one signed event now: ``event``, and ``url``, ``publish_id``, ``user``, ``content``, ``age_s``, ``secret``."""
        publication = self.publications.get(str(given.get("publish_id")))
        content = self._event_content(str(given["event"]), publication) | {
            k: given[k] for k in ("publish_id", "reason", "post_id") if k in given
        }
        user = given.get("user") or (publication.user if publication else self.consent["user"])
        return await self._post_event(
            given.get("url") or self.settings["webhook_url"],
            given["event"],
            user,
            given.get("content", content),
            age_s=float(given.get("age_s", 0)),
            secret=given.get("secret", CLIENT_SECRET),
        )

    # ------------------------------------------------------------------------------------------------------------ webhooks

    def _event_content(self, event: str, publication: Publication | None) -> Json:
        if publication is None:
            return {"reason": 1} if event == "authorization.removed" else {}
        content: Json = {"publish_id": publication.id}
        if event.endswith(("complete", "failed")):
            content["publish_type"] = publication.publish_type
        if event.endswith("failed"):
            content["reason"] = publication.fail_reason
        if event.endswith("available"):
            content["post_id"] = publication.post_id
        return content

    async def _post_event(self, url: str, event: str, user: str, content: Json, *, age_s: float, secret: str) -> Json:
        now = int(self.world.clock.now() - age_s)
        body = {
            "client_key": CLIENT_ID,
            "event": event,
            "create_time": now,
            "user_openid": user,
            "content": json.dumps(content, separators=(",", ":")),
        }
        raw = json.dumps(body, separators=(",", ":")).encode()
        signature = hmac.new(secret.encode(), f"{now}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {"TikTok-Signature": f"t={now},s={signature}", "Content-Type": "application/json"}
        status: int | None = None
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
                status = (await client.post(url, content=raw, headers=headers)).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            pass
        self.sent.append({"event": event, "status": status, "content": content})
        return {"status": status, "body": body, "headers": headers}

    async def _send(self, event: str, user: str, content: Json) -> None:
        for attempt in range(3):
            answer = await self._post_event(self.settings["webhook_url"], event, user, content, age_s=0, secret=CLIENT_SECRET)
            if answer["status"] == 200:
                return
            await asyncio.sleep(self.settings["webhook_gap_s"] * 2**attempt)

    def _spawn(self, work: Any) -> None:
        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            work.close()
            return
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _watch(self, publication: Publication) -> None:
        """Send a publication's events as they happen; without a callback URL there is nothing to do."""
        if self.settings["webhook_url"]:
            self._spawn(self._announce(publication))

    async def _announce(self, publication: Publication) -> None:
        while True:
            self._settle(publication)
            status = self._status(publication)
            for event in self._events(publication, status):
                if event not in publication.announced:
                    publication.announced.append(event)
                    await self._send(event, publication.user, self._event_content(event, publication))
            private = publication.info.get("privacy_level") != "PUBLIC_TO_EVERYONE"
            known = private or "post.publish.publicly_available" in publication.announced
            if status in ("FAILED", "SEND_TO_USER_INBOX") or (status == "PUBLISH_COMPLETE" and known):
                return
            await asyncio.sleep(0.05)

    def _events(self, publication: Publication, status: str) -> Iterable[str]:
        if status == "FAILED":
            yield "post.publish.failed"
        if status == "SEND_TO_USER_INBOX":
            yield "post.publish.inbox_delivered"
        if status == "PUBLISH_COMPLETE":
            yield "post.publish.complete"
            if self._public_ids(publication):
                yield "post.publish.publicly_available"

    # -------------------------------------------------------------------------------------------------------------- OAuth

    async def authorize(self, request: Request) -> Response:
        """The dialog, with a person who is logged in and decides at once."""
        query = request.query_params
        target = query.get("redirect_uri", "")
        if not query.get("client_key") or not _registered(target):
            return HTMLResponse("<h1>Something went wrong</h1><p>client_key or redirect_uri is not correct.</p>", 400)
        asked = frozenset(name for name in query.get("scope", "").split(",") if name)
        if query.get("response_type") != "code":
            answer = {"error": "unsupported_response_type", "error_description": "response_type must be code"}
        elif not asked or not asked <= SCOPES:
            answer = {"error": "invalid_scope", "error_description": "The requested scope is invalid or unknown"}
        elif self.consent["decision"] != "grant":
            answer = {"error": "access_denied", "error_description": "The user denied the request"}
        else:
            # The basic profile cannot be declined.
            granted = asked - (set(self.consent["declined_scopes"]) - {"user.info.basic"})
            code = f"{secrets.token_urlsafe(48)}*0!{secrets.randbelow(9000) + 1000}.va"
            self.codes[code] = Code(self.consent["user"], granted, target, self.world.clock.now())
            answer = {"code": code, "scopes": ",".join(sorted(granted))}
        if "state" in query:
            answer["state"] = query["state"]
        return RedirectResponse(f"{target}?{urlencode(answer)}", 302)

    async def oauth_token(self, request: Request) -> Response:
        """Code exchange and refresh; both answer flat."""
        form = await _form(request)
        if (problem := self._client_problem(form)) is not None:
            return problem
        if form.get("grant_type") == "authorization_code":
            code = self.codes.pop(form.get("code", ""), None)
            now = self.world.clock.now()
            if code is None or code.redirect_uri != form.get("redirect_uri") or now >= code.issued + CODE_LIFE_S:
                return self._oauth_error("invalid_grant", "Authorization code is invalid, expired or used.")
            return self._issue(code.user, code.scopes, now + REFRESH_LIFE_S)
        if form.get("grant_type") != "refresh_token":
            return self._oauth_error("unsupported_grant_type", "The grant type is not supported.")
        old = self.refresh_tokens.get(form.get("refresh_token", ""))
        if old is None or old.revoked or self.world.clock.now() >= old.expires:
            return self._oauth_error("invalid_grant", "Refresh token is invalid or expired.")
        if not self.settings["rotate_refresh_token"]:
            return self._issue(old.user, old.scopes, old.expires, old)
        del self.refresh_tokens[old.value]
        return self._issue(old.user, old.scopes, old.expires)

    def _issue(self, user: str, scopes: frozenset[str], until: float, kept: Token | None = None) -> Response:
        now = self.world.clock.now()
        number = secrets.randbelow(9000) + 1000
        token = Token(f"act.{secrets.token_urlsafe(48)}!{number}.va", user, scopes, now + TOKEN_LIFE_S)
        refresh = kept or Token(f"rft.{secrets.token_urlsafe(48)}!{number}.va", user, scopes, until)
        self.tokens[token.value] = token
        self.refresh_tokens[refresh.value] = refresh
        return JSONResponse(
            {
                "access_token": token.value,
                "expires_in": TOKEN_LIFE_S,
                "open_id": user,
                "refresh_expires_in": round(refresh.expires - now),
                "refresh_token": refresh.value,
                "scope": ",".join(sorted(scopes)),
                "token_type": "Bearer",
            }
        )

    async def oauth_revoke(self, request: Request) -> Response:
        """Revoke the grant behind a token."""
        form = await _form(request)
        if (problem := self._client_problem(form)) is not None:
            return problem
        token = self.tokens.get(form.get("token", "")) or self.refresh_tokens.get(form.get("token", ""))
        if token is None:
            return self._oauth_error("invalid_request", "The token is invalid.")
        self._remove_grant(token.user, reason=5)
        return JSONResponse({})

    def _client_problem(self, form: Mapping[str, str]) -> Response | None:
        if form.get("client_key") == CLIENT_ID and form.get("client_secret") == CLIENT_SECRET:
            return None
        return self._oauth_error("invalid_client", "Client key or secret is incorrect.")

    def _oauth_error(self, error: str, description: str) -> Response:
        body = {"error": error, "error_description": description, "log_id": self._log_id()}
        return JSONResponse(body, self.settings["oauth_error_status"])

    # ------------------------------------------------------------------------------------------------ the gate of every call

    def _log_id(self) -> str:
        return f"{datetime.fromtimestamp(self.world.clock.now(), UTC):%Y%m%d%H%M%S}{secrets.token_hex(9).upper()}"

    def _envelope(self, status: int, data: Json, code: str = "ok", message: str = "") -> Response:
        return JSONResponse({"data": data, "error": {"code": code, "message": message, "log_id": self._log_id()}}, status)

    def _endpoint(
        self, path: str, handler: Handler, scopes: frozenset[str], rate: str
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                call = self._admit(request, path, scopes, rate)
                return self._envelope(200, await handler(call))
            except Refused as refused:
                return self._envelope(refused.status, {}, refused.code, refused.message)

        return endpoint

    def _admit(self, request: Request, path: str, scopes: frozenset[str], rate: str) -> Call:
        now = self.world.clock.now()
        token = self.tokens.get(bearer(request.headers) or "")
        if token is None or token.revoked or now >= token.expires:
            raise Refused("access_token_invalid", "The access token is invalid or not found in the request.")
        if not token.scopes & scopes:
            raise Refused("scope_not_authorized", "The user did not authorize the scope required for completing this request.")
        calls = self.recent[token.value, path]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= RATES[rate]:
            raise Refused("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
        calls.append(now)
        return Call(request, token, self.users[token.user])

    # ------------------------------------------------------------------------------------------------------------- display

    async def user_info(self, call: Call) -> Json:
        """The asked fields of the profile."""
        known = {name: scope for scope, names in USER_FIELDS.items() for name in names}
        names = _fields(call.request, known)
        if missing := sorted(name for name in names if known[name] not in call.token.scopes):
            raise Refused("scope_permission_missed", f"Additional scope permissions are required to request: {missing}")
        user, own = call.user, self._public_videos(call.user["open_id"])
        avatar = f"{self.world.base}/_media/photo.jpg?size=200x200"
        likes = sum(grown(v.id, self.world.clock.now() - v.created, 600) for v in own)
        values = user | {
            "union_id": f"union{user['open_id']}",
            "avatar_url": avatar,
            "avatar_url_100": avatar,
            "avatar_large_url": avatar,
            "profile_deep_link": f"https://vm.tiktok.com/{user['username']}",
            "follower_count": user["follower_count"] + likes // 40,
            "likes_count": 900 + likes,
            "video_count": len(own),
        }
        return {"user": {name: values[name] for name in names}}

    def _public_videos(self, open_id: str) -> list[Video]:
        for publication in self.publications.values():
            self._settle(publication)
        found = [v for v in self.videos.values() if self._listed(v, open_id)]
        return sorted(found, key=lambda v: (v.created, v.id), reverse=True)

    def _listed(self, video: Video, open_id: str) -> bool:
        publication = video.publication
        if publication.user != open_id or video.removed or not self._public_ids(publication):
            return False
        return publication.kind == "video" or bool(self.settings["photos_in_list"])

    def _video(self, video: Video, names: Iterable[str]) -> Json:
        age = self.world.clock.now() - video.created
        username = self.users[video.publication.user]["username"]
        link = f"https://www.tiktok.com/@{username}/{video.publication.kind}/{video.id}"
        values = {
            "id": video.id,
            "create_time": int(video.created),
            "title": video.publication.info.get("title", ""),
            "video_description": _description(video.publication)[:150],
            "duration": round(video.publication.duration_s or 0),
            "height": 1920,
            "width": 1080,
            "cover_image_url": f"{self.world.base}/_media/tall.jpg",
            "share_url": f"{link}?utm_campaign=client_share&utm_source=open_api",
            "embed_link": f"https://www.tiktok.com/embed/v2/{video.id}",
            "embed_html": f'<blockquote class="tiktok-embed" data-video-id="{video.id}"></blockquote>',
            "view_count": grown(video.id, age, 9_000),
            "like_count": grown(video.id, age, 600),
            "comment_count": grown(video.id, age, 40),
            "share_count": grown(video.id, age, 25),
        }
        return {name: values[name] for name in names}

    async def list_videos(self, call: Call) -> Json:
        """Public videos, newest first; the cursor is a time in milliseconds."""
        names, body = _fields(call.request, VIDEO_FIELDS), await call.json("invalid_params")
        count, cursor = body.get("max_count", 10), body.get("cursor")
        if not _is_int(count) or not 1 <= count <= MAX_IDS or not (cursor is None or _is_int(cursor)):
            raise Refused("invalid_params", f"max_count must be between 1 and {MAX_IDS} and cursor a number")
        lists, now = self.world.lists[self.name], self.world.clock.now()
        shown = [v for v in self._public_videos(call.user["open_id"]) if lists.shows(v.created, now)]
        found = [v for v in shown if not cursor or int(v.created * 1000) < cursor]
        if lists.hollow and not cursor:
            return {"videos": [], "cursor": int(now * 1000) + 1, "has_more": bool(found)}
        page = found[: lists.size(count)]
        return {
            "videos": [self._video(video, names) for video in page],
            "cursor": int(page[-1].created * 1000) if page else cursor or 0,
            "has_more": len(found) > len(page),
        }

    async def query_videos(self, call: Call) -> Json:
        """Given videos, at most 20; unknown and private ones are simply missing."""
        names, body = _fields(call.request, VIDEO_FIELDS), await call.json("invalid_params")
        filters = body.get("filters")
        ids = filters.get("video_ids") if isinstance(filters, dict) else None
        if not isinstance(ids, list) or not 1 <= len(ids) <= MAX_IDS:
            raise Refused("invalid_params", f"filters.video_ids must hold between 1 and {MAX_IDS} ids")
        for publication in self.publications.values():
            self._settle(publication)
        found = [self.videos[one] for one in map(str, ids) if one in self.videos]
        return {"videos": [self._video(video, names) for video in found if self._listed(video, call.user["open_id"])]}

    # ------------------------------------------------------------------------------------------------------------- posting

    def _options(self, user: Json) -> tuple[str, ...]:
        return PRIVATE_OPTIONS if user["private"] else PUBLIC_OPTIONS

    def _last_day(self) -> list[Publication]:
        since = self.world.clock.now() - DAY
        return [p for p in self.publications.values() if p.created > since and not p.fail_reason]

    def _check_creator(self, user: Json, *, direct: bool, status: int | None = None) -> None:
        """Refuse a creator who cannot post now (4.5, spam_risk rows)."""
        if user["banned"]:
            raise Refused("spam_risk_user_banned_from_posting", "The user is banned from making new posts", status)
        own = [p for p in self._last_day() if p.user == user["open_id"]]
        if direct and sum(p.direct for p in own) >= self.settings["posts_a_day"]:
            raise Refused("spam_risk_too_many_posts", "The daily post cap of the user is reached", status)
        pending = sum(not p.direct and p.finished_by_user is None for p in own)
        if not direct and pending >= self.settings["pending_drafts"]:
            raise Refused("spam_risk_too_many_pending_share", "Too many drafts are waiting in the user's inbox")

    async def creator_info(self, call: Call) -> Json:
        """What the creator may choose from. "Cannot post now" arrives with HTTP 200 here (4.3)."""
        await call.json("invalid_param")
        user = call.user
        self._check_creator(user, direct=True, status=200)
        return {
            "creator_avatar_url": f"{self.world.base}/_media/photo.jpg?size=200x200",
            "creator_username": user["username"],
            "creator_nickname": user["display_name"],
            "privacy_level_options": list(self._options(user)),
            "comment_disabled": user["comment_disabled"],
            "duet_disabled": user["duet_disabled"],
            "stitch_disabled": user["stitch_disabled"],
            "max_video_post_duration_sec": user["max_video_post_duration_sec"],
        }

    def _check_info(self, user: Json, info: Any) -> Json:
        """The rules of ``post_info`` that videos and photos share."""
        if not isinstance(info, dict):
            raise Refused("invalid_param", "post_info is required")
        for name in (*FLAGS, "auto_add_music"):
            if not isinstance(info.get(name, False), bool):
                raise Refused("invalid_param", f"post_info.{name} must be a boolean")
        for name in ("title", "description"):
            if not isinstance(info.get(name, ""), str):
                raise Refused("invalid_param", f"post_info.{name} must be a string")
        if not _is_int(info.get("video_cover_timestamp_ms", 0)) or info.get("video_cover_timestamp_ms", 0) < 0:
            raise Refused("invalid_param", "post_info.video_cover_timestamp_ms must be a number of milliseconds")
        privacy = info.get("privacy_level")
        if privacy not in (*PUBLIC_OPTIONS, *PRIVATE_OPTIONS):
            raise Refused("invalid_param", "post_info.privacy_level is required")
        self._check_audit(user, privacy)
        if privacy not in self._options(user):
            raise Refused("privacy_level_option_mismatch", "privacy_level is not one of the creator's options")
        return info

    def _check_audit(self, user: Json, privacy: str) -> None:
        if self.settings["audited"]:
            return
        users = {p.user for p in self._last_day()}
        if len(users) >= UNAUDITED_USERS and user["open_id"] not in users:
            raise Refused("reached_active_user_cap", "The daily cap of active users of the unaudited app is reached")
        if not user["private"] or privacy != "SELF_ONLY":
            reason = "Unaudited clients can only post to private accounts, visible to the account itself"
            raise Refused("unaudited_client_can_only_post_to_private_accounts", reason)

    async def init_video(self, call: Call) -> Json:
        """A direct video post; with PULL_FROM_URL this call is the commit."""
        body = await call.json("invalid_param")
        info = self._check_info(call.user, body.get("post_info"))
        if utf16(info.get("title", "")) > MAX_VIDEO_TITLE:
            raise Refused("invalid_param", f"post_info.title is longer than {MAX_VIDEO_TITLE} UTF-16 units")
        source = self._check_video_source(body.get("source_info"))
        self._check_creator(call.user, direct=True)
        return self._start_video(call.user, info, source, direct=True)

    async def init_draft(self, call: Call) -> Json:
        """A video into the person's inbox; settings other than the source are ignored."""
        source = self._check_video_source((await call.json("invalid_param")).get("source_info"))
        self._check_creator(call.user, direct=False)
        return self._start_video(call.user, {}, source, direct=False)

    def _check_video_source(self, source: Any) -> Json:
        if not isinstance(source, dict):
            raise Refused("invalid_param", "source_info is required")
        if source.get("source") == "PULL_FROM_URL":
            self._check_url(source.get("video_url"))
        elif source.get("source") == "FILE_UPLOAD":
            _check_chunks(source)
        else:
            raise Refused("invalid_param", "source_info.source must be PULL_FROM_URL or FILE_UPLOAD")
        return source

    def _check_url(self, url: Any) -> None:
        if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
            raise Refused("invalid_param", "The media URL is not valid")
        prefixes = (f"{self.world.base}/_media/", *self.settings["verified_prefixes"])
        parts = urlsplit(url)
        if not url.startswith(prefixes) and not (parts.scheme == "https" and is_reserved(parts.hostname or "")):
            raise Refused("url_ownership_unverified", "The URL prefix or domain is not verified for this client")

    def _new(self, user: Json, prefix: str, kind: str, info: Json, *, direct: bool) -> Publication:
        number = FIRST_ID + 1_000_003 * (len(self.publications) + 1)
        version = "v2-1" if prefix.startswith("v_pub") else "v2"
        publication = Publication(
            f"{prefix}~{version}.{number}", user["open_id"], kind, direct, dict(info), self.world.clock.now()
        )
        self.publications[publication.id] = publication
        return publication

    def _start_video(self, user: Json, info: Json, source: Json, *, direct: bool) -> Json:
        pulled = source["source"] == "PULL_FROM_URL"
        prefix = f"v_{'pub' if direct else 'inbox'}_{'url' if pulled else 'file'}"
        publication = self._new(user, prefix, "video", info, direct=direct)
        if pulled:
            publication.urls = [source["video_url"]]
            publication.pull = asyncio.create_task(self._pull(publication))
            self._watch(publication)
            return {"publish_id": publication.id}
        publication.size, publication.chunk = source["video_size"], source["chunk_size"]
        publication.chunks = source["total_chunk_count"]
        publication.upload_key = secrets.token_urlsafe(24)
        self.uploads[publication.upload_key] = publication
        query = urlencode({"upload_id": publication.id.rsplit(".", 1)[1], "upload_token": publication.upload_key})
        return {"publish_id": publication.id, "upload_url": self.world.url("open-upload.tiktokapis.com", f"/video/?{query}")}

    async def init_photos(self, call: Call) -> Json:
        """Photos, posted directly or as a draft; they can only be pulled."""
        body = await call.json("invalid_param")
        mode, source = body.get("post_mode"), body.get("source_info")
        if body.get("media_type") != "PHOTO" or mode not in ("DIRECT_POST", "MEDIA_UPLOAD"):
            raise Refused("invalid_param", "media_type must be PHOTO and post_mode DIRECT_POST or MEDIA_UPLOAD")
        if (needed := {"DIRECT_POST": "video.publish", "MEDIA_UPLOAD": "video.upload"}[mode]) not in call.token.scopes:
            raise Refused("scope_not_authorized", f"The user did not authorize {needed}")
        direct = mode == "DIRECT_POST"
        info = self._check_info(call.user, body.get("post_info")) if direct else body.get("post_info", {})
        if not isinstance(info, dict):
            raise Refused("invalid_param", "post_info must be an object")
        for name, most in (("title", MAX_PHOTO_TITLE), ("description", MAX_PHOTO_DESCRIPTION)):
            if utf16(str(info.get(name, ""))) > most:
                raise Refused("invalid_param", f"post_info.{name} is longer than {most} UTF-16 units")
        urls = self._check_photos(source)
        if not direct and call.user["old_app"]:
            raise Refused("app_version_check_failed", "The user's TikTok app is older than 31.8")
        self._check_creator(call.user, direct=direct)
        publication = self._new(call.user, "p_pub_url" if direct else "p_inbox_url", "photo", info, direct=direct)
        publication.urls = urls
        publication.pull = asyncio.create_task(self._pull(publication))
        self._watch(publication)
        return {"publish_id": publication.id}

    def _check_photos(self, source: Any) -> list[str]:
        if not isinstance(source, dict) or source.get("source") != "PULL_FROM_URL":
            raise Refused("invalid_param", "source_info.source must be PULL_FROM_URL")
        urls, cover = source.get("photo_images"), source.get("photo_cover_index", 0)
        if not isinstance(urls, list) or not 1 <= len(urls) <= MAX_PHOTOS:
            raise Refused("invalid_param", f"source_info.photo_images must hold between 1 and {MAX_PHOTOS} URLs")
        if not _is_int(cover) or not 0 <= cover < len(urls):
            raise Refused("invalid_param", "source_info.photo_cover_index is out of range")
        for url in urls:
            self._check_url(url)
        return urls

    async def _pull(self, publication: Publication) -> None:
        most = MAX_VIDEO_BYTES if publication.kind == "video" else MAX_PHOTO_BYTES
        for url in publication.urls:
            try:
                media = await fetch(self.world, url, user_agent=USER_AGENT, max_bytes=most)
            except FetchFailed:
                self._fail(publication, f"{publication.kind}_pull_failed")
                return
            publication.downloaded += media.size
            self._inspect(publication, media)
        publication.ready = publication.created

    def _fail(self, publication: Publication, reason: str) -> None:
        publication.fail_reason = publication.fail_reason or reason

    def _inspect(self, publication: Publication, media: Media) -> None:
        if not self.settings["check_media"]:
            return
        if publication.kind == "photo":
            if media.content_type not in ("image/jpeg", "image/webp"):
                self._fail(publication, "file_format_check_failed")
            elif min(media.width or 0, media.height or 0) > 1080 or max(media.width or 0, media.height or 0) > 1920:
                self._fail(publication, "picture_size_check_failed")
            return
        if media.content_type not in VIDEO_TYPES:
            self._fail(publication, "file_format_check_failed")
        publication.duration_s = media.duration_s
        if (media.duration_s or 0) > self.users[publication.user]["max_video_post_duration_sec"]:
            self._fail(publication, "duration_check_failed")
        if media.width and media.height and not (360 <= media.width <= 4096 and 360 <= media.height <= 4096):
            self._fail(publication, "picture_size_check_failed")

    # ------------------------------------------------------------------------------------------------------------- uploads

    async def upload(self, request: Request) -> Response:
        """One chunk. The last one is the commit: posting starts by itself. Answers are bare statuses (4.3)."""
        data = await request.body()
        publication = self.uploads.get(request.query_params.get("upload_token", ""))
        if publication is None or publication.fail_reason:
            return Response(status_code=404)
        if self.world.clock.now() >= publication.created + UPLOAD_LIFE_S:
            return Response(status_code=403)
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers.get("content-range", ""))
        wrong_type = request.headers.get("content-type", "").partition(";")[0] not in VIDEO_TYPES
        if not found or wrong_type or "authorization" in request.headers:
            return Response(status_code=400)
        first, last, total = (int(part) for part in found.groups())
        if total != publication.size or last - first + 1 != len(data):
            return Response(status_code=400)
        if first != publication.uploaded:
            return Response(status_code=416)
        number = first // publication.chunk
        expected = publication.chunk if number < publication.chunks - 1 else publication.size - first
        if len(data) != expected:
            return Response(status_code=400)
        publication.uploaded += len(data)
        if publication.size <= KEPT_BYTES or not publication.head:
            publication.head += data
        if publication.uploaded < publication.size:
            return Response(status_code=206, headers={"content-range": f"bytes 0-{last}/{total}"})
        self._complete_upload(publication, request.headers["content-type"])
        return Response(status_code=201, headers={"content-range": f"bytes 0-{last}/{total}"})

    def _complete_upload(self, publication: Publication, declared: str) -> None:
        head = bytes(publication.head)
        kind = "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") else "application/octet-stream"
        self._inspect(publication, measure(head, kind))
        publication.head.clear()
        publication.ready = self.world.clock.now()
        self._watch(publication)

    # -------------------------------------------------------------------------------------------------------------- status

    def _status(self, publication: Publication) -> str:
        if publication.fail_reason:
            return "FAILED"
        working = "PROCESSING_DOWNLOAD" if publication.urls else "PROCESSING_UPLOAD"
        if publication.ready is None or self.world.clock.now() < publication.ready + self.settings["processing_s"]:
            return working
        if not publication.direct and publication.finished_by_user is None:
            return "SEND_TO_USER_INBOX"
        return "PUBLISH_COMPLETE"

    def _settle(self, publication: Publication) -> None:
        """Give a finished publication its post."""
        if publication.post_id or self._status(publication) != "PUBLISH_COMPLETE":
            return
        published = publication.finished_by_user or (publication.ready or 0.0) + self.settings["processing_s"]
        publication.post_id = str(int(publication.id.rsplit(".", 1)[1]) + 500_001)
        self.videos[publication.post_id] = Video(publication.post_id, publication, published)

    def _public_ids(self, publication: Publication) -> list[int]:
        """The id in the list appears for public posts only, after moderation; as int64, like the platform's."""
        video = self.videos.get(publication.post_id)
        if video is None or publication.info.get("privacy_level") != "PUBLIC_TO_EVERYONE":
            return []
        return [int(video.id)] if self.world.clock.now() >= video.created + self.settings["moderation_s"] else []

    async def _own(self, call: Call) -> Publication:
        publish_id = (await call.json("invalid_param")).get("publish_id")
        if not isinstance(publish_id, str) or not publish_id:
            raise Refused("invalid_param", "publish_id is required")
        publication = self.publications.get(publish_id)
        if publication is None:
            raise Refused("invalid_publish_id", "The publish_id does not exist")
        if publication.user != call.token.user:
            raise Refused("token_not_authorized_for_specified_publish_id", "The publish_id belongs to another user")
        return publication

    async def fetch_status(self, call: Call) -> Json:
        """Where a publication stands."""
        publication = await self._own(call)
        due = self.world.clock.now() >= publication.created + self.settings["processing_s"]
        if publication.pull and due:
            # A clock that was moved forward must not outrun the download.
            await asyncio.wait({publication.pull}, timeout=15)
        self._settle(publication)
        answer: Json = {"status": self._status(publication), "publicaly_available_post_id": self._public_ids(publication)}
        if answer["status"] == "FAILED":
            answer["fail_reason"] = publication.fail_reason
        answer["downloaded_bytes" if publication.urls else "uploaded_bytes"] = publication.downloaded or publication.uploaded
        return answer

    async def cancel(self, call: Call) -> Json:
        """Stop an unfinished publication."""
        publication = await self._own(call)
        if not self._status(publication).startswith("PROCESSING"):
            raise Refused("invalid_param", "The publication cannot be cancelled any more")
        publication.fail_reason = "publish_cancelled"
        self._watch(publication)
        return {}


# --------------------------------------------------------------------------------------------------------------------- helpers


def _description(publication: Publication) -> str:
    text: str = publication.info.get("description" if publication.kind == "photo" else "title", "")
    return text


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_chunks(source: Json) -> None:
    """The chunk rules of 4.3: whole files below 5 MB, else 5 to 64 MB each, the remainder in the last one."""
    size, chunk, count = (source.get(name) for name in ("video_size", "chunk_size", "total_chunk_count"))
    if not (_is_int(size) and _is_int(chunk) and _is_int(count)) or not size or not chunk or not count:
        raise Refused("invalid_param", "video_size, chunk_size and total_chunk_count are required numbers")
    if not 0 < size <= MAX_VIDEO_BYTES:
        raise Refused("invalid_param", "The video size is invalid")
    if count == 1 and chunk == size and size <= MAX_CHUNK:
        return
    if not MIN_CHUNK <= chunk <= MAX_CHUNK or not 1 <= count <= MAX_CHUNKS:
        raise Refused("invalid_param", "The chunk size is invalid")
    if count != size // chunk:
        raise Refused("invalid_param", "The total chunk count is invalid")


def _fields(request: Request, known: Iterable[str]) -> list[str]:
    names = [name.strip() for name in request.query_params.get("fields", "").split(",") if name.strip()]
    unknown = sorted(set(names) - set(known))
    if not names or unknown:
        raise Refused("invalid_params", f"fields is required and must hold known names; unknown: {unknown}")
    return names


def _registered(redirect_uri: str) -> bool:
    parts = urlsplit(redirect_uri)
    if parts.query or parts.fragment or len(redirect_uri) >= MAX_REDIRECT_URI:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def create(world: World) -> Simulator:
    """TikTok, to be added to a world."""
    return TikTok(world)
