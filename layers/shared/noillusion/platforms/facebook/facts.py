"""Facebook's URLs, scopes, forms, limits and metrics (platforms.md 0.4 and 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.flows.draft import Kind
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms.checks import Wording
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh
from noillusion.platforms.files import FilesOf, MediaRules
from noillusion.platforms.meta.checks import ImageRules
from noillusion.platforms.meta.facts import VERSION
from noillusion.platforms.parts import Media, Parts

WWW: Final = "https://www.facebook.com"
GRAPH: Final = f"https://graph.facebook.com/{VERSION}"
PUBLISH_SCOPE: Final = "pages_manage_posts"
READ_SCOPE: Final = "pages_read_engagement"
INSIGHTS_SCOPE: Final = "read_insights"
COUNTS_SCOPE: Final = "pages_read_user_content"
BUSINESS_SCOPE: Final = "business_management"
FEATURES: Final[Mapping[str, str]] = {
    "pages_show_list": "choosing a Page",
    BUSINESS_SCOPE: "Pages that belong to a Business Portfolio",
    PUBLISH_SCOPE: "publishing and deleting posts",
    READ_SCOPE: "links to posts, numbers of shares, settling unclear outcomes",
    INSIGHTS_SCOPE: "views, reach and clicks",
    COUNTS_SCOPE: "numbers of comments and reactions",
}
"""platforms.md 0.4, "Scopes"."""
PUBLISH_TASK: Final = "CREATE_CONTENT"
CARD: Final = ("link.title", "link.description")
"""Texts of a link's card, which Facebook reads from the page itself."""
IMAGES: Final = Media({"image": ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff")})
KINDS: Final[Mapping[Kind, Parts]] = {
    "text": Parts(needs=("text",), drops=CARD),
    "link": Parts(needs=("link",), may=("text",), drops=CARD),
    "image": Parts(needs=("media",), may=("text", "media.alt_text"), drops=CARD, media=IMAGES),
}
DROPPED: Final = ("not_supported", "Facebook reads the card from the page itself; this will not be sent.")
WORDING: Final = Wording("facebook", {(part, "dropped"): DROPPED for part in CARD})
IMAGE: Final = ImageRules(schemes=("https", "http"), largest=10_000_000)
"""platforms.md 1.3, "Limits"."""
FILES: Final[FilesOf] = {
    "image": MediaRules(IMAGES.types["image"], {"size": (None, 10_000_000)}),
    "video": MediaRules(
        ("video/mp4", "video/quicktime"),
        {"size": (None, 10_000_000_000), "duration": (None, 4 * 3600)},
        advised=frozenset({"types"}),
    ),
    "reel.video": MediaRules(
        ("video/mp4",),
        {"width": (540, None), "height": (960, None), "ratio": (0.55, 0.57), "frame_rate": (24, 60), "duration": (3, 90)},
    ),
    "story.video": MediaRules(
        ("video/mp4", "video/quicktime"), {"ratio": (0.55, 0.57), "duration": (3, 60)}, advised=frozenset({"types", "ratio"})
    ),
}
"""platforms.md 1.3, "Limits"."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    files=FILES,
    refresh=Refresh("static"),
    metrics_batch=100,
    deletes=True,
    revokes=True,
    read_back=ReadBack(created_within_s=180, settles_after_s=300, gives_up_after_s=3600),
)
POST_ID: Final = Form("[0-9]{1,20}(_[0-9]{1,20})?", 41)
"""``{page}_{post}``, or the number of a photo (platforms.md 1.3)."""
FORMS: Final = Forms(
    account=NUMBER,
    accepted=POST_ID,
    post=POST_ID,
    username=Form(r"[\w.-]+", 100),
    link_hosts=("facebook.com",),
    handles={"photo_id": NUMBER},
)
FETCH_TIMEOUT_S: Final = 20.0
"""Meta scrapes a link and fetches an image within the call."""
PAGES_OF_ACCOUNTS: Final = 20
PAGES_OF_POSTS: Final = 8
LISTED_FIELDS: Final = "id,message,created_time,permalink_url,status_type,attachments{media_type,target{id}}"
UPLOADED: Final[Mapping[str, frozenset[Kind]]] = {
    "added_photos": frozenset({"image", "images"}),
    "added_video": frozenset({"video"}),
}
"""``status_type`` of posts with media of their own → the kinds that they can be."""
POST_METRICS: Final[Mapping[str, str]] = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_clicks": "clicks",
    "post_reactions_by_type_total": "likes",
}
PAGE_METRICS: Final[Mapping[str, str]] = {
    "page_follows": "followers",
    "page_media_view": "views",
    "page_total_media_view_unique": "reach",
    "page_post_engagements": "engagements",
    "page_views_total": "profile_views",
}
POST_FIELDS: Final = ("id", "permalink_url", "shares")
COUNT_FIELDS: Final = ("reactions.summary(total_count).limit(0)", "comments.summary(true).limit(0)")
