"""State of the simulated LinkedIn: apps, members, tokens, uploads and posts."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime

from local.simulators.figures import grown
from local.simulators.linkedin.errors import Refused
from local.simulators.linkedin.fields import check_urn
from local.simulators.lists import Lists
from local.simulators.world import Json, World

DAY = 86_400
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

    def __reduce__(self) -> tuple[Callable[[str], App], tuple[str]]:
        """Return how a copy in a file is read: there is one object for each app."""
        return app_of, (self.client_id,)


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


def app_of(client_id: str) -> App:
    """Return an app by its client id."""
    return APPS[client_id]


DEFAULT_SETTINGS: Json = {
    "processing_s": 1.0,
    "duplicate_window_s": 600,
    "comments_per_minute": 1,
    "community_tier": "standard",
    "share_refresh_tokens": False,
    "token_life_s": 60 * DAY,
    "check_media": True,
    "ended_versions": (),
}


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
class File:
    """The measures of bytes that arrived. The bytes themselves are not kept."""

    content_type: str
    size: int
    sha256: str


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
    beside: tuple[str, ...] = ()
    """What the owner announced with a video: ``thumbnail``, ``captions``."""
    files: dict[str, File] = field(default_factory=dict)
    """What arrived, by name: ``file``, ``thumbnail``, ``captions``."""
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


def ms(seconds: float) -> int:
    """Return milliseconds, as LinkedIn's times are."""
    return int(seconds * 1000)


class State:
    """Everything that one simulated LinkedIn remembers, and what its rooms ask about it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()

    def now(self) -> float:
        """Return the time by the simulated clock, in seconds since the epoch."""
        return self.world.clock.now()

    @property
    def lists(self) -> Lists:
        """The behaviour of LinkedIn's lists."""
        return self.world.lists["linkedin"]

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

    def shown(self) -> Json:
        """Posts, assets, users and counters, as JSON."""
        now = self.world.clock.now()
        return {
            "posts": [self.post_state(post) for post in self.posts.values()],
            "assets": [self.asset_state(asset) for asset in self.assets.values()],
            "users": list(self.users.values()),
            "tokens": sum(not t.revoked and t.expires > now for t in self.tokens.values()),
            "refresh_tokens": sum(not t.revoked and t.expires > now for t in self.refresh_tokens.values()),
            "calls": [{"app": app, "member": who, "day": day, "calls": n} for (app, who, day), n in self.calls.items()],
            "settings": self.settings,
        }

    def asset_state(self, asset: Asset) -> Json:
        """Return one upload as the control API shows it."""
        return {
            "id": asset.urn,
            "kind": asset.kind,
            "owner": asset.owner,
            "status": self.asset_status(asset),
            "failure": asset.failure,
            "files": {name: asdict(file) for name, file in asset.files.items()},
        }

    def post_state(self, post: Post) -> Json:
        """Return one post as the control API shows it."""
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
            "reshare_disabled": post.body.get("isReshareDisabledByAuthor", False),
            "reshare_of": post.body.get("reshareContext", {}).get("parent"),
            "content": content,
            "media": [item["id"] for item in media],
            "alt_text": [item.get("altText", "") for item in media],
            "created_time": post.created,
            "comments": [comment["message"]["text"] for comment in post.comments],
        }

    def today(self) -> date:
        """Return the day by the simulated clock."""
        return datetime.fromtimestamp(self.world.clock.now(), UTC).date()

    def role(self, member: str, organization: str) -> str:
        """Return the role of a member in an organization, or an empty string."""
        roles = self.users[member]["organizations"]
        return next((o["role"] for o in roles if f"urn:li:organization:{o['id']}" == organization), "")

    def organization(self, urn: str) -> Json:
        """Return an organization by its URN; 404 if nobody has a role in it."""
        for user in self.users.values():
            for organization in user["organizations"]:
                if f"urn:li:organization:{organization['id']}" == urn:
                    found: Json = organization
                    return found
        raise Refused(404, f"Could not find entity {urn}", "NOT_FOUND", serviceErrorCode=0)

    def post(self, urn: str) -> Post:
        """Return a post by its URN; 404 if it does not exist or was deleted."""
        check_urn(urn, "key", ("share", "ugcPost"))
        post = self.posts.get(urn)
        if post is None or post.deleted:
            raise Refused(404, f"Could not find entity {urn}", "NOT_FOUND", serviceErrorCode=0)
        return post

    def posts_of(self, author: str) -> list[Post]:
        """Return the posts of an author that were not deleted."""
        return [p for p in self.posts.values() if p.author == author and not p.deleted]

    def next_urn(self, kind: str) -> str:
        """Return the URN of the next post."""
        return f"urn:li:{kind}:{FIRST_POST_ID + 1_000_003 * (len(self.posts) + 1)}"

    def impressions(self, post: Post) -> int:
        """Return the impressions of a post now."""
        return grown(post.urn, self.world.clock.now() - post.created, 4_000)

    def asset_status(self, asset: Asset) -> str:
        """Return the processing status of an upload."""
        if asset.uploaded is None:
            return "WAITING_UPLOAD"
        if self.world.clock.now() < asset.uploaded + self.settings["processing_s"]:
            return "PROCESSING"
        return "PROCESSING_FAILED" if asset.failure else "AVAILABLE"
