"""The organizations that a member may post for (platforms.md 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.catalog.accounts import AccountReason
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import Candidate, Flow
from noillusion.flows.shapes import NUMBER
from noillusion.platforms.linkedin import calls
from noillusion.platforms.linkedin.facts import HEADERS, PAGES_OF_ORGANIZATIONS, POSTING_ROLES, POSTING_SCOPE


def of(scopes: Sequence[str]) -> Flow[list[Candidate]]:
    """Every organization of the member, with the roles that decide what can be done there."""
    found = []
    for urn, held in (yield from _roles()).items():
        # There are URNs of other things, such as brands, and the number becomes part of a URL.
        prefix, _, number = urn.rpartition(":")
        if prefix == "urn:li:organization" and NUMBER.fits(number):
            name, username = yield from _organization_name(number)
            found.append(_organization(number, name, username, held, scopes))
    return found


def roles_in(number: str) -> Flow[set[str]]:
    """The roles of the member in one organization."""
    return (yield from _roles()).get(f"urn:li:organization:{number}", set())


def _roles() -> Flow[dict[str, set[str]]]:
    """The roles of the member in each organization, by its URN."""
    roles: dict[str, set[str]] = {}
    rows, _ = yield from calls.paged("/organizationAcls?q=roleAssignee&state=APPROVED", HEADERS, PAGES_OF_ORGANIZATIONS)
    for row in rows:
        roles.setdefault(str(row.get("organization", "")), set()).add(str(row.get("role", "")))
    return roles


def _organization_name(number: str) -> Flow[tuple[str, str]]:
    try:
        reply = yield calls.get(f"/organizations/{number}")
    except PlatformError:
        # Content administrators may not read this: the organization is theirs to choose all the same (failure-classes.md D4).
        return number, ""
    return str(reply.get("localizedName", number)), str(reply.get("vanityName", ""))


def _organization(number: str, name: str, username: str, held: set[str], scopes: Sequence[str]) -> Candidate:
    reason: AccountReason = "role_missing" if POSTING_ROLES.isdisjoint(held) else ""
    reason = reason or ("" if POSTING_SCOPE["organization"] in scopes else "scope_missing")
    return Candidate(
        number, "organization", name, username, can_publish=not reason, reason=reason, details={"roles": sorted(held)}
    )
