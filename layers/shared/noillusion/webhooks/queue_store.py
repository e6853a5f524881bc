"""SQL of what is to be sent: deliveries of notices from the outbox, claims of endpoints, and the deliveries that are due.

A claim moves ``due_at`` of an endpoint to the end of its lease, so an endpoint whose worker died is due again then. Whoever adds
a delivery meanwhile sets ``due_at`` back to now, and the end of the claim keeps that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.db import LOCKED, SKIP_LOCKED, Query, Statement, among, query, sql
from noillusion.notices import outbox
from noillusion.webhooks.rows import ClaimedRow, DueAt, DueDelivery, Lane, LaneState, WebhookRow

_MINE = "user_id = :user_id AND id = :webhook_id AND lease_owner = :owner"
_FREE = "active = true AND due_at <= :now AND (lease_until IS NULL OR lease_until < :now)"
_LANES: Mapping[Lane, str] = {
    "proven": "proven = true",
    "unknown": "proven = false AND failures = 0",
    "failing": "proven = false AND failures > 0",
}


def fan_out(user_id: str, notice_ids: Sequence[str], now: datetime, expires: datetime) -> Sequence[Statement]:
    """Make notices of the outbox deliveries to each active endpoint that wants their kind, and have those looked at.

    An endpoint that fails is looked at when it was going to be: one attempt tells whether it is back.
    """
    listed, ids = among("notice", notice_ids)
    return (
        sql(
            f"""INSERT INTO webhook_deliveries
                  (user_id, webhook_id, notice_id, event, subject_id, queued_at, next_at, expires_at, created_at, updated_at)
                SELECT n.user_id, w.id, n.id, n.kind, n.subject_id, n.created_at, :now, :expires, :now, :now
                FROM notifications n JOIN webhooks w ON w.user_id = n.user_id AND w.active = true
                WHERE n.user_id = :user_id AND n.outbox = true AND n.id IN ({listed})
                  AND (CAST(w.events AS text) = '[]' OR CAST(w.events AS text) LIKE '%"' || n.kind || '"%')
                ON CONFLICT (webhook_id, notice_id) DO NOTHING""",  # noqa: S608 - names of parameters
            user_id=user_id,
            now=now,
            expires=expires,
            **ids,
        ),
        outbox.taken(user_id, notice_ids),
        sql(
            """UPDATE webhooks SET due_at = :now
               WHERE user_id = :user_id AND active = true
                 AND (due_at IS NULL OR (due_at > :now AND (failures = 0 OR lease_until IS NOT NULL)))
                 AND EXISTS (SELECT 1 FROM webhook_deliveries d
                   WHERE d.webhook_id = webhooks.id AND d.state = 'pending' AND d.next_at <= :now)""",
            user_id=user_id,
            now=now,
        ),
    )


def _leased(lane: Lane) -> str:
    """Return the condition on an endpoint of a lane that somebody works on. Every lease ends by ``until``."""
    return f"{_LANES[lane]} AND due_at IS NOT NULL AND due_at <= :until AND lease_until >= :now"


def lane_state(lane: Lane, now: datetime, until: datetime, limit: int) -> Query[LaneState]:
    """Count due endpoints of a lane, and those that somebody works on (workers only)."""
    return query(
        LaneState,
        f"""SELECT
              (SELECT COUNT(*) FROM (SELECT 1 FROM webhooks WHERE {_LANES[lane]} AND {_FREE} LIMIT :limit) AS waiting) AS due,
              (SELECT COUNT(*) FROM webhooks WHERE {_leased(lane)}) AS leased""",  # noqa: S608 - constants
        now=now,
        until=until,
        limit=limit,
    )


def longest_due(lane: Lane, now: datetime) -> Query[ClaimedRow]:
    """Lock the endpoint of a lane that has been due longest (workers only). Who wants to be alone waits for others here."""
    return query(
        ClaimedRow,
        f"""SELECT {{columns}} FROM webhooks WHERE {_LANES[lane]} AND {_FREE} ORDER BY due_at LIMIT 1 {LOCKED}""",  # noqa: S608
        now=now,
    )


def claim(lane: Lane, owner: str, now: datetime, until: datetime, limit: int, *, alone: bool = False) -> Query[ClaimedRow]:
    """Lease due endpoints of a lane, the longest overdue first (workers only). Two runs never take the same one.

    ``alone``: only if nobody works on any of the lane.
    """
    unless = f"AND NOT EXISTS (SELECT 1 FROM webhooks WHERE {_leased(lane)})" if alone else ""  # noqa: S608 - a constant
    return query(
        ClaimedRow,
        f"""UPDATE webhooks SET lease_owner = :owner, lease_until = :until, due_at = :until
            WHERE {_FREE} AND id IN (
              SELECT id FROM webhooks WHERE {_LANES[lane]} AND {_FREE} {unless} ORDER BY due_at LIMIT :limit {SKIP_LOCKED})
            RETURNING {{columns}}""",  # noqa: S608 - constants
        owner=owner,
        now=now,
        until=until,
        limit=limit,
    )


def claim_of(user_id: str, owner: str, now: datetime, until: datetime) -> Query[ClaimedRow]:
    """Lease the due proven endpoints of a user."""
    return query(
        ClaimedRow,
        f"""UPDATE webhooks SET lease_owner = :owner, lease_until = :until, due_at = :until
            WHERE user_id = :user_id AND {_LANES["proven"]} AND {_FREE} RETURNING {{columns}}""",  # noqa: S608 - constants
        user_id=user_id,
        owner=owner,
        now=now,
        until=until,
    )


def take(user_id: str, webhook_id: str, claimed: str, owner: str, now: datetime, until: datetime) -> Query[WebhookRow]:
    """Turn a claim into the lease of whoever works on it. No row for a message that came twice or too late."""
    return query(
        WebhookRow,
        """UPDATE webhooks SET lease_owner = :owner, lease_until = :until,
             due_at = CASE WHEN due_at < lease_until THEN due_at ELSE :until END
           WHERE user_id = :user_id AND id = :webhook_id AND active = true AND lease_owner = :claimed AND lease_until >= :now
           RETURNING {columns}""",
        user_id=user_id,
        webhook_id=webhook_id,
        claimed=claimed,
        owner=owner,
        now=now,
        until=until,
    )


def expire(user_id: str, webhook_id: str, now: datetime) -> Statement:
    """End what an endpoint did not accept in time."""
    return sql(
        """UPDATE webhook_deliveries SET state = 'failed', code = COALESCE(code, 'expired'), next_at = NULL, updated_at = :now
           WHERE user_id = :user_id AND webhook_id = :webhook_id AND state = 'pending' AND expires_at <= :now""",
        user_id=user_id,
        webhook_id=webhook_id,
        now=now,
    )


_HEAD = """NOT EXISTS (SELECT 1 FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id AND e.subject_id = d.subject_id
  AND e.state = 'pending' AND (e.queued_at, e.id) < (d.queued_at, d.id))"""
"""Condition on a delivery ``d``: no earlier one about the same subject waits."""


def heads(user_id: str, webhook_id: str, now: datetime, limit: int) -> Query[DueDelivery]:
    """Select deliveries that may be sent now, oldest first: at most one of each subject."""
    return query(
        DueDelivery,
        f"""SELECT d.id, d.notice_id, d.event, d.subject_id, d.attempts, d.expires_at, d.created_at, n.data,
              n.created_at AS told_at
            FROM webhook_deliveries d LEFT JOIN notifications n ON n.id = d.notice_id AND n.user_id = d.user_id
            WHERE d.user_id = :user_id AND d.webhook_id = :webhook_id AND d.state = 'pending' AND d.next_at <= :now AND {_HEAD}
            ORDER BY d.queued_at, d.id LIMIT :limit""",  # noqa: S608 - a constant
        user_id=user_id,
        webhook_id=webhook_id,
        now=now,
        limit=limit,
    )


def settle(user_id: str, delivery_id: str, columns: dict[str, Any], now: datetime) -> Statement:
    """Write the outcome of an attempt."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    return sql(
        f"""UPDATE webhook_deliveries SET {sets}, attempts = attempts + 1, updated_at = :now
            WHERE user_id = :user_id AND id = :id AND state = 'pending'""",  # noqa: S608 - names of columns
        user_id=user_id,
        id=delivery_id,
        now=now,
        **columns,
    )


def judge(user_id: str, webhook_id: str, owner: str, columns: dict[str, Any], until: datetime) -> Query[DueAt]:
    """Write what attempts tell about an endpoint and renew its lease. No row if somebody else has it by now."""
    sets = "".join(f"{name} = :{name}, " for name in columns)
    return query(
        DueAt,
        f"""UPDATE webhooks SET {sets}lease_until = :until, due_at = CASE WHEN due_at < lease_until THEN due_at ELSE :until END
            WHERE {_MINE} RETURNING {{columns}}""",  # noqa: S608 - names of columns
        user_id=user_id,
        webhook_id=webhook_id,
        owner=owner,
        until=until,
        **columns,
    )


def release(user_id: str, webhook_id: str, owner: str, retry_at: datetime | None) -> Query[DueAt]:
    """End a lease. The endpoint is due when its next delivery is, or at ``retry_at`` if it fails."""
    following = f"""(SELECT MIN(d.next_at) FROM webhook_deliveries d
      WHERE d.webhook_id = webhooks.id AND d.state = 'pending' AND {_HEAD})"""  # noqa: S608 - a constant
    due, params = (f"CASE WHEN due_at < lease_until THEN due_at ELSE {following} END", dict[str, Any]())
    if retry_at is not None:
        due = f"CASE WHEN due_at < lease_until OR {following} IS NOT NULL THEN :retry_at END"
        params = {"retry_at": retry_at}
    return query(
        DueAt,
        f"""UPDATE webhooks SET lease_owner = NULL, lease_until = NULL, due_at = CASE WHEN active = true THEN {due} END
            WHERE {_MINE} RETURNING {{columns}}""",  # noqa: S608 - constants
        user_id=user_id,
        webhook_id=webhook_id,
        owner=owner,
        **params,
    )
