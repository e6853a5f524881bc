"""Instagram with Instagram Login as platforms.md sections 0 and 2 describe it (path B): login, containers, publishing, insights.
It shares no code with the product and is stricter than any client: what the reference does not allow is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators import media
from local.simulators.meta import graph as meta
from local.simulators.meta.graph import DAY, HOUR, Call, Consent, Field, GraphError, Token, grown, invalid, stamp
from local.simulators.world import Json, Preset, World

CLIENT_ID: Final = "instagram-app"
CLIENT_SECRET: Final = "instagram-app-secret"
GRAPH: Final = "graph.instagram.com"
API: Final = "api.instagram.com"
DIALOG: Final = "www.instagram.com"

CODE_LIFE_S: Final = HOUR
SHORT_LIFE_S: Final = HOUR
LONG_LIFE_S: Final = 60 * DAY
REFRESH_AGE_S: Final = DAY
BASIC: Final = "instagram_business_basic"
PUBLISH: Final = "instagram_business_content_publish"
COMMENTS: Final = "instagram_business_manage_comments"
INSIGHTS: Final = "instagram_business_manage_insights"
SCOPES: Final = frozenset({BASIC, PUBLISH, COMMENTS, INSIGHTS, "instagram_business_manage_messages"})

CONTAINER_LIFE_S: Final = DAY
CONTAINERS_PER_DAY: Final = 400
CAPTION_LENGTH: Final = 2200
HASHTAGS: Final = 30
MENTIONS: Final = 20
ALT_TEXT_LENGTH: Final = 1000
USER_TAGS: Final = 20
COLLABORATORS: Final = 3
IMAGE_BYTES: Final = 8_000_000
IMAGE_RATIO: Final = (0.8 - 0.005, 1.91 + 0.005)
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
VIDEO_WIDTH: Final = 1920
VIDEO_RATIO: Final = (0.01, 10.0)
VIDEO_LIMITS: Final = {"reel": (300_000_000, 3.0, 900.0), "story": (100_000_000, 3.0, 60.0)}
"""Kind → bytes, shortest and longest seconds."""
CAROUSEL_SIZE: Final = range(2, 11)
STORY_LIFE_S: Final = DAY
STORY_VIEWERS: Final = 5
LIST_REACH: Final = 10_000
FOLLOWERS_FOR_INSIGHTS: Final = 100
INSIGHTS_SPAN_S: Final = 90 * DAY

EVERYWHERE: Final = {"views": 5000, "reach": 3500, "shares": 40, "total_interactions": 400, "reposts": 15}
FEED_AND_REELS: Final = {"likes": 250, "comments": 30, "saved": 45}
FEED_AND_STORY: Final = {"follows": 9, "profile_visits": 60, "profile_activity": 12}
MEDIA_METRICS: Final = {
    "FEED": EVERYWHERE | FEED_AND_REELS | FEED_AND_STORY,
    "REELS": EVERYWHERE | FEED_AND_REELS
    | {"ig_reels_avg_watch_time": 9000, "ig_reels_video_view_total_time": 30_000_000, "reels_skip_rate": 60},
    "STORY": EVERYWHERE | FEED_AND_STORY | {"navigation": 500, "replies": 12},
}  # fmt: skip
"""Product type → metric → ceiling (platforms.md 2.4). Names of path A and of reels shared to Facebook are not among them."""
TOTALS: Final = {
    "views": 900, "accounts_engaged": 200, "total_interactions": 250, "likes": 180, "comments": 25, "shares": 20, "saves": 30,
    "replies": 6, "reposts": 8, "profile_links_taps": 12, "follows_and_unfollows": 10,
}  # fmt: skip
DEMOGRAPHICS: Final = ("follower_demographics", "engaged_audience_demographics")
BREAKDOWNS: Final = {
    "age": ("18-24", "25-34", "35-44", "45-54"), "gender": ("F", "M", "U"), "country": ("DE", "FR", "US"),
    "city": ("Berlin, Berlin", "Lyon, Rhone-Alpes"),
}  # fmt: skip
ACCOUNT_METRICS: Final = frozenset({"reach", "follower_count", *TOTALS, *DEMOGRAPHICS})
USER_FIELDS: Final = frozenset({
    "id", "user_id", "username", "name", "account_type", "profile_picture_url", "followers_count", "follows_count", "media_count",
})  # fmt: skip
MEDIA_FIELDS: Final = frozenset({
    "id", "caption", "media_type", "media_product_type", "media_url", "thumbnail_url", "permalink", "shortcode", "timestamp",
    "username", "owner", "like_count", "comments_count", "is_comment_enabled", "alt_text", "children", "comments", "insights",
})  # fmt: skip
OPTIONS: Final = frozenset({
    "share_to_feed", "cover_url", "thumb_offset", "collaborators", "audio_name", "trial_params", "user_tags", "location_id",
    "is_ai_generated",
})  # fmt: skip
STATUS_TEXT: Final = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired: Media was not published within 24 hours and can no longer be published.",
}
NOT_READY: Final = "Media ID is not available"


def _failure(code: int, subcode: int, message: str, text: str | None = None, **options: Any) -> GraphError:
    return GraphError(code, message, subcode, text=text, **options)


PRESETS: Final[dict[str, Preset]] = {
    **{name: p for name, p in meta.COMMON_PRESETS.items() if name not in ("duplicate", "link_not_scraped", "rate_limited_page")},
    "rate_limited_business": meta.preset(
        80002,
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
        headers=meta.business_usage("17841400000000001", "instagram", 100, 12),
    ),
    "quota_used": meta.preset(9, "Application request limit reached", 2207042),
    "spam_block": meta.preset(4, "Application request limit reached", 2207051, text="We restrict certain activity."),
    "account_restricted": meta.preset(25, "User not visible", 2207050),
    "not_ready": meta.preset(9007, NOT_READY, 2207027),
    "container_missing": meta.preset(24, "The requested resource does not exist", 2207008),
    "media_not_found": meta.preset(24, "The requested resource does not exist", 2207006),
    "container_expired": meta.preset(-2, "The container has expired", 2207020),
    "server_failed": meta.preset(-1, "Fatal", 2207001),
    "create_failed": meta.preset(-1, "Fatal", 2207032),
    "upload_unknown": meta.preset(-1, "Fatal", 2207053),
    "download_timed_out": meta.preset(-2, "Fatal", 2207003),
    "media_fetch": meta.preset(9004, "Only photo or video can be accepted as media type.", 2207052),
    "media_fetch_empty": meta.preset(9004, "The media could not be fetched from this URI: ", 2207052),
    "video_format": meta.preset(352, "The video format is not supported", 2207026),
    "image_too_large": meta.preset(36000, "The image size is too large.", 2207004),
    "image_format": meta.preset(36001, "The image format is not supported", 2207005),
    "image_ratio": meta.preset(36003, "The aspect ratio is not supported.", 2207009),
    "caption_too_long": meta.preset(36004, "The caption was too long", 2207010),
    "media_type": meta.preset(100, "(#100) The media type is unknown", 2207023),
    "carousel": meta.preset(100, "(#100) The post won't work as a carousel", 2207028),
    "product_tags": meta.preset(100, "(#100) Product tags are not valid", 2207035),
    "too_many_tags": meta.preset(100, "(#100) Cannot tag more than 20 people", 2207040),
    "thumb_offset": meta.preset(100, "(#100) The thumbnail offset is out of range", 2207057),
    "no_trial_reels": meta.preset(10, "(#10) The account cannot publish trial reels", 2207081),
    "silent_403": Preset(403, "", note="403 without a body"),
}


@dataclass(slots=True)
class Account:
    """A professional account. ``scoped_id`` is the id that this app knows its person by."""

    id: str
    scoped_id: str
    username: str
    name: str
    account_type: str = "BUSINESS"
    followers_count: int = 2400
    granted: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Container:
    """A prepared post. ``error`` is the 2207xxx number that its status will show; ``media`` is set once it is published."""

    id: str
    account: str
    kind: str  # image | reel | story | carousel
    child: bool
    video: bool
    url: str | None
    caption: str
    alt_text: str | None
    made_at: float
    ready_at: float
    children: list[str] = field(default_factory=list)
    error: int | None = None
    media: str | None = None
    options: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Media:
    """A published post, story, or member of a carousel (``parent``)."""

    id: str
    account: str
    container: str
    product: str  # FEED | REELS | STORY
    type: str  # IMAGE | VIDEO | CAROUSEL_ALBUM
    url: str | None
    caption: str
    alt_text: str | None
    live_at: float
    children: list[str] = field(default_factory=list)
    parent: str | None = None
    comment_enabled: bool = True
    comments: list[Json] = field(default_factory=list)


Handler = Callable[[Call, Token, str], Any]


class Instagram:
    """The simulator: state, the dialog, the token endpoint, the Graph host and the control actions."""

    name = "instagram"
    base_host = GRAPH
    presets = PRESETS

    def __init__(self, world: World) -> None:
        self.world = world
        graph = meta.endpoint(world, GRAPH, self.dispatch, batches=False)
        self.hosts: dict[str, list[BaseRoute]] = {
            GRAPH: [Route("/{path:path}", graph, methods=["GET", "POST", "DELETE"])],
            API: [Route("/oauth/access_token", self.token_endpoint, methods=["POST"])],
            DIALOG: [Route("/oauth/authorize", self.dialog)],
        }
        self.actions: dict[str, Callable[[Json], Any]] = {
            "consent": self.act_consent,
            "user": self.act_user,
            "settings": self.act_settings,
            "fail_containers": self.act_fail_containers,
            "expire_tokens": self.act_expire,
            "revoke": self.act_revoke,
            "deauthorize": self.act_deauthorize,
            "data_deletion": self.act_data_deletion,
            "seed": self.act_seed,
        }
        self.notes = [
            f"client_id {CLIENT_ID}, client_secret {CLIENT_SECRET}; the dialog consents at once unless 'consent' says otherwise",
            "consent: {decision: grant|deny, declined_scopes: [], user: id}",
            "user: {id, scoped_id, username, name, account_type: BUSINESS|MEDIA_CREATOR|PERSONAL, followers_count}",
            "settings: {processing_s, image_processing_s, quota_total, impressions, wrapped_token}; the call budget is "
            "4800 x impressions a day; wrapped_token 1 puts the token answer into data[0]",
            "fail_containers: {error: 2207082, times: 1}: the next containers end in ERROR with that number",
            "expire_tokens: {subcode?, user?}; revoke: {user?}; deauthorize, data_deletion: {url, user?} post a signed request",
            "seed: {count, account, text, age_s}: images that the person posted in Instagram's own app",
            "images are pulled while the container is created, videos while it is processed",
            "media URLs may be plain http on loopback only; a second media_publish of one container answers 24/2207006",
        ]
        self.edges = self._edges()
        self.reset()

    def reset(self) -> None:
        """Forget everything; one professional account remains."""
        self.ids = meta.counter(17_900_000_000_000_003)
        self.tokens = meta.Tokens(self.world, "IGAA")
        self.budget = meta.Budget()
        self.consent = Consent()
        self.settings: dict[str, float] = {
            "processing_s": 1.5, "image_processing_s": 0.5, "quota_total": 100, "impressions": 1000, "wrapped_token": 0,
        }  # fmt: skip
        self.accounts = {
            "17841400000000001": Account("17841400000000001", "25000000000000001", "riverside.bakery", "Riverside Bakery")
        }
        self.containers: dict[str, Container] = {}
        self.media: dict[str, Media] = {}
        self.failures: list[int] = []

    def state(self) -> Json:
        """Published posts in order, containers, accounts and counts."""
        return {
            "posts": [self._post_state(m) for m in self.media.values() if m.parent is None],
            "containers": [{**asdict(c), "status": self._status(c)} for c in self.containers.values()],
            "accounts": [{**asdict(a), "granted": sorted(a.granted)} for a in self.accounts.values()],
            "tokens": len(self.tokens.tokens),
            "settings": self.settings,
        }

    def not_found(self, request: Request) -> Response:
        """What the Graph API says to a path it does not know."""
        error = GraphError(2500, f"Unknown path components: {request.url.path}", kind="IGApiException")
        return JSONResponse(error.body(), 400)

    @property
    def now(self) -> float:
        """Simulated time."""
        return self.world.clock.now()

    # -- dialog and tokens ------------------------------------------------------------------------------------------------

    async def dialog(self, request: Request) -> Response:
        """The login dialog, answered by a person who is logged in and decides at once (platforms.md 2.2)."""
        asked = request.query_params
        uri = asked.get("redirect_uri", "")
        scopes = frozenset(s.strip() for s in re.split(r"[,\s]", asked.get("scope", "")) if s.strip())
        account = self._account(self.consent.user)
        problem = (
            "Invalid platform app" if not asked.get("client_id")
            else "Invalid redirect_uri" if not meta.redirect_allowed(uri)
            else "Invalid response_type" if asked.get("response_type") != "code"
            else f"Invalid Scopes: {', '.join(sorted(scopes - SCOPES))}" if scopes - SCOPES
            else "Invalid Scopes: instagram_business_basic is required" if BASIC not in scopes
            else "A professional account is required" if account.account_type == "PERSONAL"
            else None
        )  # fmt: skip
        if problem:
            return meta.dialog_error("Invalid Request", f"Invalid Request: Request parameters are invalid: {problem}")
        echo = {"state": asked["state"]} if "state" in asked else {}
        if self.consent.decision == "deny":
            denied = {
                "error": "access_denied",
                "error_reason": "user_denied",
                "error_description": "The user denied your request",
            }
            return meta.redirect(uri, {**denied, **echo})
        account.granted = set(scopes - self.consent.declined_scopes)
        code = meta.Code(asked["client_id"], uri, account.id, frozenset(account.granted), frozenset(), self.now + CODE_LIFE_S)
        return meta.redirect(uri, {"code": self.tokens.issue_code(code), **echo}, "#_")

    def _account(self, id: Any) -> Account:
        return self.accounts[str(id)] if id else next(iter(self.accounts.values()))

    async def token_endpoint(self, request: Request) -> Response:
        """``POST api.instagram.com/oauth/access_token``: the code for a token of one hour, in its own error shape."""
        asked, _ = await meta.read_form(request)
        code = self.tokens.codes.get(asked.get("code", ""))
        problem = (
            "Invalid platform app" if asked.get("client_id") != CLIENT_ID
            else "Error validating client secret" if asked.get("client_secret") != CLIENT_SECRET
            else "Invalid grant_type" if asked.get("grant_type") != "authorization_code"
            else "Invalid authorization code" if code is None
            else "This authorization code has been used" if code.used
            else "This authorization code has expired" if self.now >= code.expires_at
            else "Error validating verification code: redirect_uri is not the one of the authorization request"
            if asked.get("redirect_uri") != code.redirect_uri or code.client_id != CLIENT_ID
            else None
        )  # fmt: skip
        if code is None or problem:
            return JSONResponse({"error_type": "OAuthException", "code": 400, "error_message": problem}, 400)
        code.used = True
        account = self.accounts[code.user]
        token = self.tokens.issue("SHORT", account.id, account.id, code.scopes, SHORT_LIFE_S)
        answer: Json = {"access_token": token.value, "user_id": account.scoped_id, "permissions": sorted(code.scopes)}
        if self.settings["wrapped_token"]:
            return JSONResponse({"data": [{**answer, "permissions": ",".join(answer["permissions"])}]})
        return JSONResponse(answer)

    def exchange(self, call: Call) -> Json:
        """``GET /access_token``: the short token for one of 60 days."""
        if call.params.get("grant_type") != "ig_exchange_token":
            raise invalid("Unsupported grant_type")
        if call.params.get("client_secret") != CLIENT_SECRET:
            raise GraphError(101, "Error validating client secret.")
        token = self.tokens.check(call.token)
        if token.kind != "SHORT":
            raise invalid("Only a short-lived token can be exchanged.")
        return self._long(token)

    def refresh(self, call: Call) -> Json:
        """``GET /refresh_access_token``: another 60 days for a long-lived token that is at least 24 hours old."""
        if call.params.get("grant_type") != "ig_refresh_token":
            raise invalid("Unsupported grant_type")
        token = self.tokens.check(call.token)
        if token.kind != "LONG" or self.now - token.issued_at < REFRESH_AGE_S:
            raise invalid("Only a long-lived token that is at least 24 hours old can be refreshed.")
        return self._long(token)

    def _long(self, token: Token) -> Json:
        longer = self.tokens.issue("LONG", token.user, token.account, token.scopes, LONG_LIFE_S, long_lived=True)
        return {"access_token": longer.value, "token_type": "bearer", "expires_in": int(LONG_LIFE_S)}

    # -- dispatch ---------------------------------------------------------------------------------------------------------

    async def dispatch(self, call: Call) -> Any:
        """One Graph call: the two token endpoints, then ``{node}`` and ``{node}/{edge}``."""
        if call.method == "GET" and call.path == ("access_token",):
            return self.exchange(call)
        if call.method == "GET" and call.path == ("refresh_access_token",):
            return self.refresh(call)
        token = self.tokens.check(call.token)
        self._charge(call, token)
        if not call.path:
            raise invalid(f"Unsupported {call.method.lower()} request.", 33)
        node = token.account if call.path[0] in ("me", self.accounts[token.account].scoped_id) else call.path[0]
        kind = self._kind(node, token)
        edge = call.path[1] if len(call.path) > 1 else ""
        handler = self.edges.get((call.method, kind, edge)) if len(call.path) < 3 else None
        if kind is None or (handler is None and call.method != "GET"):
            raise meta.not_found(node, call.method)
        if handler is None:
            raise invalid(f"Tried accessing nonexisting field ({edge}) on node type ({kind})")
        self._need(token, BASIC)
        result = handler(call, token, node)
        return await result if hasattr(result, "__await__") else result

    def _edges(self) -> dict[tuple[str, str | None, str], Handler]:
        return {
            ("GET", "User", ""): self.read_user,
            ("GET", "User", "media"): self.list_media,
            ("GET", "User", "stories"): self.list_stories,
            ("GET", "User", "insights"): self.account_insights,
            ("GET", "User", "content_publishing_limit"): self.read_limit,
            ("POST", "User", "media"): self.post_container,
            ("POST", "User", "media_publish"): self.publish,
            ("GET", "Container", ""): self.read_container,
            ("GET", "Media", ""): self.read_media,
            ("POST", "Media", ""): self.edit_media,
            ("GET", "Media", "insights"): self.media_insights,
            ("GET", "Media", "children"): self.list_children,
            ("GET", "Media", "comments"): self.list_comments,
            ("POST", "Media", "comments"): self.post_comment,
        }

    def _kind(self, node: str, token: Token) -> str | None:
        """What a node is, or ``None`` when it is missing or another account's."""
        if node == token.account:
            return "User"
        held = self.containers.get(node) or self.media.get(node)
        if held is None or held.account != token.account:
            return None
        return type(held).__name__

    def _charge(self, call: Call, token: Token) -> None:
        """Count the call against the account's budget (platforms.md 0.3) and say so in the documented header."""
        limit = int(4800 * self.settings["impressions"])
        percent, wait = self.budget.charge(token.account, self.now, DAY, limit)
        call.usage |= meta.business_usage(token.account, "instagram", percent, round(wait / 60) if percent > 100 else 0)
        if percent > 100:
            raise GraphError(80002, "(#80002) There have been too many calls to this Instagram account.")

    def _need(self, token: Token, scope: str) -> None:
        if scope not in token.scopes & self.accounts[token.account].granted:
            raise GraphError(10, f"(#10) Requires {scope} permission to manage the object")

    def read_user(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me`` and ``GET /{ig}``: ``user_id`` is the professional account, ``id`` of ``/me`` is app-scoped."""
        fields = meta.parse_fields(call.params.get("fields", "id"))
        edges = {"media": self.list_media, "stories": self.list_stories}
        meta.known(fields, {*USER_FIELDS, *edges}, "User")
        account = self.accounts[node]
        row: Json = {
            "id": account.id if call.path[0] == account.id else account.scoped_id, "user_id": account.id,
            "username": account.username, "name": account.name, "account_type": account.account_type,
            "profile_picture_url": f"{self.world.base}{media.PREFIX}/photo.jpg?size=150x150",
            "followers_count": account.followers_count, "follows_count": 180, "media_count": len(self._listed(node)),
        }  # fmt: skip
        answer = meta.choose(row, fields)
        for entry in fields:
            if entry.name in edges:
                inner = Call(call.host, "GET", call.version, (node, entry.name), dict(entry.args), {}, call.token)
                answer[entry.name] = self._media_rows(inner, token, self._edge(entry.name, node), entry.fields)
        return answer

    # -- containers -------------------------------------------------------------------------------------------------------

    async def post_container(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{ig}/media``: prepare an image, reel, carousel, member of a carousel, or story (platforms.md 2.3)."""
        self._need(token, PUBLISH)
        since = self.now - DAY
        if sum(c.account == node and c.made_at > since for c in self.containers.values()) >= CONTAINERS_PER_DAY:
            raise _failure(9, 2207042, "Application request limit reached", "Too many containers were created in 24 hours.")
        kind, child = _container_kind(call)
        _check_text(call, kind)
        if kind == "carousel":
            made = self._carousel(call, node)
        else:
            made = await self._single(call, node, kind, child)
        if self.failures:
            made.error = self.failures.pop(0)
        self.containers[made.id] = made
        return {"id": made.id}

    async def _single(self, call: Call, account: str, kind: str, child: bool) -> Container:
        url = call.params.get("video_url") or call.params.get("image_url")
        video = "video_url" in call.params
        if not url or (kind == "reel" and not video) or (kind == "image" and not child and video):
            raise invalid(f"The parameter {'video_url' if kind == 'reel' else 'image_url'} is required.")
        _check_url(url)
        error = None
        if video:
            error = await self._check_video(url, kind, call.params)
        else:
            await self._check_image(url, cropped=kind != "story")
        if cover := call.params.get("cover_url"):
            _check_url(cover)
            await self._check_image(cover, cropped=False)
        takes = self.settings["processing_s" if video else "image_processing_s"]
        caption = "" if child or kind == "story" else call.params.get("caption", "")
        options = {k: v for k, v in call.params.items() if k in OPTIONS}
        return Container(
            str(next(self.ids)), account, kind, child, video, url, caption, call.params.get("alt_text"),
            self.now, self.now + takes, error=error, options=options,
        )  # fmt: skip

    def _carousel(self, call: Call, account: str) -> Container:
        children = _list(call.params.get("children", ""))
        if len(children) not in CAROUSEL_SIZE or len(set(children)) != len(children):
            raise invalid("A carousel needs 2 to 10 different children.", 2207028)
        for id in children:
            child = self.containers.get(id)
            if child is None or child.account != account or not child.child:
                raise invalid(f"The child {id} is not a carousel item.", 2207028)
            if self._status(child) == "EXPIRED":
                raise _failure(-2, 2207020, "The container has expired")
            if self._status(child) != "FINISHED":
                raise _failure(9007, 2207027, NOT_READY, "The media is not ready for publishing, please wait for a moment")
        ready_at = self.now + self.settings["image_processing_s"]
        options = {k: v for k, v in call.params.items() if k in OPTIONS}
        return Container(
            str(next(self.ids)), account, "carousel", False, False, None, call.params.get("caption", ""), None,
            self.now, ready_at, children, options=options,
        )  # fmt: skip

    async def _pull(self, url: str, max_bytes: int) -> media.Media:
        return await media.fetch(self.world, url, user_agent=meta.CRAWLER, allow_redirects=False, max_bytes=max_bytes)

    async def _check_image(self, url: str, *, cropped: bool) -> None:
        """Pull an image and refuse it at once when it does not fit. ``cropped``: the feed's aspect ratios apply."""
        try:
            found = await self._pull(url, IMAGE_BYTES)
        except media.FetchFailed as failed:
            if failed.reason == "too_large":
                raise _failure(36000, 2207004, "The image size is too large.") from None
            if failed.reason == "timed_out":
                raise _failure(-2, 2207003, "Fatal", "It takes too long to download the media.") from None
            raise _not_fetchable(url) from None
        if not found.content_type.startswith("image/"):
            raise _not_fetchable(url)
        if found.content_type != "image/jpeg" or not found.width or not found.height:
            raise _failure(36001, 2207005, "The image format is not supported", "Only JPEG is supported.")
        if cropped and not IMAGE_RATIO[0] <= found.width / found.height <= IMAGE_RATIO[1]:
            raise _failure(36003, 2207009, "The aspect ratio is not supported.", "The ratio must be between 4:5 and 1.91:1.")

    async def _check_video(self, url: str, kind: str, params: dict[str, str]) -> int | None:
        """Pull a video; what is wrong with it shows in the container's status later."""
        size, shortest, longest = VIDEO_LIMITS.get(kind, VIDEO_LIMITS["reel"])
        try:
            found = await self._pull(url, size)
        except media.FetchFailed as failed:
            return 2207004 if failed.reason == "too_large" else 2207003 if failed.reason == "timed_out" else 2207077
        ratio = (found.width or 9) / (found.height or 16)
        fits = (
            found.content_type in VIDEO_TYPES
            and shortest <= (found.duration_s or 0) <= longest
            and (found.width or 0) <= VIDEO_WIDTH
            and VIDEO_RATIO[0] <= ratio <= VIDEO_RATIO[1]
        )
        if not fits:
            return 2207026
        offset = meta.integer(params.get("thumb_offset"), "thumb_offset", 0)
        return 2207057 if not 0 <= offset <= (found.duration_s or 0) * 1000 else None

    def _status(self, made: Container) -> str:
        if made.media:
            return "PUBLISHED"
        if self.now - made.made_at > CONTAINER_LIFE_S:
            return "EXPIRED"
        if self.now < made.ready_at:
            return "IN_PROGRESS"
        return "ERROR" if made.error else "FINISHED"

    def read_container(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{container}``. The number of a failure is only inside the text of ``status`` (platforms.md 2.7)."""
        fields = meta.parse_fields(call.params.get("fields", "id"))
        meta.known(fields, {"id", "status", "status_code"}, "Container")
        made = self.containers[node]
        code = self._status(made)
        text = STATUS_TEXT.get(code, f"Error: Media upload has failed with error code {made.error}")
        return meta.choose({"id": made.id, "status_code": code, "status": text}, fields)

    # -- publishing -------------------------------------------------------------------------------------------------------

    def publish(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{ig}/media_publish``: the only step that the public sees."""
        self._need(token, PUBLISH)
        made = self.containers.get(call.need("creation_id"))
        if made is None or made.account != node:
            raise _failure(24, 2207008, "The requested resource does not exist", "The media builder was not found.")
        if made.child:
            raise invalid("A carousel item cannot be published by itself.", 2207023)
        match self._status(made):
            case "EXPIRED":
                raise _failure(-2, 2207020, "The container has expired", status=400)
            case "PUBLISHED":
                raise _failure(24, 2207006, "The requested resource does not exist", "The media was not found.")
            case "IN_PROGRESS" | "ERROR":
                raise _failure(9007, 2207027, NOT_READY, "The media is not ready for publishing, please wait for a moment")
        if self._quota_usage(node, self.now - DAY) >= self.settings["quota_total"]:
            raise _failure(9, 2207042, "Application request limit reached", "The maximum number of posts was reached.")
        return {"id": self._go_live(made).id}

    def _quota_usage(self, account: str, since: float) -> int:
        return sum(m.account == account and m.parent is None and m.live_at > since for m in self.media.values())

    def _go_live(self, made: Container, parent: str | None = None) -> Media:
        product = {"reel": "REELS", "story": "STORY"}.get(made.kind, "FEED")
        kind = "CAROUSEL_ALBUM" if made.kind == "carousel" else "VIDEO" if made.video else "IMAGE"
        live = Media(
            str(next(self.ids)),
            made.account,
            made.id,
            product,
            kind,
            made.url,
            made.caption,
            made.alt_text,
            self.now,
            parent=parent,
        )
        self.media[live.id] = live
        made.media = live.id
        live.children = [self._go_live(self.containers[id], live.id).id for id in made.children]
        return live

    def read_limit(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/content_publishing_limit``."""
        self._need(token, PUBLISH)
        fields = meta.parse_fields(call.params.get("fields", "quota_usage"))
        meta.known(fields, {"quota_usage", "config"}, "ContentPublishingLimit")
        since = meta.moment(call.params.get("since"), "since", self.now - DAY)
        if since < self.now - DAY - 1:
            raise invalid("The parameter since must be within the last 24 hours.")
        config = {"quota_total": int(self.settings["quota_total"]), "quota_duration": int(DAY)}
        return {"data": [meta.choose({"quota_usage": self._quota_usage(node, since), "config": config}, fields)]}

    # -- media ------------------------------------------------------------------------------------------------------------

    def _listed(self, account: str) -> list[Media]:
        found = [m for m in self.media.values() if m.account == account and m.parent is None and m.product != "STORY"]
        shows = self.world.lists[self.name].shows
        return sorted((m for m in found if shows(m.live_at, self.now)), key=lambda m: m.live_at)[::-1][:LIST_REACH]

    def _edge(self, edge: str, account: str) -> list[Media]:
        if edge == "media":
            return self._listed(account)
        since = self.now - STORY_LIFE_S
        stories = [m for m in self.media.values() if m.account == account and m.product == "STORY" and m.live_at > since]
        return stories[::-1]

    def list_media(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/media``: newest first, without stories."""
        since = meta.moment(call.params.get("since"), "since", 0)
        until = meta.moment(call.params.get("until"), "until", float("inf"))
        return self._media_rows(call, token, [m for m in self._listed(node) if since <= m.live_at <= until])

    def list_stories(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/stories``: those of the last 24 hours."""
        return self._media_rows(call, token, self._edge("stories", node))

    def list_children(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}/children``."""
        return self._media_rows(call, token, [self.media[id] for id in self.media[node].children])

    def _media_rows(self, call: Call, token: Token, found: Iterable[Media], expanded: tuple[Field, ...] | None = None) -> Json:
        fields = expanded or meta.parse_fields(call.params.get("fields", "id"))
        page = meta.paged(self.world, call, [{"id": m.id} for m in found], made_at=lambda row: self.media[row["id"]].live_at)
        page["data"] = [self._media(self.media[row["id"]], fields, token) for row in page["data"]]
        return page

    def read_media(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}``."""
        return self._media(self.media[node], meta.parse_fields(call.params.get("fields", "id")), token)

    def _media(self, live: Media, fields: tuple[Field, ...], token: Token) -> Json:
        meta.known(fields, set(MEDIA_FIELDS), "Media")
        shortcode, age = _shortcode(live.id), self.now - live.live_at
        row: Json = {
            "id": live.id, "caption": live.caption or None, "media_type": live.type, "media_product_type": live.product,
            "media_url": live.url, "permalink": self._permalink(live, shortcode), "shortcode": shortcode,
            "timestamp": stamp(live.live_at), "username": self.accounts[live.account].username, "owner": {"id": live.account},
            "like_count": grown(live.id, age, 250), "comments_count": len(live.comments), "alt_text": live.alt_text,
            "is_comment_enabled": live.comment_enabled, "thumbnail_url": live.url if live.type == "VIDEO" else None,
            "comments": {"data": live.comments} if live.comments else None,
        }  # fmt: skip
        for entry in fields:
            if entry.name == "children" and live.children:
                rows = [self._media(self.media[id], entry.fields or (), token) for id in live.children]
                row["children"] = {"data": [{"id": id, **r} for id, r in zip(live.children, rows, strict=True)]}
            if entry.name == "insights":
                inner = Call(GRAPH, "GET", "", (live.id, "insights"), dict(entry.args), {}, token.value)
                row["insights"] = self.media_insights(inner, token, live.id)
        return meta.choose({k: v for k, v in row.items() if v is not None}, fields)

    def _permalink(self, live: Media, shortcode: str) -> str:
        if live.product == "STORY":
            return f"https://www.instagram.com/stories/{self.accounts[live.account].username}/{live.id}"
        return f"https://www.instagram.com/{'reel' if live.product == 'REELS' else 'p'}/{shortcode}/"

    def _post_state(self, live: Media) -> Json:
        shown = [live] if not live.children else [self.media[id] for id in live.children]
        return {
            "id": live.id, "account": live.account, "kind": f"{live.product}/{live.type}", "text": live.caption,
            "media": [m.url for m in shown], "alt_text": [m.alt_text for m in shown], "status": "published",
            "created_time": stamp(live.live_at), "permalink": self._permalink(live, _shortcode(live.id)),
            "container": live.container, "comment_enabled": live.comment_enabled,
            "comments": [c["text"] for c in live.comments], "options": self.containers[live.container].options,
        }  # fmt: skip

    def edit_media(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{media}`` with ``comment_enabled``; nothing else can be changed."""
        self._need(token, COMMENTS)
        call.need("comment_enabled")
        self.media[node].comment_enabled = call.flag("comment_enabled", True)
        return {"success": True}

    def list_comments(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}/comments``, newest first."""
        self._need(token, COMMENTS)
        fields = meta.parse_fields(call.params.get("fields", "timestamp,text,id"))
        meta.known(fields, {"id", "text", "timestamp", "username"}, "Comment")
        return meta.paged(self.world, call, [meta.choose(c, fields) for c in reversed(self.media[node].comments)])

    def post_comment(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{media}/comments``."""
        self._need(token, COMMENTS)
        live = self.media[node]
        message = call.need("message")
        if not live.comment_enabled or live.product == "STORY":
            raise invalid("Comments are not enabled for this media.")
        username = self.accounts[live.account].username
        comment = {"id": str(next(self.ids)), "text": message, "timestamp": stamp(self.now), "username": username}
        live.comments.append(comment)
        return {"id": comment["id"]}

    # -- insights ---------------------------------------------------------------------------------------------------------

    def media_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}/insights``: one metric that does not fit the product type fails the call (platforms.md 2.4)."""
        self._need(token, INSIGHTS)
        live = self.media[node]
        names = _list(call.need("metric"))
        table = MEDIA_METRICS[live.product]
        if live.parent or any(name not in table for name in names):
            raise invalid("metric must be one of the following values: " + ", ".join(table))
        age = self.now - live.live_at
        if live.product == "STORY" and age > STORY_LIFE_S:
            return {"data": []}
        if live.product == "STORY" and grown(live.id, age, table["reach"]) < STORY_VIEWERS:
            raise GraphError(10, "(#10) Not enough viewers for the media to show insights")
        return {"data": [_insight(node, n, "lifetime", {"values": [{"value": grown(live.id, age, table[n])}]}) for n in names]}

    def account_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/insights``: each group of metrics has its own parameters (platforms.md 2.4)."""
        self._need(token, INSIGHTS)
        names = _list(call.need("metric"))
        if unknown := [n for n in names if n not in ACCOUNT_METRICS]:
            raise invalid(f"metric must be one of the account's metrics, not {unknown[0]}")
        period = call.need("period")
        until = meta.moment(call.params.get("until"), "until", self.now)
        since = meta.moment(call.params.get("since"), "since", until - DAY)
        if not 0 <= until - since <= INSIGHTS_SPAN_S:
            raise invalid("There cannot be more than 90 days between since and until.")
        rows = [self._account_insight(call, self.accounts[node], name, period, since, until) for name in names]
        return {"data": [row for row in rows if row]}

    def _account_insight(self, call: Call, account: Account, name: str, period: str, since: float, until: float) -> Json | None:
        shape = call.params.get("metric_type", "time_series")
        if period != ("lifetime" if name in DEMOGRAPHICS else "day"):
            raise invalid(f"The metric {name} is incompatible with the period {period}.")
        if (name in TOTALS or name in DEMOGRAPHICS) and shape != "total_value":
            raise invalid(f"The metric {name} should be specified with parameter metric_type=total_value")
        if name in DEMOGRAPHICS:
            return _demographics(call, account, name)
        if name == "follower_count":
            if since < self.now - 31 * DAY:
                raise invalid("follower_count is kept for the last 30 days, excluding the current day.")
            if account.followers_count < FOLLOWERS_FOR_INSIGHTS:
                return None
        ceiling = TOTALS.get(name, 700 if name == "reach" else 8)
        first, last = int(since // DAY), max(int(until // DAY), int(since // DAY) + 1)
        days = [{"value": grown(f"{account.id}{name}{d}", 30 * DAY, ceiling), "end_time": stamp((d + 1) * DAY)}
                for d in range(first, last)]  # fmt: skip
        if shape == "total_value":
            return _insight(account.id, name, period, {"total_value": {"value": sum(int(str(d["value"])) for d in days)}})
        return _insight(account.id, name, period, {"values": days})

    # -- control ----------------------------------------------------------------------------------------------------------

    def act_consent(self, given: Json) -> Json:
        """What the next dialogs do."""
        self.consent = Consent.of(given)
        return {"decision": self.consent.decision, "declined_scopes": sorted(self.consent.declined_scopes)}

    def act_user(self, given: Json) -> Json:
        """Create or change an account."""
        id = str(given.get("id") or next(iter(self.accounts)))
        account = self.accounts.setdefault(id, Account(id, f"2{id[1:]}", f"account.{id[-4:]}", f"Account {id[-4:]}"))
        for name in ("scoped_id", "username", "name", "account_type", "followers_count"):
            setattr(account, name, given.get(name, getattr(account, name)))
        return {**asdict(account), "granted": sorted(account.granted)}

    def act_settings(self, given: Json) -> Json:
        """Processing times, quota, budget and the shape of the token answer."""
        self.settings |= {k: float(v) for k, v in given.items() if k in self.settings}
        return dict(self.settings)

    def act_fail_containers(self, given: Json) -> Json:
        """Let the next containers end in ERROR."""
        self.failures = [int(given.get("error", 2207082))] * int(given.get("times", 1))
        return {"failures": self.failures}

    def act_seed(self, given: Json) -> Json:
        """Images that the person posted in the app."""
        account, at = self._account(given.get("account")).id, self.now - float(given.get("age_s", 0))
        made = []
        for _ in range(int(given.get("count", 1))):
            id, text = str(next(self.ids)), str(given.get("text", ""))
            container = Container(id, account, "image", False, False, None, text, None, at, at)
            self.containers[id] = container
            live = self._go_live(container)
            live.live_at = at
            made.append(live.id)
        return {"ids": made}

    def act_expire(self, given: Json) -> Json:
        """Make access tokens invalid, as expired unless another subcode of 190 is named."""
        return {"tokens": self.tokens.kill(int(given.get("subcode", 463)), given.get("user"))}

    def act_revoke(self, given: Json) -> Json:
        """The person removes the app."""
        account = self._account(given.get("user"))
        account.granted.clear()
        return {"tokens": self.tokens.kill(458, account.id)}

    async def act_deauthorize(self, given: Json) -> Json:
        """The person removes the app and the app's deauthorize callback is told."""
        self.act_revoke(given)
        return await self.act_data_deletion(given)

    async def act_data_deletion(self, given: Json) -> Json:
        """The person asks for deletion of their data and the app's callback is told."""
        account = self._account(given.get("user"))
        return await meta.post_signed_request(self.world, given["url"], account.scoped_id, CLIENT_SECRET)


def _container_kind(call: Call) -> tuple[str, bool]:
    """Kind of a container and whether it is a carousel item."""
    given, child = call.params.get("media_type"), call.flag("is_carousel_item", False)
    if given == "VIDEO":
        if not child:
            raise invalid("Unsupported media type VIDEO; use REELS", 2207023)
        return "image", True
    if given not in (None, "REELS", "STORIES", "CAROUSEL"):
        raise invalid(f"The media type {given} is unknown", 2207023)
    if child and given is not None:
        raise invalid(f"The media type {given} cannot be a carousel item", 2207028)
    return {"REELS": "reel", "STORIES": "story", "CAROUSEL": "carousel"}.get(given or "", "image"), child


def _check_text(call: Call, kind: str) -> None:
    """Refuse captions, alt texts and tags over their limits (platforms.md 2.3)."""
    caption, alt_text = call.params.get("caption", ""), call.params.get("alt_text", "")
    if len(caption) > CAPTION_LENGTH:
        raise _failure(36004, 2207010, "The caption was too long", f"The caption is longer than {CAPTION_LENGTH} characters.")
    if len(re.findall(r"#\w+", caption)) > HASHTAGS or len(re.findall(r"(?<!\w)@\w+", caption)) > MENTIONS:
        raise _failure(36004, 2207010, "The caption was too long", "The caption has too many hashtags or mentions.")
    if alt_text and (kind not in ("image",) or "video_url" in call.params or len(alt_text) > ALT_TEXT_LENGTH):
        raise invalid(f"alt_text is for images and at most {ALT_TEXT_LENGTH} characters.")
    if len(call.structured("user_tags") or ()) > USER_TAGS:
        raise invalid("Cannot tag more than 20 people", 2207040)
    collaborators = _list(call.params.get("collaborators", ""))
    if len(collaborators) > COLLABORATORS or (collaborators and kind == "story"):
        raise invalid("At most 3 collaborators can be invited, and none to a story.")
    trial = call.structured("trial_params")
    if trial is not None and (kind != "reel" or trial.get("graduation_strategy") not in ("MANUAL", "SS_PERFORMANCE")):
        raise invalid("trial_params needs a reel and a graduation_strategy of MANUAL or SS_PERFORMANCE.")
    for flag in ("share_to_feed", "is_ai_generated"):
        call.flag(flag, False)


def _check_url(url: str) -> None:
    if not url.isascii() or not url.startswith(("https://", "http://")) or " " in url:
        raise _not_fetchable(url)


def _not_fetchable(url: str) -> GraphError:
    text = f"The media could not be fetched from this URI: {url}"
    return _failure(9004, 2207052, "Only photo or video can be accepted as media type.", text)


def _list(text: str) -> list[str]:
    """A comma list or a JSON array of strings."""
    try:
        given = json.loads(text) if text.startswith("[") else text.split(",")
    except ValueError:
        raise invalid("param must be an array.") from None
    return [str(item).strip() for item in given if str(item).strip()]


def _shortcode(id: str) -> str:
    """Eleven characters that cannot be computed from the id by a client."""
    digest = hashlib.sha256(f"shortcode {id}".encode()).hexdigest()
    return "D" + digest[:10]


def _demographics(call: Call, account: Account, name: str) -> Json | None:
    breakdown = call.need("breakdown")
    if breakdown not in BREAKDOWNS or call.params.get("timeframe") not in ("this_week", "this_month"):
        raise invalid("param breakdown must be age, gender, city or country, and timeframe this_week or this_month.")
    if account.followers_count < FOLLOWERS_FOR_INSIGHTS:
        return None
    results = [
        {"dimension_values": [value], "value": grown(f"{account.id}{value}", 30 * DAY, account.followers_count // 3)}
        for value in BREAKDOWNS[breakdown]
    ]
    total = {"breakdowns": [{"dimension_keys": [breakdown], "results": results}]}
    return _insight(account.id, name, "lifetime", {"total_value": total})


def _insight(node: str, name: str, period: str, values: Json) -> Json:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, **values, "title": title, "description": title,
        "id": f"{node}/insights/{name}/{period}",
    }  # fmt: skip


def create(world: World) -> Instagram:
    """The Instagram simulator for ``world``."""
    return Instagram(world)
