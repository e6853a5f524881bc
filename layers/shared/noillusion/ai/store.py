"""SQL of generation: what a request needs in one flight, and the record of attempts. Prompts and answers have no column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from noillusion.ai import prices
from noillusion.ai.fallback import AttemptRecord
from noillusion.ai.models import Dimension
from noillusion.ai.rows import AuthorRow, EarlierRequestRow, ProviderStateRow, SealedKeyRow, UsageSumsRow
from noillusion.db import Query, Statement, among, query, sql
from noillusion.db.batches import Remaining

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
OPEN_REQUEST_S = 60
"""After this a request without an end is taken for dead. No function runs for as long."""


def profile(user_id: str) -> Query[AuthorRow]:
    """Select the parts of the profile that a prompt or a plan needs."""
    return query(AuthorRow, "SELECT {columns} FROM profiles WHERE user_id = :user_id", user_id=user_id)


def keys(user_id: str) -> Query[SealedKeyRow]:
    """Select the sealed keys."""
    return query(SealedKeyRow, "SELECT {columns} FROM ai_provider_keys WHERE user_id = :user_id", user_id=user_id)


def states(user_id: str) -> Query[ProviderStateRow]:
    """Select the states of providers and models."""
    return query(ProviderStateRow, "SELECT {columns} FROM ai_provider_state WHERE user_id = :user_id", user_id=user_id)


def earlier(user_id: str, keys: Sequence[str]) -> Query[EarlierRequestRow]:
    """Select the request that used an idempotency key before. ``keys`` are the forms in which the key may be stored."""
    listed, params = among("key", keys)
    return query(
        EarlierRequestRow,
        f"""SELECT {{columns}} FROM ai_usage_tracking
            WHERE user_id = :user_id AND idempotency_key IN ({listed})""",  # noqa: S608 - names of parameters
        user_id=user_id,
        **params,
    )


def give_up(user_id: str, before: datetime, now: datetime) -> Statement:
    """End what was begun before an instant and never ended: its process died. Money stays reserved, and keys are free again."""
    return sql(
        """UPDATE ai_usage_tracking SET outcome = 'interrupted', idempotency_key = NULL, request_fingerprint = NULL,
             reserved_tokens = 0, updated_at = :now
           WHERE user_id = :user_id AND outcome IN ('started', 'in_flight') AND created_at < :before""",
        user_id=user_id,
        before=before,
        now=now,
    )


def claim(user_id: str, request_id: str, keys: Sequence[str], fingerprint: str | None, task: str, now: datetime) -> Statement:
    """Insert the row of the request itself (attempt 0, costs nothing), before anything is sent.

    ``keys`` are the forms in which its idempotency key may be stored, if it has one. No row comes back if it was used before.
    """
    listed, params = among("key", keys)
    unused = f"NOT EXISTS (SELECT 1 FROM ai_usage_tracking WHERE user_id = :user_id AND idempotency_key IN ({listed}))"  # noqa: S608
    return sql(
        f"""INSERT INTO ai_usage_tracking (id, user_id, request_id, idempotency_key, request_fingerprint, task, attempt, provider,
             model, key_source, outcome, created_at, updated_at)
           SELECT :id, :user_id, :id, :key, :fingerprint, :task, 0, 'static', 'none', 'none', 'started', :now, :now
           WHERE {unused if keys else "1 = 1"}
           ON CONFLICT DO NOTHING RETURNING id""",
        **params,
        id=request_id,
        user_id=user_id,
        key=keys[0] if keys else None,
        fingerprint=fingerprint,
        task=task,
        now=now,
    )


def release(user_id: str, request_id: str) -> Statement:
    """Undo a claim of which nothing came, so that a corrected request can use its key."""
    return sql(
        "DELETE FROM ai_usage_tracking WHERE user_id = :user_id AND id = :id AND outcome = 'started'",
        user_id=user_id,
        id=request_id,
    )


def finish(user_id: str, request_id: str, outcome: str, template_id: str | None, duration_ms: int, now: datetime) -> Statement:
    """Write the end of the request: where its results came from. One that was interrupted gives its idempotency key back."""
    return sql(
        """UPDATE ai_usage_tracking SET outcome = :outcome, template_id = :template_id, duration_ms = :duration_ms,
             updated_at = :now,
             idempotency_key = CASE WHEN :outcome = 'interrupted' THEN NULL ELSE idempotency_key END,
             request_fingerprint = CASE WHEN :outcome = 'interrupted' THEN NULL ELSE request_fingerprint END
           WHERE user_id = :user_id AND id = :id""",
        user_id=user_id,
        id=request_id,
        outcome=outcome,
        template_id=template_id,
        duration_ms=duration_ms,
        now=now,
    )


def settle(user_id: str, attempt_id: str, attempt: AttemptRecord, price_version: str, now: datetime) -> Statement:
    """Write the end of an attempt. Without a known cost its reservation stays, unless it surely was free."""
    usage, cost = attempt.usage, attempt.cost
    return sql(
        """UPDATE ai_usage_tracking SET served_model = :served_model, outcome = :outcome, input_tokens = :input_tokens,
             cached_tokens = :cached_tokens, output_tokens = :output_tokens, reasoning_tokens = :reasoning_tokens,
             cost_nanousd = :cost, price_version = :price_version, duration_ms = :duration_ms,
             reserved_nanousd = CASE WHEN :known THEN 0 ELSE reserved_nanousd END, reserved_tokens = 0, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND outcome IN ('in_flight', 'interrupted')""",
        user_id=user_id,
        id=attempt_id,
        served_model=_model_name(attempt),
        outcome=attempt.outcome,
        input_tokens=usage.input if usage else None,
        cached_tokens=usage.cached if usage else None,
        output_tokens=usage.output if usage else None,
        reasoning_tokens=usage.reasoning if usage else None,
        cost=cost,
        known=cost is not None,
        price_version=price_version if attempt.cost_nanousd is not None else None,
        duration_ms=attempt.duration_ms,
        now=now,
    )


def _model_name(attempt: AttemptRecord) -> str | None:
    """Return the name of the model that answered, if it is a version of the one that was asked for or in the price table.

    Any other name is the provider's text and is not stored.
    """
    name, asked = attempt.served_model, attempt.candidate.model
    if name is None or name == asked:
        return name
    known = name.startswith(f"{asked}-") or prices.knows(attempt.candidate.provider, name)
    return name if known and _MODEL.fullmatch(name) else "unrecognized"


_KEEP_STATE = """INSERT INTO ai_provider_state (id, user_id, provider, model, key_mark, outcome, cooldown_until,
    remaining_requests, remaining_tokens, limit_requests, limit_tokens, resets_at, tokens_reset_at, succeeded_at, failed_at,
    created_at, updated_at)
  SELECT :id, :user_id, :provider, :model, :key_mark, :outcome, :cooldown_until, :remaining_requests, :remaining_tokens,
    :limit_requests, :limit_tokens, :resets_at, :tokens_reset_at, :succeeded_at, :failed_at, :now, :now
  WHERE {there}
  ON CONFLICT (user_id, provider, model) DO UPDATE SET
    key_mark = excluded.key_mark,
    outcome = excluded.outcome,
    cooldown_until = CASE
      WHEN {other} THEN excluded.cooldown_until
      WHEN excluded.cooldown_until IS NULL AND excluded.outcome = 'ok' AND ai_provider_state.outcome IN ('auth', 'quota')
        THEN NULL
      WHEN excluded.cooldown_until IS NULL THEN ai_provider_state.cooldown_until
      WHEN ai_provider_state.cooldown_until > excluded.cooldown_until THEN ai_provider_state.cooldown_until
      ELSE excluded.cooldown_until END,
    {kept},
    updated_at = excluded.updated_at
  WHERE NOT {other} OR ai_provider_state.cooldown_until IS NULL OR ai_provider_state.cooldown_until <= :now"""
_KEPT = (
    *("remaining_requests", "remaining_tokens", "limit_requests", "limit_tokens"),
    *("resets_at", "tokens_reset_at", "succeeded_at", "failed_at"),
)
"""Columns that keep their value where an attempt of the same key says nothing about them."""
_OTHER_KEY = "(ai_provider_state.key_mark NOT IN ('', excluded.key_mark))"
"""Whether the row tells of another key, whose figures are not those of this one."""
_STATE = _KEEP_STATE.format(
    there="{there}",
    other=_OTHER_KEY,
    kept=",\n    ".join(
        f"{name} = COALESCE(excluded.{name}, CASE WHEN NOT {_OTHER_KEY} THEN ai_provider_state.{name} END)" for name in _KEPT
    ),
)


def state(user_id: str, attempt: AttemptRecord, now: datetime) -> Statement:
    """Write what the attempt tells about its provider, model and key. A later instant of a cooldown wins over an earlier one.

    There is one row for each model. A key that rests is not forgotten for what another key meets in the meantime, and a stored
    key that was replaced or deleted during its attempt leaves nothing.
    """
    limits, succeeded, key = attempt.limits, attempt.outcome == "ok", attempt.candidate.key
    stored = {"key_id": key.mark} if key and key.source == "stored" else {}
    there = "EXISTS (SELECT 1 FROM ai_provider_keys WHERE user_id = :user_id AND id = :key_id)" if stored else "1 = 1"
    return sql(
        _STATE.format(there=there),
        **stored,
        id=str(uuid4()),
        user_id=user_id,
        provider=attempt.candidate.provider,
        model=attempt.candidate.model,
        key_mark=key.mark if key else "",
        outcome=attempt.outcome,
        cooldown_until=attempt.cooldown_until,
        remaining_requests=limits.remaining_requests,
        remaining_tokens=limits.remaining_tokens,
        limit_requests=limits.limit_requests,
        limit_tokens=limits.limit_tokens,
        resets_at=limits.resets_at,
        tokens_reset_at=limits.tokens_reset_at,
        succeeded_at=now if succeeded else None,
        failed_at=None if succeeded else now,
        now=now,
    )


_DAY = "SUBSTR(CAST(created_at AS text), 1, 10)"
"""Days are those of the session's time zone, which is UTC on both engines."""
_GROUPS: Mapping[Dimension, str] = {
    "day": _DAY,
    "provider": "provider",
    "model": "model",
    "task": "task",
    "template": "COALESCE(CAST(template_id AS text), 'built-in')",
}


def usage(user_id: str, start: datetime, end: datetime, groups: Sequence[Dimension]) -> Query[UsageSumsRow]:
    """Select attempts from ``start`` to just before ``end``, summed up by ``groups``; static content counts as well."""
    chosen = ", ".join(_GROUPS[name] for name in groups)
    columns = ", ".join(f"{text if name in groups else 'CAST(NULL AS text)'} AS {name}" for name, text in _GROUPS.items())
    order = ", ".join(str(list(_GROUPS).index(name) + 1) for name in groups)
    return query(
        UsageSumsRow,
        f"""SELECT {columns},
             CAST(COUNT(*) AS bigint) AS attempts,
             CAST(COALESCE(SUM(CASE WHEN attempt > 0 THEN 1 ELSE 0 END), 0) AS bigint) AS asked,
             CAST(SUM(CASE WHEN outcome IN ('ok', 'static') THEN 1 ELSE 0 END) AS bigint) AS succeeded,
             CAST(COALESCE(SUM(input_tokens), 0) AS bigint) AS input_tokens,
             CAST(COALESCE(SUM(cached_tokens), 0) AS bigint) AS cached_tokens,
             CAST(COALESCE(SUM(output_tokens), 0) AS bigint) AS output_tokens,
             CAST(COALESCE(SUM(reasoning_tokens), 0) AS bigint) AS reasoning_tokens,
             CAST(COALESCE(SUM(cost_nanousd), 0) AS bigint) AS cost_nanousd,
             CAST(COALESCE(SUM(reserved_nanousd), 0) AS bigint) AS reserved_nanousd,
             CAST(SUM(CASE WHEN cost_nanousd IS NULL AND (input_tokens IS NOT NULL OR reserved_nanousd > 0
               OR outcome IN ('ok', 'timeout', 'network', 'bad_output', 'internal_error', 'in_flight', 'interrupted'))
               THEN 1 ELSE 0 END) AS bigint) AS unpriced
           FROM ai_usage_tracking
           WHERE user_id = :user_id AND created_at >= :start AND created_at < :end AND (attempt > 0 OR outcome = 'static')
           GROUP BY {chosen} ORDER BY {order}""",  # noqa: S608 - texts of this module
        user_id=user_id,
        start=start,
        end=end,
    )


def forget_usage(user_id: str, before: datetime, limit: int) -> Statement:
    """Delete up to ``limit`` rows from before an instant, the oldest first. A row for each."""
    return sql(
        """DELETE FROM ai_usage_tracking WHERE user_id = :user_id AND id IN
             (SELECT id FROM ai_usage_tracking WHERE user_id = :user_id AND created_at < :before ORDER BY created_at LIMIT :limit)
           RETURNING id""",
        user_id=user_id,
        before=before,
        limit=limit,
    )


def usage_before(user_id: str, before: datetime, limit: int) -> Query[Remaining]:
    """Count the rows from before an instant, up to ``limit``."""
    return query(
        Remaining,
        """SELECT COUNT(*) AS remaining FROM
             (SELECT 1 FROM ai_usage_tracking WHERE user_id = :user_id AND created_at < :before LIMIT :limit) AS found""",
        user_id=user_id,
        before=before,
        limit=limit,
    )
