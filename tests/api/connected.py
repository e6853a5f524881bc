"""A user with an account on every platform: connected once in a process, and put back for other tests from what was there then.

Going through four dialogs takes longer than what most tests do afterwards. Tests of connecting go through them themselves.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from local.simulators import kept
from local.simulators.world import Entry
from noillusion.core import clock
from noillusion.db import Json, sql
from tests.support.rows import insert

if TYPE_CHECKING:
    from tests.api.conftest import Platforms
    from tests.api.harness import Client

NAMES = ("facebook", "instagram", "linkedin", "tiktok")
KEYS = ("SEALING_KEYS", "FINGERPRINT_KEY", *(f"{name.upper()}_CLIENT_ID" for name in NAMES))
"""Settings on which it depends what is stored."""
YOUNG = timedelta(minutes=10)
"""How long after connecting tests may be told that it was just now."""
PRESENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Snapshot:
    """What was there after connecting."""

    at: datetime
    connections: dict[str, str]
    rows: Sequence[tuple[str, dict[str, Any]]]
    held: bytes
    journal: Sequence[Entry]


_taken: dict[tuple[str, ...], Snapshot] = {}


def connect_all(platforms: Platforms, client: Client) -> dict[str, str]:
    """Connect the first account of each platform and return the ids of the connections by platform."""
    if not _untouched(platforms):
        return _connect(platforms, client)
    key = (platforms.database.engine, str(client.sub), *(os.environ[name] for name in KEYS))
    known = _taken.get(key)
    if known and known.at > datetime.now(UTC) - YOUNG:
        _put_back(platforms, str(client.sub), known)
        return dict(known.connections)
    connections = _connect(platforms, client)
    held, rows = kept.dump(platforms.world), _rows(platforms, str(client.sub))
    assert platforms.base.encode() not in held, "another test has another server"
    _taken[key] = Snapshot(datetime.now(UTC), connections, rows, held, [copy(entry) for entry in platforms.world.journal])
    return dict(connections)


def _connect(platforms: Platforms, client: Client) -> dict[str, str]:
    return {name: platforms.connect(client, name)[0]["id"] for name in NAMES}


def _untouched(platforms: Platforms) -> bool:
    """Whether nothing has happened yet and the time is the real one, so that connecting would end as it did before."""
    world, database = platforms.world, platforms.database
    if world.journal or world.faults or world.clock.offset or world.clock.skew:
        return False
    if abs(clock.now() - datetime.now(UTC)) > PRESENT:
        return False
    return not any(database.fetch(f"SELECT 1 FROM {table} LIMIT 1") for table in ("profiles", "platform_connections"))


def _rows(platforms: Platforms, user_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Every row of the user."""
    database = platforms.database
    owned = [table for table in database.tables() if "user_id" in database.columns(table)]
    flight = database.fly(*(sql(f"SELECT * FROM {table} WHERE user_id = :user_id", user_id=user_id) for table in owned))
    return [
        (table, {name: Json(value) if isinstance(value, list | dict) else value for name, value in row.items()})
        for number, table in enumerate(owned)
        for row in flight[number]
    ]


def _put_back(platforms: Platforms, user_id: str, known: Snapshot) -> None:
    kept.restore(platforms.world, known.held)
    platforms.world.journal.extend(copy(entry) for entry in known.journal)
    platforms.database.fly(*(insert(table, **{"user_id": user_id, **row}) for table, row in known.rows))
