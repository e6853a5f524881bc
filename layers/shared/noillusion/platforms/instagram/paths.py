"""The logins that an Instagram account can be connected by, and what differs between them (platforms.md 2.1).

Flows ask here for whatever depends on the login, so that another login needs an entry here and no other flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.core.records import record
from noillusion.flows.protocol import Account
from noillusion.platforms.instagram.facts import GRAPH


@record(eq=True)
class LoginPath:
    """What an account's login decides."""

    graph: str
    """URL of the Graph API, with its version."""
    takes_bytes: bool = False
    """Whether videos can be uploaded. Images never can."""


INSTAGRAM_LOGIN: Final = LoginPath(GRAPH)
PATHS: Final[Mapping[str, LoginPath]] = {"instagram": INSTAGRAM_LOGIN}
"""By the detail ``login`` of an account."""


def path_of(account: Account) -> LoginPath:
    """Return what an account's login decides. An account that names no login was connected by Instagram Login."""
    return PATHS.get(str(account.details.get("login")), INSTAGRAM_LOGIN)
