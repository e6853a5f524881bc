"""What an account can publish at the moment, as its platform tells."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from noillusion.core.records import record
from noillusion.flows.protocol import Issue

Interaction = Literal["comment", "duet", "stitch"]


@record(eq=True)
class Quota:
    """The number of posts that an account may publish in a period of ``period_s`` seconds."""

    limit: int
    used: int
    period_s: int


@record(eq=True)
class AccountOptions:
    """The choices that an account has at the moment. It is shown to the person and never stored.

    Empty or ``None`` is what the platform does not tell.
    """

    problems: tuple[Issue, ...] = ()
    """Reasons why nothing can be published at the moment."""
    username: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    avatar_url: str | None = field(default=None, repr=False)
    privacy_levels: tuple[str, ...] = ()
    disabled: tuple[Interaction, ...] = ()
    """Interactions that the account's own settings turn off."""
    longest_video_s: int | None = None
    quota: Quota | None = None
    roles: tuple[str, ...] = ()
    """The person's roles in an organization, or tasks on a Page."""
