"""Facebook's faults by name, for the control API."""

from __future__ import annotations

from typing import Final

from local.simulators.dialogs import decisions
from local.simulators.facebook.oauth import DIALOG_ERRORS
from local.simulators.facebook.state import CLIENT_ID, CLIENT_SECRET
from local.simulators.meta.budget import business_usage
from local.simulators.meta.presets import COMMON_PRESETS, preset
from local.simulators.world import Preset

VIDEO_REJECTIONS: Final = (
    1363005, 1363019, 1363021, 1363022, 1363023, 1363024, 1363025, 1363026, 1363031, 1363032, 1363045, 1363127, 1363128, 1363129,
    1363040,
)  # fmt: skip
"""Format, size, duration, resolution, frame rate, aspect ratio (platforms.md 1.5)."""
PRESETS: Final[dict[str, Preset]] = {
    **COMMON_PRESETS,
    "rate_limited_business": preset(
        80001,
        "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
        headers=business_usage("101000000000001", "pages", 100, 17),
    ),
    "image_rejected": preset(100, "(#100) Images must be JPG or PNG and smaller than 4 MB.", 1366046),
    "image_unusable": preset(324, "(#324) Missing or invalid image file", 2069019),
    "photos_already_posted": preset(100, "(#100) These photos were already posted.", 1366051),
    "posting_too_fast": preset(1390008, "(#1390008) It looks like you were posting too fast.", status=400),
    "abusive": preset(368, "The content was flagged as abusive", 1346003),
    "security_check": preset(368, "A security check is needed", 1404006),
    "community_standards": preset(368, "The content goes against the community standards", 1404102),
    "account_limited": preset(368, "The account is limited", 1404112),
    "identity_confirmation": preset(368, "The identity has to be confirmed", 4854002),
    "publishing_authorization": preset(200, "(#200) Page publishing authorization is needed", 1404078),
    "facebook_link": preset(100, "(#100) Links to facebook.com cannot be posted", 1609008),
    "bad_url": preset(100, "(#100) The URL is not valid", 2061006),
    "bad_content": preset(100, "(#100) The content is not valid", 1349125),
    "temporarily_unavailable": preset(1363047, "(#1363047) Temporarily unavailable", status=500),
    "link_temporarily_unavailable": preset(1609010, "(#1609010) Temporarily unavailable", status=500),
    "upload_failed": preset(6000, "There was a problem uploading your video file. Please try again."),
    "upload_timed_out": preset(6000, "The upload timed out", 1363030),
    "upload_interrupted": preset(6000, "The upload was interrupted", 1363033),
    "upload_offset": preset(6000, "The offset of the upload is wrong", 1363037),
    "upload_session_expired": preset(6000, "The upload session has expired", 1363041),
    "upload_not_permitted": preset(200, "(#200) No permission to upload", 1363042),
    **{f"video_{code}": preset(352, "The video file is not supported.", code) for code in VIDEO_REJECTIONS},
    "video_not_permitted": preset(100, "(#100) No permission to publish the video"),
    "comment_noise": preset(20, "(#20) The comment cannot be read", 1772107),
}

NOTES: Final = [
    f"client_id {CLIENT_ID}, client_secret {CLIENT_SECRET}; the dialog consents at once unless 'consent' says otherwise",
    f"consent: {{decision: {decisions(DIALOG_ERRORS)}, declined_scopes: [], user: id, accounts: []}}; 'ask' shows a page",
    "consent.accounts: ids of Pages and of Instagram accounts that the person ticks; without "
    "accounts all Pages are chosen, with the accounts that are linked to them",
    "user: {id, name, pages: [{id, name, username, tasks, fan_count, business, business_edge, instagram}]}",
    "pages[].instagram: the account of the simulated Instagram that is linked to the Page and reached with its token",
    "settings: {processing_s, app_users, engaged_users}: budgets are 200 x app_users an hour, 4800 x engaged_users a day",
    "settings: {require_proof}: whether the app requires appsecret_proof of every call",
    "settings: {chunk_bytes}: the largest part that an upload in phases asks for",
    "expire_tokens: {subcode?, user?}; revoke: {user?}; deauthorize, data_deletion: {url, user?} post a signed request",
    "seed: {count, page, text, photo, video, kind: post|reel|story, age_s}: posts that somebody made past the API",
    "change_scheduled: {id, at | draft | remove}: a person moves a scheduled post, makes it a draft, or removes it",
    "links are taken without a look, except that 'unscrapable' in the path of a loopback or reserved host gives 1609005",
    "a fault with a path applies to single calls of a batch too; with drop that call took too long, and its part is null",
    "media URLs may be plain http on loopback only; batch items cannot refer to each other's results",
    "feed posts can be scheduled up to 30 days ahead, the shorter of the two published figures",
]
