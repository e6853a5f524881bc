"""Circuits: a platform that does not answer is left alone by all workers, until one of them finds that it does again.

A circuit opens after :data:`LIMIT` failures in a row of any workers, each for another connection than the one before: an account
alone never keeps the others from being read. While it is open nothing of the platform is queued or asked, what is queued already
becomes due when it ends, and nothing is recorded. Once its time is over, a few targets or accounts are asked for; what comes back
closes the circuit or opens it for longer. After it closed, the work that waited is queued in growing parts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final
from zlib import crc32

from noillusion.catalog.platforms import PlatformName
from noillusion.core import clock, logs
from noillusion.core.errors import Unavailable
from noillusion.core.records import record
from noillusion.db import WORKER, Query, Statement, database, query, sql

LIMIT: Final = 5
"""Failures in a row that open a circuit."""
PROBES: Final = 3
"""Rows of due targets that are asked for when the time of an open circuit is over, or accounts where no target is due."""
SHORTEST: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(minutes=15)
"""How long a circuit is open: twice as long each time that its platform was asked in vain."""
RECOVERY: Final = timedelta(minutes=30)
"""How long after its end less is queued than could be."""
FIRST_SHARE: Final = 0.1
"""The part that is queued right after it."""


@record()
class Circuit:
    """How a platform answered lately. ``failures``: in a row."""

    TABLE: ClassVar = "platform_circuits"

    platform: PlatformName
    failures: int
    open_until: datetime | None
    closed_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Return whether the platform is left alone."""
        return self.open_until is not None and now < self.open_until

    def share(self, now: datetime) -> float:
        """Return the part of what could be queued that is to be queued: less than 1 after an outage."""
        if self.closed_at is None or self.open_until is not None:
            return 1.0
        passed = (now - self.closed_at) / RECOVERY
        return 1.0 if passed >= 1 else max(FIRST_SHARE, passed)


def every() -> Query[Circuit]:
    """Select all circuits. A platform that never failed has none."""
    return query(Circuit, "SELECT {columns} FROM platform_circuits")


def failed(platform: PlatformName, connection_id: str, now: datetime) -> Query[Circuit]:
    """Count a failure, unless the one before was of the same connection (workers only). Returns the circuit if it counts."""
    return query(
        Circuit,
        """INSERT INTO platform_circuits (platform, failures, mark, created_at, updated_at)
           VALUES (:platform, 1, :mark, :now, :now)
           ON CONFLICT (platform) DO UPDATE SET failures = platform_circuits.failures + 1, mark = excluded.mark,
             updated_at = excluded.updated_at
             WHERE platform_circuits.failures = 0 OR platform_circuits.mark <> excluded.mark
           RETURNING {columns}""",
        platform=platform,
        # Tells two connections apart, and says nothing of either.
        mark=crc32(connection_id.encode()) & 0x7FFFFFFF,
        now=now,
    )


def opened(platform: PlatformName, now: datetime, until: datetime) -> Query[Circuit]:
    """Open a circuit, or open it for longer (workers only). One that somebody else just opened stays as it is."""
    return query(
        Circuit,
        """UPDATE platform_circuits SET opened_at = COALESCE(opened_at, :now), open_until = :until, updated_at = :now
           WHERE platform = :platform AND (open_until IS NULL OR open_until <= :now) RETURNING {columns}""",
        platform=platform,
        now=now,
        until=until,
    )


def answered(platform: PlatformName, now: datetime) -> Statement:
    """End a row of failures, and with it an open circuit (workers only)."""
    return sql(
        """UPDATE platform_circuits SET failures = 0, closed_at = CASE WHEN opened_at IS NULL THEN closed_at ELSE :now END,
             opened_at = NULL, open_until = NULL, updated_at = :now
           WHERE platform = :platform AND failures > 0""",
        platform=platform,
        now=now,
    )


def length(failures: int) -> timedelta:
    """Return how long a circuit is open after so many failures in a row."""
    return min(SHORTEST * (1 << min(failures - LIMIT, 10)), LONGEST)


async def tell(platform: PlatformName, connection_id: str, before: Circuit | None, *, works: bool) -> None:
    """Record that a platform answered, or did not. Where nothing changes nothing is written. It costs no reading."""
    try:
        await (_works(platform, before) if works else _fails(platform, connection_id))
    except Unavailable as error:
        logs.failure("circuit_not_kept", error)


async def _works(platform: PlatformName, before: Circuit | None) -> None:
    if before is None or not before.failures:
        return
    await database().flight(WORKER, answered(platform, clock.now()))
    if before.open_until is not None:
        logs.event("circuit_closed", platform=platform)


async def _fails(platform: PlatformName, connection_id: str) -> None:
    now = clock.now()
    counted = failed(platform, connection_id, now)
    circuit = (await database().flight(WORKER, counted)).first(counted)
    if circuit is None or circuit.failures < LIMIT:
        return
    until = now + length(circuit.failures)
    change = opened(platform, now, until)
    if (await database().flight(WORKER, change)).number_of(change):
        seconds = round((until - now).total_seconds())
        logs.event("circuit_opened", platform=platform, failures=circuit.failures, seconds=seconds)
