"""State of the simulated Instagram: accounts, tokens, containers and posts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from local.simulators.instagram.fields import shortcode_of
from local.simulators.lists import Lists
from local.simulators.meta.budget import Budget
from local.simulators.meta.fields import stamp
from local.simulators.meta.figures import DAY, Ids
from local.simulators.meta.oauth import Consent, Tokens
from local.simulators.world import Json, World

CLIENT_ID: Final = "instagram-app"
CLIENT_SECRET: Final = "instagram-app-secret"
CONTAINER_LIFE_S: Final = DAY
LIST_REACH: Final = 10_000
LINKED: Final = "LINKED"
"""The kind of a Page's token here: the account is linked to the Page (platforms.md 2.1)."""


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
    file: Json | None = None
    """SHA-256 and size of the file that was fetched."""
    cover: Json | None = None
    awaited: bool = False
    """The bytes of its video have not been sent yet."""


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


class State:
    """Everything that one simulated Instagram remembers, and what its rooms ask about it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()

    @property
    def lists(self) -> Lists:
        """The behaviour of Instagram's lists."""
        return self.world.lists["instagram"]

    def reset(self) -> None:
        """Forget everything; one professional account remains."""
        self.ids = Ids(17_900_000_000_000_003)
        self.tokens = Tokens(self.world, "IGAA")
        self.budget = Budget()
        self.consent = Consent()
        self.settings: dict[str, float] = {
            "processing_s": 1.5, "image_processing_s": 0.5, "quota_total": 100, "impressions": 1000, "wrapped_token": 0,
            "trial_reels": 1,
        }  # fmt: skip
        self.accounts = {
            "17841400000000001": Account("17841400000000001", "25000000000000001", "riverside.bakery", "Riverside Bakery")
        }
        self.containers: dict[str, Container] = {}
        self.media: dict[str, Media] = {}
        self.failures: list[int] = []

    @property
    def now(self) -> float:
        """Simulated time."""
        return self.world.clock.now()

    def shown(self) -> Json:
        """Published posts in order, containers, accounts and counts."""
        return {
            "posts": [self.post_state(m) for m in self.media.values() if m.parent is None],
            "containers": [{**asdict(c), "status": self.status(c)} for c in self.containers.values()],
            "accounts": [{**asdict(a), "granted": sorted(a.granted)} for a in self.accounts.values()],
            "tokens": len(self.tokens.tokens),
            "settings": self.settings,
        }

    def account(self, id: Any) -> Account:
        """Return an account by its id, or the first one."""
        return self.accounts[str(id)] if id else next(iter(self.accounts.values()))

    def status(self, container: Container) -> str:
        """Return the status of a container now."""
        if container.media:
            return "PUBLISHED"
        if self.now - container.made_at > CONTAINER_LIFE_S:
            return "EXPIRED"
        if self.now < container.ready_at:
            return "IN_PROGRESS"
        return "ERROR" if container.error else "FINISHED"

    def listed(self, account: str) -> list[Media]:
        """Return the posts of an account that its list shows, newest first."""
        found = [m for m in self.media.values() if m.account == account and m.parent is None and m.product != "STORY"]
        shows = self.lists.shows
        return sorted((m for m in found if shows(m.live_at, self.now)), key=lambda m: m.live_at)[::-1][:LIST_REACH]

    def commented(self, comment: str) -> Media | None:
        """Return the post that a comment is under, ``None`` if there is no such comment."""
        return next((m for m in self.media.values() if any(c["id"] == comment for c in m.comments)), None)

    def go_live(self, container: Container, parent: str | None = None) -> Media:
        """Publish a container, with its children."""
        product = {"reel": "REELS", "story": "STORY"}.get(container.kind, "FEED")
        kind = "CAROUSEL_ALBUM" if container.kind == "carousel" else "VIDEO" if container.video else "IMAGE"
        live = Media(
            str(next(self.ids)),
            container.account,
            container.id,
            product,
            kind,
            container.url,
            container.caption,
            container.alt_text,
            self.now,
            parent=parent,
        )
        self.media[live.id] = live
        container.media = live.id
        live.children = [self.go_live(self.containers[id], live.id).id for id in container.children]
        return live

    def permalink(self, live: Media, shortcode: str) -> str:
        """Return the public URL of a post."""
        if live.product == "STORY":
            return f"https://www.instagram.com/stories/{self.accounts[live.account].username}/{live.id}"
        return f"https://www.instagram.com/{'reel' if live.product == 'REELS' else 'p'}/{shortcode}/"

    def post_state(self, live: Media) -> Json:
        """Return one post as the control API shows it."""
        shown = [live] if not live.children else [self.media[id] for id in live.children]
        return {
            "id": live.id, "account": live.account, "kind": f"{live.product}/{live.type}", "text": live.caption,
            "media": [m.url for m in shown], "files": [self.containers[m.container].file for m in shown],
            "types": [m.type for m in shown], "cover": self.containers[live.container].cover,
            "alt_text": [m.alt_text for m in shown], "status": "published",
            "created_time": stamp(live.live_at), "permalink": self.permalink(live, shortcode_of(live.id)),
            "container": live.container, "comment_enabled": live.comment_enabled,
            "comments": [c["text"] for c in live.comments], "options": self.containers[live.container].options,
        }  # fmt: skip
