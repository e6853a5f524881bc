"""LinkedIn's URLs, scopes, forms, limits and metrics (platforms.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.flows.draft import Kind
from noillusion.flows.shapes import Form, Forms
from noillusion.platforms.checks import Wording
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh
from noillusion.platforms.files import FilesOf, MediaRules
from noillusion.platforms.parts import Media, Parts

VERSION: Final = "202609"
"""Switched off on 2027-09-15 (platforms.md 3.1)."""
API: Final = "https://api.linkedin.com/rest"
IDENTITY: Final = "https://api.linkedin.com/v2"
OAUTH: Final = "https://www.linkedin.com/oauth/v2"
HEADERS: Final = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
FINDER: Final = {**HEADERS, "X-RestLi-Method": "FINDER"}
FEATURES: Final[Mapping[str, str]] = {
    "openid": "knowing which LinkedIn account was connected",
    "profile": "showing the account's name",
    "w_member_social": "publishing posts as the member",
}
"""One fixed set: asking for another one kills every earlier token of the member (platforms.md 3.2)."""
AUTHORS: Final = {"member": "urn:li:person:{}", "organization": "urn:li:organization:{}"}
POSTING_SCOPE: Final = {"member": "w_member_social", "organization": "w_organization_social"}
POSTING_ROLES: Final = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})
POST_URN: Final = Form("urn:li:(share|ugcPost):[0-9]+", 64)
"""platforms.md 3.3."""
FORMS: Final = Forms(
    account=Form("[A-Za-z0-9_-]+", 64),
    accepted=POST_URN,
    post=POST_URN,
    username=Form(r"[\w.%-]+", 100),
    link_hosts=("linkedin.com",),
    handles={"image_urn": Form("urn:li:image:[A-Za-z0-9_-]+", 128)},
)
VISIBILITY: Final = "options.visibility"
KINDS: Final[Mapping[Kind, Parts]] = {
    "text": Parts(needs=("text",), may=(VISIBILITY,)),
    "link": Parts(needs=("link", "link.title"), may=("text", "link.description", VISIBILITY)),
    "image": Parts(
        needs=("media",),
        may=("text", "media.alt_text", VISIBILITY),
        media=Media({"image": ("image/jpeg", "image/png", "image/gif")}, alt_text_limit=4086),
    ),
}
"""platforms.md 3.3, limits."""
ONE_IMAGE: Final = ("wrong_count", "An image post needs exactly 1 image; this one has {count}.")
WORDING: Final = Wording(
    "linkedin",
    {
        ("kind", "unknown"): ("not_supported", "LinkedIn takes these kinds here: {kinds}."),
        ("text", "missing"): ("required", "A text post needs text."),
        ("text", "long"): ("too_long", "LinkedIn takes at most {limit} characters; this text has {length}."),
        ("link", "missing"): ("required", "A link post needs a link."),
        ("link", "refused"): ("not_allowed", "Only a post of kind link can carry a link card."),
        ("link.title", "missing"): ("required", "LinkedIn reads nothing from the page: the link card needs a title."),
        ("media", "missing"): ONE_IMAGE,
        ("media", "count"): ONE_IMAGE,
        ("media", "refused"): ("not_allowed", "A {kind} post carries no media on LinkedIn."),
        ("item", "kind"): ("not_supported", "This kind of post takes {items} only."),
        ("item", "type"): ("not_supported", "LinkedIn takes these types: {types}."),
        ("item", "alt_text"): ("too_long", "LinkedIn takes at most {limit} characters."),
    },
)
LIST_SIZE: Final = 10
"""Rest.li's default page."""
PAGES_OF_POSTS: Final = 10
PAGES_OF_ORGANIZATIONS: Final = 50
"""Bounds of lists. What lies behind them is not read, and then a list of posts is not complete."""
IMAGE_ASKS: Final = 8
BLIND_ASKS: Final = 3
"""Number of times an image's state is asked for; the second one where the state may not be read."""
IMAGE_FILE: Final = MediaRules(
    ("image/jpeg", "image/png", "image/gif"),
    {"size": (None, 64 * 1024 * 1024), "pixels": (None, 36_152_319), "frames": (None, 250)},
)
"""LinkedIn names no size; ours is what is uploaded for an image at most."""
FILES: Final[FilesOf] = {
    "image": IMAGE_FILE,
    "cover": IMAGE_FILE,
    "video": MediaRules(("video/mp4",), {"size": (75_000, 500_000_000), "duration": (3, 1800)}),
    "document": MediaRules(
        (
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/x-ole-storage",
        ),
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
    refresh=Refresh("renewable", margin_s=7 * 86_400),
    metrics_batch=LIST_SIZE,
    deletes=True,
    revokes=True,
    read_back=ReadBack(created_within_s=300, settles_after_s=600, gives_up_after_s=3600),
)
METRICS: Final[Mapping[str, str]] = {
    "IMPRESSION": "views",
    "MEMBERS_REACHED": "reach",
    "RESHARE": "shares",
    "REACTION": "likes",
    "COMMENT": "comments",
}
"""``queryType`` of memberCreatorPostAnalytics → the count it fills (platforms.md 3.4)."""
ORGANIZATION_METRICS: Final[Mapping[str, str]] = {
    "impressionCount": "views",
    "uniqueImpressionsCount": "reach",
    "clickCount": "clicks",
    "likeCount": "likes",
    "commentCount": "comments",
    "shareCount": "shares",
}
