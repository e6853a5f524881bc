"""The logins that an Instagram account can be connected by, and what differs between them (platforms.md 2.1).

Flows ask here for whatever depends on the login, so that another login needs an entry here and no other flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.catalog.accounts import AccountCapability, AccountKind
from noillusion.core.records import record
from noillusion.flows.draft import Kind
from noillusion.flows.protocol import Account
from noillusion.platforms.instagram.facts import GRAPH, STORY_METRICS
from noillusion.platforms.meta import facts as meta
from noillusion.platforms.meta.tasks import KNOWN_TASKS, PUBLISH_TASKS
from noillusion.platforms.needs import Needs, NeedsOf


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
    removal: str | None = None
    """The scope of deleting posts, ``None`` where they cannot be deleted."""
    has_tasks: bool = False
    """Whether a person's tasks on the Page decide what the account can do."""
    takes_batches: bool = False
    """Whether its host takes batches of calls."""
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
    removal="instagram_manage_contents",
    has_tasks=True,
    takes_batches=True,
    takes_bytes=frozenset({"reel", "story"}),
)
"""Of an account that is linked to a Page. Its token is the Page's."""
PATHS: Final[Mapping[str, LoginPath]] = {"instagram": INSTAGRAM_LOGIN, "facebook": FACEBOOK_LOGIN}
"""By the registration of an account."""


def _needs_of(path: LoginPath) -> NeedsOf:
    """Return what accounts of a login need for what they can do (platforms.md 0.4 and 2.2)."""
    publishing = Needs((path.publish,), "tasks", PUBLISH_TASKS, KNOWN_TASKS) if path.has_tasks else Needs((path.publish,))
    measuring = Needs((path.insights,))
    needs: dict[AccountCapability, Needs] = {
        "publish": publishing,
        "public_posts": publishing,
        "comments": Needs((path.comment,)),
        "metrics": measuring,
        "account_metrics": measuring,
    }
    return needs if path.removal is None else {**needs, "delete": Needs((path.removal,))}


NEEDS: Final[Mapping[str, Mapping[AccountKind, NeedsOf]]] = {
    name: {"professional": _needs_of(path)} for name, path in PATHS.items()
}
"""By the same detail."""


def path_of(account: Account) -> LoginPath:
    """Return what an account's login decides. An account that names no registration was connected by Instagram Login."""
    return PATHS.get(account.registration, INSTAGRAM_LOGIN)
