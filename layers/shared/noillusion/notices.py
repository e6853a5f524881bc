"""Notices to a user: a kind, the id it is about, and codes. One per subject and state change (failure-classes.md C9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from noillusion.db import Json, Statement, sql


def notice(
    user_id: str, kind: str, subject_id: str, change: str, now: datetime, data: Mapping[str, str | int | None] | None = None
) -> Statement:
    """A statement that adds a notice unless the same change was noticed before. ``data`` holds ids, codes and times only."""
    return sql(
        """INSERT INTO notifications (id, user_id, kind, subject_id, dedupe_key, data, created_at, updated_at)
           VALUES (:id, :user_id, :kind, :subject_id, :dedupe_key, :data, :now, :now)
           ON CONFLICT (user_id, dedupe_key) DO NOTHING""",
        id=str(uuid4()),
        user_id=user_id,
        kind=kind,
        subject_id=subject_id,
        dedupe_key=f"{kind}:{subject_id}:{change}",
        data=Json(dict(data or {})),
        now=now,
    )
