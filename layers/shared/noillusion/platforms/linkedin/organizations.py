"""The organizations that a member may post for (platforms.md 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.catalog.accounts import AccountReason
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import AccountList, Candidate, Flow, Reply
from noillusion.flows.shapes import NUMBER
from noillusion.platforms import cosmetic
from noillusion.platforms.linkedin import calls, images
from noillusion.platforms.linkedin.facts import HEADERS, ORGANIZATION, PAGES_OF_ORGANIZATIONS, POSTING_ROLES, POSTING_SCOPE


def of(scopes: Sequence[str]) -> Flow[AccountList]:
    """Every organization of the member, with the roles that decide what can be done there."""
    roles, complete = yield from _roles()
    found = AccountList(complete=complete)
    for urn, held in roles.items():
        # There are URNs of other things, such as brands, and the number becomes part of a URL.
        prefix, _, number = urn.rpartition(":")
        if prefix == "urn:li:organization" and NUMBER.fits(number):
            found.append(_organization(number, (yield from _shown(number)), held, scopes))
    return found


def roles_in(number: str) -> Flow[set[str]]:
    """The roles of the member in one organization."""
    roles, _ = yield from _roles()
    return roles.get(f"urn:li:organization:{number}", set())


def _roles() -> Flow[tuple[dict[str, set[str]], bool]]:
    """The roles of the member in each organization, by its URN, and whether the list was read to its end."""
    roles: dict[str, set[str]] = {}
    rows, complete = yield from calls.paged("/organizationAcls?q=roleAssignee&state=APPROVED", HEADERS, PAGES_OF_ORGANIZATIONS)
    for row in rows:
        roles.setdefault(str(row.get("organization", "")), set()).add(str(row.get("role", "")))
    return roles, complete


def name_of(number: str) -> Flow[tuple[str, str]]:
    """Name and vanity name of an organization; its number where the person may not read it."""
    shown = yield from _shown(number)
    return str(shown.get("localizedName", number)), str(shown.get("vanityName", ""))


def _shown(number: str) -> Flow[Reply]:
    """Read the organization, as far as the member may."""
    path = f"/organizations/{number}"
    try:
        return (yield from cosmetic.answer(calls.get(f"{path}?projection={ORGANIZATION}"), calls.get(path)))
    except PlatformError:
        # Content administrators may not read this: the organization is theirs to choose all the same (failure-classes.md D4).
        return Reply(403)


def _organization(number: str, shown: Reply, held: set[str], scopes: Sequence[str]) -> Candidate:
    reason: AccountReason = "role_missing" if POSTING_ROLES.isdisjoint(held) else ""
    reason = reason or ("" if POSTING_SCOPE["organization"] in scopes else "scope_missing")
    return Candidate(
        number,
        "organization",
        str(shown.get("localizedName") or number),
        str(shown.get("vanityName", "")),
        images.largest(shown, "logoV2.original~"),
        can_publish=not reason,
        reason=reason,
        details={"roles": sorted(held)},
    )
