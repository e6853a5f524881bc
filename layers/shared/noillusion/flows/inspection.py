"""What a platform says of a connection when it is asked: whose it is, and what it may do now."""

from __future__ import annotations

from dataclasses import field

from noillusion.core.records import record


@record(eq=True)
class Identity:
    """The account that a credential reaches. It is shown to the person and never stored."""

    id: str
    name: str = field(default="", repr=False)
    username: str = field(default="", repr=False)


@record(eq=True)
class TokenState:
    """The permissions of a credential and its ends, as the platform tells them now. ``None`` is what it does not tell."""

    scopes: tuple[str, ...] | None = None
    expires_at: int | None = None
    """The end of the access token in seconds since 1970, 0 for none."""
    data_access_expires_at: int | None = None
    """The end of the access to the person's data in seconds since 1970, where it is limited apart from the token; 0 for none."""
