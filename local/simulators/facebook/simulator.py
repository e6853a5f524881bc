"""Facebook Pages as platforms.md sections 0 and 1 describe them: login, Graph API, media upload, insights. It shares no code
with the product and is stricter than any client: what the reference does not allow is refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators import media
from local.simulators.meta import graph as meta
from local.simulators.meta.graph import DAY, HOUR, Call, Consent, Field, GraphError, Token, grown, invalid, stamp
from local.simulators.world import Json, Preset, World, bearer

CLIENT_ID: Final = "facebook-app"
CLIENT_SECRET: Final = "facebook-app-secret"
GRAPH: Final = "graph.facebook.com"
DIALOG: Final = "www.facebook.com"
RUPLOAD: Final = "rupload.facebook.com"

CODE_LIFE_S: Final = 600.0
SHORT_LIFE_S: Final = 1.5 * HOUR
LONG_LIFE_S: Final = 5_183_944.0
DATA_ACCESS_S: Final = 90 * DAY
SCOPES: Final = frozenset({
    "public_profile", "email", "pages_show_list", "business_management", "pages_manage_posts", "pages_read_engagement",
    "read_insights", "pages_read_user_content", "pages_manage_engagement", "pages_manage_metadata", "publish_video",
    "instagram_basic", "instagram_content_publish", "instagram_manage_insights", "instagram_manage_comments",
    "instagram_manage_contents", "ads_management", "ads_read",
})  # fmt: skip
ALL_TASKS: Final = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")

MESSAGE_LENGTH: Final = 63_206
PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/bmp", "image/png", "image/gif", "image/tiff"})
PHOTO_BYTES: Final = 10_000_000
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
VIDEO_BYTES: Final = 1_000_000_000
REELS_PER_DAY: Final = 30
SCHEDULE_FROM_S: Final = 600.0
SCHEDULE_UNTIL_S: Final = {"feed": 30 * DAY, "videos": 183 * DAY, "video_reels": 29 * DAY}
UPLOAD_SESSION_S: Final = DAY
STORY_LIFE_S: Final = DAY
INSIGHTS_SPAN_S: Final = 90 * DAY
LIKES_FOR_INSIGHTS: Final = 100

REACTIONS: Final = ("like", "love", "wow", "haha", "sorry", "anger")
POST_METRICS: Final[dict[str, int | tuple[str, ...]]] = {
    "post_media_view": 4000, "post_total_media_view_unique": 2500, "post_clicks": 300,
    "post_clicks_by_type": ("other clicks", "photo view", "link clicks"),
    "post_reactions_by_type_total": REACTIONS,
    **{f"post_reactions_{name}_total": 60 for name in REACTIONS},
    "post_activity_by_action_type": ("like", "comment", "share"),
    "post_activity_by_action_type_unique": ("like", "comment", "share"),
    "post_video_views": 900,
}  # fmt: skip
VIDEO_METRICS: Final[dict[str, int | tuple[str, ...]]] = {
    "total_video_views": 3000, "total_video_15s_views": 1200, "total_video_complete_views": 700,
    "total_video_avg_time_watched": 9000, "total_video_view_total_time": 20_000_000, "fb_reels_total_plays": 3500,
    "blue_reels_play_count": 3000, "fb_reels_replay_count": 500, "post_video_avg_time_watched": 9000,
    "post_video_likes_by_reaction_type": tuple(f"REACTION_{name.upper()}" for name in REACTIONS),
    "post_video_social_actions": ("COMMENT", "SHARE"), "post_video_followers": 12,
}  # fmt: skip
STORY_METRICS: Final[dict[str, int | tuple[str, ...]]] = {
    "page_story_total_media_view_unique": 400, "story_interaction": 40, "pages_fb_story_replies": 6,
    "pages_fb_story_shares": 5, "pages_fb_story_thread_lightweight_reactions": 20,
}  # fmt: skip
PAGE_METRICS: Final = {
    "page_media_view": 900, "page_total_media_view_unique": 600, "page_post_engagements": 120, "page_follows": 0,
    "page_daily_follows": 9, "page_daily_follows_unique": 9, "page_daily_unfollows_unique": 3, "page_views_total": 80,
    "page_total_actions": 10, "page_video_views": 300,
}  # fmt: skip
PERIOD_DAYS: Final = {"day": 1, "week": 7, "days_28": 28}
PAGE_FIELDS: Final = frozenset({
    "id", "name", "username", "access_token", "tasks", "picture", "instagram_business_account", "followers_count",
    "fan_count", "link", "category",
})  # fmt: skip
PAGE_LISTS: Final = ("feed", "posts", "published_posts", "scheduled_posts", "video_reels", "stories")
VIDEO_FIELDS: Final = frozenset({
    "id", "status", "permalink_url", "post_id", "published", "description", "title", "created_time", "updated_time",
    "length",
})  # fmt: skip
REEL_CHECKS: Final[tuple[tuple[int, str, Callable[[media.Media], bool]], ...]] = (
    (1363128, "The duration must be between 3 and 90 seconds.", lambda m: 3 <= (m.duration_s or 0) <= 90),
    (1363127, "The resolution must be at least 540x960.", lambda m: (m.width or 540) >= 540 and (m.height or 960) >= 960),
    (1363040, "The aspect ratio must be 9:16.", lambda m: abs((m.width or 9) / (m.height or 16) - 9 / 16) < 0.01),
)
STORY_CHECKS: Final = (
    (1363128, "The duration must be between 3 and 60 seconds.", lambda m: 3 <= (m.duration_s or 0) <= 60),
    *REEL_CHECKS[1:],
)
CHECKS: Final[dict[str, tuple[tuple[int, str, Callable[[media.Media], bool]], ...]]] = {
    "reel": REEL_CHECKS,
    "story": STORY_CHECKS,
    "video": (),
}

VIDEO_REJECTIONS: Final = (
    1363005, 1363019, 1363021, 1363022, 1363023, 1363024, 1363025, 1363026, 1363031, 1363032, 1363045, 1363127, 1363128, 1363129,
    1363040,
)  # fmt: skip
"""Format, size, duration, resolution, frame rate, aspect ratio (platforms.md 1.5)."""
PRESETS: Final[dict[str, Preset]] = {
    **meta.COMMON_PRESETS,
    "rate_limited_business": meta.preset(
        80001,
        "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
        headers=meta.business_usage("101000000000001", "pages", 100, 17),
    ),
    "image_rejected": meta.preset(100, "(#100) Images must be JPG or PNG and smaller than 4 MB.", 1366046),
    "image_unusable": meta.preset(324, "(#324) Missing or invalid image file", 2069019),
    "photos_already_posted": meta.preset(100, "(#100) These photos were already posted.", 1366051),
    "posting_too_fast": meta.preset(1390008, "(#1390008) It looks like you were posting too fast.", status=400),
    "abusive": meta.preset(368, "The content was flagged as abusive", 1346003),
    "security_check": meta.preset(368, "A security check is needed", 1404006),
    "community_standards": meta.preset(368, "The content goes against the community standards", 1404102),
    "account_limited": meta.preset(368, "The account is limited", 1404112),
    "identity_confirmation": meta.preset(368, "The identity has to be confirmed", 4854002),
    "publishing_authorization": meta.preset(200, "(#200) Page publishing authorization is needed", 1404078),
    "facebook_link": meta.preset(100, "(#100) Links to facebook.com cannot be posted", 1609008),
    "bad_url": meta.preset(100, "(#100) The URL is not valid", 2061006),
    "bad_content": meta.preset(100, "(#100) The content is not valid", 1349125),
    "temporarily_unavailable": meta.preset(1363047, "(#1363047) Temporarily unavailable", status=500),
    "link_temporarily_unavailable": meta.preset(1609010, "(#1609010) Temporarily unavailable", status=500),
    "upload_failed": meta.preset(6000, "There was a problem uploading your video file. Please try again."),
    "upload_timed_out": meta.preset(6000, "The upload timed out", 1363030),
    "upload_interrupted": meta.preset(6000, "The upload was interrupted", 1363033),
    "upload_offset": meta.preset(6000, "The offset of the upload is wrong", 1363037),
    "upload_session_expired": meta.preset(6000, "The upload session has expired", 1363041),
    "upload_not_permitted": meta.preset(200, "(#200) No permission to upload", 1363042),
    **{f"video_{code}": meta.preset(352, "The video file is not supported.", code) for code in VIDEO_REJECTIONS},
    "video_not_permitted": meta.preset(100, "(#100) No permission to publish the video"),
    "comment_noise": meta.preset(20, "(#20) The comment cannot be read", 1772107),
}


@dataclass(slots=True)
class Page:
    """A Page and the tasks that its person has on it."""

    id: str
    name: str
    username: str = ""
    tasks: tuple[str, ...] = ALL_TASKS
    fan_count: int = 1200
    business: str | None = None
    business_edge: str = "owned_pages"
    instagram: str | None = None


@dataclass(slots=True)
class User:
    """A person, what the app was granted, and the Pages chosen in the dialog."""

    id: str
    name: str
    pages: list[str]
    granted: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Post:
    """A Page post or story. ``live_at`` is when the public sees it; ``None`` for drafts and unpublished posts."""

    id: str
    page: str
    message: str
    link: str | None
    media: list[Json]
    made_at: float
    live_at: float | None
    kind: str = "post"  # post | reel | story
    scheduled: bool = False
    updated_at: float = 0.0
    comments: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Photo:
    """An uploaded photo; ``used`` once it is in a post or story."""

    id: str
    page: str
    url: str | None
    alt_text: str | None
    temporary: bool
    made_at: float
    used: bool = False
    story: str | None = None
    """The post or story that it is in."""


@dataclass(slots=True)
class Video:
    """A video, reel or video story on its way. Times are seconds since the epoch; ``error`` is (phase, code, message)."""

    id: str
    page: str
    kind: Literal["video", "reel", "story"]
    made_at: float
    url: str | None = None
    description: str = ""
    title: str = ""
    received: bytes = b""
    length_s: float | None = None
    uploaded_at: float | None = None
    processed_at: float | None = None
    error: tuple[str, int, str] | None = None
    decision: str | None = None  # PUBLISHED | SCHEDULED | DRAFT
    post: str | None = None


Handler = Callable[[Call, Token, str], Any]


class Facebook:
    """The simulator: state, the dialog, the Graph hosts and the control actions."""

    name = "facebook"
    base_host = GRAPH
    presets = PRESETS

    def __init__(self, world: World) -> None:
        self.world = world
        everything = ["GET", "POST", "DELETE"]
        self.hosts: dict[str, list[BaseRoute]] = {
            GRAPH: [Route("/{path:path}", meta.endpoint(world, GRAPH, self.dispatch, batches=True), methods=everything)],
            DIALOG: [Route("/{version}/dialog/oauth", self.dialog), Route("/dialog/oauth", self.dialog)],
            RUPLOAD: [Route("/video-upload/{version}/{video}", self.receive, methods=["POST"])],
        }
        self.actions: dict[str, Callable[[Json], Any]] = {
            "consent": self.act_consent,
            "user": self.act_user,
            "settings": self.act_settings,
            "expire_tokens": self.act_expire,
            "revoke": self.act_revoke,
            "deauthorize": self.act_deauthorize,
            "data_deletion": self.act_data_deletion,
            "seed": self.act_seed,
        }
        self.notes = [
            f"client_id {CLIENT_ID}, client_secret {CLIENT_SECRET}; the dialog consents at once unless 'consent' says otherwise",
            "consent: {decision: grant|deny, declined_scopes: [], user: id, accounts: [page id]}",
            "user: {id, name, pages: [{id, name, username, tasks, fan_count, business, business_edge, instagram}]}",
            "settings: {processing_s, app_users, engaged_users}: budgets are 200 x app_users an hour, 4800 x engaged_users a day",
            "expire_tokens: {subcode?, user?}; revoke: {user?}; deauthorize, data_deletion: {url, user?} post a signed request",
            "seed: {count, page, text, photo, age_s}: posts that somebody made past the API",
            "links are taken without a look, except that 'unscrapable' in the path of a loopback or reserved host gives 1609005",
            "media URLs may be plain http on loopback only; batch items cannot refer to each other's results",
            "feed posts can be scheduled up to 30 days ahead, the shorter of the two published figures",
        ]
        self.edges = self._edges()
        self.reset()

    def reset(self) -> None:
        """Forget everything; one person with two Pages remains."""
        self.ids = meta.counter(122_100_000_000_000_003)
        self.tokens = meta.Tokens(self.world, "EAAG")
        self.budget = meta.Budget()
        self.consent = Consent()
        self.settings: dict[str, float] = {"processing_s": 1.5, "app_users": 10_000, "engaged_users": 1_000}
        self.pages = {
            "101000000000001": Page("101000000000001", "Riverside Bakery", "riversidebakery"),
            "101000000000002": Page("101000000000002", "Riverside Catering", "riversidecatering"),
        }
        self.users = {"100000000000001": User("100000000000001", "Robin Sample", list(self.pages))}
        self.posts: dict[str, Post] = {}
        self.photos: dict[str, Photo] = {}
        self.videos: dict[str, Video] = {}

    def state(self) -> Json:
        """Posts in the order they were made, with uploads, people and counts."""
        return {
            "posts": [self._post_state(p) for p in self.posts.values()],
            "photos": [asdict(p) for p in self.photos.values()],
            "videos": [{**asdict(v), "received": len(v.received), "status": self._video_status(v)} for v in self.videos.values()],
            "users": [{**asdict(u), "granted": sorted(u.granted), "declined": sorted(u.declined), "chosen": sorted(u.chosen)}
                      for u in self.users.values()],
            "pages": [asdict(p) for p in self.pages.values()],
            "tokens": len(self.tokens.tokens),
            "settings": self.settings,
        }  # fmt: skip

    def not_found(self, request: Request) -> Response:
        """What the Graph API says to a path it does not know."""
        error = GraphError(2500, f"Unknown path components: {request.url.path}")
        return JSONResponse(error.body(), 400)

    @property
    def now(self) -> float:
        """Simulated time."""
        return self.world.clock.now()

    # -- dialog and tokens ------------------------------------------------------------------------------------------------

    async def dialog(self, request: Request) -> Response:
        """The login dialog, answered by a person who is logged in and decides at once (platforms.md 0.4)."""
        asked = request.query_params
        uri = asked.get("redirect_uri", "")
        scopes = frozenset(s.strip() for s in asked.get("scope", "").split(",") if s.strip())
        if not asked.get("client_id"):
            return meta.dialog_error("Invalid App ID", "The provided app ID does not look like a valid app ID.")
        if not meta.redirect_allowed(uri):
            return meta.dialog_error("URL blocked", "The redirect URI is not white-listed in the app's OAuth settings.")
        if asked.get("response_type", "code") != "code":
            return meta.dialog_error("Invalid parameter", "This app may ask for response_type=code only.")
        if unknown := scopes - SCOPES:
            return meta.dialog_error("Invalid Scopes", f"Invalid Scopes: {', '.join(sorted(unknown))}.")
        echo = {"state": asked["state"]} if "state" in asked else {}
        if self.consent.decision == "deny":
            denied = {"error": "access_denied", "error_code": "200", "error_description": "Permissions error"}
            return meta.redirect(uri, {**denied, "error_reason": "user_denied", **echo}, "#_=_")
        wanted = (SCOPES if asked.get("config_id") else scopes) | {"public_profile"}
        user = self._grant(wanted)
        code = meta.Code(asked["client_id"], uri, user.id, frozenset(user.granted), frozenset(), self.now + CODE_LIFE_S)
        return meta.redirect(uri, {"code": self.tokens.issue_code(code), **echo}, "#_=_")

    def _grant(self, wanted: frozenset[str]) -> User:
        user = self._user(self.consent.user)
        declined = wanted & self.consent.declined_scopes
        user.granted = (user.granted | wanted) - declined
        user.declined = (user.declined - wanted) | declined
        user.chosen = set(user.pages) if self.consent.accounts is None else set(user.pages) & self.consent.accounts
        return user

    def _user(self, id: Any) -> User:
        return self.users[str(id)] if id else next(iter(self.users.values()))

    def token_endpoint(self, call: Call) -> Json:
        """``/oauth/access_token``: code exchange, long-lived exchange, app token (platforms.md 0.4)."""
        asked = call.params
        if not asked.get("client_id"):
            raise GraphError(101, "Missing client_id parameter.")
        if asked["client_id"] != CLIENT_ID:
            raise GraphError(101, "Error validating application. Cannot get application info due to a system error.")
        if asked.get("client_secret") != CLIENT_SECRET:
            raise GraphError(1, "Error validating client secret.", status=400)
        match asked.get("grant_type"):
            case "client_credentials":
                return {"access_token": f"{CLIENT_ID}|{CLIENT_SECRET}", "token_type": "bearer"}
            case "fb_exchange_token":
                return self._exchange_for_long(call.need("fb_exchange_token"))
            case None | "authorization_code":
                return self._exchange_code(call)
        raise invalid("Unsupported grant_type")

    def _exchange_code(self, call: Call) -> Json:
        code = self.tokens.codes.get(call.need("code"))
        if code is None:
            raise GraphError(100, "Invalid verification code format.")
        if code.used:
            raise GraphError(100, "This authorization code has been used.", 36009)
        if self.now >= code.expires_at:
            raise GraphError(100, "This authorization code has expired.", 36007)
        if call.params.get("redirect_uri") != code.redirect_uri or code.client_id != CLIENT_ID:
            raise GraphError(100, "Error validating verification code: redirect_uri is not the one of the dialog request.", 36008)
        code.used = True
        token = self.tokens.issue("USER", code.user, "", SCOPES, SHORT_LIFE_S)
        return {"access_token": token.value, "token_type": "bearer", "expires_in": int(SHORT_LIFE_S)}

    def _exchange_for_long(self, value: str) -> Json:
        token = self.tokens.check(value)
        if token.kind != "USER":
            raise invalid("A user access token is required for this exchange.")
        longer = self.tokens.issue("USER", token.user, "", SCOPES, LONG_LIFE_S, long_lived=True)
        return {"access_token": longer.value, "token_type": "bearer", "expires_in": int(LONG_LIFE_S)}

    def debug_token(self, call: Call) -> Json:
        """``/debug_token``: what a token is, for its app."""
        if call.token != f"{CLIENT_ID}|{CLIENT_SECRET}":
            self.tokens.check(call.token)
        value = call.need("input_token")
        token, problem = self.tokens.tokens.get(value), self.tokens.problem(value)
        if token is None:
            return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid OAuth access token."}}}
        data: Json = {
            "app_id": CLIENT_ID, "type": token.kind, "application": "Simulated app", "is_valid": problem is None,
            "issued_at": int(token.issued_at), "expires_at": int(token.expires_at),
            "data_access_expires_at": int(token.issued_at + DATA_ACCESS_S), "user_id": token.user,
            "scopes": sorted(self._scopes(token)), "granular_scopes": self._granular(token),
        }  # fmt: skip
        if token.kind == "PAGE":
            data["profile_id"] = token.account
        if problem:
            data["error"] = {"code": 190, "message": problem[1], "subcode": problem[0]}
        return {"data": data}

    def _granular(self, token: Token) -> list[Json]:
        chosen = sorted(self.users[token.user].chosen)
        return [
            {"scope": scope} | ({"target_ids": chosen} if scope.startswith(("pages_", "read_insights")) else {})
            for scope in sorted(self._scopes(token))
        ]

    def _scopes(self, token: Token) -> set[str]:
        return set(token.scopes) & self.users[token.user].granted

    # -- dispatch ---------------------------------------------------------------------------------------------------------

    async def dispatch(self, call: Call) -> Any:
        """One Graph call: the endpoints that need no user, then ``{node}`` and ``{node}/{edge}``."""
        if call.path == ("oauth", "access_token") and call.method in ("GET", "POST"):
            return self.token_endpoint(call)
        if call.path == ("debug_token",) and call.method == "GET":
            return self.debug_token(call)
        token = self.tokens.check(call.token)
        self._check_proof(call)
        self._charge(call, token)
        if not call.path:
            raise invalid(f"Unsupported {call.method.lower()} request.", 33)
        node = self._me(token) if call.path[0] == "me" else call.path[0]
        kind = self._kind(node, token)
        edge = call.path[1] if len(call.path) > 1 else ""
        handler = self.edges.get((call.method, kind, edge))
        if kind is None or (handler is None and call.method != "GET"):
            raise meta.not_found(node, call.method)
        if handler is None:
            raise invalid(f"Tried accessing nonexisting field ({edge}) on node type ({kind.title()})")
        result = handler(call, token, node)
        return await result if hasattr(result, "__await__") else result

    def _edges(self) -> dict[tuple[str, str | None, str], Handler]:
        lists: dict[tuple[str, str | None, str], Handler] = {("GET", "page", edge): self.list_page for edge in PAGE_LISTS}
        return {
            **lists,
            ("GET", "user", ""): self.read_user,
            ("GET", "user", "permissions"): self.read_permissions,
            ("DELETE", "user", "permissions"): self.delete_permissions,
            ("GET", "user", "accounts"): self.list_accounts,
            ("GET", "user", "businesses"): self.list_businesses,
            ("GET", "business", "owned_pages"): self.list_business_pages,
            ("GET", "business", "client_pages"): self.list_business_pages,
            ("GET", "page", ""): self.read_page,
            ("GET", "page", "insights"): self.page_insights,
            ("POST", "page", "feed"): self.post_feed,
            ("POST", "page", "photos"): self.post_photo,
            ("POST", "page", "videos"): self.post_video,
            ("POST", "page", "video_reels"): self.post_reel,
            ("POST", "page", "photo_stories"): self.post_photo_story,
            ("POST", "page", "video_stories"): self.post_video_story,
            ("GET", "post", ""): self.read_post,
            ("POST", "post", ""): self.edit_post,
            ("DELETE", "post", ""): self.delete_post,
            ("GET", "post", "insights"): self.post_insights,
            ("GET", "post", "comments"): self.list_comments,
            ("POST", "post", "comments"): self.post_comment,
            ("GET", "story", ""): self.read_post,
            ("GET", "story", "insights"): self.post_insights,
            ("DELETE", "story", ""): self.delete_post,
            ("GET", "photo", ""): self.read_photo,
            ("DELETE", "photo", ""): self.delete_photo,
            ("GET", "video", ""): self.read_video,
            ("DELETE", "video", ""): self.delete_video,
            ("GET", "video", "video_insights"): self.video_insights,
            ("GET", "video", "comments"): self.list_comments,
            ("POST", "video", "comments"): self.post_comment,
        }

    def _me(self, token: Token) -> str:
        return token.account or token.user

    def _kind(self, node: str, token: Token) -> str | None:
        """What a node is, or ``None`` when it is missing or this token cannot see it."""
        if node == token.user and token.kind == "USER":
            return "user"
        if any(p.business == node for p in self.pages.values()):
            return "business"
        owner = self._owner(node)
        if owner is None or (owner != token.account if token.account else owner not in self.users[token.user].pages):
            return None
        if node in self.posts:
            return "story" if self.posts[node].kind == "story" else "post"
        return "page" if node in self.pages else "photo" if node in self.photos else "video"

    def _owner(self, node: str) -> str | None:
        if node in self.pages:
            return node
        held = self.posts.get(node) or self.photos.get(node) or self.videos.get(node)
        return held.page if held else None

    def _check_proof(self, call: Call) -> None:
        given = call.params.pop("appsecret_proof", None)
        if given is None:
            return
        right = hmac.new(CLIENT_SECRET.encode(), (call.token or "").encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given, right):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")

    def _charge(self, call: Call, token: Token) -> None:
        """Count the call against its budget (platforms.md 0.3) and say so in the documented headers."""
        if token.kind == "PAGE":
            limit = int(4800 * self.settings["engaged_users"])
            percent, wait = self.budget.charge(token.account, self.now, DAY, limit)
            call.usage |= meta.business_usage(token.account, "pages", percent, round(wait / 60) if percent > 100 else 0)
            if percent > 100:
                raise GraphError(80001, "(#80001) There have been too many calls to this Page account.")
            return
        percent, _ = self.budget.charge("app", self.now, HOUR, int(200 * self.settings["app_users"]))
        call.usage["X-App-Usage"] = json.dumps({"call_count": percent, "total_cputime": 1, "total_time": 1})
        if percent > 100:
            raise GraphError(4, "(#4) Application request limit reached")

    def _need(self, token: Token, *scopes: str, task: str | None = None, code: int = 200) -> None:
        """Refuse a token that is no Page token, lacks a scope, or whose person lacks the task on the Page."""
        if token.kind != "PAGE":
            raise GraphError(210, "(#210) A page access token is required to request this resource.")
        held = self._scopes(token)
        for scope in scopes:
            if scope not in held:
                raise GraphError(code, f"(#{code}) Requires {scope} permission to manage the object")
        if token.account not in self.users[token.user].pages:
            raise GraphError(190, meta.SUBCODE_TEXT[492], 492)
        if task and task not in self.pages[token.account].tasks:
            raise GraphError(200, f"(#200) The user must be able to perform the task {task} on the Page")

    # -- people and Pages -------------------------------------------------------------------------------------------------

    def read_user(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me``."""
        fields = meta.parse_fields(call.params.get("fields", "id,name"))
        meta.known(fields, {"id", "name", "email"}, "User")
        user = self.users[node]
        return meta.choose({"id": user.id, "name": user.name}, fields)

    def read_permissions(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me/permissions``."""
        user = self.users[node]
        granted = [{"permission": p, "status": "granted"} for p in sorted(user.granted)]
        return {"data": granted + [{"permission": p, "status": "declined"} for p in sorted(user.declined)]}

    def delete_permissions(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /me/permissions`` and ``DELETE /me/permissions/{name}``."""
        user = self.users[node]
        if len(call.path) > 2:
            user.granted.discard(call.path[2])
        else:
            self._withdraw(user)
        return {"success": True}

    def _withdraw(self, user: User) -> int:
        user.granted.clear()
        user.declined.clear()
        user.chosen.clear()
        return self.tokens.kill(458, user.id)

    def list_accounts(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me/accounts``: chosen Pages. Those of a business need ``business_management`` (platforms.md 0.4)."""
        user, scopes = self.users[node], self._scopes(token)
        if "pages_show_list" not in scopes:
            return {"data": []}
        shown = [self.pages[p] for p in user.pages if p in user.chosen]
        return self._page_rows(call, token, [p for p in shown if not p.business or "business_management" in scopes])

    def list_businesses(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me/businesses``."""
        self._need_business(token)
        found = sorted({b for p in self.users[node].pages if (b := self.pages[p].business)})
        return meta.paged(self.world, call, [{"id": b, "name": f"Business {b}"} for b in found])

    def list_business_pages(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{business}/owned_pages`` and ``client_pages``."""
        self._need_business(token)
        user = self.users[token.user]
        held = [self.pages[p] for p in user.pages if p in user.chosen]
        return self._page_rows(call, token, [p for p in held if p.business == node and p.business_edge == call.path[1]])

    def _need_business(self, token: Token) -> None:
        if "business_management" not in self._scopes(token):
            raise GraphError(200, "(#200) Requires business_management permission to manage the object")

    def _page_rows(self, call: Call, token: Token, pages: Iterable[Page]) -> Json:
        fields = meta.parse_fields(call.params.get("fields", "access_token,category,name,id,tasks"))
        return meta.paged(self.world, call, [self._page(p, fields, token) for p in pages])

    def read_page(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{page}``; edges can be expanded in ``fields``."""
        fields = meta.parse_fields(call.params.get("fields", "id,name"))
        plain = [f for f in fields if f.name not in PAGE_LISTS and f.name != "insights"]
        row = self._page(self.pages[node], plain, token)
        for entry in fields:
            if entry not in plain:
                row[entry.name] = self._expand(call, token, node, entry)
        return row

    def _expand(self, call: Call, token: Token, node: str, entry: Field) -> Any:
        inner = Call(call.host, "GET", call.version, (node, entry.name), dict(entry.args), {}, call.token)
        if entry.name == "insights":
            return meta.select(self.page_insights(inner, token, node), entry.fields)
        return self.list_page(inner, token, node, entry.fields)

    def _page(self, page: Page, fields: Iterable[Field], token: Token) -> Json:
        fields = tuple(fields)
        meta.known(fields, set(PAGE_FIELDS), "Page")
        row: Json = {
            "id": page.id, "name": page.name, "username": page.username, "tasks": list(page.tasks), "category": "Local business",
            "fan_count": page.fan_count, "followers_count": page.fan_count, "link": f"https://www.facebook.com/{page.id}",
            "picture": {"data": {"url": f"{self.world.base}{media.PREFIX}/photo.jpg?size=50x50", "width": 50, "height": 50}},
        }  # fmt: skip
        if page.instagram:
            row["instagram_business_account"] = {"id": page.instagram, "username": page.username, "name": page.name}
        if any(f.name == "access_token" for f in fields):
            row["access_token"] = self._page_token(page, token)
        return meta.choose(row, fields)

    def _page_token(self, page: Page, token: Token) -> str:
        if token.kind == "PAGE":
            return token.value
        for held in self.tokens.tokens.values():
            same = held.account == page.id and held.user == token.user and held.long_lived == token.long_lived
            if same and self.tokens.problem(held.value) is None:
                return held.value
        life = 0.0 if token.long_lived else token.expires_at - self.now
        return self.tokens.issue("PAGE", token.user, page.id, SCOPES, life, token.long_lived).value

    # -- publishing -------------------------------------------------------------------------------------------------------

    def post_feed(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/feed``: text, link, uploaded photos; published, scheduled, draft or unpublished (platforms.md 1.3)."""
        self._may_publish(token)
        message, link = call.params.get("message", ""), call.params.get("link")
        self._check_message(message)
        photos = self._attached(call, node)
        if not (message or link or photos):
            raise invalid("The post needs a message, a link or attached media.", 1349125)
        if link:
            _check_link(link)
        live_at, scheduled = self._timing(call, "feed")
        if scheduled and not all(p.temporary for p in photos):
            raise invalid("Photos of a scheduled post must be uploaded with temporary=true.")
        if call.flag("published", True) and not photos and self._repeats(node, message, link):
            raise GraphError(506, "(#506) Duplicate status message", 1455006)
        post = self._new_post(node, message, link, [], live_at, scheduled=scheduled)
        for photo in photos:
            _use(photo, post)
        return self._answer(call, token, post)

    def _may_publish(self, token: Token) -> None:
        self._need(token, "pages_manage_posts", "pages_read_engagement", task="CREATE_CONTENT")

    def _check_message(self, message: str) -> None:
        if len(message) > MESSAGE_LENGTH:
            raise invalid(f"The message is longer than {MESSAGE_LENGTH} characters.")

    def _attached(self, call: Call, page: str) -> list[Photo]:
        given = call.structured("attached_media") or []
        at = 0
        while f"attached_media[{at}]" in call.params:
            given.append(call.structured(f"attached_media[{at}]"))
            at += 1
        if not isinstance(given, list) or not all(isinstance(g, dict) and "media_fbid" in g for g in given):
            raise invalid("param attached_media must be an array of objects with media_fbid.")
        photos = []
        for entry in given:
            photo = self.photos.get(str(entry["media_fbid"]))
            if photo is None or photo.page != page:
                raise invalid(
                    f"Attached media {entry['media_fbid']} cannot be attached; only unpublished photos of the Page can."
                )
            if photo.used or photo in photos:
                raise invalid("These photos were already posted.", 1366051)
            photos.append(photo)
        return photos

    def _timing(self, call: Call, endpoint: str) -> tuple[float | None, bool]:
        """When the post becomes public (``None``: never by itself) and whether it is scheduled."""
        published, kind = call.flag("published", True), call.params.get("unpublished_content_type")
        given = call.params.get("scheduled_publish_time")
        if kind not in (None, "SCHEDULED", "DRAFT", "ADS_POST", "PUBLISHED"):
            raise invalid("param unpublished_content_type must be one of SCHEDULED, DRAFT, ADS_POST.")
        if published:
            if given or kind not in (None, "PUBLISHED"):
                raise invalid("A published post cannot have a scheduled publish time or an unpublished content type.")
            return self.now, False
        if given is None:
            if kind == "SCHEDULED":
                raise invalid("The parameter scheduled_publish_time is required.")
            return None, False
        return self._schedule(given, endpoint), True

    def _schedule(self, given: str, endpoint: str) -> float:
        at = meta.moment(given, "scheduled_publish_time", 0)
        ahead = at - self.now
        if not SCHEDULE_FROM_S <= ahead <= SCHEDULE_UNTIL_S[endpoint]:
            days = int(SCHEDULE_UNTIL_S[endpoint] / DAY)
            raise invalid(f"The scheduled publish time must be between 10 minutes and {days} days from now.")
        return at

    def _repeats(self, page: str, message: str, link: str | None) -> bool:
        before = [p for p in self.posts.values() if p.page == page and p.kind == "post" and self._is_live(p)]
        if not before:
            return False
        last = max(before, key=lambda p: p.live_at or 0)
        return last.message == message and last.link == link and not last.media

    def _new_post(
        self, page: str, message: str, link: str | None, attached: list[Json], live_at: float | None,
        *, kind: str = "post", scheduled: bool = False,
    ) -> Post:  # fmt: skip
        id = str(next(self.ids)) if kind == "story" else f"{page}_{next(self.ids)}"
        post = Post(id, page, message, link, attached, self.now, live_at, kind, scheduled, self.now)
        self.posts[id] = post
        return post

    def _is_live(self, post: Post) -> bool:
        return post.live_at is not None and post.live_at <= self.now

    def _answer(self, call: Call, token: Token, post: Post) -> Json:
        if "fields" in call.params:
            return self._post(post, meta.parse_fields(call.params["fields"]), token)
        return {"id": post.id}

    async def post_photo(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/photos``: ``{id}`` of an unpublished photo or ``{id, post_id}`` of a published one."""
        self._may_publish(token)
        message = call.params.get("message") or call.params.get("caption", "")
        self._check_message(message)
        published, temporary = call.flag("published", True), call.flag("temporary", False)
        if published and temporary:
            raise invalid("A published photo cannot be temporary.")
        url = call.params.get("url")
        found = await self._picture(call, url)
        if found.content_type not in PHOTO_TYPES or found.size > PHOTO_BYTES:
            raise invalid("Images must be JPG, BMP, PNG, GIF or TIFF and at most 10 MB.", 1366046)
        photo = self._new_photo(node, url, call.params.get("alt_text_custom"), temporary)
        if not published:
            return {"id": photo.id}
        return {"id": photo.id, "post_id": _use(photo, self._new_post(node, message, None, [], self.now))}

    def _new_photo(self, page: str, url: str | None, alt_text: str | None, temporary: bool = False) -> Photo:
        photo = Photo(str(next(self.ids)), page, url, alt_text, temporary, self.now)
        self.photos[photo.id] = photo
        return photo

    async def _picture(self, call: Call, url: str | None) -> media.Media:
        if call.files:
            return media.measure(next(iter(call.files.values())), "application/octet-stream")
        if not url:
            raise GraphError(324, "(#324) Requires upload file")
        try:
            return await self._fetch(url, PHOTO_BYTES * 4)
        except media.FetchFailed:
            raise GraphError(324, "(#324) Missing or invalid image file", 2069019) from None

    async def _fetch(self, url: str, max_bytes: int) -> media.Media:
        host = urlsplit(url).hostname or ""
        if host.endswith(("fbcdn.net", "facebook.com", "cdninstagram.com")):
            raise media.FetchFailed("http_403")
        return await media.fetch(self.world, url, user_agent=meta.CRAWLER, allow_redirects=True, max_bytes=max_bytes)

    async def post_video(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/videos`` with ``file_url`` or bytes: the id at once, the post when processing has ended."""
        self._may_publish(token)
        url = call.params.get("file_url")
        if url is None and not call.files:
            raise invalid("Either file_url or source is required.")
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            raise invalid("The URL is not valid", 2061006)
        live_at, scheduled = self._timing(call, "videos")
        description = call.params.get("description", "")
        self._check_message(description)
        video = self._new_video(node, "video")
        video.description, video.title = description, call.params.get("title", "")
        await self._take(video, url, next(iter(call.files.values()), b""))
        self._finish(video, "SCHEDULED" if scheduled else "DRAFT" if live_at is None else "PUBLISHED", live_at)
        return {"id": video.id}

    def _new_video(self, page: str, kind: Literal["video", "reel", "story"]) -> Video:
        video = Video(str(next(self.ids)), page, kind, self.now)
        self.videos[video.id] = video
        return video

    async def _take(self, video: Video, url: str | None, data: bytes) -> None:
        """Note when upload and processing end, and the error that one of them will show."""
        video.url, half = url, self.settings["processing_s"] / 2
        try:
            found = await self._fetch(url, VIDEO_BYTES) if url else media.measure(data, "application/octet-stream")
        except media.FetchFailed as failed:
            code = 1363030 if failed.reason == "timed_out" else 6000
            video.error = ("uploading_phase", code, "There was a problem uploading your video file. Please try again.")
            return
        video.length_s = found.duration_s
        video.uploaded_at = self.now + (half if url else 0.0)
        video.processed_at = video.uploaded_at + half
        if found.content_type not in VIDEO_TYPES:
            video.error = ("processing_phase", 1363019, "The video file format is not supported.")
        for code, message, fits in CHECKS[video.kind] if video.error is None else ():
            if not fits(found):
                video.error = ("processing_phase", code, message)
                break

    def _finish(self, video: Video, decision: str, live_at: float | None) -> None:
        """Decide what happens after processing. A video that fails processing never becomes a post."""
        video.decision = decision
        if video.error:
            return
        if decision == "PUBLISHED":
            live_at = max(self.now, video.processed_at or self.now)
        kind = {"video": "post"}.get(video.kind, video.kind)
        attached = [{"type": "video", "id": video.id, "url": video.url, "alt_text": None}]
        scheduled = decision == "SCHEDULED"
        video.post = self._new_post(video.page, video.description, None, attached, live_at, kind=kind, scheduled=scheduled).id

    def post_reel(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/video_reels``: the start and the finish of a reel (platforms.md 1.3)."""
        self._may_publish(token)
        if call.params.get("upload_phase") == "start":
            return self._start(call, node, "reel")
        video = self._to_finish(call, node, "reel")
        decision = call.params.get("video_state", "PUBLISHED")
        if decision not in ("PUBLISHED", "SCHEDULED", "DRAFT"):
            raise invalid("param video_state must be one of DRAFT, PUBLISHED, SCHEDULED.")
        description = call.params.get("description", "")
        self._check_message(description)
        live_at = self._schedule(call.need("scheduled_publish_time"), "video_reels") if decision == "SCHEDULED" else None
        if self._reels_today(node) >= REELS_PER_DAY:
            raise GraphError(1390008, "(#1390008) It looks like you were posting too fast.")
        video.description, video.title = description, call.params.get("title", "")
        self._finish(video, decision, live_at)
        return {"success": True}

    def _reels_today(self, page: str) -> int:
        since = self.now - DAY
        return sum(p.page == page and p.kind == "reel" and p.made_at > since for p in self.posts.values())

    def _start(self, call: Call, page: str, kind: Literal["reel", "story"]) -> Json:
        video = self._new_video(page, kind)
        return {"video_id": video.id, "upload_url": self.world.url(RUPLOAD, f"/video-upload/{call.version}/{video.id}")}

    def _to_finish(self, call: Call, page: str, kind: str) -> Video:
        if call.params.get("upload_phase") != "finish":
            raise invalid("param upload_phase must be one of start, finish.")
        video = self.videos.get(call.need("video_id"))
        if video is None or video.page != page or video.kind != kind:
            raise meta.not_found(call.params["video_id"], "POST")
        if video.decision:
            raise invalid("The upload of this video was already finished.")
        if self.now - video.made_at > UPLOAD_SESSION_S:
            raise GraphError(6000, "The upload session has expired", 1363041)
        failed_upload = video.error is not None and video.error[0] == "uploading_phase"
        too_early = kind == "story" and (video.uploaded_at is None or self.now < video.uploaded_at)
        if failed_upload or too_early or (video.uploaded_at is None and video.error is None):
            raise GraphError(6000, "There was a problem uploading your video file. Please try again.", 1363033)
        return video

    async def receive(self, request: Request) -> Response:
        """``rupload.facebook.com``: bytes with ``offset`` and ``file_size``, or a ``file_url``, all in headers."""
        try:
            result = await self._receive(request)
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        return JSONResponse(result)

    async def _receive(self, request: Request) -> Json:
        token = self.tokens.check(bearer(request.headers))
        video = self.videos.get(request.path_params["video"])
        if video is None or video.page != token.account:
            raise meta.not_found(request.path_params["video"], "POST")
        if self.now - video.made_at > UPLOAD_SESSION_S:
            raise GraphError(6000, "The upload session has expired", 1363041)
        if url := request.headers.get("file_url"):
            video.error = None
            await self._take(video, url, b"")
            return {"success": True}
        offset, size = request.headers.get("offset", ""), request.headers.get("file_size", "")
        if not (offset.isdigit() and size.isdigit()):
            raise GraphError(6000, "The headers offset and file_size, or file_url, are required.", 1363037)
        if int(offset) != len(video.received):
            raise GraphError(6000, f"The offset is wrong, expected {len(video.received)}", 1363037)
        video.received += await request.body()
        if len(video.received) < int(size):
            raise GraphError(6000, "The upload was interrupted", 1363033)
        await self._take(video, None, video.received)
        return {"success": True}

    def post_photo_story(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/photo_stories``: a photo that was uploaded unpublished and not used before."""
        self._may_publish(token)
        photo = self.photos.get(call.need("photo_id"))
        if photo is None or photo.page != node:
            raise meta.not_found(call.params["photo_id"], "POST")
        if photo.used:
            raise invalid("The photo was used in an earlier post.", 1366051)
        return {"success": True, "post_id": _use(photo, self._new_post(node, "", None, [], self.now, kind="story"))}

    def post_video_story(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/video_stories``: start and finish; the upload phase must be over before the finish."""
        self._may_publish(token)
        if call.params.get("upload_phase") == "start":
            return self._start(call, node, "story")
        video = self._to_finish(call, node, "story")
        if video.error:
            raise GraphError(6000, video.error[2], video.error[1])
        self._finish(video, "PUBLISHED", None)
        return {"success": True, "post_id": video.post}

    # -- posts ------------------------------------------------------------------------------------------------------------

    def read_post(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}``."""
        self._need(token, "pages_read_engagement", code=10)
        return self._post(self.posts[node], meta.parse_fields(call.params.get("fields", "created_time,message,id")), token)

    def _post(self, post: Post, fields: Iterable[Field], token: Token) -> Json:
        fields = tuple(fields)
        row = self._post_row(post)
        meta.known(fields, {*row, "reactions", "comments", "insights", "shares"}, "Post")
        for entry in fields:
            if entry.name in ("reactions", "comments"):
                self._need(token, "pages_read_user_content", code=10)
                row[entry.name] = self._summary(post, entry)
            if entry.name == "insights":
                inner = Call(GRAPH, "GET", "", (post.id, "insights"), dict(entry.args), {}, token.value)
                row["insights"] = self.post_insights(inner, token, post.id)
        return meta.choose({k: v for k, v in row.items() if v is not None}, fields)

    def _post_row(self, post: Post) -> Json:
        since = post.live_at if self._is_live(post) and post.live_at else post.made_at
        shares = grown(f"{post.id}shares", self.now - since, 8) if self._is_live(post) else 0
        row: Json = {
            "id": post.id, "message": post.message or None, "created_time": stamp(since),
            "updated_time": stamp(max(post.updated_at, since)), "permalink_url": self._permalink(post),
            "status_type": _status_type(post), "is_published": self._is_live(post),
            "scheduled_publish_time": int(post.live_at) if post.scheduled and post.live_at else None,
            "full_picture": next((m["url"] for m in post.media if m["type"] == "photo"), None),
            "attachments": {"data": _attachments(post)} if post.media or post.link else None,
            "from": {"id": post.page, "name": self.pages[post.page].name},
        }  # fmt: skip
        return row | ({"shares": {"count": shares}} if shares else {})

    def _permalink(self, post: Post) -> str:
        if post.kind == "reel":
            return f"/reel/{post.media[0]['id']}/"
        if post.kind == "story":
            return f"https://www.facebook.com/stories/{post.page}/{post.id}"
        return f"https://www.facebook.com/{post.page}/posts/{post.id.rpartition('_')[2]}"

    def _post_state(self, post: Post) -> Json:
        live = self._is_live(post)
        status = "published" if live else "scheduled" if post.scheduled else "draft" if post.live_at is None else "processing"
        return {
            "id": post.id, "account": post.page, "kind": post.kind, "text": post.message, "link": post.link,
            "media": [m["url"] for m in post.media], "alt_text": [m["alt_text"] for m in post.media], "status": status,
            "created_time": stamp(post.made_at), "live_at": post.live_at, "comments": [c["message"] for c in post.comments],
        }  # fmt: skip

    def _summary(self, post: Post, entry: Field) -> Json:
        rows: list[Json] = list(post.comments) if entry.name == "comments" else []
        total = (
            len(rows)
            if entry.name == "comments"
            else sum(grown(f"{post.id}{r}", self.now - (post.live_at or self.now), 60) for r in REACTIONS)
        )
        result: Json = {"data": rows[: meta.integer(entry.args.get("limit"), "limit", 25)]}
        return result | ({"summary": {"total_count": total}} if entry.args.get("summary") in ("true", "total_count", "1") else {})

    def edit_post(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{post}``: new text, or ``is_published=true`` for a scheduled or unpublished post."""
        self._may_publish(token)
        post = self.posts[node]
        if call.flag("is_published", False) and not self._is_live(post):
            post.live_at, post.scheduled = self.now, False
        if "message" in call.params:
            self._check_message(call.params["message"])
            post.message, post.updated_at = call.params["message"], self.now
        return {"success": True}

    def delete_post(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{post}``. A second time it answers 100/33."""
        self._may_publish(token)
        gone = self.posts.pop(node)
        for entry in gone.media:
            self.videos.pop(entry["id"], None)
            self.photos.pop(entry["id"], None)
        return {"success": True}

    def list_comments(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/comments``."""
        self._need(token, "pages_read_user_content", code=10)
        return meta.paged(self.world, call, self._commented(node).comments)

    def post_comment(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{post}/comments``. With ``fields`` it stores the comment and then fails (platforms.md 1.3)."""
        self._need(token, "pages_manage_engagement", task="MODERATE")
        post = self._commented(node)
        id = f"{post.id.rpartition('_')[2]}_{next(self.ids)}"
        post.comments.append({"id": id, "message": call.need("message"), "created_time": stamp(self.now)})
        if "fields" in call.params:
            raise GraphError(20, "(#20) The comment cannot be read", 1772107)
        return {"id": id}

    def _commented(self, node: str) -> Post:
        post = self.posts.get((self.videos[node].post or "") if node in self.videos else node)
        if post is None or not self._is_live(post):
            raise meta.not_found(node, "POST")
        return post

    def list_page(self, call: Call, token: Token, node: str, expanded: tuple[Field, ...] | None = None) -> Json:
        """The edges that list what a Page has, newest first, within ``since`` and ``until``."""
        self._need(token, "pages_read_engagement", code=10)
        edge = call.path[1]
        fields = expanded or meta.parse_fields(call.params.get("fields", "" if edge == "stories" else "created_time,message,id"))
        since = meta.moment(call.params.get("since"), "since", 0)
        until = meta.moment(call.params.get("until"), "until", float("inf"))
        if edge == "stories":
            return meta.paged(self.world, call, self._stories(node, since, until, call.params.get("status"), fields))
        if edge == "video_reels":
            reels = [v for v in reversed(self.videos.values()) if v.page == node and v.kind == "reel"]
            fields = meta.parse_fields(call.params["fields"]) if "fields" in call.params else expanded or ()
            rows = [self._video(v, fields) for v in reels if v.decision and self._shown(v.made_at, since, until)]
            return meta.paged(self.world, call, rows)
        found = [p for p in self.posts.values() if p.page == node and p.kind == "post" and self._in_list(p, edge)]
        found = [p for p in found if edge == "scheduled_posts" or self._shown(p.live_at or 0, since, until)]
        found.sort(key=lambda p: p.live_at or 0, reverse=True)
        return self._paged_posts(call, found, fields, token)

    def _shown(self, made_at: float, since: float, until: float) -> bool:
        return since <= made_at <= until and self.world.lists[self.name].shows(made_at, self.now)

    def _paged_posts(self, call: Call, posts: list[Post], fields: tuple[Field, ...], token: Token) -> Json:
        rows = [{"id": p.id} for p in posts]
        page = meta.paged(self.world, call, rows, made_at=lambda row: self.posts[row["id"]].live_at or 0)
        page["data"] = [self._post(self.posts[row["id"]], fields, token) for row in page["data"]]
        return page

    def _in_list(self, post: Post, edge: str) -> bool:
        return (post.scheduled and not self._is_live(post)) if edge == "scheduled_posts" else self._is_live(post)

    def _stories(self, page: str, since: float, until: float, status: str | None, fields: tuple[Field, ...]) -> list[Json]:
        rows = []
        for post in reversed(self.posts.values()):
            if post.page != page or post.kind != "story" or not self._is_live(post) or not since <= (post.live_at or 0) <= until:
                continue
            current = "PUBLISHED" if self.now - (post.live_at or 0) < STORY_LIFE_S else "ARCHIVED"
            row = {
                "post_id": post.id, "status": current, "creation_time": str(int(post.live_at or 0)),
                "media_type": post.media[0]["type"], "media_id": post.media[0]["id"], "url": self._permalink(post),
            }  # fmt: skip
            if status in (None, current):
                rows.append(meta.choose(row, fields) if fields else row)
        return rows

    # -- photos and videos ------------------------------------------------------------------------------------------------

    def read_photo(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{photo}``."""
        fields = meta.parse_fields(call.params.get("fields", "id,created_time"))
        photo = self.photos[node]
        row: Json = {
            "id": photo.id, "created_time": stamp(photo.made_at), "alt_text_custom": photo.alt_text or "", "link": photo.url,
            "page_story_id": photo.story,
        }  # fmt: skip
        meta.known(fields, set(row), "Photo")
        return meta.choose({k: v for k, v in row.items() if v is not None}, fields)

    def delete_photo(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{photo}``."""
        self._may_publish(token)
        del self.photos[node]
        return {"success": True}

    def read_video(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{video}``: mostly its ``status``."""
        self._need(token, "pages_read_engagement", code=10)
        return self._video(self.videos[node], meta.parse_fields(call.params.get("fields", "description,updated_time,id")))

    def delete_video(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{video}`` and its post."""
        self._may_publish(token)
        video = self.videos.pop(node)
        self.posts.pop(video.post or "", None)
        return {"success": True}

    def _video(self, video: Video, fields: tuple[Field, ...]) -> Json:
        meta.known(fields, set(VIDEO_FIELDS), "Video")
        post = self.posts.get(video.post or "")
        live = post is not None and self._is_live(post)
        link = f"/reel/{video.id}/" if video.kind == "reel" else f"/{video.page}/videos/{video.id}/"
        row: Json = {
            "id": video.id, "status": self._video_status(video), "permalink_url": link, "published": live,
            "description": video.description, "title": video.title, "created_time": stamp(video.made_at),
            "updated_time": stamp(max(video.made_at, (post.live_at or 0) if live and post else 0)), "length": video.length_s,
        }  # fmt: skip
        if live and post:
            row["post_id"] = post.id.rpartition("_")[2]
        return meta.choose(row, fields or meta.parse_fields("description,updated_time,id"))

    def _video_status(self, video: Video) -> Json:
        """The status object, with its three phases (platforms.md 1.3)."""
        now, failed = self.now, video.error
        uploaded = video.uploaded_at is not None and now >= video.uploaded_at
        processed = video.processed_at is not None and now >= video.processed_at
        shown = failed is not None and (failed[0] == "uploading_phase" or uploaded)
        phases: Json = {
            "uploading_phase": {"status": "complete" if uploaded else "in_progress" if video.uploaded_at else "not_started"},
            "processing_phase": {"status": "complete" if processed else "in_progress" if uploaded else "not_started"},
            "publishing_phase": self._publishing_phase(video),
        }
        if shown and failed:
            phases[failed[0]] = {"status": "error", "errors": [{"code": failed[1], "message": failed[2]}]}
        overall = "processing" if uploaded else "uploading"
        if shown:
            overall = "error"
        elif not video.decision:
            overall = "expired" if now - video.made_at > UPLOAD_SESSION_S else "upload_complete" if uploaded else "uploading"
        elif processed:
            overall = "ready"
        return {"video_status": overall, **phases}

    def _publishing_phase(self, video: Video) -> Json:
        post = self.posts.get(video.post or "")
        if video.decision is None or post is None:
            return {"status": "not_started"}
        if self._is_live(post):
            return {"status": "complete", "publish_status": "published", "publish_time": stamp(post.live_at or 0)}
        if video.decision == "PUBLISHED":
            return {"status": "in_progress"}
        planned = {"publish_time": stamp(post.live_at)} if post.live_at else {}
        return {"status": "not_started", "publish_status": video.decision.lower(), **planned}

    # -- insights ---------------------------------------------------------------------------------------------------------

    def post_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/insights`` over the life of a post or story."""
        post = self.posts[node]
        table = STORY_METRICS if post.kind == "story" else POST_METRICS
        return self._lifetime(call, token, node, table, post.live_at if self._is_live(post) else None)

    def video_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{video}/video_insights``; a video has no ``insights`` edge."""
        post = self.posts.get(self.videos[node].post or "")
        return self._lifetime(call, token, node, VIDEO_METRICS, post.live_at if post and self._is_live(post) else None)

    def _lifetime(
        self, call: Call, token: Token, node: str, table: dict[str, int | tuple[str, ...]], live_at: float | None
    ) -> Json:
        self._need(token, "read_insights", "pages_read_engagement", task="ANALYZE", code=10)
        names = _metrics(call, table)
        if call.params.get("period", "lifetime") != "lifetime":
            raise invalid("The period of these metrics is lifetime.")
        if live_at is None:
            return {"data": []}
        age = self.now - live_at
        return {"data": [_insight(node, name, "lifetime", [{"value": _value(node, name, table[name], age)}]) for name in names]}

    def page_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{page}/insights``: one value a day, stamped the next day at 08:00 UTC (platforms.md 1.4)."""
        self._need(token, "read_insights", "pages_read_engagement", task="ANALYZE", code=10)
        names = _metrics(call, PAGE_METRICS)
        period = call.params.get("period", "day")
        if period not in PERIOD_DAYS:
            raise invalid("param period must be one of day, week, days_28.")
        until = meta.moment(call.params.get("until"), "until", self.now)
        since = meta.moment(call.params.get("since"), "since", until - 2 * DAY)
        if not 0 <= until - since <= INSIGHTS_SPAN_S:
            raise invalid("There cannot be more than 90 days between since and until.")
        page = self.pages[node]
        if page.fan_count < LIKES_FOR_INSIGHTS:
            return {"data": []}
        days = range(int(since // DAY), int(min(until, self.now) // DAY))
        return {"data": [_insight(node, n, period, [_daily(page, n, d, PERIOD_DAYS[period]) for d in days]) for n in names]}

    # -- control ----------------------------------------------------------------------------------------------------------

    def act_consent(self, given: Json) -> Json:
        """What the next dialogs do."""
        self.consent = Consent.of(given)
        return {"decision": self.consent.decision, "declined_scopes": sorted(self.consent.declined_scopes)}

    def act_user(self, given: Json) -> Json:
        """Create or change a person and the Pages."""
        id = str(given.get("id") or next(iter(self.users)))
        user = self.users.setdefault(id, User(id, f"Person {id}", []))
        user.name = given.get("name", user.name)
        for row in given.get("pages", ()):
            page = self.pages.setdefault(str(row["id"]), Page(str(row["id"]), f"Page {row['id']}"))
            for name, value in row.items():
                setattr(page, name, tuple(value) if name == "tasks" else value)
        if "pages" in given:
            user.pages = [str(row["id"]) for row in given["pages"]]
            user.chosen &= set(user.pages)
        return {"id": id, "pages": user.pages}

    def act_settings(self, given: Json) -> Json:
        """Processing time and the sizes that budgets follow from."""
        self.settings |= {k: float(v) for k, v in given.items() if k in self.settings}
        return dict(self.settings)

    def act_seed(self, given: Json) -> Json:
        """Posts that somebody made in Facebook's own apps, where the rule against repeats does not hold."""
        page, at = str(given.get("page") or next(iter(self.pages))), self.now - float(given.get("age_s", 0))
        made = []
        for _ in range(int(given.get("count", 1))):
            post = self._new_post(page, str(given.get("text", "")), given.get("link"), [], at)
            post.made_at = post.updated_at = at
            if given.get("photo"):
                _use(self._new_photo(page, None, None), post)
            made.append(post.id)
        return {"ids": made}

    def act_expire(self, given: Json) -> Json:
        """Make access tokens invalid, as expired unless another subcode of 190 is named."""
        return {"tokens": self.tokens.kill(int(given.get("subcode", 463)), given.get("user"))}

    def act_revoke(self, given: Json) -> Json:
        """The person removes the app."""
        return {"tokens": self._withdraw(self._user(given.get("user")))}

    async def act_deauthorize(self, given: Json) -> Json:
        """The person removes the app and the app's deauthorize callback is told."""
        user = self._user(given.get("user"))
        self._withdraw(user)
        return await meta.post_signed_request(self.world, given["url"], user.id, CLIENT_SECRET)

    async def act_data_deletion(self, given: Json) -> Json:
        """The person asks for deletion of their data and the app's callback is told."""
        return await meta.post_signed_request(self.world, given["url"], self._user(given.get("user")).id, CLIENT_SECRET)


def _use(photo: Photo, post: Post) -> str:
    """Attach a photo to a post and return the post's id; from then on no other post can have the photo."""
    photo.used, photo.story = True, post.id
    post.media.append({"type": "photo", "id": photo.id, "url": photo.url, "alt_text": photo.alt_text})
    return post.id


def _check_link(link: str) -> None:
    parts = urlsplit(link)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise invalid("The URL is not valid", 2061006)
    if host == "facebook.com" or host.endswith(".facebook.com"):
        raise invalid("Links to facebook.com cannot be posted", 1609008)
    if "unscrapable" in parts.path and (media.is_loopback(host) or media.is_reserved(host)):
        raise GraphError(1609005, "(#1609005) The link could not be scraped")


def _status_type(post: Post) -> str:
    if any(m["type"] == "video" for m in post.media):
        return "added_video"
    if post.media:
        return "added_photos"
    return "shared_story" if post.link else "mobile_status_update"


def _attachments(post: Post) -> list[Json]:
    if not post.media:
        return [{"media_type": "link", "url": post.link, "target": {"url": post.link}}]
    rows = [{"media_type": m["type"], "target": {"id": m["id"]}, "url": m["url"]} for m in post.media]
    return rows if len(rows) == 1 else [{"media_type": "album", "target": {"id": post.id}, "subattachments": {"data": rows}}]


def _metrics(call: Call, table: Iterable[str]) -> list[str]:
    """The metric names of a call; one unknown or retired name fails the entire request (platforms.md 1.4)."""
    given = call.params.get("metric")
    if not given:
        raise GraphError(3001, "(#3001) Metric is a required parameter", 1504028)
    try:
        names = json.loads(given) if given.startswith("[") else given.split(",")
    except ValueError:
        raise invalid("param metric must be an array.") from None
    names = list(dict.fromkeys(str(name).strip() for name in names))
    if any(name not in table for name in names):
        raise invalid("The value must be a valid insights metric")
    return names


def _value(node: str, name: str, shape: int | tuple[str, ...], age_s: float) -> int | dict[str, int]:
    if isinstance(shape, int):
        # One seed for a node keeps its numbers in proportion: never more viewers than views.
        reaction = name.removeprefix("post_reactions_").removesuffix("_total")
        return grown(f"{node}{reaction}" if reaction in REACTIONS else node, age_s, shape)
    counts = {part: grown(f"{node}{part}", age_s, 60) for part in shape}
    return {part: count for part, count in counts.items() if count}


def _daily(page: Page, name: str, day: int, days: int) -> Json:
    ceiling = PAGE_METRICS[name] * days
    value = page.fan_count if name == "page_follows" else grown(f"{page.id}{name}{day}", 30 * DAY, ceiling)
    end = datetime.fromtimestamp((day + 1) * DAY + 8 * HOUR, UTC)
    return {"value": value, "end_time": end.strftime("%Y-%m-%dT%H:%M:%S+0000")}


def _insight(node: str, name: str, period: str, values: list[Json]) -> Json:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, "values": values, "title": title, "description": title,
        "id": f"{node}/insights/{name}/{period}",
    }  # fmt: skip


def create(world: World) -> Facebook:
    """The Facebook simulator for ``world``."""
    return Facebook(world)
