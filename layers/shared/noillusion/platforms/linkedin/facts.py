"""LinkedIn's URLs, scopes, forms, limits and metrics (platforms.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.catalog import lifetimes
from noillusion.catalog.accounts import AccountKind
from noillusion.flows.draft import Kind, PollDays
from noillusion.flows.shapes import Form, Forms
from noillusion.platforms.checks import Wording
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh
from noillusion.platforms.files import FilesOf, MediaRules
from noillusion.platforms.needs import Needs, NeedsOf
from noillusion.platforms.parts import Media, Parts

VERSION: Final = lifetimes.version("linkedin")
API: Final = "https://api.linkedin.com/rest"
IDENTITY: Final = "https://api.linkedin.com/v2"
OAUTH: Final = "https://www.linkedin.com/oauth/v2"
HEADERS: Final = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
FINDER: Final = {**HEADERS, "X-RestLi-Method": "FINDER"}
PROFILE: Final = (
    "(id,localizedFirstName,localizedLastName,firstName,lastName,vanityName,profilePicture(displayImage~:playableStreams))"
)
ORGANIZATION: Final = "(id,localizedName,vanityName,logoV2(original~:playableStreams))"
"""Projections that resolve the URN of an image to where it is (platforms.md 3.2)."""
AUTHORS: Final = {"member": "urn:li:person:{}", "organization": "urn:li:organization:{}"}
POSTING_SCOPE: Final = {"member": "w_member_social", "organization": "w_organization_social"}
ADMIN_SCOPES: Final = frozenset({"rw_organization_admin", "r_organization_admin"})
"""Scopes with which the roles of a member can be read."""
POSTING_ROLES: Final = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})
SHARE_APP_SCOPE: Final = "openid"
"""Apps with this scope have the products Sign In and Share, which exclude the one that comments need (platforms.md 3.2)."""
COMMENT_SCOPE: Final = "w_member_social_feed"
MEMBER: Final = Needs((POSTING_SCOPE["member"],))
ORGANIZATION_POSTS: Final = Needs((POSTING_SCOPE["organization"],), "roles", POSTING_ROLES)
STATISTICS: Final = Needs(("rw_organization_admin",), "roles", frozenset({"ADMINISTRATOR"}))
NEEDS: Final[Mapping[AccountKind, NeedsOf]] = {
    "member": {
        **dict.fromkeys(("publish", "public_posts", "edit", "delete"), MEMBER),
        "comments": Needs((COMMENT_SCOPE,)),
        "metrics": Needs(("r_member_postAnalytics",)),
        "account_metrics": Needs(("r_member_profileAnalytics",)),
    },
    "organization": {
        **dict.fromkeys(("publish", "public_posts", "edit", "delete"), ORGANIZATION_POSTS),
        "comments": Needs(("w_organization_social_feed",), "roles", POSTING_ROLES),
        "metrics": STATISTICS,
        "account_metrics": STATISTICS,
    },
}
"""platforms.md 3.2 and 3.4."""
POST_URN: Final = Form("urn:li:(share|ugcPost):[0-9]+", 64)
"""platforms.md 3.3."""
ALT_TEXT_LIMIT: Final = 4086
MOST_IMAGES: Final = 20
IMAGE_HANDLES: Final = ("image_urn", *(f"image_urn_{number}" for number in range(2, MOST_IMAGES + 1)))
"""Names under which the URNs of images are kept, in the order of the images."""


def _asset_urn(kind: str) -> Form:
    return Form(f"urn:li:{kind}:[A-Za-z0-9_-]+", 128)


FORMS: Final = Forms(
    account=Form("[A-Za-z0-9_-]+", 64),
    accepted=POST_URN,
    post=POST_URN,
    username=Form(r"[\w.%-]+", 100),
    link_hosts=("linkedin.com",),
    handles={
        **dict.fromkeys(IMAGE_HANDLES, _asset_urn("image")),
        "video_urn": _asset_urn("video"),
        "document_urn": _asset_urn("document"),
    },
)
ALWAYS: Final = ("first_comment", "options.visibility", "options.reshare_disabled")
"""Parts that every kind of post may have."""
IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/gif")
DOCUMENT_FILES: Final = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/x-ole-storage",
)
"""By their bytes. The last one is what Word and PowerPoint files of the older kind look like from outside."""
DOCUMENT_TYPES: Final = (*DOCUMENT_FILES, "application/msword", "application/vnd.ms-powerpoint")
"""By the name that a sender gives them."""
CAPTIONS_TYPES: Final = ("application/x-subrip", "text/srt")
KINDS: Final[Mapping[Kind, Parts]] = {
    "text": Parts(needs=("text",), may=ALWAYS),
    "link": Parts(needs=("link", "link.title"), may=("text", "link.description", "link.thumbnail", *ALWAYS)),
    "image": Parts(
        needs=("media",),
        may=("text", "media.alt_text", *ALWAYS),
        media=Media({"image": IMAGE_TYPES}, alt_text_limit=ALT_TEXT_LIMIT),
    ),
    "images": Parts(
        needs=("media",),
        may=("text", "media.alt_text", *ALWAYS),
        media=Media({"image": IMAGE_TYPES}, fewest=2, most=MOST_IMAGES, alt_text_limit=ALT_TEXT_LIMIT),
    ),
    "video": Parts(
        needs=("media",),
        may=("text", "media.title", "media.thumbnail", "media.captions", *ALWAYS),
        media=Media({"video": ("video/mp4",)}),
    ),
    "document": Parts(needs=("media", "media.title"), may=("text", *ALWAYS), media=Media({"document": DOCUMENT_TYPES})),
    "poll": Parts(needs=("poll",), may=("text", *ALWAYS)),
}
"""platforms.md 3.3, limits."""
POLL_OPTIONS: Final = (2, 4)
POLL_QUESTION_LIMIT: Final = 140
POLL_OPTION_LIMIT: Final = 30
POLL_DURATIONS: Final[Mapping[PollDays, str]] = {1: "ONE_DAY", 3: "THREE_DAYS", 7: "SEVEN_DAYS", 14: "FOURTEEN_DAYS"}
COMMENT_LIMIT: Final = 1250
"""Characters."""
MEDIA_COUNT: Final = ("wrong_count", "A post of kind {kind} takes {allowed} of: {items}. This one has {count}.")
WORDING: Final = Wording(
    "linkedin",
    {
        ("kind", "unknown"): ("not_supported", "LinkedIn takes these kinds here: {kinds}."),
        ("text", "missing"): ("required", "A text post needs text."),
        ("text", "long"): ("too_long", "LinkedIn takes at most {limit} characters; this text has {length}."),
        ("link", "missing"): ("required", "A link post needs a link."),
        ("link", "refused"): ("not_allowed", "Only a post of kind link can carry a link card."),
        ("link.title", "missing"): ("required", "LinkedIn reads nothing from the page: the link card needs a title."),
        ("media", "missing"): MEDIA_COUNT,
        ("media", "count"): MEDIA_COUNT,
        ("media", "refused"): ("not_allowed", "A post of kind {kind} carries no media on LinkedIn."),
        ("media.title", "missing"): ("required", "A document on LinkedIn needs a title."),
        ("item", "kind"): ("not_supported", "This kind of post takes {items} only."),
        ("item", "type"): ("not_supported", "LinkedIn takes these types: {types}."),
        ("item", "alt_text"): ("too_long", "LinkedIn takes at most {limit} characters."),
    },
)
MEASURED_AT_ONCE: Final = 25
"""Posts of an organization in one list of statistics: 20 to 50 are known to work (platforms.md 3.4)."""
LIST_SIZE: Final = 10
"""Rest.li's default page."""
PAGES_OF_POSTS: Final = 10
PAGES_OF_ORGANIZATIONS: Final = 50
"""Bounds of lists. What lies behind them is not read, and then a list of posts is not complete."""
STATE_ASKS: Final[Mapping[str, int | None]] = {"image": 8, "document": 8, "video": None}
ASSET_STATES: Final = frozenset({"WAITING_UPLOAD", "PROCESSING", "AVAILABLE", "PROCESSING_FAILED"})
"""platforms.md 3.3, uploads."""
BLIND_ASKS: Final = 3
"""Number of times a file's state is asked for, as long as the run lasts for a video; the second one where it may not be read."""
BLIND_EVERY_S: Final = 4.0
"""Seconds between two of those calls that only let time pass."""
UPLOADS_AT_ONCE: Final = 4
"""Uploads at the same time. Each may hold a part of a file in memory."""
IMAGE_FILE: Final = MediaRules(
    IMAGE_TYPES,
    {"size": (None, 64 * 1024 * 1024), "pixels": (None, 36_152_319), "frames": (None, 250)},
)
"""LinkedIn names no size; ours is what is uploaded for an image at most."""
FILES: Final[FilesOf] = {
    "image": IMAGE_FILE,
    "cover": IMAGE_FILE,
    "video": MediaRules(("video/mp4",), {"size": (75_000, 500_000_000), "duration": (3, 1800)}),
    "document": MediaRules(
        DOCUMENT_FILES,
        {"size": (None, 100_000_000), "pages": (None, 300)},
        # A count that an earlier version of the file left in it looks like any other.
        advised=frozenset({"pages"}),
    ),
}
"""platforms.md 3.3, limits."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    files=FILES,
    # The refresh token's 365 days count from the consent, whatever is refreshed (platforms.md 3.2).
    refresh=Refresh("renewable", margin_s=7 * 86_400, shared=True),
    metrics_batch=MEASURED_AT_ONCE,
    deletes=True,
    edits=frozenset({"text", "link", "image", "images", "video", "document", "poll"}),
    revokes=True,
    read_back=ReadBack(created_within_s=300, settles_after_s=600, gives_up_after_s=3600),
    # 150 calls of a member a day (platforms.md 3.5), of which the shortest post takes two: reading who posts, and posting.
    daily_posts=75,
)
METRICS: Final = lifetimes.metrics("linkedin", "member post")
"""``queryType`` of memberCreatorPostAnalytics → the count it fills (platforms.md 3.4)."""
ORGANIZATION_METRICS: Final = lifetimes.metrics("linkedin", "organization post")
