"""Filters of the list of posts, as conditions on a post ``p``. A post's status is computed from its current targets, as in
``status.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from noillusion.catalog.platforms import PlatformName
from noillusion.core.records import record
from noillusion.db import among
from noillusion.publishing import status
from noillusion.publishing.models import PostStatus

_PLAIN = ("status", "platform", "connection_id", "start", "end", "client_reference")
_ACCOUNT = ("connection_id", "platform")
_CURRENT = "NOT EXISTS (SELECT 1 FROM post_targets n WHERE n.user_id = :user_id AND n.retry_of = t.id)"
"""No later attempt replaces the target."""
_POSTED = "CASE WHEN a.post_created_at IS NULL THEN a.created_at ELSE a.post_created_at END"
"""When the post of a target was created, as it is indexed. Row-level security keeps a cursor on COALESCE out of an index."""


@record(eq=True)
class Filters:
    """Filters of the list of posts; ``None`` does not filter. ``end`` is exclusive."""

    status: PostStatus | None = None
    platform: PlatformName | None = None
    connection_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    client_reference: str | None = None
    keys: tuple[str, ...] = field(default=(), repr=False)
    """The forms in which the idempotency key of a post may be stored; empty does not filter."""

    def values(self) -> dict[str, object]:
        """Return the filters by name, for a cursor."""
        return {**{name: getattr(self, name) for name in _PLAIN}, "idempotency_key": self.keys[0] if self.keys else None}

    def found(self, after: Sequence[str] | None) -> tuple[str, dict[str, Any]]:
        """Return ``FROM … LIMIT :limit`` of the posts ``p`` behind ``after`` (time, id), newest first, and its parameters.

        The posts of a reference, a platform or a connection are read from an index in the order of the list, so a page costs the
        same however many posts there are. An account's is an index of targets.
        """
        params = {name: value for name in _PLAIN if name != "status" and (value := getattr(self, name)) is not None}
        params |= among("key", self.keys)[1]
        if after is not None:
            params |= {"created_at": datetime.fromisoformat(after[0]), "id": after[1]}
        account = None if self.of_post else next((name for name in _ACCOUNT if name in params), None)
        if account is None:
            where = f"p.user_id = :user_id AND p.forgotten_at IS NULL{self._conditions(params, 'p.created_at', 'p.id')}"
            return f"FROM posts p WHERE {where} ORDER BY p.created_at DESC, p.id DESC LIMIT :limit", params
        # The limit is inside, where it makes every planner follow the index. A post without targets is not to be shown.
        text = f"""FROM (SELECT DISTINCT {_POSTED} AS posted_at, a.post_id FROM post_targets a
                     WHERE a.user_id = :user_id AND a.{account} = :{account}{self._conditions(params, _POSTED, "a.post_id")}
                     ORDER BY posted_at DESC, a.post_id DESC LIMIT :limit) f
                   JOIN posts p ON p.id = f.post_id AND p.user_id = :user_id AND p.forgotten_at IS NULL
                   ORDER BY f.posted_at DESC, f.post_id DESC"""  # noqa: S608 - constants
        return text, params

    @property
    def of_post(self) -> bool:
        """True if there is a filter that few posts pass and that an index of posts serves."""
        return self.client_reference is not None or bool(self.keys)

    def _conditions(self, params: Mapping[str, Any], time: str, post_id: str) -> str:
        """Return the conditions on a post, by the columns with its time and id. Begins with ``AND`` or is empty."""
        texts = {"start": f"{time} >= :start", "end": f"{time} < :end", "id": f"({time}, {post_id}) < (:created_at, :id)"}
        conditions = [text for name, text in texts.items() if name in params]
        if self.client_reference is not None:
            conditions.append("p.client_reference = :client_reference")
        if self.keys:
            conditions.append(f"p.idempotency_key IN ({among('key', self.keys)[0]})")
        if self.of_post:
            conditions += [_some(f"t.{name} = :{name}") for name in _ACCOUNT if name in params]
        elif self.connection_id and self.platform:
            # As a rule it is the connection's own. An alternative is looked at for each post, and not for all of them at once.
            conditions.append(f"(a.platform = :platform OR {_some('t.platform = :platform')})")
        if self.status:
            conditions.append(_has_status(self.status))
        return "".join(f" AND {text}" for text in conditions).replace(_POST, post_id)


_POST = "{post}"
"""Stands for the id of the post."""


def _some(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM post_targets t WHERE t.user_id = :user_id AND t.post_id = {_POST} AND {condition})"  # noqa: S608 - constants


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
