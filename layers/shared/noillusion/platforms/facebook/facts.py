"""Facebook's URLs, scopes, forms, limits and metrics (platforms.md 0.4 and 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from noillusion.catalog import lifetimes
from noillusion.catalog.accounts import AccountKind
from noillusion.flows.draft import Kind
from noillusion.flows.protocol import HELD
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms.checks import Wording
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh
from noillusion.platforms.files import FilesOf, MediaRules
from noillusion.platforms.holding import Window
from noillusion.platforms.meta import tasks
from noillusion.platforms.meta.checks import ImageRules
from noillusion.platforms.meta.facts import VERSION
from noillusion.platforms.needs import Needs, NeedsOf
from noillusion.platforms.parts import Media, Parts

UPLOADS: Final = f"https://rupload.facebook.com/video-upload/{VERSION}"
PUBLISH_SCOPE: Final = "pages_manage_posts"
READ_SCOPE: Final = "pages_read_engagement"
INSIGHTS_SCOPE: Final = "read_insights"
COUNTS_SCOPE: Final = "pages_read_user_content"
COMMENT_SCOPE: Final = "pages_manage_engagement"
"""platforms.md 0.4, "Scopes"."""
CARD: Final = ("link.title", "link.description")
"""Texts of a link's card, which Facebook reads from the page itself."""
COMMENT: Final = "first_comment"
AI_LABEL: Final = "options.is_ai_generated"
MOST_IMAGES: Final = 10
IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff")
VIDEO_TYPES: Final = ("video/mp4", "video/quicktime")
REEL_TYPES: Final = ("video/mp4",)
IMAGES: Final = Media({"image": IMAGE_TYPES})
ABOUT_VIDEO: Final = ("text", "media.title", "media.thumbnail", COMMENT, AI_LABEL)
KINDS: Final[Mapping[Kind, Parts]] = {
    "text": Parts(needs=("text",), may=(COMMENT,), drops=CARD),
    "link": Parts(needs=("link",), may=("text", COMMENT), drops=CARD),
    "image": Parts(needs=("media",), may=("text", "media.alt_text", COMMENT), drops=CARD, media=IMAGES),
    "images": Parts(
        needs=("media",), may=("text", "media.alt_text", COMMENT), drops=CARD, media=replace(IMAGES, fewest=2, most=MOST_IMAGES)
    ),
    "video": Parts(needs=("media",), may=ABOUT_VIDEO, drops=CARD, media=Media({"video": VIDEO_TYPES})),
    "reel": Parts(
        needs=("media",), may=("text", "media.title", COMMENT, AI_LABEL), drops=CARD, media=Media({"video": REEL_TYPES})
    ),
    "story": Parts(needs=("media",), may=(AI_LABEL,), drops=CARD, media=Media({"image": IMAGE_TYPES, "video": VIDEO_TYPES})),
}
DROPPED: Final = ("not_supported", "Facebook reads the card from the page itself; this will not be sent.")
WORDING: Final = Wording("facebook", {(part, "dropped"): DROPPED for part in CARD})
IMAGE: Final = ImageRules(schemes=("https", "http"), largest=10_000_000)
VIDEO_SOURCE: Final = replace(IMAGE, largest=10_000_000_000)
UPRIGHT_SOURCE: Final = replace(VIDEO_SOURCE, ascii_url=True)
"""The URL of a reel or video story travels in a header (platforms.md 1.3)."""
WAITS: Final[frozenset[Kind]] = frozenset({"video", "reel", "story"})
"""Kinds of which only a reading tells whether they are public."""
FILES: Final[FilesOf] = {
    "image": MediaRules(IMAGE_TYPES, {"size": (None, 10_000_000)}),
    "video": MediaRules(
        VIDEO_TYPES,
        {"size": (None, 10_000_000_000), "duration": (None, 4 * 3600)},
        advised=frozenset({"types"}),
    ),
    "reel.video": MediaRules(
        REEL_TYPES,
        {"width": (540, None), "height": (960, None), "ratio": (0.55, 0.57), "frame_rate": (24, 60), "duration": (3, 90)},
    ),
    "story.video": MediaRules(VIDEO_TYPES, {"ratio": (0.55, 0.57), "duration": (3, 60)}, advised=frozenset({"types", "ratio"})),
}
"""platforms.md 1.3, "Limits"."""
HOLDS: Final = Window(earliest_s=11 * 60, latest_s=29 * 86_400)
"""Facebook takes posts from 10 minutes ahead (platforms.md 1.3, "Held posts"). One more is for what comes before."""
SCHEDULED: Final[Mapping[str, str]] = {"published": "false", "unpublished_content_type": "SCHEDULED"}
"""What a post or video says that Facebook is to hold, besides its time."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    files=FILES,
    refresh=Refresh("static", data_access_s=90 * 86_400),
    metrics_batch=100,
    deletes=True,
    edits=frozenset({"text", "link", "image", "images"}),
    revokes=True,
    holds=dict.fromkeys(("text", "link", "image", "images", "video", "reel"), HOLDS),
    read_back=ReadBack(created_within_s=180, settles_after_s=300, gives_up_after_s=3600),
)
PUBLISHING: Final = Needs((PUBLISH_SCOPE,), "tasks", tasks.PUBLISH_TASKS, tasks.KNOWN_TASKS)
MEASURING: Final = Needs((READ_SCOPE, INSIGHTS_SCOPE), "tasks", tasks.ANALYZE_TASKS, tasks.KNOWN_TASKS)
NEEDS: Final[Mapping[AccountKind, NeedsOf]] = {
    "page": {
        **dict.fromkeys(("publish", "public_posts", "edit", "delete"), PUBLISHING),
        "comments": Needs((COMMENT_SCOPE,)),
        "metrics": MEASURING,
        "account_metrics": MEASURING,
    }
}
"""platforms.md 0.4, "Scopes" and tasks."""
POST_ID: Final = Form("[0-9]{1,20}(_[0-9]{1,20})?", 41)
"""``{page}_{post}``, or the number of a photo (platforms.md 1.3)."""
PHOTO: Final = "photo_id"
PHOTO_HANDLES: Final = (PHOTO, *(f"photo_{number}_id" for number in range(2, MOST_IMAGES + 1)))
"""Handles of the images of a post, in its order."""
STORY_PHOTO: Final = "story_photo_id"
VIDEO: Final = "video_id"
REEL: Final = "reel_id"
STORY_VIDEO: Final = "story_video_id"
LABELED_STORY: Final = "labeled_story_video_id"
"""Of a video story with the AI label, which its last call has to bring."""
FORMS: Final = Forms(
    account=NUMBER,
    accepted=POST_ID,
    post=POST_ID,
    username=Form(r"[\w.-]+", 100),
    link_hosts=("facebook.com",),
    handles={**dict.fromkeys((*PHOTO_HANDLES, STORY_PHOTO, VIDEO, REEL, STORY_VIDEO, LABELED_STORY), NUMBER), HELD: POST_ID},
)
FETCH_TIMEOUT_S: Final = 20.0
"""Meta scrapes a link and fetches an image within the call."""
STATUS_EVERY_S: Final = 2.0
STATUS_AT_MOST_S: Final = 86_400.0
VIDEO_STATES: Final = frozenset({"uploading", "upload_complete", "processing", "ready", "error", "expired"})
"""platforms.md 1.3, "State"."""
UPLOADS_AT_ONCE: Final = 5
"""Images of a post that are uploaded side by side."""
CHUNK_BYTES: Final = 4 * 1024 * 1024
"""The largest part of a video in one call, however much Facebook would take."""
PAGES_OF_POSTS: Final = 8
LISTED_FIELDS: Final = (
    "id,message,created_time,permalink_url,status_type,attachments{media_type,target{id},subattachments{media_type,target{id}}}"
)
UPLOADED: Final[Mapping[str, frozenset[Kind]]] = {
    "added_photos": frozenset({"image", "images"}),
    "added_video": frozenset({"video"}),
}
"""``status_type`` of posts with media of their own → the kinds that they can be."""
VIDEO_METRICS: Final = lifetimes.metrics("facebook", "video")
"""Of a reel, or of a video whose post is not known (platforms.md 1.4)."""
STORY_METRICS: Final = lifetimes.metrics("facebook", "story")
POST_METRICS: Final = lifetimes.metrics("facebook", "post")
PAGE_METRICS: Final = lifetimes.metrics("facebook", "account")
POST_FIELDS: Final = ("id", "permalink_url", "shares")
COUNT_FIELDS: Final = ("reactions.summary(total_count).limit(0)", "comments.summary(true).limit(0)")
