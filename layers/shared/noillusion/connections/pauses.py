"""Pauses of connections: what a platform said about its limits is kept, and respected before the next call.

An account that several users connected rests for each of them once its platform has told them so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from noillusion.connections import credential_store
from noillusion.connections.rows import ConnectionRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db import Actor, Statement, database
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.runner import Session

CODE: Final = "paused"
"""Code of a fault with which nothing was sent."""
SHORTEST: Final = timedelta(seconds=5)
"""Shorter ones end within the run that meets them."""
LONGEST: Final = timedelta(days=1)


def of_calls(row: ConnectionRow) -> Fault | None:
    """Return the fault of any call with a connection that rests, ``None`` if it may be called."""
    return _fault(row.calls_paused_until)


def of_posts(row: ConnectionRow) -> Fault | None:
    """Return the fault of publishing with a connection that rests, ``None`` if it may publish."""
    ends = [until for until in (row.posts_paused_until, row.calls_paused_until) if until is not None]
    return _fault(max(ends, default=None))


def _fault(until: datetime | None) -> Fault | None:
    left = (until - clock.now()).total_seconds() if until is not None else 0.0
    return Fault(ErrorClass.RATE_LIMIT, CODE, left, certain=True) if left > 0 else None


async def remember(row: ConnectionRow, session: Session, *, published: bool) -> None:
    """Keep what the replies of a session said. Only replies of one that ``published`` tell how long publishing rests.

    Whatever happens to it, the work that met the limit has its outcome already.
    """
    statements = list(_statements(row, session, published))
    if not statements:
        return
    try:
        await database().flight(Actor(row.user_id), *statements)
    except (AccountDeleted, Unavailable) as error:
        logs.failure("pause_not_kept", error)


def _statements(row: ConnectionRow, session: Session, published: bool) -> Iterator[Statement]:
    now = clock.now()
    for every_call in (True, False) if published else (True,):
        told = [timedelta(seconds=min(p.seconds, LONGEST.total_seconds())) for p in session.pauses if p.every_call == every_call]
        if (longest := max(told, default=timedelta())) > SHORTEST:
            pause = credential_store.pause_calls if every_call else credential_store.pause_posts
            yield pause(row.user_id, row.id, now + longest)
            logs.event("account_paused", connection_id=row.id, platform=row.platform, seconds=round(longest.total_seconds()))
