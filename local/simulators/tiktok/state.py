"""State of the simulated TikTok: creators, tokens, publications and posts."""

from __future__ import annotations

import asyncio
import secrets
import zlib
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.simulators.lists import Lists
from local.simulators.world import Json, World

CLIENT_ID = "tiktok-app"
CLIENT_SECRET = "tiktok-app-secret"
DAY = 86_400
FIRST_ID = 7_574_000_000_000_000_000
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
    """A publication that one init call started, under its ``publish_id``."""

    id: str
    user: str
    kind: str  # video | photo
    direct: bool
    info: Json
    created: float
    urls: list[str] = field(default_factory=list)
    cover: int = 0
    files: list[Json] = field(default_factory=list)  # the digest and size of each file that arrived, never its bytes
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
    def unfinished(self) -> bool:
        """Whether it waits for bytes of an upload. Nothing is posted before they are all there."""
        return bool(self.upload_key) and self.uploaded < self.size

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


def default_users() -> dict[str, Json]:
    """One public creator."""
    user = new_user("-000Qw3rTySimulatedCreator")
    user |= {"username": "ada.builds", "display_name": "Ada builds", "bio_description": "Small robots", "is_verified": True}
    return {user["open_id"]: user}


def new_user(open_id: str) -> Json:
    """Return a creator with plain settings."""
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


def description(publication: Publication) -> str:
    """Return the text of a publication."""
    text: str = publication.info.get("description" if publication.kind == "photo" else "title", "")
    return text


class State:
    """Everything that one simulated TikTok remembers, and what its rooms ask about it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.publications: dict[str, Publication] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.reset()

    def now(self) -> float:
        """Return the time by the simulated clock, in seconds since the epoch."""
        return self.world.clock.now()

    @property
    def lists(self) -> Lists:
        """The behaviour of TikTok's lists."""
        return self.world.lists["tiktok"]

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
        self.digests: dict[str, Any] = {}
        self.videos: dict[str, Video] = {}
        self.recent: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.sent: list[Json] = []

    def shown(self) -> Json:
        """Publications, posts, users and counters, as JSON."""
        now = self.now()
        for publication in self.publications.values():
            self.settle(publication)
        return {
            "publications": [
                {
                    "publish_id": p.id,
                    "account": p.user,
                    "kind": p.kind,
                    "direct": p.direct,
                    "status": self.status(p),
                    "fail_reason": p.fail_reason,
                    "info": p.info,
                    "media": p.urls,
                    "cover": p.cover,
                    "files": p.files,
                    "uploaded_bytes": p.uploaded,
                    "unfinished": p.unfinished,
                    "post_id": p.post_id,
                    "created_time": p.created,
                }
                for p in self.publications.values()
            ],
            "posts": [self.post_state(video) for video in self.videos.values()],
            "users": list(self.users.values()),
            "tokens": sum(not t.revoked and t.expires > now for t in self.tokens.values()),
            "refresh_tokens": sum(not t.revoked and t.expires > now for t in self.refresh_tokens.values()),
            "webhooks": self.sent,
            "settings": self.settings,
        }

    def post_state(self, video: Video) -> Json:
        """Return one post as the control API shows it."""
        info = video.publication.info
        return {
            "id": video.id,
            "account": video.publication.user,
            "status": "REMOVED" if video.removed else "PUBLISHED",
            "text": description(video.publication),
            "title": info.get("title", ""),
            "privacy_level": info.get("privacy_level", ""),
            "kind": video.publication.kind,
            "media": video.publication.urls,
            "info": info,
            "cover": video.publication.cover,
            "files": video.publication.files,
            "duration_s": video.publication.duration_s,
            "created_time": video.created,
            "publish_id": video.publication.id,
        }

    def status(self, publication: Publication) -> str:
        """Return the status of a publication now."""
        if publication.fail_reason:
            return "FAILED"
        working = "PROCESSING_DOWNLOAD" if publication.urls else "PROCESSING_UPLOAD"
        if publication.ready is None or self.now() < publication.ready + self.settings["processing_s"]:
            return working
        if not publication.direct and publication.finished_by_user is None:
            return "SEND_TO_USER_INBOX"
        return "PUBLISH_COMPLETE"

    def settle(self, publication: Publication) -> None:
        """Give a finished publication its post."""
        if publication.post_id or self.status(publication) != "PUBLISH_COMPLETE":
            return
        published = publication.finished_by_user or (publication.ready or 0.0) + self.settings["processing_s"]
        publication.post_id = str(int(publication.id.rsplit(".", 1)[1]) + 500_001)
        self.videos[publication.post_id] = Video(publication.post_id, publication, published)

    def public_ids(self, publication: Publication) -> list[int]:
        """The id in the list appears for public posts only, after moderation; as int64, like the platform's."""
        video = self.videos.get(publication.post_id)
        if video is None or publication.info.get("privacy_level") != "PUBLIC_TO_EVERYONE":
            return []
        return [int(video.id)] if self.now() >= video.created + self.settings["moderation_s"] else []

    def log_id(self) -> str:
        """Return the id of one answer."""
        return f"{datetime.fromtimestamp(self.now(), UTC):%Y%m%d%H%M%S}{secrets.token_hex(9).upper()}"
