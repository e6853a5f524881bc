"""The logins that an Instagram account can be connected by, and what differs between them (platforms.md 2.1).

Flows ask here for whatever depends on the login, so that another login needs an entry here and no other flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.core.records import record
from noillusion.flows.draft import Kind
from noillusion.flows.protocol import Account
from noillusion.platforms.instagram.facts import GRAPH, STORY_METRICS
from noillusion.platforms.meta import facts as meta


@record(eq=True)
class LoginPath:
    """What an account's login decides."""

    graph: str
    """URL of the Graph API, with its version."""
    publish: str
    comment: str
    insights: str
    """Scopes: of publishing, of comments, of figures."""
    story_metrics: Mapping[str, str]
    takes_bytes: frozenset[Kind] = frozenset()
    """Kinds of posts whose video can be sent as bytes. Images never can, nor the videos of a carousel."""


INSTAGRAM_LOGIN: Final = LoginPath(
    graph=GRAPH,
    publish="instagram_business_content_publish",
    comment="instagram_business_manage_comments",
    insights="instagram_business_manage_insights",
    story_metrics=STORY_METRICS,
)
FACEBOOK_LOGIN: Final = LoginPath(
    graph=meta.GRAPH,
    publish="instagram_content_publish",
    comment="instagram_manage_comments",
    insights="instagram_manage_insights",
    story_metrics={**STORY_METRICS, "link_clicks": "clicks"},
    takes_bytes=frozenset({"reel", "story"}),
)
"""Of an account that is linked to a Page. Its token is the Page's."""
PATHS: Final[Mapping[str, LoginPath]] = {"instagram": INSTAGRAM_LOGIN, "facebook": FACEBOOK_LOGIN}
"""By the registration of an account."""


def path_of(account: Account) -> LoginPath:
    """Return what an account's login decides. An account that names no registration was connected by Instagram Login."""
    return PATHS.get(account.registration, INSTAGRAM_LOGIN)
