"""Filters of the list of posts, as conditions on a post ``p``. A post's status is computed from its current targets, as in
``status.py``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from noillusion.catalog.platforms import PlatformName
from noillusion.core.records import record
from noillusion.publishing import status
from noillusion.publishing.models import PostStatus

_OF_POST = "FROM post_targets t WHERE t.user_id = :user_id AND t.post_id = p.id"
_CURRENT = "NOT EXISTS (SELECT 1 FROM post_targets n WHERE n.user_id = :user_id AND n.retry_of = t.id)"
"""No later attempt replaces the target."""


@record(eq=True)
class Filters:
    """Filters of the list of posts; ``None`` does not filter. ``end`` is exclusive."""

    status: PostStatus | None = None
    platform: PlatformName | None = None
    connection_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    def values(self) -> dict[str, object]:
        """Return the filters by name, for a cursor."""
        return {name: getattr(self, name) for name in ("status", "platform", "connection_id", "start", "end")}

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """Return SQL that begins with ``AND`` (or is empty), and its parameters."""
        texts = {
            "platform": _some("t.platform = :platform"),
            # Not for the index of connections: most posts of a user are on few of them, and those are found by walking the posts.
            "connection_id": _some("COALESCE(t.connection_id = :connection_id, FALSE)"),
            "start": "p.created_at >= :start",
            "end": "p.created_at < :end",
        }
        params = {name: value for name, value in self.values().items() if name in texts and value is not None}
        wanted = [texts[name] for name in params] + ([_has_status(self.status)] if self.status else [])
        return "".join(f" AND {text}" for text in wanted), params


def _some(condition: str) -> str:
    return f"EXISTS (SELECT 1 {_OF_POST} AND {condition})"


def _among(statuses: Iterable[str]) -> str:
    """Return that a current target has one of the statuses."""
    listed = ", ".join(f"'{name}'" for name in sorted(statuses))
    return _some(f"t.status IN ({listed}) AND {_CURRENT}")


def _has_status(wanted: PostStatus) -> str:
    """Return that the status of the post is the wanted one: :func:`status.derive` as SQL."""
    is_open, succeeded, rest = _among(status.OPEN), _among(status.SUCCESS), _among(status.UNSUCCESSFUL)
    if wanted == "processing":
        return is_open
    if wanted == "published":
        return f"{succeeded} AND NOT {_among(status.OPEN | status.UNSUCCESSFUL)}"
    if wanted == "partially_published":
        return f"{rest} AND {succeeded} AND NOT {is_open}"
    heavier = status.BY_WEIGHT[: status.BY_WEIGHT.index(wanted)] if wanted in status.BY_WEIGHT else status.BY_WEIGHT
    none = f"NOT {_among({*status.OPEN, *status.SUCCESS, *heavier})}"
    return f"{_among([wanted])} AND {none}" if wanted in status.BY_WEIGHT else none
