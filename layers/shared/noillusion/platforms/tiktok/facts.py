"""TikTok's URLs, scopes, forms, limits and metrics (platforms.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from noillusion.catalog import lifetimes
from noillusion.catalog.accounts import AccountKind
from noillusion.flows.draft import Kind
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms.checks import Wording
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh
from noillusion.platforms.files import FilesOf, MediaRules
from noillusion.platforms.needs import Needs, NeedsOf
from noillusion.platforms.parts import Media, Parts

API: Final = f"https://open.tiktokapis.com/{lifetimes.version('tiktok')}"
"""Not versioned by date; trailing slashes matter (platforms.md 4.1)."""
PROFILE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "user.info.basic": ("open_id", "display_name"),
    "user.info.profile": ("username",),
}
AVATAR: Final = "avatar_url"
AVATAR_SCOPE: Final = "user.info.basic"
COUNTER_FIELDS: Final = ("follower_count", "following_count", "likes_count", "video_count")
PRIVATE: Final = "SELF_ONLY"
"""The privacy level of a post that nobody but its creator sees."""
POSTING_SCOPE: Final = {"direct": "video.publish", "inbox": "video.upload"}
NEEDS: Final[Mapping[AccountKind, NeedsOf]] = {
    "creator": {
        "publish": Needs((POSTING_SCOPE["direct"],)),
        "public_posts": Needs((POSTING_SCOPE["direct"],), public=True),
        "drafts": Needs((POSTING_SCOPE["inbox"],)),
        "metrics": Needs(("video.list",)),
        "account_metrics": Needs(("user.info.stats",)),
    }
}
"""platforms.md 4.2."""
PUBLISH_ID: Final = Form(r"[a-z]+(_[a-z]+)+~[A-Za-z0-9._-]+", 64)
"""``v_pub_url~…``, ``v_inbox_file~…``, ``p_pub_url~…`` and the like (platforms.md 4.3)."""
FORMS: Final = Forms(
    account=Form("[A-Za-z0-9_-]+", 64),
    accepted=Form(f"{PUBLISH_ID.pattern}|{NUMBER.pattern}", PUBLISH_ID.longest),
    post=NUMBER,
    username=Form("[A-Za-z0-9_.]+", 64),
    link_hosts=("tiktok.com",),
    handles={"accepted_id": PUBLISH_ID, "publish_id": PUBLISH_ID, "upload_size": NUMBER},
)
"""A post whose publish id was lost goes by its public id. ``publish_id`` and ``upload_size`` are those of an upload that may be
unfinished."""
CHUNK: Final = 10_000_000
"""Bytes of each chunk of an upload but the last, which can have almost twice as many. TikTok takes 5 to 64 MB (platforms.md 4.3),
whatever it means by MB, and 4 GB are 400 of 1,000 chunks."""
CHUNK_TIMEOUT_S: Final = 120.0
STALLS: Final = 2
"""Chunks in a row without a clear answer that bring an upload no further, after which it is given up."""
UPLOADED_TYPES: Final = ("video/mp4", "video/quicktime", "video/webm")
URL_LIFE_ENDED: Final = frozenset({"http_403", "http_404"})
"""Answers to a chunk that say that the upload URL has expired, and that there is no upload."""
TEXT_LIMITS: Final[Mapping[Kind, int]] = {"image": 4000, "images": 4000}
"""UTF-16 units of a photo post's description."""
TITLE_LIMIT: Final = 90
PHOTO_LIMIT: Final = 35
LISTED_TEXT: Final = 150
"""Characters of a description that lists give back (platforms.md 4.4)."""
COMMON_OPTIONS: Final = (
    "options.mode",
    "options.privacy_level",
    "options.consent",
    "options.disable_comment",
    "options.brand_content_toggle",
    "options.brand_organic_toggle",
)
VIDEO_OPTIONS: Final = (
    *COMMON_OPTIONS,
    "options.disable_duet",
    "options.disable_stitch",
    "options.is_aigc",
    "options.cover_timestamp_ms",
    "options.duration_s",
)
PHOTO_OPTIONS: Final = (*COMMON_OPTIONS, "options.title", "options.cover_index", "options.auto_add_music")
ALT_TEXT: Final = "media.alt_text"
PHOTOS: Final = Media({"image": ("image/jpeg", "image/webp")}, most=PHOTO_LIMIT, pulled=frozenset({"image"}), own_domain=True)
KINDS: Final[Mapping[Kind, Parts]] = {
    "image": Parts(needs=("media",), may=("text", *PHOTO_OPTIONS), drops=(ALT_TEXT,), media=replace(PHOTOS, most=1)),
    "images": Parts(needs=("media",), may=("text", *PHOTO_OPTIONS), drops=(ALT_TEXT,), media=PHOTOS),
    "video": Parts(
        needs=("media",),
        may=("text", *VIDEO_OPTIONS),
        drops=(ALT_TEXT,),
        media=Media({"video": UPLOADED_TYPES}),
    ),
}
SO_MANY: Final = ("wrong_count", "This kind of post needs {allowed} of {item}; this one has {count}.")
WORDING: Final = Wording(
    "tiktok",
    {
        ("kind", "unknown"): ("not_supported", "TikTok takes these kinds here: {kinds}."),
        ("text", "long"): ("too_long", "TikTok takes at most {limit} UTF-16 units here; this text has {length}."),
        ("link", "refused"): ("not_allowed", "TikTok has no link posts."),
        ("media", "missing"): SO_MANY,
        ("media", "count"): SO_MANY,
        (ALT_TEXT, "dropped"): ("not_supported", "TikTok has no alt text; it will not be sent."),
        ("item", "kind"): ("not_supported", "This kind of post takes {items} only."),
        ("item", "type"): ("not_supported", "TikTok takes these types: {types}."),
    },
)
PAGE: Final = 20
LIST_PAGES: Final = 5
FILES: Final[FilesOf] = {
    "image": MediaRules(
        PHOTOS.types["image"],
        {"size": (None, 20_000_000), "shorter_side": (None, 1080), "longer_side": (None, 1920)},
        sources=("url",),
        redirects=False,
    ),
    "video": MediaRules(
        UPLOADED_TYPES,
        {
            "size": (None, 4_000_000_000),
            "width": (360, 4096),
            "height": (360, 4096),
            "duration": (None, 600),
            "frame_rate": (23, 60),
        },
        # A video that redirects is not pulled but uploaded.
        video_codecs=("h264", "hevc", "vp8", "vp9"),
    ),
}
"""platforms.md 4.3, limits."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    files=FILES,
    text_limits=TEXT_LIMITS,
    refresh=Refresh("rotating", margin_s=30 * 60),
    metrics_batch=PAGE,
    deletes=False,
    revokes=True,
    # Before it posts, TikTok fetches the media, for up to an hour; the URL of an upload lives as long (platforms.md 4.3).
    read_back=ReadBack(created_within_s=3600, settles_after_s=3600, gives_up_after_s=2 * 3600, growth=2.0, longest_gap_s=1800),
    daily_posts=15,
)
DAILY_DRAFTS: Final = 5
"""Drafts that may wait in the inbox (platforms.md 4.3)."""
METRICS: Final = lifetimes.metrics("tiktok", "post")
"""Video fields and the counts they fill (platforms.md 4.4)."""
DAY: Final = 86_400.0
STATUSES: Final = frozenset({"PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD", "SEND_TO_USER_INBOX", "PUBLISH_COMPLETE", "FAILED"})
"""platforms.md 4.3."""
STATUS_EVERY: Final = 3.0
"""At most 30 status calls a minute and token are allowed (platforms.md 4.3)."""
