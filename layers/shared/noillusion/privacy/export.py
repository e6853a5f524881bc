"""Everything held about a user, to take along. Credentials are named but not given out."""

from __future__ import annotations

from typing import Any

from noillusion import clock
from noillusion.db import Actor, Row, database
from noillusion.privacy import data_map, store
from noillusion.privacy.models import Export

HIDDEN_PARTS = ("sealed_", "sealing_", "fingerprint", "nonce_hash", "handle_hash", "lease_")


async def export(user_id: str) -> Export:
    """Everything held about the user, in one round trip."""
    names = [entry.table for entry in data_map.TABLES]
    results = await database().flight(Actor(user_id), *(store.everything(user_id, name) for name in names))
    tables = {name: [_shown(row) for row in rows] for name, rows in zip(names, results, strict=True)}
    return Export(user_id=user_id, exported_at=clock.now(), tables=tables)


def _shown(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not any(part in name for part in HIDDEN_PARTS)}
