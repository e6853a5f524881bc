"""What can be done with an account, and what is missing for the rest: for people who choose an account, and later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from noillusion.catalog.accounts import AccountCapability
from noillusion.catalog.registrations import Registration
from noillusion.connections import messages
from noillusion.connections.models import CapabilityInfo, MissingCapability
from noillusion.flows.protocol import Account
from noillusion.platforms import catalog, needs

CAPABILITIES: Final[tuple[AccountCapability, ...]] = get_args(AccountCapability)


def of(account: Account, registration: Registration, *, has_token: bool = True) -> CapabilityInfo:
    """Return what can be done with an account by its registration. Each capability is there, or is missing with the reason."""
    found = {missing.capability: missing for missing in _missing(account, registration, has_token=has_token)}
    return CapabilityInfo([each for each in CAPABILITIES if each not in found], list(found.values()))


def _missing(account: Account, registration: Registration, *, has_token: bool) -> Iterator[MissingCapability]:
    platform = catalog.get(registration.platform, registration.name)
    needed = platform.needs.get(account.kind, {})
    for capability in CAPABILITIES:
        gap = needs.gap(needed.get(capability), account)
        if not has_token and capability in needed:
            gap = needs.Gap("token_missing")
        if gap is not None:
            message, advice = messages.missing(gap.code, gap.names, platform.title)
            yield MissingCapability(capability=capability, code=gap.code, needed=list(gap.names), message=message, advice=advice)
