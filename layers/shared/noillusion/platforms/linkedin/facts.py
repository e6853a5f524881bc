"""LinkedIn's URLs, scopes, forms, limits and metrics (platforms.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.flows.shapes import Form, Forms
from noillusion.platforms.contract import Capabilities, ReadBack, Refresh

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
TEXT_LIMIT: Final = 3000
ALT_TEXT_LIMIT: Final = 4086
IMAGE_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/gif"})
LIST_SIZE: Final = 10
"""Rest.li's default page."""
PAGES_OF_POSTS: Final = 10
PAGES_OF_ORGANIZATIONS: Final = 50
"""Bounds of lists. What lies behind them is not read, and then a list of posts is not complete."""
IMAGE_ASKS: Final = 8
BLIND_ASKS: Final = 3
"""How often an image's state is asked for; the second number where the state may not be read."""
CAPABILITIES: Final = Capabilities(
    kinds=("text", "link", "image"),
    text_limit=TEXT_LIMIT,
    text_unit="characters",
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
