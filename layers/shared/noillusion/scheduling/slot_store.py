"""SQL of queue slots: the weekly plans of accounts, and which of their slots are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.db import Json, Query, columns, query
from noillusion.scheduling.calendar_rows import AccountRow, PlannedAccount, SlotPlanRow, TakenSlot

WAITING = "state IN ('pending', 'paused', 'running')"


def account(user_id: str, connection_id: str) -> Query[AccountRow]:
    """Select an account of the user."""
    return query(
        AccountRow,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
    )


def plan(user_id: str, connection_id: str) -> Query[SlotPlanRow]:
    """Select the plan of an account."""
    return query(
        SlotPlanRow,
        "SELECT {columns} FROM slot_plans WHERE user_id = :user_id AND connection_id = :id",
        user_id=user_id,
        id=connection_id,
    )


def plans(user_id: str, filters: Mapping[str, object]) -> Query[PlannedAccount]:
    """Select the plans of a user that give slots away, with their platforms."""
    allowed = {"platform": "c.platform = :platform", "connection_id": "c.id = :connection_id"}
    chosen: dict[str, Any] = {name: filters[name] for name in allowed if filters.get(name) is not None}
    condition = "".join(f" AND {allowed[name]}" for name in chosen)
    return query(
        PlannedAccount,
        f"""SELECT {columns(SlotPlanRow, "p")}, c.platform FROM slot_plans p
            JOIN platform_connections c ON c.user_id = p.user_id AND c.id = p.connection_id
            WHERE p.user_id = :user_id AND NOT p.paused{condition} ORDER BY p.connection_id""",  # noqa: S608 - constants
        user_id=user_id,
        **chosen,
    )


def put(
    user_id: str,
    connection_id: str,
    time_zone: str,
    slots: Sequence[Mapping[str, object]],
    *,
    paused: bool,
    expected: int | None,
    now: datetime,
) -> Query[SlotPlanRow]:
    """Store the plan of an account in place of an earlier one, unless its version is not ``expected`` (0: no plan)."""
    condition = {
        None: "",
        0: " AND NOT EXISTS (SELECT 1 FROM slot_plans p WHERE p.user_id = :user_id AND p.connection_id = c.id)",
    }.get(expected, " AND EXISTS (SELECT 1 FROM slot_plans p WHERE p.connection_id = c.id AND p.version = :expected)")
    return query(
        SlotPlanRow,
        f"""INSERT INTO slot_plans (id, user_id, connection_id, time_zone, paused, slots, created_at, updated_at)
            SELECT :id, c.user_id, c.id, :time_zone, :paused, :slots, :now, :now FROM platform_connections c
            WHERE c.user_id = :user_id AND c.id = :connection_id{condition}
            ON CONFLICT (connection_id) DO UPDATE SET time_zone = excluded.time_zone, paused = excluded.paused,
              slots = excluded.slots, version = slot_plans.version + 1, updated_at = excluded.updated_at
            RETURNING {{columns}}""",  # noqa: S608 - constants
        id=str(uuid4()),
        user_id=user_id,
        connection_id=connection_id,
        time_zone=time_zone,
        paused=paused,
        slots=Json(list(slots)),
        now=now,
        **({"expected": expected} if expected else {}),
    )


def taken(user_id: str, start: datetime, end: datetime, connection_id: str | None = None) -> Query[TakenSlot]:
    """Select the times of a period at which accounts, or one of them, have something to publish."""
    account = "" if connection_id is None else " AND connection_id = :connection_id"
    return query(
        TakenSlot,
        f"""SELECT {{columns}} FROM schedule_occurrences
            WHERE user_id = :user_id AND due_at >= :start AND due_at < :end AND connection_id IS NOT NULL
              AND {WAITING}{account}""",  # noqa: S608
        user_id=user_id,
        start=start,
        end=end,
        **({} if connection_id is None else {"connection_id": connection_id}),
    )
