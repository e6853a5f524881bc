"""LinkedIn's URLs, scopes, forms, limits and metrics (platforms.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from noillusion.flows.shapes import Form, Forms
from noillusion.platforms.contract import ApiVersion, Capabilities, ReadBack, Refresh

VERSION = ApiVersion("202609", date(2027, 9, 15))
"""platforms.md 3.1."""
API = "https://api.linkedin.com/rest"
IDENTITY = "https://api.linkedin.com/v2"
OAUTH = "https://www.linkedin.com/oauth/v2"
HEADERS = {"LinkedIn-Version": VERSION.name, "X-Restli-Protocol-Version": "2.0.0"}
FINDER = {**HEADERS, "X-RestLi-Method": "FINDER"}
FEATURES: Mapping[str, str] = {
    "openid": "knowing which LinkedIn account was connected",
    "profile": "showing the account's name",
    "w_member_social": "publishing posts as the member",
}
"""One fixed set: asking for another one kills every earlier token of the member (platforms.md 3.2)."""
AUTHORS = {"member": "urn:li:person:{}", "organization": "urn:li:organization:{}"}
POSTING_SCOPE = {"member": "w_member_social", "organization": "w_organization_social"}
POSTING_ROLES = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})
POST_URN = Form("urn:li:(share|ugcPost):[0-9]+", 64)
"""platforms.md 3.3."""
FORMS = Forms(
    account=Form("[A-Za-z0-9_-]+", 64),
    accepted=POST_URN,
    post=POST_URN,
    username=Form(r"[\w.%-]+", 100),
    link_hosts=("linkedin.com",),
    handles={"image_urn": Form("urn:li:image:[A-Za-z0-9_-]+", 128)},
)
TEXT_LIMIT = 3000
ALT_TEXT_LIMIT = 4086
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
LIST_SIZE = 10
"""Rest.li's default page."""
PAGES_OF_POSTS, PAGES_OF_ORGANIZATIONS = 10, 50
"""Bounds of lists. What lies behind them is not read, and then a list of posts is not complete."""
IMAGE_ASKS, BLIND_ASKS = 8, 3
"""How often an image's state is asked for; the second number where the state may not be read."""
CAPABILITIES = Capabilities(
    kinds=("text", "link", "image"),
    text_limit=TEXT_LIMIT,
    text_unit="characters",
    # The refresh token's 365 days count from the consent, whatever is refreshed (platforms.md 3.2).
    refresh=Refresh("renewable", margin_s=7 * 86_400),
    metrics_batch=LIST_SIZE,
    deletes=True,
    revokes=True,
    read_back=ReadBack(created_within_s=300, settles_after_s=600, gives_up_after_s=3600),
    media_by="bytes",
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One ``queryType`` of memberCreatorPostAnalytics and the count it fills (platforms.md 3.4)."""

    name: str
    fills: str
    introduced: date
    retired: date | None = None


METRICS = (
    Metric("IMPRESSION", "views", date(2025, 6, 1)),
    Metric("MEMBERS_REACHED", "reach", date(2025, 6, 1)),
    Metric("RESHARE", "shares", date(2025, 6, 1)),
    Metric("REACTION", "likes", date(2025, 6, 1)),
    Metric("COMMENT", "comments", date(2025, 6, 1)),
)
ORGANIZATION_METRICS: Mapping[str, str] = {
    "impressionCount": "views",
    "uniqueImpressionsCount": "reach",
    "clickCount": "clicks",
    "likeCount": "likes",
    "commentCount": "comments",
    "shareCount": "shares",
}
