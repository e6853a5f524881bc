"""State of the simulated Facebook: people, Pages, tokens, uploads and posts."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from local.simulators.lists import Lists
from local.simulators.meta.budget import Budget
from local.simulators.meta.fields import stamp
from local.simulators.meta.figures import DAY, Ids
from local.simulators.meta.oauth import Consent, Token, Tokens
from local.simulators.world import Json, World

CLIENT_ID: Final = "facebook-app"
CLIENT_SECRET: Final = "facebook-app-secret"
GRAPH: Final = "graph.facebook.com"
GRAPH_VIDEO: Final = "graph-video.facebook.com"
SCOPES: Final = frozenset({
    "public_profile", "email", "pages_show_list", "business_management", "pages_manage_posts", "pages_read_engagement",
    "read_insights", "pages_read_user_content", "pages_manage_engagement", "pages_manage_metadata", "publish_video",
    "instagram_basic", "instagram_content_publish", "instagram_manage_insights", "instagram_manage_comments",
    "instagram_manage_contents", "ads_management", "ads_read",
})  # fmt: skip
ALL_TASKS: Final = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")
UPLOAD_SESSION_S: Final = DAY


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
    profiles: frozenset[str] | None = None
    """The Instagram accounts chosen in the dialog; ``None``: all that are linked to the Pages."""


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
    title: str = ""
    is_ai_generated: bool = False
    thumbnail: Json | None = None
    """Size and digest of the image that stands for a video until it plays."""
    comments: list[Json] = field(default_factory=list)
    own: bool = True
    """Made by this app: others can be read and deleted, and not edited (platforms.md 1.3)."""


@dataclass(slots=True)
class Photo:
    """An uploaded photo; ``used`` once it is in a post or story."""

    id: str
    page: str
    url: str | None
    alt_text: str | None
    temporary: bool
    made_at: float
    size: int = 0
    sha256: str = ""
    name: str = ""
    """The text that it was uploaded with."""
    width: int | None = None
    height: int | None = None
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
    is_ai_generated: bool = False
    thumbnail: Json | None = None
    session: str = ""
    """The id of an upload in phases."""
    expected: int | None = None
    """Bytes that an upload in phases will have."""
    received: bytes = b""
    """Bytes that arrived, until all of them have."""
    size: int = 0
    sha256: str = ""
    length_s: float | None = None
    uploaded_at: float | None = None
    processed_at: float | None = None
    error: tuple[str, int, str] | None = None
    decision: str | None = None  # PUBLISHED | SCHEDULED | DRAFT
    post: str | None = None


@dataclass(slots=True)
class Upload:
    """A session of the Resumable Upload API."""

    id: str
    token: str
    length: int
    made_at: float
    received: bytes = b""
    handle: str = ""
    """What a post names it by, once all of it has arrived."""


def measured(data: bytes) -> Json:
    """Return size and digest of a file, all that is kept of it."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def use(photo: Photo, post: Post) -> str:
    """Attach a photo to a post and return the post's id; from then on no other post can have the photo."""
    photo.used, photo.story = True, post.id
    entry = {"type": "photo", "id": photo.id, "url": photo.url, "alt_text": photo.alt_text}
    post.media.append({**entry, "size": photo.size, "sha256": photo.sha256})
    return post.id


class State:
    """Everything that one simulated Facebook remembers, and what its rooms ask about it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()

    @property
    def lists(self) -> Lists:
        """The behaviour of Facebook's lists."""
        return self.world.lists["facebook"]

    def reset(self) -> None:
        """Forget everything; one person with two Pages remains, of which the first has an account on Instagram."""
        self.ids = Ids(122_100_000_000_000_003)
        self.tokens = Tokens(self.world, "EAAG")
        self.budget = Budget()
        self.consent = Consent()
        self.settings: dict[str, float] = {"processing_s": 1.5, "app_users": 10_000, "engaged_users": 1_000,
                                          "chunk_bytes": 1_048_576, "require_proof": 0}  # fmt: skip
        self.pages = {
            "101000000000001": Page("101000000000001", "Riverside Bakery", "riversidebakery", instagram="17841400000000001"),
            "101000000000002": Page("101000000000002", "Riverside Catering", "riversidecatering"),
        }
        self.users = {"100000000000001": User("100000000000001", "Robin Sample", list(self.pages))}
        self.posts: dict[str, Post] = {}
        self.photos: dict[str, Photo] = {}
        self.videos: dict[str, Video] = {}
        self.uploads: dict[str, Upload] = {}

    @property
    def now(self) -> float:
        """Simulated time."""
        return self.world.clock.now()

    def shown(self) -> Json:
        """Posts in the order they were made, with uploads, people and counts."""
        return {
            "posts": [self.post_state(p) for p in self.posts.values()],
            "photos": [asdict(p) for p in self.photos.values()],
            "videos": [{**asdict(v), "received": len(v.received), "status": self.video_status(v)} for v in self.videos.values()],
            "users": [{**asdict(u), "granted": sorted(u.granted), "declined": sorted(u.declined), "chosen": sorted(u.chosen),
                       "profiles": None if u.profiles is None else sorted(u.profiles)}
                      for u in self.users.values()],
            "pages": [asdict(p) for p in self.pages.values()],
            "tokens": len(self.tokens.tokens),
            "settings": self.settings,
        }  # fmt: skip

    def user(self, id: Any) -> User:
        """Return a person by id, or the first one."""
        return self.users[str(id)] if id else next(iter(self.users.values()))

    def scopes(self, token: Token) -> set[str]:
        """Return the scopes of a token that its person still grants."""
        return set(token.scopes) & self.users[token.user].granted

    def linked_to(self, page: Page, token: Token) -> str | None:
        """Return the Instagram account that is linked to a Page, if the person ticked it in the dialog."""
        ticked = self.users[token.user].profiles
        return page.instagram if ticked is None or page.instagram in ticked else None

    def withdraw(self, user: User) -> int:
        """Withdraw all that a person granted; return the number of tokens."""
        user.granted.clear()
        user.declined.clear()
        user.chosen.clear()
        return self.tokens.kill(458, user.id)

    def new_post(
        self, page: str, message: str, link: str | None, attached: list[Json], live_at: float | None,
        *, kind: str = "post", scheduled: bool = False,
    ) -> Post:  # fmt: skip
        """Remember a new post."""
        id = str(next(self.ids)) if kind == "story" else f"{page}_{next(self.ids)}"
        post = Post(id, page, message, link, attached, self.now, live_at, kind, scheduled, self.now)
        self.posts[id] = post
        return post

    def new_photo(self, page: str, url: str | None, alt_text: str | None, temporary: bool = False, data: bytes = b"") -> Photo:
        """Remember a new photo."""
        photo = Photo(str(next(self.ids)), page, url, alt_text, temporary, self.now, **measured(data))
        self.photos[photo.id] = photo
        return photo

    def is_live(self, post: Post) -> bool:
        """Tell whether the public sees a post now."""
        return post.live_at is not None and post.live_at <= self.now

    def permalink(self, post: Post) -> str:
        """Return the public URL of a post."""
        if post.kind == "reel":
            return f"/reel/{post.media[0]['id']}/"
        if post.kind == "story":
            return f"https://www.facebook.com/stories/{post.page}/{post.id}"
        return f"https://www.facebook.com/{post.page}/posts/{post.id.rpartition('_')[2]}"

    def commented(self, comment: str) -> Post | None:
        """Return the post that a comment is under, ``None`` if there is no such comment."""
        return next((p for p in self.posts.values() if any(c["id"] == comment for c in p.comments)), None)

    def public_id(self, post: Post) -> str:
        """Return the id that a post goes by: a reel has that of its video (platforms.md 1.3)."""
        return str(post.media[0]["id"]) if post.kind == "reel" else post.id

    def post_state(self, post: Post) -> Json:
        """Return one post as the control API shows it."""
        live = self.is_live(post)
        status = "published" if live else "scheduled" if post.scheduled else "draft" if post.live_at is None else "processing"
        return {
            "id": self.public_id(post), "account": post.page, "kind": post.kind, "text": post.message, "link": post.link,
            "media": [m["url"] for m in post.media], "alt_text": [m["alt_text"] for m in post.media], "status": status,
            "files": [{name: m.get(name) for name in ("type", "id", "size", "sha256")} for m in post.media],
            "title": post.title, "is_ai_generated": post.is_ai_generated, "thumbnail": post.thumbnail,
            "created_time": stamp(post.made_at), "live_at": post.live_at, "comments": [c["message"] for c in post.comments],
        }  # fmt: skip

    def video_status(self, video: Video) -> Json:
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
        if self.is_live(post):
            return {"status": "complete", "publish_status": "published", "publish_time": stamp(post.live_at or 0)}
        if video.decision == "PUBLISHED":
            return {"status": "in_progress"}
        planned = {"publish_time": stamp(post.live_at)} if post.live_at else {}
        return {"status": "not_started", "publish_status": video.decision.lower(), **planned}
