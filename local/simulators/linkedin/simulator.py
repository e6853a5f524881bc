"""LinkedIn as reference/platforms.md section 3 describes it: OAuth, posts, uploads, organizations, statistics, throttles.

It shares no code with the product and must never accept what the real platform refuses.
"""

from __future__ import annotations

import io
import json
import math
import re
import secrets
import uuid
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from PIL import Image
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.media import measure
from local.simulators.world import Json, Preset, Simulator, World, bearer

DAY = 86_400
CODE_LIFE_S = 1_800
TOKEN_LIFE_S = 60 * DAY
REFRESH_LIFE_S = 365 * DAY
UPLOAD_URL_LIFE_S = DAY
PART_BYTES = 4 * 1024 * 1024
MAX_LIST = 50
FIRST_POST_ID = 7_398_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class App:
    """One registered application: LinkedIn's products exclude each other, so two client pairs are normal (3.2)."""

    client_id: str
    secret: str
    scopes: frozenset[str]
    member_calls_a_day: int
    app_calls_a_day: int
    refreshes: bool
    comments: bool


SHARE = App(
    "linkedin-app",
    "linkedin-app-secret",
    frozenset({"openid", "profile", "email", "w_member_social"}),
    member_calls_a_day=150,
    app_calls_a_day=100_000,
    refreshes=False,
    comments=False,
)
COMMUNITY = App(
    "linkedin-community-app",
    "linkedin-community-app-secret",
    frozenset(
        {
            "r_basicprofile",
            "r_member_postAnalytics",
            "r_member_profileAnalytics",
            "r_organization_admin",
            "r_organization_social",
            "r_organization_social_feed",
            "rw_organization_admin",
            "w_member_social",
            "w_member_social_feed",
            "w_organization_social",
            "w_organization_social_feed",
        }
    ),
    member_calls_a_day=100_000,
    app_calls_a_day=1_000_000,
    refreshes=True,
    comments=True,
)
APPS = {app.client_id: app for app in (SHARE, COMMUNITY)}
DEVELOPMENT_TIER = (100, 500)  # calls per member and per app and day, section 3.5

# Monthly versions and their last day, section 3.1. A month that is not listed never existed.
SUNSET = {
    202609: date(2027, 9, 15),
    202608: date(2027, 8, 17),
    202607: date(2027, 7, 15),
    202606: date(2027, 6, 15),
    202605: date(2027, 5, 15),
    202604: date(2027, 4, 15),
    202603: date(2027, 3, 16),
    202602: date(2027, 2, 15),
    202601: date(2027, 1, 15),
    202511: date(2026, 11, 16),
    202510: date(2026, 10, 15),
}

MAY_POST = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})
ADMIN = frozenset({"ADMINISTRATOR"})
READS_MEDIA = frozenset({"w_organization_social", "r_organization_social", "rw_organization_admin", "r_member_social"})

POST_METRICS = frozenset({"IMPRESSION", "MEMBERS_REACHED", "RESHARE", "REACTION", "COMMENT"})
POST_METRICS_202604 = POST_METRICS | {
    "POST_SAVE",
    "POST_SEND",
    "LINK_CLICKS",
    "PREMIUM_CTA_CLICKS",
    "FOLLOWER_GAINED_FROM_CONTENT",
    "PROFILE_VIEW_FROM_CONTENT",
}
NOT_DAILY = frozenset({"MEMBERS_REACHED", "LINK_CLICKS", "FOLLOWER_GAINED_FROM_CONTENT", "PROFILE_VIEW_FROM_CONTENT"})
VIDEO_METRICS = frozenset({"VIDEO_PLAY", "VIDEO_WATCH_TIME", "VIDEO_VIEWER"})
SHARE_OF_IMPRESSIONS = {
    "MEMBERS_REACHED": 0.72,
    "REACTION": 0.03,
    "COMMENT": 0.006,
    "RESHARE": 0.004,
    "LINK_CLICKS": 0.02,
    "VIDEO_PLAY": 0.4,
    "VIDEO_VIEWER": 0.3,
    "VIDEO_WATCH_TIME": 2.5,
}

REQUIRED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
OPTIONAL = ("content", "isReshareDisabledByAuthor")
CHOICES: dict[str, tuple[Any, ...]] = {
    "visibility": ("PUBLIC", "CONNECTIONS", "LOGGED_IN"),
    "lifecycleState": ("PUBLISHED",),
    "isReshareDisabledByAuthor": (True, False),
}
POLL_DURATIONS = ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS")
MAX_COMMENTARY = 3_000
MAX_ALT_TEXT = 4_086
MAX_COMMENT = 1_250
MAX_PIXELS = 36_152_320
MAX_BYTES = {"image": 200_000_000, "document": 100_000_000, "video": 500_000_000}
MIN_VIDEO_BYTES = 75_000
DEFAULT_SETTINGS: Json = {
    "processing_s": 1.0,
    "duplicate_window_s": 600,
    "comments_per_minute": 10,
    "community_tier": "standard",
    "share_refresh_tokens": False,
    "check_media": True,
}

ERROR_HEADERS = {"x-restli-error-response": "true", "x-restli-protocol-version": "2.0.0"}
"""What LinkedIn's own error handler sends with a refusal, and nobody in front of it (3.3)."""

URN = re.compile(r"urn:li:([A-Za-z]+):([A-Za-z0-9_-]+)")
RESERVED = frozenset("\\|{}@[]()<>#*_~")


class Refused(Exception):
    """An answer in LinkedIn's error envelope (section 3.5)."""

    def __init__(self, status: int, message: str, code: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        body: Json = {"message": message, "status": status}
        if code:
            body["code"] = code
        self.body = body | more


def invalid(code: str, path: str, description: str) -> Refused:
    """A refused field of a request body, with the ``errorDetails`` that validation adds."""
    problem = {"description": description, "input": {"inputPath": {"fieldPath": path}}, "code": code}
    return Refused(
        400,
        f"{path}: {description}",
        code,
        errorDetailType="com.linkedin.common.error.BadRequest",
        errorDetails={"inputErrors": [problem]},
    )


def schema_error(path: str, problem: str) -> Refused:
    """A body that does not fit the record's schema: observed as 422 without ``code``."""
    return Refused(422, f"ERROR :: {path} :: {problem}\n")


def forbidden(operation: str) -> Refused:
    """A missing scope or a missing page role: the platform does not say which."""
    return Refused(403, f"Not enough permissions to access: {operation}", "ACCESS_DENIED", serviceErrorCode=100)


# ---------------------------------------------------------------------------------------------------- Rest.li and little text


def restli_value(text: str) -> Any:
    """One Rest.li 2.0 value: ``List(a,b)``, ``(k:v)`` or a percent-encoded primitive. ValueError where the syntax is broken."""
    value, end = _restli(text, 0)
    if end != len(text):
        raise ValueError(f"unexpected {text[end]!r}")
    return value


def _restli(text: str, at: int) -> tuple[Any, int]:
    if text.startswith("List(", at):
        return _restli_list(text, at + 5)
    if text.startswith("(", at):
        return _restli_record(text, at + 1)
    found = re.compile(r"[^(),:']*").match(text, at)
    end = found.end() if found else at
    return unquote(text[at:end]), end


def _restli_list(text: str, at: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    if text.startswith(")", at):
        return items, at + 1
    while True:
        item, at = _restli(text, at)
        items.append(item)
        if text.startswith(")", at):
            return items, at + 1
        if not text.startswith(",", at):
            raise ValueError("unfinished list")
        at += 1


def _restli_record(text: str, at: int) -> tuple[Json, int]:
    record: Json = {}
    while True:
        key, at = _restli(text, at)
        if not isinstance(key, str) or not text.startswith(":", at):
            raise ValueError("unfinished record")
        record[key], at = _restli(text, at + 1)
        if text.startswith(")", at):
            return record, at + 1
        if not text.startswith(",", at):
            raise ValueError("unfinished record")
        at += 1


LITTLE_TEXT = re.compile(
    r"(?P<plain>[^\\|{}@\[\]()<>#*_~]+)"
    r"|\\(?P<escaped>[\\|{}@\[\]()<>#*_~])"
    r"|\{hashtag\|(?:\\#|#)\|(?P<tag>[^|{}]+)\}"
    r"|@\[(?P<name>(?:\\.|[^\]\\])+)\]\(urn:li:(?:organization|person):[A-Za-z0-9_-]+\)"
    r"|(?P<hash>#(?=\w))"
)


def read_little_text(commentary: str) -> tuple[str, int]:
    """What readers see of a commentary, and how much of it was understood.

    The first reserved character that is neither escaped nor part of a hashtag or mention ends the text without an error (3.3).
    """
    shown: list[str] = []
    at = 0
    while found := LITTLE_TEXT.match(commentary, at):
        tag, name = found["tag"], found["name"]
        literal = found["plain"] or found["escaped"] or found["hash"]
        shown.append(literal or (f"#{tag}" if tag else re.sub(r"\\(.)", r"\1", name)))
        at = found.end()
    return "".join(shown), at


# ------------------------------------------------------------------------------------------------------------ what is remembered


@dataclass(slots=True)
class Token:
    """An access or refresh token of one (member, app)."""

    value: str
    app: App
    member: str
    scopes: frozenset[str]
    issued: float
    expires: float
    revoked: bool = False


@dataclass(slots=True)
class Code:
    """An authorization code."""

    app: App
    member: str
    scopes: frozenset[str]
    redirect_uri: str
    issued: float


@dataclass(slots=True)
class Asset:
    """An image, document or video: invisible until a post names it."""

    urn: str
    kind: str
    owner: str
    created: float
    size: int = 0
    parts: dict[int, bytes] = field(default_factory=dict)
    etags: dict[int, str] = field(default_factory=dict)
    uploaded: float | None = None
    failure: str | None = None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@dataclass(slots=True)
class Post:
    """A published post."""

    urn: str
    author: str
    body: Json
    commentary: str
    text: str
    truncated: bool
    fingerprint: str
    created: float
    modified: float
    deleted: bool = False
    comments: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    """One API request that passed authentication."""

    request: Request
    token: Token
    version: int
    params: dict[str, Any]

    @property
    def member_urn(self) -> str:
        """The person the token belongs to."""
        return f"urn:li:person:{self.token.member}"

    def key(self, name: str = "key") -> str:
        """A path key, which must arrive percent-encoded: raw ``:`` is Rest.li syntax (3.1)."""
        raw = self.request.scope.get("raw_path", b"").decode("latin-1")
        value: str = self.request.path_params[name]
        if quote(value, safe="") not in re.sub(r"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), raw):
            raise Refused(400, "Syntax exception in path variables", "ILLEGAL_ARGUMENT")
        return value

    def allow(self, *names: str) -> None:
        """Refuse parameters the resource does not know."""
        for name in self.params:
            if name not in names:
                reason = f"Unpermitted fields present in PARAMETER: Data Processing Exception while processing fields [/{name}]"
                raise Refused(403, reason, "ACCESS_DENIED", serviceErrorCode=100)

    def param(self, name: str, kind: type, default: Any = None) -> Any:
        """A query parameter of one type; 400 when it is missing (and has no default) or of another shape."""
        value = self.params.get(name, default)
        if not isinstance(value, kind):
            raise Refused(400, f"Invalid query parameters passed to request: {name}", "PARAM_INVALID", serviceErrorCode=0)
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 0 and ``most``."""
        value = self.param(name, str, str(default))
        if not value.isdigit() or int(value) > most:
            raise Refused(400, f"Invalid query parameters passed to request: {name}", "PARAM_INVALID", serviceErrorCode=0)
        return int(value)

    async def json(self) -> Json:
        """The body as a JSON object."""
        try:
            body = json.loads(await self.request.body() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "Could not parse the request body as a JSON object", "BAD_REQUEST")
        return body


Handler = Callable[[Call], Awaitable[Response]]


def default_users() -> dict[str, Json]:
    """One member who administers one organization and may only write for another."""
    return {
        "mB7xQ2kPzA": {
            "id": "mB7xQ2kPzA",
            "given_name": "Ada",
            "family_name": "Fenwick",
            "email": "ada@example.com",
            "vanity_name": "ada-fenwick",
            "headline": "Building small robots",
            "followers": 812,
            "organizations": [
                {"id": "2414183", "name": "Fenwick Robotics", "role": "ADMINISTRATOR", "followers": 1_450},
                {"id": "5509810", "name": "Tidewater Studio", "role": "CONTENT_ADMINISTRATOR", "followers": 120},
            ],
        }
    }


# ------------------------------------------------------------------------------------------------------------ numbers and media


def grown(key: str, age_s: float, most: int) -> int:
    """A count that depends on ``key`` and age only: it rises fast at first and approaches a ceiling of about ``most``."""
    weight = 0.5 + zlib.crc32(key.encode()) % 1000 / 1000
    return int(most * weight * (1 - math.exp(-max(age_s, 0.0) / 21_600)))


def figures(impressions: int) -> Json:
    """The documented share statistics for a number of impressions."""
    clicks, likes, comments, shares = (int(impressions * part) for part in (0.05, 0.03, 0.006, 0.004))
    acts = clicks + likes + comments + shares
    return {
        "impressionCount": impressions,
        "uniqueImpressionsCount": int(impressions * 0.72),
        "clickCount": clicks,
        "likeCount": likes,
        "commentCount": comments,
        "shareCount": shares,
        "engagement": acts / impressions if impressions else 0.0,
    }


def image_problem(data: bytes) -> str | None:
    """Why LinkedIn cannot process an image, or None (3.3, limits)."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format not in ("JPEG", "PNG", "GIF"):
                return f"unsupported image format {image.format}"
            if image.width * image.height >= MAX_PIXELS:
                return "too many pixels"
            return "too many frames" if getattr(image, "n_frames", 1) > 250 else None
    except (OSError, ValueError, Image.DecompressionBombError):
        return "not an image"


def document_problem(data: bytes) -> str | None:
    """Why LinkedIn cannot process a document, or None (3.3, limits)."""
    if not data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"PK\x03\x04")):
        return "not a PDF, Word or PowerPoint document"
    return "more than 300 pages" if len(re.findall(rb"/Type\s*/Page\b", data)) > 300 else None


def video_problem(data: bytes) -> str | None:
    """Why LinkedIn cannot process a video, or None (3.3, limits)."""
    if data[4:8] != b"ftyp":
        return "not an MP4"
    if len(data) < MIN_VIDEO_BYTES:
        return "smaller than 75 KB"
    seconds = measure(data, "video/mp4").duration_s
    if seconds is None:
        return "no movie header"
    return None if 3 <= seconds <= 1_800 else f"{seconds:g} s is outside 3 s to 30 min"


PROBLEM = {"image": image_problem, "document": document_problem, "video": video_problem}


# ---------------------------------------------------------------------------------------------------------------------- faults


def _fault(status: int, message: str, code: str | None = None, service: int | None = None, note: str = "") -> Preset:
    body: Json = {"status": status, "message": message}
    if service is not None:
        body["serviceErrorCode"] = service
    if code:
        body["code"] = code
    headers = {"x-li-fabric": "prod-lor1", "x-li-uuid": "AAYkSimulatedFault0000w==", **_error_headers(status)}
    return Preset(status, body, headers, note)


def _error_headers(status: int) -> dict[str, str]:
    # The gateway checks tokens and quotas, and answers for what is down: those refusals are not the error handler's.
    return {} if status in (401, 429) or status >= 500 else ERROR_HEADERS


def _refused(code: str, path: str, description: str) -> Preset:
    return Preset(400, invalid(code, path, description).body, {"x-li-fabric": "prod-lor1", **ERROR_HEADERS})


def _duplicate_body(urn: str) -> Json:
    problem = {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
    return {
        "message": f"Request cannot be fulfilled. Content is a duplicate of {urn}",
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "errorDetails": {"inputErrors": [problem]},
        "status": 422,
    }


PRESETS: dict[str, Preset] = {
    "invalid_token": _fault(401, "Invalid access token", "INVALID_ACCESS_TOKEN", 65600),
    "revoked_token": _fault(
        401,
        "The token used in the request has been revoked by the user",
        "REVOKED_ACCESS_TOKEN",
        65601,
        "also seen seconds after issue",
    ),
    "expired_token": _fault(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN", 65602),
    "unauthorized": _fault(401, "Unauthorized", note="401 without serviceErrorCode"),
    "access_denied": _fault(403, "Not enough permissions to access: posts.CREATE", "ACCESS_DENIED", 100),
    "unpermitted_fields": _fault(
        403,
        "Unpermitted fields present in PARAMETER: Data Processing Exception while processing fields [/shares[0]]",
        "ACCESS_DENIED",
        100,
    ),
    "organization_permissions": _fault(400, "Organization permissions must be used when using organization as author"),
    "member_permissions": _fault(400, "Member permissions must be used when using member as author"),
    "missing_field": _refused("MISSING_FIELD", "/commentary", "required"),
    "invalid_value": _refused("INVALID_VALUE_FOR_FIELD", "/visibility", "not a known value"),
    "too_long": _refused("FIELD_LENGTH_TOO_LONG", "/commentary", "longer than 3000 characters"),
    "invalid_urn": _refused("INVALID_URN_TYPE", "/author", "not a person or organization"),
    "invalid_image": _refused("INVALID_IMAGE_ID", "/content/media/id", "no such image"),
    "media_waiting": _refused("MEDIA_ASSET_WAITING_UPLOAD", "/content/media/id", "the asset is not available yet"),
    "media_failed": _refused("MEDIA_ASSET_PROCESSING_FAILED", "/content/media/id", "the asset could not be processed"),
    "expired_upload_url": _fault(400, "The upload URL has expired", "EXPIRED_UPLOAD_URL"),
    "too_large": _fault(413, "Request entity too large"),
    "unsupported_type": _fault(415, "Unsupported media type"),
    "not_found": _fault(404, "Could not find entity", "NOT_FOUND"),
    "conflict": _fault(409, "Conflicting write, retry the request", "CONFLICT"),
    "duplicate": Preset(
        422, _duplicate_body("urn:li:share:7398000000000000000"), ERROR_HEADERS, "names a post that may not exist"
    ),
    "duplicate_of_person": Preset(422, _duplicate_body("urn:li:person:mB7xQ2kPzA"), ERROR_HEADERS, "no proof of publication"),
    "nonexistent_version": _fault(426, "Requested version 20240701 is not active", "NONEXISTENT_VERSION"),
    "version_missing": _fault(
        400, "A version must be present. Please specify a version by adding the LinkedIn-Version header.", "VERSION_MISSING"
    ),
    "rate_limited": _fault(
        429, "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.", "TOO_MANY_REQUESTS", 101
    ),
    "transient": _fault(500, "Internal Server Error", "INTERNAL_SERVER_ERROR", 0),
    "bad_gateway": Preset(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", note="HTML, not JSON"),
    "unavailable": _fault(503, "Service Unavailable", "SERVICE_UNAVAILABLE"),
    "gateway_timeout": _fault(504, "Request timed out", "GATEWAY_TIMEOUT"),
    "created_without_id": Preset(201, "", {"x-li-fabric": "prod-lor1"}, "2xx without x-restli-id: outcome unknown"),
    "oauth_invalid_request": Preset(400, {"error": "invalid_request", "error_description": "A required parameter is missing"}),
    "oauth_invalid_grant": Preset(
        400, {"error": "invalid_grant", "error_description": "The refresh token is invalid, expired or revoked"}
    ),
    "oauth_invalid_client": Preset(401, {"error": "invalid_client", "error_description": "Client authentication failed"}),
}

NOTES = [
    f"Clients: {SHARE.client_id}/{SHARE.secret} (Share app), {COMMUNITY.client_id}/{COMMUNITY.secret} (Community app).",
    "Redirect URIs: any https URL, and http on 127.0.0.1 or localhost. The person consents at once; there is no partial consent.",
    "No id_token is issued. Person ids are the same for both apps.",
    "The 3000 characters of a commentary are counted as readers see them; stored is what little text understood.",
    "Not documented, chosen here: duplicates for 10 min, 10 comments a minute, 50 ids in a List(), upload URLs for a day.",
    'Community app: action settings {"community_tier": "development"} gives 100 calls per member and 500 per app a day.',
    'Actions: consent, user, settings, expire_tokens, revoke, delete_post {"urn"}, seed {"count", "text", "content", …}.',
]


# ------------------------------------------------------------------------------------------------------------------ the simulator


class LinkedIn:
    """See the module's docstring."""

    name = "linkedin"
    base_host = "api.linkedin.com"
    presets: Mapping[str, Preset] = PRESETS
    notes = NOTES

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()
        self.hosts: Mapping[str, list[BaseRoute]] = {
            "api.linkedin.com": self._api_routes(),
            "www.linkedin.com": [
                Route("/oauth/v2/authorization", self.authorize, methods=["GET"]),
                Route("/oauth/v2/accessToken", self.access_token, methods=["POST"]),
                Route("/oauth/v2/introspectToken", self.introspect, methods=["POST"]),
                Route("/oauth/v2/revoke", self.revoke_token, methods=["POST"]),
                Route("/dms-uploads/{kind}/{asset}/{part:int}", self.upload, methods=["PUT"]),
            ],
        }
        self.actions: Mapping[str, Callable[[Json], Any]] = {
            "consent": self.act_consent,
            "user": self.act_user,
            "settings": self.act_settings,
            "expire_tokens": self.act_expire,
            "revoke": self.act_revoke,
            "delete_post": self.act_delete_post,
            "seed": self.act_seed,
        }

    def _api_routes(self) -> list[BaseRoute]:
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/rest/posts", self.find_posts),
            ("POST", "/rest/posts", self.create_post),
            ("GET", "/rest/posts/{key}", self.get_post),
            ("POST", "/rest/posts/{key}", self.update_post),
            ("DELETE", "/rest/posts/{key}", self.delete_post),
            *(("POST", f"/rest/{kind}s", self.media_action) for kind in MAX_BYTES),
            *(("GET", f"/rest/{kind}s/{{key}}", self.get_media) for kind in MAX_BYTES),
            ("GET", "/rest/organizationAcls", self.organization_acls),
            ("GET", "/rest/organizations/{key}", self.get_organization),
            ("GET", "/rest/socialActions/{key}", self.get_social_actions),
            ("GET", "/rest/socialActions/{key}/comments", self.get_comments),
            ("POST", "/rest/socialActions/{key}/comments", self.create_comment),
            ("GET", "/rest/socialMetadata/{key}", self.get_social_metadata),
            ("GET", "/rest/organizationalEntityShareStatistics", self.share_statistics),
            ("GET", "/rest/organizationalEntityFollowerStatistics", self.follower_statistics),
            ("GET", "/rest/organizationPageStatistics", self.page_statistics),
            ("GET", "/rest/networkSizes/{key}", self.network_size),
            ("GET", "/rest/memberCreatorPostAnalytics", self.member_post_analytics),
            ("GET", "/rest/memberCreatorVideoAnalytics", self.member_video_analytics),
            ("GET", "/rest/memberFollowersCount", self.member_followers),
        ]
        routes: list[BaseRoute] = [Route(path, self._endpoint(handler), methods=[method]) for method, path, handler in table]
        routes.append(Route("/v2/userinfo", self._endpoint(self.userinfo, versioned=False), methods=["GET"]))
        routes.append(Route("/v2/me", self._endpoint(self.me, versioned=False), methods=["GET"]))
        return routes

    def reset(self) -> None:
        """Forget everything."""
        self.users = default_users()
        self.settings = dict(DEFAULT_SETTINGS)
        self.consent: Json = {"decision": "grant", "user": next(iter(self.users))}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Token] = {}
        self.refresh_tokens: dict[str, Token] = {}
        self.assets: dict[str, Asset] = {}
        self.posts: dict[str, Post] = {}
        self.latest: dict[str, Post] = {}  # by fingerprint
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self.commented: list[tuple[str, float]] = []

    def state(self) -> Json:
        """Posts, assets, users and counters, as JSON."""
        now = self.world.clock.now()
        return {
            "posts": [self._post_state(post) for post in self.posts.values()],
            "assets": [
                {"id": a.urn, "kind": a.kind, "owner": a.owner, "status": self._asset_status(a), "failure": a.failure}
                for a in self.assets.values()
            ],
            "users": list(self.users.values()),
            "tokens": sum(not t.revoked and t.expires > now for t in self.tokens.values()),
            "refresh_tokens": sum(not t.revoked and t.expires > now for t in self.refresh_tokens.values()),
            "calls": [{"app": app, "member": who, "day": day, "calls": n} for (app, who, day), n in self.calls.items()],
            "settings": self.settings,
        }

    def _post_state(self, post: Post) -> Json:
        content = post.body.get("content", {})
        media = [content["media"]] if "media" in content else content.get("multiImage", {}).get("images", [])
        return {
            "id": post.urn,
            "account": post.author,
            "status": "DELETED" if post.deleted else "PUBLISHED",
            "text": post.text,
            "commentary": post.commentary,
            "truncated": post.truncated,
            "visibility": post.body["visibility"],
            "content": content,
            "media": [item["id"] for item in media],
            "alt_text": [item.get("altText", "") for item in media],
            "created_time": post.created,
            "comments": [comment["message"]["text"] for comment in post.comments],
        }

    def not_found(self, request: Request) -> Response:
        """An unknown resource."""
        body = Refused(404, "No virtual resource found", "RESOURCE_NOT_FOUND", serviceErrorCode=0).body
        return self._answer(404, body, ERROR_HEADERS)

    # ----------------------------------------------------------------------------------------------- behind the API's back

    def act_consent(self, given: Json) -> Json:
        """What the next dialogs do: ``decision`` grant, deny or cancel_login; ``user``."""
        if given.get("user", self.consent["user"]) not in self.users:
            return {"error": "no such user"}
        self.consent |= {k: v for k, v in given.items() if k in ("decision", "user")}
        return self.consent

    def act_user(self, given: Json) -> Json:
        """Create or change a member; ``organizations`` replaces the list. A new member needs only an ``id``."""
        user = self.users.setdefault(
            str(given.get("id", self.consent["user"])),
            {"given_name": "New", "family_name": "Member", "email": "new@example.com", "vanity_name": "new-member"}
            | {"headline": "", "followers": 10, "organizations": []},
        )
        user |= {"id": str(given.get("id", self.consent["user"]))} | given
        for organization in user["organizations"]:
            organization |= {"id": str(organization["id"])}
            organization.setdefault("name", f"Organization {organization['id']}")
            organization.setdefault("role", "ADMINISTRATOR")
            organization.setdefault("followers", 500)
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
        """The member removes the app: all tokens of ``user`` answer 65601."""
        gone = [t for t in (*self.tokens.values(), *self.refresh_tokens.values()) if t.member == given.get("user", t.member)]
        for token in gone:
            token.revoked = True
        return {"revoked": len(gone)}

    def act_delete_post(self, given: Json) -> Json:
        """Somebody deletes a post on the website."""
        post = self.posts.get(given["urn"])
        if post is None:
            return {"error": "no such post"}
        post.deleted = True
        return self._post_state(post)

    def act_seed(self, given: Json) -> Json:
        """Posts of somebody else: ``count``, ``author`` (an organization or person URN), ``text``, ``content``, ``age_s``."""
        at = self.world.clock.now() - float(given.get("age_s", DAY))
        author = given.get("author", f"urn:li:person:{self.consent['user']}")
        urns = []
        for _ in range(int(given.get("count", 1))):
            urn = self._next_urn("share")
            body = {"author": author, "visibility": "PUBLIC", "lifecycleState": "PUBLISHED"}
            body |= {"content": given["content"]} if "content" in given else {}
            text = str(given.get("text", "Seeded"))
            self.posts[urn] = Post(urn, author, body, text, read_little_text(text)[0], False, urn, at, at)
            urns.append(urn)
        return {"ids": urns}

    # -------------------------------------------------------------------------------------------------------------- OAuth

    async def authorize(self, request: Request) -> Response:
        """The dialog, with a member who is logged in and decides at once."""
        query = request.query_params
        app = APPS.get(query.get("client_id", ""))
        target = query.get("redirect_uri", "")
        if app is None or not _registered(target):
            return HTMLResponse("<h1>Bummer, something went wrong.</h1><p>The client or its redirect_uri is not known.</p>", 400)
        scopes = frozenset(query.get("scope", "").split())
        error = self._dialog_error(app, query.get("response_type", ""), scopes, query.get("prompt"))
        if error:
            answer = {"error": error[0], "error_description": error[1]}
        else:
            self._kill_other_scopes(app, scopes)
            code = secrets.token_urlsafe(90)
            self.codes[code] = Code(app, self.consent["user"], scopes, target, self.world.clock.now())
            answer = {"code": code}
        if "state" in query:
            answer["state"] = query["state"]
        return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}", 302)

    def _dialog_error(self, app: App, response_type: str, scopes: frozenset[str], prompt: str | None) -> tuple[str, str] | None:
        if response_type != "code":
            return "unsupported_response_type", "The response type must be code"
        if not scopes or not scopes <= app.scopes:
            wrong = " ".join(sorted(scopes - app.scopes)) or "(none)"
            return "unauthorized_scope_error", f'Scope "{wrong}" is not authorized for your application'
        if self.consent["decision"] == "cancel_login":
            return "user_cancelled_login", "The user cancelled the LinkedIn login"
        if self.consent["decision"] != "grant":
            return "user_cancelled_authorize", "The user cancelled the authorization"
        granted = any(t.app is app and t.member == self.consent["user"] and t.scopes == scopes for t in self.tokens.values())
        if prompt == "none" and not granted:
            return "interaction_required", "The user has not consented yet"
        return None

    def _kill_other_scopes(self, app: App, scopes: frozenset[str]) -> None:
        # Section 3.2: another scope set invalidates every earlier token of this member for this app.
        for token in (*self.tokens.values(), *self.refresh_tokens.values()):
            if token.app is app and token.member == self.consent["user"] and token.scopes != scopes:
                token.revoked = True

    async def access_token(self, request: Request) -> Response:
        """Code exchange and refresh."""
        form = await _form(request)
        app = _client(form)
        if app is None:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        grant = form.get("grant_type")
        needed = {"authorization_code": ("code", "redirect_uri"), "refresh_token": ("refresh_token",)}.get(grant or "")
        if needed is None:
            return _oauth_error(400, "unsupported_grant_type", "The grant type is not supported")
        if missing := [name for name in needed if not form.get(name)]:
            return _oauth_error(400, "invalid_request", f'A required parameter "{missing[0]}" is missing')
        return self._exchange(app, form) if grant == "authorization_code" else self._refresh(app, form)

    def _exchange(self, app: App, form: Mapping[str, str]) -> Response:
        now = self.world.clock.now()
        code = self.codes.pop(form["code"], None)
        if not code or code.app is not app or code.redirect_uri != form["redirect_uri"] or now >= code.issued + CODE_LIFE_S:
            return _oauth_error(
                400,
                "invalid_request",
                "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. "
                "Or authorization code expired. Or external member binding exists",
            )
        refresh = None
        if app.refreshes or self.settings["share_refresh_tokens"]:
            refresh = Token(secrets.token_urlsafe(250), app, code.member, code.scopes, now, now + REFRESH_LIFE_S)
            self.refresh_tokens[refresh.value] = refresh
        return self._issue(app, code.member, code.scopes, refresh)

    def _refresh(self, app: App, form: Mapping[str, str]) -> Response:
        refresh = self.refresh_tokens.get(form["refresh_token"])
        if not refresh or refresh.app is not app or refresh.revoked or self.world.clock.now() >= refresh.expires:
            return _oauth_error(400, "invalid_grant", "The provided refresh token is invalid, expired or revoked")
        return self._issue(app, refresh.member, refresh.scopes, refresh)

    def _issue(self, app: App, member: str, scopes: frozenset[str], refresh: Token | None) -> Response:
        now = self.world.clock.now()
        token = Token(secrets.token_urlsafe(250), app, member, scopes, now, now + TOKEN_LIFE_S)
        self.tokens[token.value] = token
        answer: Json = {
            "access_token": token.value,
            "expires_in": TOKEN_LIFE_S,
            "scope": ",".join(sorted(scopes)),
            "token_type": "Bearer",
        }
        if refresh:
            answer |= {"refresh_token": refresh.value, "refresh_token_expires_in": round(refresh.expires - now)}
        return JSONResponse(answer)

    async def introspect(self, request: Request) -> Response:
        """The state of a token."""
        form = await _form(request)
        if _client(form) is None:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        token = self.tokens.get(form.get("token", "")) or self.refresh_tokens.get(form.get("token", ""))
        if token is None or token.app is not _client(form):
            return JSONResponse({"active": False})
        expired = self.world.clock.now() >= token.expires
        return JSONResponse(
            {
                "active": not (expired or token.revoked),
                "status": "revoked" if token.revoked else "expired" if expired else "active",
                "scope": ",".join(sorted(token.scopes)),
                "client_id": token.app.client_id,
                "created_at": int(token.issued),
                "authorized_at": int(token.issued),
                "expires_at": int(token.expires),
                "auth_type": "3L",
            }
        )

    async def revoke_token(self, request: Request) -> Response:
        """Revoke the grant a token belongs to."""
        form = await _form(request)
        app = _client(form)
        if app is None:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        given = self.tokens.get(form.get("token", "")) or self.refresh_tokens.get(form.get("token", ""))
        for token in (*self.tokens.values(), *self.refresh_tokens.values()):
            if given and given.app is app and token.app is app and token.member == given.member:
                token.revoked = True
        return Response(status_code=200)

    # ------------------------------------------------------------------------------------------------ the gate of every call

    def _answer(self, status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Response:
        shown = {
            "x-li-fabric": "prod-lor1",
            "x-li-uuid": uuid.uuid4().hex,
            "x-li-request-id": uuid.uuid4().hex[:16],
            **(headers or {}),
        }
        return Response(status_code=status, headers=shown) if body is None else JSONResponse(body, status, shown)

    def _endpoint(self, handler: Handler, *, versioned: bool = True) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                token = self._token(request)
                version = self._version(request) if versioned else 0
                self._count(token)
                return await handler(Call(request, token, version, self._params(request)))
            except Refused as refused:
                return self._answer(refused.status, refused.body, _error_headers(refused.status))

        return endpoint

    def _token(self, request: Request) -> Token:
        token = self.tokens.get(bearer(request.headers) or "")
        if token is None:
            raise Refused(401, "Invalid access token", "INVALID_ACCESS_TOKEN", serviceErrorCode=65600)
        if token.revoked:
            reason = "The token used in the request has been revoked by the user"
            raise Refused(401, reason, "REVOKED_ACCESS_TOKEN", serviceErrorCode=65601)
        if self.world.clock.now() >= token.expires:
            raise Refused(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN", serviceErrorCode=65602)
        return token

    def _version(self, request: Request) -> int:
        given = request.headers.get("linkedin-version", "")
        if not given:
            reason = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            raise Refused(400, reason, "VERSION_MISSING")
        # A version may carry a revision after a dot; the answer names it with two digits of it.
        number = int(given[:6]) if re.fullmatch(r"\d{6}(\.\d{2})?", given) else 0
        if number not in SUNSET or self._today() >= SUNSET[number]:
            shown = f"{number}01" if number else given
            raise Refused(426, f"Requested version {shown} is not active", "NONEXISTENT_VERSION")
        return number

    def _today(self) -> date:
        return datetime.fromtimestamp(self.world.clock.now(), UTC).date()

    def _count(self, token: Token) -> None:
        development = token.app is COMMUNITY and self.settings["community_tier"] == "development"
        per_member, per_app = DEVELOPMENT_TIER if development else (token.app.member_calls_a_day, token.app.app_calls_a_day)
        day = self._today().isoformat()
        for who, most, scope in ((token.member, per_member, "MEMBER"), ("", per_app, "APPLICATION")):
            if self.calls[token.app.client_id, who, day] >= most:
                reason = f"Resource level throttle {scope} DAY limit for calls to this resource is reached."
                raise Refused(429, reason, "TOO_MANY_REQUESTS", serviceErrorCode=101)
        self.calls[token.app.client_id, token.member, day] += 1
        self.calls[token.app.client_id, "", day] += 1

    def _params(self, request: Request) -> dict[str, Any]:
        protocol = request.headers.get("x-restli-protocol-version", "1.0.0")
        if protocol not in ("1.0.0", "2.0.0"):
            raise Refused(400, f"Rest.li protocol version {protocol} used by the client is not supported!", "BAD_REQUEST")
        raw: str = request.scope["query_string"].decode("latin-1")
        pairs = [pair.partition("=") for pair in raw.split("&") if pair]
        try:
            return {unquote(name): restli_value(value) if protocol == "2.0.0" else unquote(value) for name, _, value in pairs}
        except ValueError as broken:
            raise Refused(400, f"Invalid query parameters passed to request: {broken}", "ILLEGAL_ARGUMENT") from None

    # ------------------------------------------------------------------------------------------------------------ identity

    async def userinfo(self, call: Call) -> Response:
        """OpenID Connect profile."""
        if "openid" not in call.token.scopes:
            raise forbidden("userinfo.GET.NO_VERSION")
        user = self.users[call.token.member]
        answer: Json = {"sub": user["id"]}
        if "profile" in call.token.scopes:
            answer |= {
                "name": f"{user['given_name']} {user['family_name']}",
                "given_name": user["given_name"],
                "family_name": user["family_name"],
                "picture": f"{self.world.base}/_media/photo.jpg?size=100x100",
                "locale": {"country": "US", "language": "en"},
            }
        if "email" in call.token.scopes:
            answer |= {"email": user["email"], "email_verified": True}
        return self._answer(200, answer)

    async def me(self, call: Call) -> Response:
        """The older profile, for community apps."""
        if "r_basicprofile" not in call.token.scopes:
            raise forbidden("me.GET.NO_VERSION")
        user = self.users[call.token.member]

        def localized(text: str) -> Json:
            return {"localized": {"en_US": text}, "preferredLocale": {"country": "US", "language": "en"}}

        return self._answer(
            200,
            {
                "id": user["id"],
                "localizedFirstName": user["given_name"],
                "localizedLastName": user["family_name"],
                "firstName": localized(user["given_name"]),
                "lastName": localized(user["family_name"]),
                "localizedHeadline": user["headline"],
                "vanityName": user["vanity_name"],
                "profilePicture": {"displayImage": "urn:li:digitalmediaAsset:C4E03AQEsimulated"},
            },
        )

    def _role(self, member: str, organization: str) -> str:
        held = self.users[member]["organizations"]
        return next((o["role"] for o in held if f"urn:li:organization:{o['id']}" == organization), "")

    def _organization(self, urn: str) -> Json:
        for user in self.users.values():
            for organization in user["organizations"]:
                if f"urn:li:organization:{organization['id']}" == urn:
                    found: Json = organization
                    return found
        raise Refused(404, f"Could not find entity {urn}", "NOT_FOUND", serviceErrorCode=0)

    async def organization_acls(self, call: Call) -> Response:
        """Organizations the member has a role in."""
        call.allow("q", "state", "role", "start", "count", "fields", "projection")
        if not call.token.scopes & {"rw_organization_admin", "r_organization_admin"}:
            raise forbidden("organizationAcls.FINDER-roleAssignee")
        if call.param("q", str) != "roleAssignee":
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        rows = [
            {
                "organization": f"urn:li:organization:{held['id']}",
                "role": held["role"],
                "roleAssignee": call.member_urn,
                "state": held.get("state", "APPROVED"),
            }
            for held in self.users[call.token.member]["organizations"]
        ]
        wanted = {name: call.params[name] for name in ("state", "role") if name in call.params}
        return self._page(call, [row for row in rows if all(row[k] == v for k, v in wanted.items())])

    def _page(self, call: Call, rows: list[Json], most: int = 100) -> Response:
        start, count = call.number("start", 0, 10**9), call.number("count", 10, most)
        page = rows[start : start + self.world.lists[self.name].size(count)] if count else []
        links = []
        if start:
            links.append(_page_link(call, "prev", max(0, start - count), count))
        if page and start + len(page) < len(rows):
            # A page can be shorter than what was asked for; the link goes on behind its last row (3.3).
            links.append(_page_link(call, "next", start + len(page), count))
        paging = {"start": start, "count": count, "links": links, "total": len(rows)}
        return self._answer(200, {"elements": page, "paging": paging})

    async def get_organization(self, call: Call) -> Response:
        """Name and logo. Only administrators see everything."""
        urn = f"urn:li:organization:{call.key()}"
        if not call.token.scopes & {"rw_organization_admin", "r_organization_admin", "r_organization_social"}:
            raise forbidden("organizations.GET")
        organization = self._organization(urn)
        answer: Json = {
            "id": int(organization["id"]),
            "localizedName": organization["name"],
            "vanityName": re.sub(r"\W+", "-", organization["name"].lower()),
        }
        if self._role(call.token.member, urn) in ADMIN:
            logo = "urn:li:digitalmediaAsset:C4D0BAQsimulated"
            answer |= {"$URN": urn, "logoV2": {"original": logo, "cropped": logo}, "organizationType": "PRIVATELY_HELD"}
        return self._answer(200, answer)

    # --------------------------------------------------------------------------------------------------------------- posts

    def _may_write(self, call: Call, author: str, operation: str) -> None:
        kind, _ = _urn(author, "/author", ("person", "organization"))
        if kind == "person":
            if "w_member_social" not in call.token.scopes:
                raise Refused(400, "Member permissions must be used when using member as author")
            if author != call.member_urn:
                fields = (
                    "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [/author]"
                )
                raise Refused(403, fields, "ACCESS_DENIED", serviceErrorCode=100)
            return
        if "w_organization_social" not in call.token.scopes:
            raise Refused(400, "Organization permissions must be used when using organization as author")
        if self._role(call.token.member, author) not in MAY_POST:
            raise forbidden(operation)

    async def create_post(self, call: Call) -> Response:
        """The commit: 201, no body, the URN in ``x-restli-id``."""
        body = await call.json()
        for name in REQUIRED:
            if name not in body or (name == "commentary" and not body[name] and not body.get("content")):
                raise invalid("MISSING_FIELD", f"/{name}", "This field is required")
        _only(body, (*REQUIRED, *OPTIONAL), "")
        author, commentary = body["author"], body["commentary"]
        self._may_write(call, author if isinstance(author, str) else "", f"partnerApiPostsExternal.CREATE.{call.version}01")
        text, understood = _commentary(commentary)
        self._check_settings(body)
        kind = self._check_content(author, body.get("content"))
        now = self.world.clock.now()
        fingerprint = json.dumps([author, commentary, body.get("content")], sort_keys=True)
        earlier = self.latest.get(fingerprint)
        # A deleted post still counts: the named URN can be a ghost (3.3).
        if earlier and now < earlier.created + self.settings["duplicate_window_s"]:
            return self._answer(422, _duplicate_body(earlier.urn), ERROR_HEADERS)
        urn = self._next_urn(kind)
        post = Post(urn, author, body, commentary[:understood], text, understood < len(commentary), fingerprint, now, now)
        self.posts[urn] = self.latest[fingerprint] = post
        return self._answer(201, headers={"x-restli-id": urn, "location": f"/posts/{quote(urn, safe='')}"})

    def _next_urn(self, kind: str) -> str:
        return f"urn:li:{kind}:{FIRST_POST_ID + 1_000_003 * (len(self.posts) + 1)}"

    def _check_settings(self, body: Json) -> None:
        for name, choices in CHOICES.items():
            if name in body and body[name] not in choices:
                raise invalid("INVALID_VALUE_FOR_FIELD", f"/{name}", f"must be one of {list(choices)}")
        distribution = _record(body["distribution"], "/distribution")
        _only(distribution, ("feedDistribution", "targetEntities", "thirdPartyDistributionChannels"), "/distribution")
        if distribution.get("feedDistribution") not in ("MAIN_FEED", "NONE"):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/distribution/feedDistribution", "must be MAIN_FEED or NONE")
        targets = distribution.get("targetEntities", [])
        if not isinstance(targets, list) or not isinstance(distribution.get("thirdPartyDistributionChannels", []), list):
            raise schema_error("/distribution", "lists are expected")
        if targets and (":person:" in body["author"] or self._organization(body["author"])["followers"] <= 300):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/distribution/targetEntities", "the audience must exceed 300 followers")

    def _check_content(self, author: str, content: Any) -> str:
        """Refuse what the content rows of 3.3 do not allow; else the type of the URN to create."""
        if content is None:
            return "share"
        content = _record(content, "/content")
        _only(content, ("article", "media", "multiImage", "poll"), "/content")
        if len(content) != 1:
            raise schema_error("/content", "union type must have exactly one member")
        (kind, given), *_ = content.items()
        given = _record(given, f"/content/{kind}")
        checks = {
            "article": self._check_article,
            "media": self._check_media,
            "multiImage": self._check_images,
            "poll": self._check_poll,
        }
        return checks[kind](author, given)

    def _check_article(self, author: str, article: Json) -> str:
        _only(article, ("source", "title", "description", "thumbnail", "thumbnailAltText"), "/content/article")
        for name in ("source", "title"):
            _text(article, name, "/content/article")
        if urlsplit(article["source"]).scheme not in ("http", "https") or not urlsplit(article["source"]).netloc:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/article/source", "must be an absolute http(s) URL")
        if "thumbnail" in article:
            self._usable(author, _text(article, "thumbnail", "/content/article"), "/content/article/thumbnail", ("image",))
        return "share"

    def _check_media(self, author: str, media: Json) -> str:
        _only(media, ("id", "altText", "title"), "/content/media")
        kind = self._usable(author, _text(media, "id", "/content/media"), "/content/media/id", tuple(MAX_BYTES))
        if kind == "document":
            _text(media, "title", "/content/media")
        _alt_text(media, "/content/media")
        return "share" if kind == "image" else "ugcPost"

    def _check_images(self, author: str, multi: Json) -> str:
        _only(multi, ("images", "altText"), "/content/multiImage")
        images = multi.get("images")
        if not isinstance(images, list) or not 2 <= len(images) <= 20:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/multiImage/images", "between 2 and 20 images are expected")
        for n, item in enumerate(images):
            path = f"/content/multiImage/images/{n}"
            image = _record(item, path)
            _only(image, ("id", "altText"), path)
            self._usable(author, _text(image, "id", path), f"{path}/id", ("image",))
            _alt_text(image, path)
        return "ugcPost"

    def _check_poll(self, author: str, poll: Json) -> str:
        _only(poll, ("question", "options", "settings"), "/content/poll")
        if len(_text(poll, "question", "/content/poll")) > 140:
            raise invalid("FIELD_LENGTH_TOO_LONG", "/content/poll/question", "longer than 140 characters")
        options = poll.get("options")
        if not isinstance(options, list) or not 2 <= len(options) <= 4:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/poll/options", "between 2 and 4 options are expected")
        for n, option in enumerate(options):
            path = f"/content/poll/options/{n}"
            if len(_text(_record(option, path), "text", path)) > 30:
                raise invalid("FIELD_LENGTH_TOO_LONG", path, "longer than 30 characters")
        if _record(poll.get("settings"), "/content/poll/settings").get("duration") not in POLL_DURATIONS:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/poll/settings/duration", f"must be one of {list(POLL_DURATIONS)}")
        return "ugcPost"

    def _usable(self, author: str, urn: str, path: str, kinds: tuple[str, ...]) -> str:
        kind, _ = _urn(urn, path, kinds)
        asset = self.assets.get(urn)
        if asset is None:
            raise invalid(f"INVALID_{kind.upper()}_ID", path, f"{urn} does not exist")
        if asset.owner != author:
            raise invalid("INVALID_VALUE_FOR_FIELD", path, "the owner of the asset must be the author of the post")
        status = self._asset_status(asset)
        if status == "PROCESSING_FAILED":
            raise invalid("MEDIA_ASSET_PROCESSING_FAILED", path, f"{urn} could not be processed")
        if status != "AVAILABLE":
            raise invalid("MEDIA_ASSET_WAITING_UPLOAD", path, f"{urn} is not available yet")
        return kind

    def _post(self, urn: str) -> Post:
        _urn(urn, "key", ("share", "ugcPost"))
        post = self.posts.get(urn)
        if post is None or post.deleted:
            raise Refused(404, f"Could not find entity {urn}", "NOT_FOUND", serviceErrorCode=0)
        return post

    def _may_read(self, call: Call, author: str, operation: str) -> None:
        needed = "r_member_social" if ":person:" in author else "r_organization_social"
        readable = {needed, f"{needed}_feed"} if operation.startswith("social") else {needed}
        if not call.token.scopes & readable or (":organization:" in author and not self._role(call.token.member, author)):
            raise forbidden(operation)

    def _shown(self, post: Post) -> Json:
        return {
            "id": post.urn,
            **{name: value for name, value in post.body.items() if name != "commentary"},
            "commentary": post.commentary,
            "createdAt": _ms(post.created),
            "publishedAt": _ms(post.created),
            "lastModifiedAt": _ms(post.modified),
            "lifecycleStateInfo": {"isEditedByAuthor": post.modified > post.created},
        }

    async def get_post(self, call: Call) -> Response:
        """One post; member posts cannot be read by new apps."""
        call.allow("viewContext", "fields")
        post = self._post(call.key())
        self._may_read(call, post.author, "posts.GET")
        return self._answer(200, self._shown(post))

    async def find_posts(self, call: Call) -> Response:
        """The author finder: organizations only."""
        call.allow("q", "author", "count", "start", "sortBy", "viewContext", "fields", "isDsc")
        if call.param("q", str) != "author":
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        author = call.param("author", str)
        kind, _ = _urn(author, "author", ("person", "organization"))
        if kind == "person" and "r_member_social" not in call.token.scopes:
            raise Refused(400, "Member permissions must be used when using member as author")
        self._may_read(call, author, "posts.FINDER-author")
        order = call.param("sortBy", str, "LAST_MODIFIED")
        if order not in ("LAST_MODIFIED", "CREATED"):
            raise Refused(400, "Invalid query parameters passed to request: sortBy", "PARAM_INVALID", serviceErrorCode=0)
        shows, now = self.world.lists[self.name].shows, self.world.clock.now()
        found = [p for p in reversed(self.posts.values()) if p.author == author and not p.deleted and shows(p.created, now)]
        found.sort(key=lambda p: p.modified if order == "LAST_MODIFIED" else p.created, reverse=True)
        return self._page(call, [self._shown(post) for post in found])

    async def update_post(self, call: Call) -> Response:
        """A partial update of the commentary."""
        if call.request.headers.get("x-restli-method", "").upper() != "PARTIAL_UPDATE":
            raise Refused(400, "X-RestLi-Method must be PARTIAL_UPDATE", "BAD_REQUEST")
        post = self._post(call.key())
        self._may_write(call, post.author, "posts.PARTIAL_UPDATE")
        patch = _record((await call.json()).get("patch"), "/patch")
        _only(patch, ("$set",), "/patch")
        change = _record(patch.get("$set"), "/patch/$set")
        _only(change, ("commentary",), "/patch/$set")
        commentary = change.get("commentary")
        text, understood = _commentary(commentary)
        post.commentary, post.text = str(commentary)[:understood], text
        post.truncated, post.modified = understood < len(str(commentary)), self.world.clock.now()
        return self._answer(204)

    async def delete_post(self, call: Call) -> Response:
        """Deletion, which may be repeated."""
        urn = call.key()
        _urn(urn, "key", ("share", "ugcPost"))
        post = self.posts.get(urn)
        if post is None:
            raise Refused(404, f"Could not find entity {urn}", "NOT_FOUND", serviceErrorCode=0)
        self._may_write(call, post.author, "posts.DELETE")
        post.deleted = True
        return self._answer(204)

    # --------------------------------------------------------------------------------------------------------------- media

    def _asset_status(self, asset: Asset) -> str:
        if asset.uploaded is None:
            return "WAITING_UPLOAD"
        if self.world.clock.now() < asset.uploaded + self.settings["processing_s"]:
            return "PROCESSING"
        return "PROCESSING_FAILED" if asset.failure else "AVAILABLE"

    async def media_action(self, call: Call) -> Response:
        """``initializeUpload`` of images, documents and videos; ``finalizeUpload`` of videos."""
        call.allow("action")
        kind = call.request.url.path.rsplit("/", 1)[-1].removesuffix("s")
        action = call.param("action", str)
        if action == "initializeUpload":
            return self._initialize(call, kind, await call.json())
        if action == "finalizeUpload" and kind == "video":
            return self._finalize(call, await call.json())
        raise Refused(400, f"Unknown action {action}", "PARAM_INVALID", serviceErrorCode=0)

    def _initialize(self, call: Call, kind: str, body: Json) -> Response:
        asked = _record(body.get("initializeUploadRequest"), "/initializeUploadRequest")
        more = ("fileSizeBytes", "uploadCaptions", "uploadThumbnail") if kind == "video" else ("mediaLibraryMetadata",)
        _only(asked, ("owner", *more), "/initializeUploadRequest")
        owner = _text(asked, "owner", "/initializeUploadRequest")
        self._may_write(call, owner, f"{kind}s.ACTION-initializeUpload")
        size = asked.get("fileSizeBytes", 0)
        if kind == "video" and (not isinstance(size, int) or not 0 < size <= MAX_BYTES["video"]):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/initializeUploadRequest/fileSizeBytes", "between 1 and 500000000 bytes")
        now = self.world.clock.now()
        prefix = {"image": "C4E10AQ", "document": "D4D10AQ", "video": "D4D05AQ"}[kind]
        asset = Asset(f"urn:li:{kind}:{prefix}{secrets.token_hex(8)}", kind, owner, now, size)
        self.assets[asset.urn] = asset
        value: Json
        if kind == "video":
            ranges = [(first, min(first + PART_BYTES, size) - 1) for first in range(0, size, PART_BYTES)]
            parts = [{"uploadUrl": self._upload_url(asset, n), "firstByte": a, "lastByte": b} for n, (a, b) in enumerate(ranges)]
            value = {"video": asset.urn, "uploadToken": "", "uploadInstructions": parts}
        else:
            value = {kind: asset.urn, "uploadUrl": self._upload_url(asset, 0)}
        value["uploadUrlExpiresAt" if kind != "video" else "uploadUrlsExpireAt"] = _ms(now + UPLOAD_URL_LIFE_S)
        return self._answer(200, {"value": value})

    def _upload_url(self, asset: Asset, part: int) -> str:
        name = asset.urn.rsplit(":", 1)[1]
        query = urlencode({"ca": "vector_feedshare", "cn": "uploads", "v": "beta", "ut": asset.key})
        return self.world.url("www.linkedin.com", f"/dms-uploads/{asset.kind}/{name}/{part}?{query}")

    async def upload(self, request: Request) -> Response:
        """Bytes of one upload URL. Images and documents need the Bearer token, parts of videos must not carry one (3.3)."""
        try:
            return self._store(request, await request.body())
        except Refused as refused:
            return self._answer(refused.status, refused.body)

    def _store(self, request: Request, data: bytes) -> Response:
        kind, name, part = (request.path_params[key] for key in ("kind", "asset", "part"))
        asset = self.assets.get(f"urn:li:{kind}:{name}")
        if asset is None or request.query_params.get("ut") != asset.key:
            raise Refused(404, "No such upload")
        if kind != "video":
            self._token(request)
        elif "authorization" in request.headers:
            raise Refused(400, "Authorization is not expected on this upload URL")
        if self.world.clock.now() >= asset.created + UPLOAD_URL_LIFE_S:
            raise Refused(400, "The upload URL has expired", "EXPIRED_UPLOAD_URL")
        if len(data) > MAX_BYTES[kind]:
            raise Refused(413, "Request entity too large")
        if request.headers.get("content-type", "").startswith(("application/json", "multipart/", "application/x-www-form")):
            raise Refused(415, "Unsupported media type")
        if kind == "video":
            return self._store_part(asset, part, data)
        asset.uploaded = self.world.clock.now()
        asset.failure = PROBLEM[kind](data) if self.settings["check_media"] else None
        return self._answer(201)

    def _store_part(self, asset: Asset, part: int, data: bytes) -> Response:
        expected = min(PART_BYTES, asset.size - part * PART_BYTES)
        if expected <= 0 or len(data) != expected:
            raise Refused(400, f"{max(expected, 0)} bytes were expected in part {part}")
        asset.parts[part] = data
        asset.etags[part] = f"/ambry-video/signedId/{zlib.crc32(data):08x}{part:04d}{asset.key}"
        return self._answer(200, headers={"etag": asset.etags[part]})

    def _finalize(self, call: Call, body: Json) -> Response:
        path = "/finalizeUploadRequest"
        asked = _record(body.get("finalizeUploadRequest"), path)
        _only(asked, ("video", "uploadToken", "uploadedPartIds"), path)
        asset = self.assets.get(_text(asked, "video", path))
        if asset is None or asset.kind != "video":
            raise invalid("INVALID_VIDEO_ID", f"{path}/video", "no such video")
        self._may_write(call, asset.owner, "videos.ACTION-finalizeUpload")
        if asked.get("uploadToken") != "":
            raise invalid("INVALID_VALUE_FOR_FIELD", f"{path}/uploadToken", "must be the token that was returned")
        wanted = [asset.etags.get(n) for n in range(math.ceil(asset.size / PART_BYTES))]
        if asked.get("uploadedPartIds") != wanted:
            raise invalid("INVALID_VALUE_FOR_FIELD", f"{path}/uploadedPartIds", "must name every part, in order")
        if asset.uploaded is None:
            data = b"".join(asset.parts[n] for n in sorted(asset.parts))
            asset.failure = video_problem(data) if self.settings["check_media"] else None
            asset.uploaded = self.world.clock.now()
            asset.parts.clear()
        return self._answer(200)

    async def get_media(self, call: Call) -> Response:
        """The status of an upload; refused to tokens that can only write as a member."""
        if not call.token.scopes & READS_MEDIA:
            raise forbidden("media.GET")
        asset = self.assets.get(call.key())
        if asset is None:
            raise Refused(404, f"Could not find entity {call.key()}", "NOT_FOUND", serviceErrorCode=0)
        answer: Json = {"id": asset.urn, "owner": asset.owner, "status": self._asset_status(asset)}
        if answer["status"] == "PROCESSING_FAILED":
            answer["processingFailureReason"] = asset.failure
        if answer["status"] == "AVAILABLE":
            answer["downloadUrl"] = f"https://media.licdn.com/dms/{asset.kind}/{asset.key}"
        return self._answer(200, answer)

    # ------------------------------------------------------------------------------------------------------ social actions

    def _impressions(self, post: Post) -> int:
        return grown(post.urn, self.world.clock.now() - post.created, 4_000)

    async def get_social_actions(self, call: Call) -> Response:
        """Fresh likes and comments of an organization's post."""
        post = self._post(call.key())
        self._may_read(call, post.author, "socialActions.GET")
        numbers, own = figures(self._impressions(post)), len(post.comments)
        return self._answer(
            200,
            {
                "$URN": post.urn,
                "likesSummary": {"totalLikes": numbers["likeCount"], "aggregatedTotalLikes": numbers["likeCount"]},
                "commentsSummary": {
                    "totalFirstLevelComments": numbers["commentCount"] + own,
                    "aggregatedTotalComments": numbers["commentCount"] + own,
                },
            },
        )

    async def get_social_metadata(self, call: Call) -> Response:
        """Reactions by type."""
        post = self._post(call.key())
        self._may_read(call, post.author, "socialMetadata.GET")
        likes = figures(self._impressions(post))["likeCount"]
        counts = {"LIKE": likes - likes // 5, "PRAISE": likes // 5}
        return self._answer(
            200,
            {
                "entity": post.urn,
                "reactionSummaries": {kind: {"reactionType": kind, "count": n} for kind, n in counts.items() if n},
                "commentSummary": {"count": len(post.comments), "topLevelCount": len(post.comments)},
                "commentsState": "OPEN",
            },
        )

    async def get_comments(self, call: Call) -> Response:
        """Comments that were made through the API."""
        post = self._post(call.key())
        self._may_read(call, post.author, "socialActions.comments.GET_ALL")
        return self._page(call, post.comments)

    async def create_comment(self, call: Call) -> Response:
        """A comment in plain text; its creation has a throttle of its own."""
        urn = call.key()
        body = await call.json()
        _only(body, ("actor", "object", "message", "parentComment"), "")
        actor = _text(body, "actor", "")
        kind, _ = _urn(actor, "/actor", ("person", "organization"))
        scope = "w_member_social" if kind == "person" else "w_organization_social"
        allowed = actor == call.member_urn if kind == "person" else self._role(call.token.member, actor) in MAY_POST
        if not call.token.app.comments or not allowed or not call.token.scopes & {scope, f"{scope}_feed"}:
            raise forbidden("partnerApiSocialActions.comments.CREATE")
        post = self._post(urn)
        if body.get("object") != urn:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/object", "must be the commented entity")
        text = _text(_record(body.get("message"), "/message"), "text", "/message")
        if len(text) > MAX_COMMENT:
            raise invalid("FIELD_LENGTH_TOO_LONG", "/message/text", f"longer than {MAX_COMMENT} characters")
        now = self.world.clock.now()
        recent = sum(who == actor and at > now - 60 for who, at in self.commented)
        if recent >= self.settings["comments_per_minute"]:
            raise Refused(429, "Comment creation is throttled, try again in a minute", "TOO_MANY_REQUESTS", serviceErrorCode=101)
        self.commented.append((actor, now))
        number = str(FIRST_POST_ID + 1_000_003 * len(self.commented) + 7)
        comment = {
            "id": number,
            "actor": actor,
            "object": urn,
            "message": {"text": text, "attributes": []},
            "created": {"actor": actor, "time": _ms(now)},
            "commentUrn": f"urn:li:comment:({urn},{number})",
        }
        post.comments.append(comment)
        return self._answer(201, comment, {"x-restli-id": number})

    # ---------------------------------------------------------------------------------------------------------- statistics

    def _administered(self, call: Call, name: str, operation: str) -> str:
        if call.param("q", str) != name:
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        urn: str = call.param(name, str)
        _urn(urn, name, ("organization",))
        if "rw_organization_admin" not in call.token.scopes or self._role(call.token.member, urn) not in ADMIN:
            raise forbidden(operation)
        return urn

    async def share_statistics(self, call: Call) -> Response:
        """Organic statistics of given posts, of the lifetime, or by time."""
        call.allow("q", "organizationalEntity", "shares", "ugcPosts", "timeIntervals", "fields", "count", "start")
        organization = self._administered(call, "organizationalEntity", "organizationalEntityShareStatistics.FINDER")
        named = [(field, kind) for field, kind in (("shares", "share"), ("ugcPosts", "ugcPost")) if field in call.params]
        if named and "timeIntervals" in call.params:
            raise Refused(400, "timeIntervals cannot be combined with given posts", "PARAM_INVALID", serviceErrorCode=0)
        if named:
            rows = [row for field, kind in named for row in self._post_rows(organization, call.param(field, list), kind)]
        elif "timeIntervals" in call.params:
            rows = self._share_days(call, organization)
        else:
            total = sum(self._impressions(p) for p in self._posts_of(organization)) + 5_000
            rows = [{"organizationalEntity": organization, "totalShareStatistics": figures(total)}]
        return self._answer(200, {"elements": rows, "paging": {"start": 0, "count": len(rows), "links": []}})

    def _posts_of(self, author: str) -> list[Post]:
        return [p for p in self.posts.values() if p.author == author and not p.deleted]

    def _post_rows(self, organization: str, urns: list[Any], kind: str) -> Iterable[Json]:
        if len(urns) > MAX_LIST:
            raise Refused(400, f"At most {MAX_LIST} ids can be asked for at once", "PARAM_INVALID", serviceErrorCode=0)
        for urn in urns:
            _urn(str(urn), f"{kind}s", (kind,))
            post = self.posts.get(urn)
            # Without activity a post is absent, which means zero (3.4).
            if post and not post.deleted and post.author == organization and self._impressions(post):
                numbers = figures(self._impressions(post))
                yield {"organizationalEntity": organization, kind: urn, "totalShareStatistics": numbers}

    def _share_days(self, call: Call, organization: str) -> list[Json]:
        rows = []
        for start, end in self._intervals(call, oldest_days=366, latest_days=0):
            posts = self._posts_of(organization)
            gained = sum(grown(p.urn, end - p.created, 4_000) - grown(p.urn, start - p.created, 4_000) for p in posts)
            standing = 20 + zlib.crc32(f"{organization}{start}".encode()) % 30
            rows.append(
                {
                    "organizationalEntity": organization,
                    "timeRange": {"start": _ms(start), "end": _ms(end)},
                    "totalShareStatistics": figures(gained + standing),
                }
            )
        return rows

    def _intervals(self, call: Call, oldest_days: int, latest_days: int) -> list[tuple[float, float]]:
        """The asked days or months (as 30 days) in seconds; what lies outside the kept window is left out."""
        given = call.param("timeIntervals", dict)
        step = {"DAY": 1, "MONTH": 30}.get(str(given.get("timeGranularityType", "")))
        limits = given.get("timeRange")
        if step is None or not isinstance(limits, dict) or not str(limits.get("start", "")).isdigit():
            raise Refused(400, "Invalid query parameters passed to request: timeIntervals", "PARAM_INVALID", serviceErrorCode=0)
        now = self.world.clock.now()
        end = min(int(limits["end"]) / 1000 if str(limits.get("end", "")).isdigit() else now, now - latest_days * DAY)
        start = int(limits["start"]) // 1000 // DAY * DAY
        found: list[tuple[float, float]] = []
        while start + step * DAY <= math.ceil(end / DAY) * DAY and len(found) < 400:
            if start >= now - oldest_days * DAY:
                found.append((float(start), float(start + step * DAY)))
            start += step * DAY
        return found

    async def follower_statistics(self, call: Call) -> Response:
        """Follower gains by time, two days late."""
        call.allow("q", "organizationalEntity", "timeIntervals", "fields")
        organization = self._administered(call, "organizationalEntity", "organizationalEntityFollowerStatistics.FINDER")
        if "timeIntervals" not in call.params:
            total = self._organization(organization)["followers"]
            counts = [
                {"followerCounts": {"organicFollowerCount": total, "paidFollowerCount": 0}, "seniority": "urn:li:seniority:4"}
            ]
            rows: list[Json] = [{"organizationalEntity": organization, "followerCountsBySeniority": counts}]
        else:
            rows = [
                {
                    "organizationalEntity": organization,
                    "timeRange": {"start": _ms(start), "end": _ms(end)},
                    "followerGains": {
                        "organicFollowerGain": zlib.crc32(f"{organization}{start}f".encode()) % 9,
                        "paidFollowerGain": 0,
                    },
                }
                for start, end in self._intervals(call, oldest_days=366, latest_days=2)
            ]
        return self._answer(200, {"elements": rows, "paging": {"start": 0, "count": len(rows), "links": []}})

    async def page_statistics(self, call: Call) -> Response:
        """Lifetime page views."""
        call.allow("q", "organization", "fields")
        organization = self._administered(call, "organization", "organizationPageStatistics.FINDER")
        views = 300 + sum(self._impressions(p) for p in self._posts_of(organization)) // 50
        total = {"views": {"allPageViews": {"pageViews": views}}}
        row = {"organization": organization, "totalPageStatistics": total}
        return self._answer(200, {"elements": [row], "paging": {"start": 0, "count": 1, "links": []}})

    async def network_size(self, call: Call) -> Response:
        """Followers of any organization."""
        call.allow("edgeType")
        urn = call.key()
        _urn(urn, "key", ("organization",))
        if call.param("edgeType", str) != "COMPANY_FOLLOWED_BY_MEMBER":
            raise Refused(400, "Invalid query parameters passed to request: edgeType", "PARAM_INVALID", serviceErrorCode=0)
        if "rw_organization_admin" not in call.token.scopes:
            raise forbidden("networkSizes.GET")
        gained = sum(self._impressions(p) for p in self._posts_of(urn)) // 200
        return self._answer(200, {"firstDegreeSize": self._organization(urn)["followers"] + gained})

    async def member_post_analytics(self, call: Call) -> Response:
        """One metric of one member post, or of all of them."""
        metrics = POST_METRICS_202604 if call.version >= 202604 else POST_METRICS
        return self._member_analytics(call, metrics, "CreatorPostAnalyticsMetricTypeV1")

    async def member_video_analytics(self, call: Call) -> Response:
        """One metric of one member video, or of all of them."""
        return self._member_analytics(call, VIDEO_METRICS, "CreatorVideoAnalyticsMetricTypeV1")

    def _member_analytics(self, call: Call, metrics: frozenset[str], wrapper: str) -> Response:
        call.allow("q", "entity", "queryType", "aggregation", "dateRange", "fields")
        if "r_member_postAnalytics" not in call.token.scopes:
            raise forbidden("memberCreatorPostAnalytics.FINDER")
        finder, metric = call.param("q", str), call.param("queryType", str)
        aggregation = call.param("aggregation", str, "TOTAL")
        if finder not in ("me", "entity") or metric not in metrics or aggregation not in ("TOTAL", "DAILY"):
            raise Refused(400, "Invalid query parameters passed to request", "PARAM_INVALID", serviceErrorCode=0)
        if aggregation == "DAILY" and (metric in NOT_DAILY or (finder == "entity" and metric == "IMPRESSION")):
            raise Refused(400, f"DAILY is not supported for {metric}", "PARAM_INVALID", serviceErrorCode=0)
        # From 202605 the metric is a plain string, before it was wrapped in its type (3.4).
        shown = metric if call.version >= 202605 else {f"com.linkedin.adsexternalapi.memberanalytics.v1.{wrapper}": metric}
        posts, target = self._measured(call, finder)
        part = SHARE_OF_IMPRESSIONS.get(metric, 1.0 if metric == "IMPRESSION" else 0.001)
        rows: list[Json] = []
        for start, end in _days(call) if aggregation == "DAILY" else [(0.0, self.world.clock.now())]:
            count = sum(grown(p.urn, end - p.created, 4_000) - grown(p.urn, start - p.created, 4_000) for p in posts)
            row: Json = {"count": int(count * part), "metricType": shown} | target
            if aggregation == "DAILY":
                row["dateRange"] = {"start": _date(start), "end": _date(end)}
            rows.append(row)
        return self._answer(200, {"elements": rows, "paging": {"start": 0, "count": 10, "links": []}})

    def _measured(self, call: Call, finder: str) -> tuple[list[Post], Json]:
        if finder == "me":
            return self._posts_of(call.member_urn), {}
        entity = call.param("entity", dict)
        ((name, urn),) = entity.items() if len(entity) == 1 else (("", ""),)
        if name not in ("share", "ugc"):
            raise Refused(400, "Invalid query parameters passed to request: entity", "PARAM_INVALID", serviceErrorCode=0)
        _urn(str(urn), "entity", ({"share": "share", "ugc": "ugcPost"}[name],))
        post = self._post(urn)
        if post.author != call.member_urn:
            raise forbidden("memberCreatorPostAnalytics.FINDER-entity")
        return [post], {"targetEntity": {name: urn}}

    async def member_followers(self, call: Call) -> Response:
        """The member's followers, now or by day."""
        call.allow("q", "dateRange")
        if "r_member_profileAnalytics" not in call.token.scopes:
            raise forbidden("memberFollowersCount.FINDER")
        finder = call.param("q", str)
        if finder not in ("me", "dateRange"):
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        if finder == "me":
            gained = sum(self._impressions(p) for p in self._posts_of(call.member_urn)) // 300
            rows: list[Json] = [{"memberFollowersCount": self.users[call.token.member]["followers"] + gained}]
        else:
            rows = [
                {
                    "memberFollowersCount": zlib.crc32(f"{call.token.member}{start}".encode()) % 5,
                    "dateRange": {"start": _date(start), "end": _date(end)},
                }
                for start, end in _days(call)
            ]
        return self._answer(200, {"elements": rows, "paging": {"start": 0, "count": 10, "links": []}})


# --------------------------------------------------------------------------------------------------------------------- helpers


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _date(seconds: float) -> Json:
    day = datetime.fromtimestamp(seconds, UTC)
    return {"year": day.year, "month": day.month, "day": day.day}


def _days(call: Call) -> list[tuple[float, float]]:
    """The days of ``dateRange=(start:(year:…,month:…,day:…),end:(…))`` in seconds, at most a year."""
    limits = call.param("dateRange", dict)
    try:
        first, last = (date(*(int(limits[edge][part]) for part in ("year", "month", "day"))) for edge in ("start", "end"))
    except (KeyError, TypeError, ValueError):
        raise Refused(400, "Invalid query parameters passed to request: dateRange", "PARAM_INVALID", serviceErrorCode=0) from None
    starts = [datetime.combine(first + timedelta(days=n), datetime.min.time(), UTC) for n in range(min((last - first).days, 366))]
    return [(start.timestamp(), start.timestamp() + DAY) for start in starts]


def _registered(redirect_uri: str) -> bool:
    parts = urlsplit(redirect_uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _page_link(call: Call, relation: str, start: int, count: int) -> Json:
    pairs = call.request.scope["query_string"].decode("latin-1").split("&")
    kept = [pair for pair in pairs if pair and pair.partition("=")[0] not in ("start", "count")]
    path = "/rest/" + call.request.url.path.partition("/rest/")[2]
    return {
        "type": "application/json",
        "rel": relation,
        "href": f"{path}?{'&'.join([*kept, f'count={count}', f'start={start}'])}",
    }


def _client(form: Mapping[str, str]) -> App | None:
    app = APPS.get(form.get("client_id", ""))
    return app if app and form.get("client_secret") == app.secret else None


def _oauth_error(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)


def _only(record: Json, names: Iterable[str], path: str) -> None:
    for name in record:
        if name not in names:
            raise schema_error(f"{path}/{name}", "unrecognized field found but not allowed")


def _record(value: Any, path: str) -> Json:
    if not isinstance(value, dict):
        raise schema_error(path, "field is required but not found and has no default value" if value is None else "not a record")
    return value


def _text(record: Json, name: str, path: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise schema_error(f"{path}/{name}", "field is required but not found and has no default value")
    return value


def _alt_text(record: Json, path: str) -> None:
    alt = record.get("altText", "")
    if not isinstance(alt, str):
        raise schema_error(f"{path}/altText", "not a string")
    if len(alt) > MAX_ALT_TEXT:
        raise invalid("FIELD_LENGTH_TOO_LONG", f"{path}/altText", f"longer than {MAX_ALT_TEXT} characters")


def _commentary(value: Any) -> tuple[str, int]:
    if not isinstance(value, str):
        raise schema_error("/commentary", "not a string")
    text, understood = read_little_text(value)
    if len(text) + len(value) - understood > MAX_COMMENTARY:
        raise invalid("FIELD_LENGTH_TOO_LONG", "/commentary", f"longer than {MAX_COMMENTARY} characters")
    return text, understood


def _urn(value: str, path: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    found = URN.fullmatch(value)
    if found is None:
        raise invalid("INVALID_URN_FORMAT", path, f"{value!r} is not a URN")
    if found[1] not in kinds:
        raise invalid("INVALID_URN_TYPE", path, f"one of {list(kinds)} is expected")
    return found[1], found[2]


def create(world: World) -> Simulator:
    """LinkedIn, to be added to a world."""
    return LinkedIn(world)
