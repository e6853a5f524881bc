"""What an account needs for each thing that a platform lets accounts do, and what of it an account lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from noillusion.catalog.accounts import AccountCapability, CapabilityGap
from noillusion.core.records import record
from noillusion.flows.protocol import Account
from noillusion.platforms.checks import granted, lacking_scope


@record(eq=True)
class Needs:
    """The permissions that something needs, and the tasks or roles of which one is enough."""

    scopes: tuple[str, ...] = ()
    held: Literal["", "tasks", "roles"] = ""
    """The detail of an account with what its person holds."""
    one_of: frozenset[str] = frozenset()
    known: frozenset[str] | None = None
    """All tasks that are known, where one that nobody knows must not forbid anything."""
    public: bool = False
    """Whether the operator's app must be allowed to publish for everybody to see."""


NeedsOf: TypeAlias = Mapping[AccountCapability, Needs]
_HELD: Final[Mapping[str, CapabilityGap]] = {"tasks": "task_missing", "roles": "role_missing"}


@record(eq=True)
class Gap:
    """What is missing for something: a code, and the names of permissions, tasks or roles."""

    code: CapabilityGap
    names: tuple[str, ...] = ()


def gap(needs: Needs | None, account: Account) -> Gap | None:
    """Return what an account lacks, ``None`` if nothing is known to be missing. What the app does not have, nobody can grant."""
    if needs is None:
        return Gap("not_supported")
    if account.details.get("account_type") == "personal":
        return Gap("personal_account")
    missing = tuple(scope for scope in needs.scopes if not granted(account, scope))
    unavailable = tuple(scope for scope in missing if lacking_scope(account, scope) == "no_access")
    if unavailable or (needs.public and not account.public_posts):
        return Gap("no_access", unavailable)
    if missing:
        return Gap("scope_missing", missing)
    return _held(needs, account.details.get(needs.held))


def _held(needs: Needs, listed: Any) -> Gap | None:
    """Compare what a person holds with what is needed. Without a list it can be tried: the platform refuses what may not be."""
    if not needs.held or not isinstance(listed, list):
        return None
    held = frozenset(map(str, listed))
    allowed = not needs.one_of.isdisjoint(held) or not (needs.known is None or held <= needs.known)
    return None if allowed else Gap(_HELD[needs.held], tuple(sorted(needs.one_of)))
