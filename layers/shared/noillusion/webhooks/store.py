"""SQL of endpoints and of the log of their deliveries. Every statement names ``user_id``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.db import Json, Query, Statement, among, query, sql
from noillusion.db.batches import Remaining
from noillusion.webhooks.rows import DeliveryRow, KeyedWebhook, WebhookRow

MAX_WEBHOOKS = 10
"""Maximum number of endpoints of one user."""
_OVER = "sealed_old_secret IS NOT NULL AND old_secret_until <= :now"


def create(
    user_id: str,
    row_id: str,
    keys: Sequence[str],
    fingerprint: str | None,
    sealed: Mapping[str, str],
    kinds: Json,
    now: datetime,
) -> Statement:
    """Insert an endpoint unless its key is used or the user has :data:`MAX_WEBHOOKS`.

    ``keys`` are the forms of its key; ``sealed``: ciphertexts and the id of their key by column.
    """
    used, params = _created_with(keys)
    return sql(
        f"""INSERT INTO webhooks (id, user_id, idempotency_key, request_fingerprint, sealed_url, sealed_secret, sealing_key_id,
              events, created_at, updated_at)
            SELECT :id, :user_id, :key, :fingerprint, :sealed_url, :sealed_secret, :sealing_key_id, :events, :now, :now
            WHERE (SELECT count(*) FROM webhooks WHERE user_id = :user_id) < :most
              AND NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.user_id = :user_id AND {used})
            ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""",  # noqa: S608 - parameters
        **params,
        id=row_id,
        user_id=user_id,
        key=keys[0] if keys else None,
        fingerprint=fingerprint,
        **sealed,
        events=kinds,
        now=now,
        most=MAX_WEBHOOKS,
    )


def created(user_id: str, row_id: str, keys: Sequence[str]) -> Query[KeyedWebhook]:
    """Select the endpoint just created, or the one that an earlier request with the same key created."""
    used, params = _created_with(keys)
    return query(
        KeyedWebhook,
        f"SELECT {{columns}} FROM webhooks w WHERE w.user_id = :user_id AND (w.id = :id OR {used})",  # noqa: S608 - parameters
        user_id=user_id,
        id=row_id,
        **params,
    )


def _created_with(keys: Sequence[str]) -> tuple[str, dict[str, str]]:
    listed, params = among("key", keys)
    return (f"w.idempotency_key IN ({listed})", params) if keys else ("1 = 0", {})


def one(user_id: str, row_id: str) -> Query[WebhookRow]:
    """Select an endpoint."""
    return query(WebhookRow, "SELECT {columns} FROM webhooks WHERE user_id = :user_id AND id = :id", user_id=user_id, id=row_id)


def all_of(user_id: str) -> Query[WebhookRow]:
    """Select the user's endpoints, oldest first."""
    return query(
        WebhookRow,
        "SELECT {columns} FROM webhooks WHERE user_id = :user_id ORDER BY created_at, id LIMIT :most",
        user_id=user_id,
        most=MAX_WEBHOOKS,
    )


def change(
    user_id: str, row_id: str, columns: Mapping[str, Any], now: datetime, *, seen: Mapping[str, Any] | None = None
) -> Statement:
    """Set columns of an endpoint. Returns a row if there is one in which the columns of ``seen`` are still as they were."""
    sets = "".join(f"{name} = :{name}, " for name in columns)
    condition = "".join(f" AND {name} = :seen_{name}" for name in seen or {})
    return sql(
        f"""UPDATE webhooks SET {sets}updated_at = :now WHERE user_id = :user_id AND id = :id{condition} RETURNING id""",  # noqa: S608
        user_id=user_id,
        id=row_id,
        now=now,
        **columns,
        **{f"seen_{name}": value for name, value in (seen or {}).items()},
    )


def events(kinds: Sequence[str] | None) -> Json:
    """Return the column of the kinds that an endpoint wants: none stands for all."""
    return Json(list(kinds or []))


def delete(user_id: str, row_id: str) -> Statement:
    """Delete an endpoint with its deliveries. Returns a row if there was one."""
    return sql("DELETE FROM webhooks WHERE user_id = :user_id AND id = :id RETURNING id", user_id=user_id, id=row_id)


def cancel(user_id: str, row_id: str, now: datetime) -> Statement:
    """Cancel what waits for an endpoint that is not active."""
    return sql(
        """UPDATE webhook_deliveries SET state = 'canceled', code = 'disabled', next_at = NULL, updated_at = :now
           WHERE user_id = :user_id AND webhook_id = :webhook_id AND state = 'pending'
             AND EXISTS (SELECT 1 FROM webhooks w WHERE w.user_id = :user_id AND w.id = :webhook_id AND w.active = false)""",
        user_id=user_id,
        webhook_id=row_id,
        now=now,
    )


def look_now(user_id: str, row_id: str, now: datetime) -> Statement:
    """Have an endpoint looked at now, whatever it waits for."""
    return sql(
        "UPDATE webhooks SET due_at = :now WHERE user_id = :user_id AND id = :id AND active = true",
        user_id=user_id,
        id=row_id,
        now=now,
    )


def hasten(user_id: str, row_id: str, now: datetime) -> Statement:
    """Have an endpoint looked at now, if something waits for it."""
    return sql(
        "UPDATE webhooks SET due_at = :now WHERE user_id = :user_id AND id = :id AND active = true AND due_at > :now",
        user_id=user_id,
        id=row_id,
        now=now,
    )


def log(user_id: str, row_id: str, state: str | None, after: Sequence[str] | None, limit: int) -> Query[DeliveryRow]:
    """Select deliveries of an endpoint, newest first, and one more than the page."""
    params: dict[str, Any] = {} if state is None else {"state": state}
    condition = "" if state is None else " AND state = :state"
    if after is not None:
        condition += " AND (created_at, id) < (:created_at, :after)"
        params |= {"created_at": datetime.fromisoformat(after[0]), "after": after[1]}
    return query(
        DeliveryRow,
        f"""SELECT {{columns}} FROM webhook_deliveries WHERE user_id = :user_id AND webhook_id = :webhook_id{condition}
            ORDER BY created_at DESC, id DESC LIMIT :limit""",  # noqa: S608 - constants
        user_id=user_id,
        webhook_id=row_id,
        limit=limit + 1,
        **params,
    )


def delivery(user_id: str, row_id: str, delivery_id: str) -> Query[DeliveryRow]:
    """Select a delivery of an endpoint."""
    return query(
        DeliveryRow,
        "SELECT {columns} FROM webhook_deliveries WHERE user_id = :user_id AND webhook_id = :webhook_id AND id = :id",
        user_id=user_id,
        webhook_id=row_id,
        id=delivery_id,
    )


def replay(user_id: str, row_id: str, delivery_id: str, now: datetime, expires: datetime) -> Query[DeliveryRow]:
    """Have a finished delivery made again, behind what waits for its subject. No row unless the endpoint is active."""
    return query(
        DeliveryRow,
        """UPDATE webhook_deliveries SET state = 'pending', attempts = 0, queued_at = :now, next_at = :now, expires_at = :expires,
             updated_at = :now
           WHERE user_id = :user_id AND webhook_id = :webhook_id AND id = :id AND state <> 'pending'
             AND EXISTS (SELECT 1 FROM webhooks w WHERE w.user_id = :user_id AND w.id = :webhook_id AND w.active = true)
           RETURNING {columns}""",
        user_id=user_id,
        webhook_id=row_id,
        id=delivery_id,
        now=now,
        expires=expires,
    )


def record_test(user_id: str, row_id: str, delivery_id: str, columns: Mapping[str, Any], now: datetime) -> Statement:
    """Write a test into the log of an endpoint."""
    names = ", ".join(columns)
    values = ", ".join(f":{name}" for name in columns)
    return sql(
        f"""INSERT INTO webhook_deliveries (id, user_id, webhook_id, event, attempts, queued_at, expires_at, created_at,
              updated_at, {names})
            SELECT :delivery_id, user_id, id, 'webhook.test', 1, :now, :now, :now, :now, {values} FROM webhooks
            WHERE user_id = :user_id AND id = :id""",  # noqa: S608 - names of columns
        delivery_id=delivery_id,
        user_id=user_id,
        id=row_id,
        now=now,
        **columns,
    )


def forget(before: datetime, limit: int) -> Statement:
    """Erase deliveries created before an instant (workers only)."""
    return sql(
        """DELETE FROM webhook_deliveries WHERE id IN (
             SELECT id FROM webhook_deliveries WHERE created_at <= :before ORDER BY created_at LIMIT :limit) RETURNING id""",
        before=before,
        limit=limit,
    )


def forgettable(before: datetime, limit: int) -> Query[Remaining]:
    """Count the deliveries created before an instant, up to a limit (workers only)."""
    return query(
        Remaining,
        "SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM webhook_deliveries WHERE created_at <= :before LIMIT :limit) AS due",
        before=before,
        limit=limit,
    )


def forget_secrets(now: datetime, limit: int) -> Statement:
    """Erase previous secrets that are not used any more (workers only)."""
    return sql(
        f"""UPDATE webhooks SET sealed_old_secret = NULL, old_secret_until = NULL WHERE id IN (
              SELECT id FROM webhooks WHERE {_OVER} ORDER BY old_secret_until LIMIT :limit) RETURNING id""",  # noqa: S608
        now=now,
        limit=limit,
    )


def forgettable_secrets(now: datetime, limit: int) -> Query[Remaining]:
    """Count such secrets, up to a limit (workers only)."""
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM webhooks WHERE {_OVER} LIMIT :limit) AS due",  # noqa: S608 - a constant
        now=now,
        limit=limit,
    )
