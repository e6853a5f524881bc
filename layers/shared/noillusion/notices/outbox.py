"""The outbox: notices of users with a webhook wait in it until they are deliveries (:mod:`noillusion.webhooks`)."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.core import logs
from noillusion.db import Flight, Query, Statement, among, query, sql
from noillusion.net import queues
from noillusion.notices.rows import InOutbox, OutboxRow, OutboxUser
from noillusion.settings.source import settings


async def tell(user_id: str, flight: Flight, notices: Sequence[Query[InOutbox]]) -> None:
    """Queue the user, if one of the notices that a flight wrote waits in the outbox. A failure costs nothing but a minute."""
    url = settings().values.get("WEBHOOK_QUEUE_URL", "")
    if not url or not any(told.outbox for each in notices for told in flight[each]):
        return
    try:
        await queues.send(url, [queues.Message({"user_id": user_id})])
    except Exception as error:  # noqa: BLE001 - whatever the queue's client raises, the scheduled task makes up for it
        logs.failure("webhooks_not_queued", error)


def users(limit: int) -> Query[OutboxUser]:
    """Select users with notices in the outbox (workers only)."""
    return query(OutboxUser, "SELECT DISTINCT user_id FROM notifications WHERE outbox = true LIMIT :limit", limit=limit)


def waiting(user_id: str, limit: int) -> Query[OutboxRow]:
    """Select the oldest notices of a user's outbox."""
    return query(
        OutboxRow,
        "SELECT id FROM notifications WHERE user_id = :user_id AND outbox = true ORDER BY created_at, id LIMIT :limit",
        user_id=user_id,
        limit=limit,
    )


def taken(user_id: str, notice_ids: Sequence[str]) -> Statement:
    """Take notices out of the outbox."""
    listed, ids = among("notice", notice_ids)
    return sql(
        f"UPDATE notifications SET outbox = false WHERE user_id = :user_id AND id IN ({listed})",  # noqa: S608 - names of parameters
        user_id=user_id,
        **ids,
    )
