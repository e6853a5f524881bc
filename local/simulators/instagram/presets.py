"""Instagram's faults by name, for the control API."""

from __future__ import annotations

from typing import Final

from local.simulators.dialogs import decisions
from local.simulators.instagram.errors import NOT_READY
from local.simulators.instagram.oauth import DIALOG_ERRORS
from local.simulators.instagram.state import CLIENT_ID, CLIENT_SECRET
from local.simulators.meta.budget import business_usage
from local.simulators.meta.presets import COMMON_PRESETS, preset
from local.simulators.world import Preset

PRESETS: Final[dict[str, Preset]] = {
    **{name: p for name, p in COMMON_PRESETS.items() if name not in ("duplicate", "link_not_scraped", "rate_limited_page")},
    "rate_limited_business": preset(
        80002,
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
        headers=business_usage("17841400000000001", "instagram", 100, 12),
    ),
    "quota_used": preset(9, "Application request limit reached", 2207042),
    "spam_block": preset(4, "Application request limit reached", 2207051, text="We restrict certain activity."),
    "account_restricted": preset(25, "User not visible", 2207050),
    "not_ready": preset(9007, NOT_READY, 2207027),
    "container_missing": preset(24, "The requested resource does not exist", 2207008),
    "media_not_found": preset(24, "The requested resource does not exist", 2207006),
    "container_expired": preset(-2, "The container has expired", 2207020),
    "server_failed": preset(-1, "Fatal", 2207001),
    "create_failed": preset(-1, "Fatal", 2207032),
    "upload_unknown": preset(-1, "Fatal", 2207053),
    "download_timed_out": preset(-2, "Fatal", 2207003),
    "media_fetch": preset(9004, "Only photo or video can be accepted as media type.", 2207052),
    "media_fetch_empty": preset(9004, "The media could not be fetched from this URI: ", 2207052),
    "video_format": preset(352, "The video format is not supported", 2207026),
    "image_too_large": preset(36000, "The image size is too large.", 2207004),
    "image_format": preset(36001, "The image format is not supported", 2207005),
    "image_ratio": preset(36003, "The aspect ratio is not supported.", 2207009),
    "caption_too_long": preset(36004, "The caption was too long", 2207010),
    "media_type": preset(100, "(#100) The media type is unknown", 2207023),
    "carousel": preset(100, "(#100) The post won't work as a carousel", 2207028),
    "product_tags": preset(100, "(#100) Product tags are not valid", 2207035),
    "too_many_tags": preset(100, "(#100) Cannot tag more than 20 people", 2207040),
    "thumb_offset": preset(100, "(#100) The thumbnail offset is out of range", 2207057),
    "no_trial_reels": preset(10, "(#10) The account cannot publish trial reels", 2207081),
    "silent_403": Preset(403, "", note="403 without a body"),
}

NOTES: Final = [
    f"client_id {CLIENT_ID}, client_secret {CLIENT_SECRET}; the dialog consents at once unless 'consent' says otherwise",
    f"consent: {{decision: {decisions(DIALOG_ERRORS)}, declined_scopes: [], user: id}}; 'ask' shows a page",
    "user: {id, scoped_id, username, name, account_type: BUSINESS|MEDIA_CREATOR|PERSONAL, followers_count}",
    "settings: {processing_s, image_processing_s, quota_total, impressions, wrapped_token, trial_reels}; the call "
    "budget is 4800 x impressions a day; wrapped_token 1 puts the token answer into data[0]; trial_reels 0: the account has none",
    "fail_containers: {error: 2207082, times: 1}: the next containers end in ERROR with that number",
    "expire_tokens: {subcode?, user?}; revoke: {user?}; deauthorize, data_deletion: {url, user?} post a signed request",
    "seed: {count, account, kind: image|carousel|reel|story, text, age_s}: posts that the person made in Instagram's own app",
    "media are pulled while the container is created; what is wrong with a video shows in the container's status. The crawler "
    "reads robots.txt, sends HEAD and asks for parts of files, and follows no redirect",
    "media URLs may be plain http on loopback only; a second media_publish of one container answers 24/2207006",
]
