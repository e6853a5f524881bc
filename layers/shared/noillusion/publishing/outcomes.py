"""Notices to a user of targets that ended late, badly, or with an unknown outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from noillusion.core import logs
from noillusion.core.errors import AccountDeleted
from noillusion.db import Actor, Query, database
from noillusion.notices import outbox
from noillusion.notices.models import NoticeKind
from noillusion.notices.notice import notice
from noillusion.notices.rows import InOutbox
from noillusion.publishing.rows import TargetRow

KINDS: Mapping[str, NoticeKind] = {"failed": "publish_failed", "unknown": "publish_unknown"}


def notice_of(row: TargetRow, seen: Mapping[str, str | int], now: datetime) -> Query[InOutbox]:
    """Return the notice of a target that is finished. ``seen``: codes and counts of a post whose outcome stays unknown."""
    status = row.status
    kind: NoticeKind = KINDS.get(status, "publish_finished")
    data: dict[str, str | int | None] = {
        "platform": row.platform,
        "post_id": row.post_id,
        "status": status,
        "error_class": row.error_class,
    }
    if status == "unknown":
        data |= {"platform_code": row.platform_code, **{f"seen_{name}": value for name, value in seen.items()}}
    return notice(row.user_id, kind, row.id, status, now, data)


def notice_of_move(row: TargetRow, now: datetime) -> Query[InOutbox]:
    """Return the notice of a held post that its platform publishes at another time than was known."""
    at = row.publish_at.isoformat() if row.publish_at is not None else ""
    data: dict[str, str | int | None] = {"platform": row.platform, "post_id": row.post_id, "publish_at": at}
    return notice(row.user_id, "publish_moved", row.id, at, now, data)


async def tell(user_id: str, notices: Sequence[Query[InOutbox]]) -> None:
    """Write notices. A failure costs the notices and nothing else: what they tell of is recorded (failure-classes.md B7)."""
    try:
        flight = await database().flight(Actor(user_id), *notices)
        await outbox.tell(user_id, flight, notices)
    except AccountDeleted:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the database raises, the request or the batch goes on
        logs.failure("notice_not_written", error)
