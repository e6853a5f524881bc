"""Instagram's URLs, scopes, forms, limits and metrics (platforms.md 2, path B)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from noillusion.catalog import lifetimes
from noillusion.flows.draft import Kind, MediaKind
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms.checks import Wording
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh
from noillusion.platforms.files import FilesOf, MediaRules, Source
from noillusion.platforms.meta.checks import ImageRules
from noillusion.platforms.meta.facts import VERSION
from noillusion.platforms.parts import Media, Parts

ROOT: Final = "https://graph.instagram.com"
GRAPH: Final = f"{ROOT}/{VERSION}"
AUTHORIZE: Final = "https://www.instagram.com/oauth/authorize"
CODE_TO_TOKEN: Final = "https://api.instagram.com/oauth/access_token"  # noqa: S105 - a URL
DAY_S: Final = 86_400
ASSUMED_LIFE_S: Final = 30 * DAY_S
"""Life of a long-lived token whose reply names none: half of the documented 60 days (failure-classes.md C1)."""
JPEG: Final = ("image/jpeg",)
BY_URL: Final[tuple[Source, ...]] = ("url",)
MOVIES: Final = ("video/mp4", "video/quicktime")
PULLED: Final[frozenset[MediaKind]] = frozenset({"image"})
EITHER: Final[Mapping[MediaKind, tuple[str, ...]]] = {"image": JPEG, "video": MOVIES}
ALT_TEXT_LIMIT: Final = 1000
OPTIONS: Final = ("options.is_ai_generated", "options.collaborators", "options.location_id")
REEL_OPTIONS: Final = ("options.share_to_feed", "options.thumb_offset_ms", "options.audio_name", "options.trial")
COMMON: Final = ("text", "first_comment", *OPTIONS)
KINDS: Final[Mapping[Kind, Parts]] = {
    "image": Parts(
        needs=("media",),
        may=("media.alt_text", *COMMON),
        media=Media({"image": JPEG}, alt_text_limit=ALT_TEXT_LIMIT, pulled=PULLED),
    ),
    "images": Parts(
        needs=("media",),
        may=("media.alt_text", *COMMON),
        media=Media(EITHER, fewest=2, most=10, alt_text_limit=ALT_TEXT_LIMIT, pulled=PULLED),
    ),
    "reel": Parts(
        needs=("media",), may=("media.thumbnail", *COMMON, *REEL_OPTIONS), media=Media({"video": MOVIES}, pulled=PULLED)
    ),
    "story": Parts(needs=("media",), may=("options.is_ai_generated",), media=Media(EITHER, pulled=PULLED)),
}
"""platforms.md 2.3. A plain ``video`` is refused by Instagram: every single video is a reel."""
WORDING: Final = Wording("instagram")
MENTION_LIMIT: Final = 20
COLLABORATOR_LIMIT: Final = 3
FILE: Final = ImageRules(schemes=("https",), largest=8_000_000, inline=False, ascii_url=True)
"""platforms.md 2.3, "Limits" and "URL"."""
SENT_VIDEO: Final = replace(FILE, largest=300_000_000, inline=True)
"""A video whose bytes can be sent."""
IMAGE_FILE: Final = MediaRules(
    JPEG,
    {"size": (None, 8_000_000), "ratio": (0.8, 1.91), "width": (320, 1440)},
    colors=("rgb", "gray"),
    sources=BY_URL,
    redirects=False,
    # Others are scaled.
    advised=frozenset({"width"}),
)
REEL_FILE: Final = MediaRules(
    MOVIES,
    {
        "size": (None, 300_000_000),
        "width": (None, 1920),
        "ratio": (0.01, 10),
        "duration": (3, 900),
        "frame_rate": (23, 60),
        "bit_rate": (None, 25_000_000),
        "sample_rate": (None, 48_000),
    },
    video_codecs=("h264", "hevc"),
    audio_codecs=("aac",),
    moov_first=True,
    sources=BY_URL,
    redirects=False,
    # The limit is on the video alone, and what is measured is the whole file.
    advised=frozenset({"bit_rate", "moov_first"}),
)
FILES: Final[FilesOf] = {
    "image": IMAGE_FILE,
    "cover": MediaRules(JPEG, {"size": (None, 8_000_000)}, colors=("rgb", "gray"), sources=BY_URL, redirects=False),
    "video": REEL_FILE,
    "story.image": replace(IMAGE_FILE, figures={"size": (None, 8_000_000)}),
    "story.video": replace(REEL_FILE, figures={**REEL_FILE.figures, "size": (None, 100_000_000), "duration": (3, 60)}),
}
"""platforms.md 2.3, "Limits" and "URL"."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    files=FILES,
    refresh=Refresh("extend", margin_s=10 * DAY_S, minimum_age_s=DAY_S),
    metrics_batch=100,
    deletes=False,
    revokes=False,
    instead={"video": "reel"},
    read_back=ReadBack(created_within_s=600, settles_after_s=300, gives_up_after_s=6 * 3600, longest_gap_s=1800),
)
SENT: Final[tuple[Source, ...]] = ("url", "data")
LINKED_CAPABILITIES: Final = replace(
    CAPABILITIES,
    files={
        **FILES,
        "reel.video": replace(FILES["video"], sources=SENT),
        "story.video": replace(FILES["story.video"], sources=SENT),
    },
    refresh=Refresh("static", data_access_s=90 * DAY_S),
    deletes=True,
    revokes=True,
)
"""Of accounts that are linked to Pages: bytes of videos are taken, posts deleted, grants withdrawn (platforms.md 2.1)."""
FORMS: Final = Forms(
    account=NUMBER,
    accepted=NUMBER,
    post=NUMBER,
    username=Form("[A-Za-z0-9_.]+", 30),
    link_hosts=("instagram.com",),
    handles={"container_id": NUMBER, **{f"child_{position}": NUMBER for position in range(10)}},
)
FETCH_TIMEOUT_S: Final = 20.0
POLL_EVERY_S: Final = 2.0
POLL_AT_MOST_S: Final = 300.0
STATES: Final = frozenset({"IN_PROGRESS", "FINISHED", "ERROR", "EXPIRED", "PUBLISHED"})
"""The ``status_code`` of a container (platforms.md 2.3)."""
PAGES_OF_POSTS: Final = 4
MEDIA_TYPES: Final[Mapping[str, frozenset[Kind]]] = {
    "IMAGE": frozenset({"image"}),
    "VIDEO": frozenset({"reel"}),
    "CAROUSEL_ALBUM": frozenset({"images"}),
}
"""``media_type`` in the list of media → the kinds of post that it can be. Stories have a list of their own."""
STORIES: Final = frozenset[Kind]({"story"})
MEDIA_METRICS: Final = lifetimes.metrics("instagram", "post")
"""Those that fit feed posts and reels alike: one that does not fit an item fails the whole call (platforms.md 2.4)."""
STORY_METRICS: Final = lifetimes.metrics("instagram", "story")
"""A story has these for its 24 hours, and with fewer than five viewers none: code 10 (platforms.md 2.4)."""
ACCOUNT_METRICS: Final = lifetimes.metrics("instagram", "account")
MEDIA_FIELDS: Final = ("id", "permalink", "like_count", "comments_count")
