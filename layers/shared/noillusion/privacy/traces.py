"""The keyed hashes of users in deletion receipts. They are deleted when no backup can contain the deleted rows any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from noillusion import epoch
from noillusion.core import clock
from noillusion.db import WORKER, Query, Statement, batches, query, sql
from noillusion.db.batches import Erased, Remaining
from noillusion.settings.source import settings

_DUE = "user_hash IS NOT NULL AND created_at < :before"


async def forget_traces(deadline: float) -> Erased:
    """Erase the hashes from receipts that are older than the oldest backup."""
    # They prevent work that began before the departure from writing, as long as such work may be running.
    before = clock.now() - max(timedelta(days=settings().backup_days), epoch.REMEMBERED)
    return await batches.erase(
        WORKER, lambda size: _forget_traces(before, size), lambda most: _traces_due(before, most), deadline
    )


def _forget_traces(before: datetime, limit: int) -> Statement:
    return sql(
        f"""UPDATE deletion_receipts SET user_hash = NULL
            WHERE id IN (SELECT id FROM deletion_receipts WHERE {_DUE} ORDER BY created_at LIMIT :limit) RETURNING id""",  # noqa: S608
        before=before,
        limit=limit,
    )


def _traces_due(before: datetime, limit: int) -> Query[Remaining]:
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM deletion_receipts WHERE {_DUE} LIMIT :limit) AS due",  # noqa: S608
        before=before,
        limit=limit,
    )
