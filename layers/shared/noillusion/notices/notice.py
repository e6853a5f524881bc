"""Notices to a user: a kind, the id of a subject, and codes. One for each subject and change of state (failure-classes.md C9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from noillusion.db import Json, Query, Statement, query, sql
from noillusion.notices.rows import InOutbox

if TYPE_CHECKING:
    from noillusion.notices.models import NoticeKind


def notice(
    user_id: str,
    kind: NoticeKind,
    subject_id: str,
    change: str,
    now: datetime,
    data: Mapping[str, str | int | None] | None = None,
    *,
    provided: Statement | None = None,
) -> Query[InOutbox]:
    """Return a statement that adds a notice unless one for the same change exists. ``data`` contains only ids, codes and times.

    It waits in the outbox if the user has a webhook (:mod:`noillusion.webhooks.dispatch`).

    ``provided`` is a query; if it returns nothing, no notice is added. Thus a change and its notice can share a flight.
    """
    condition, params = ("1 = 1", {}) if provided is None else (f"EXISTS ({provided.text})", provided.params)
    # Distinct names, so that none is also a parameter of the query.
    values = {
        "notice_id": str(uuid4()),
        "notice_user_id": user_id,
        "notice_kind": kind,
        "notice_subject_id": subject_id,
        "notice_dedupe_key": f"{kind}:{subject_id}:{change}",
        "notice_data": Json(dict(data or {})),
        "notice_at": now,
    }
    return query(
        InOutbox,
        f"""INSERT INTO notifications (id, user_id, kind, subject_id, dedupe_key, data, outbox, created_at, updated_at)
           SELECT :notice_id, :notice_user_id, :notice_kind, :notice_subject_id, :notice_dedupe_key, :notice_data,
             EXISTS (SELECT 1 FROM webhooks w WHERE w.user_id = :notice_user_id AND w.active = true), :notice_at, :notice_at
           WHERE {condition} ON CONFLICT (user_id, dedupe_key) DO NOTHING RETURNING {{columns}}""",  # noqa: S608 - a query of the caller's
        **params,
        **values,
    )


def forget(user_id: str, subjects: Statement, provided: Statement) -> Statement:
    """Return a statement that deletes a user's notices about subjects, whose ids a query selects.

    ``provided`` is a query; where it finds nothing no notice is deleted.
    """
    return sql(
        f"""DELETE FROM notifications WHERE user_id = :notice_user_id AND subject_id IN ({subjects.text})
              AND EXISTS ({provided.text})""",  # noqa: S608 - two queries
        **{**subjects.params, **provided.params, "notice_user_id": user_id},
    )
