"""Testing a connection: whether it works, which account it reaches, what it may do now, and how much of its quota is left."""

from __future__ import annotations

import asyncio
from dataclasses import field
from datetime import UTC, datetime
from typing import TypeVar

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.records import record
from noillusion.flows.account_options import Quota
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.inspection import Identity, TokenState
from noillusion.flows.protocol import Flow
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.settings.source import settings

T = TypeVar("T")
ANOTHER_ACCOUNT = "another_account"
"""Code of a credential that reaches another account than the one that was connected."""
LONGEST = 253_402_300_799
"""Seconds since 1970 at the end of the year 9999."""


@record()
class Findings:
    """What a test found. Without a fault the connection works."""

    fault: Fault | None = None
    latency_ms: int | None = None
    identity: Identity | None = None
    state: TokenState = field(default_factory=TokenState)
    quota: Quota | None = None


async def examine(row: CredentialRow, deadline: float) -> Findings:
    """Read the account through its connection. If that works, ask for permissions, ends and quota too, as far as told."""
    platform, account = catalog.get(row.platform, row.registration), credentials.account_of(row)
    session, started = Session(), clock.monotonic()
    try:
        session = await credentials.session(row, deadline)
        identity = await Runner(platform, session, deadline=deadline).run(platform.identity(account))
    except PlatformError as error:
        if error.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(row, session, error.fault)
        return Findings(error.fault)
    latency_ms = round((clock.monotonic() - started) * 1000)
    if identity.id != row.account_id:
        return Findings(Fault(ErrorClass.REAUTH, ANOTHER_ACCOUNT), latency_ms, identity)

    async def told(flow: Flow[T]) -> T | None:
        try:
            return await Runner(platform, session, deadline=deadline).run(flow)
        except PlatformError:
            return None

    app, token = settings().apps.get(row.platform, row.registration), session.token
    asking = platform.token_state(app, token, account) if app and token else None
    state, options = await asyncio.gather(told(asking) if asking else _none(), told(platform.account_options(account)))
    return Findings(None, latency_ms, identity, state or TokenState(), options.quota if options else None)


async def _none() -> None:
    return None


def moment(seconds: int | None) -> datetime | None:
    """Return an end that a platform told, ``None`` where it told none or said that there is no end."""
    return datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds <= LONGEST else None
