"""Words for the search of templates that an earlier version stored without them."""

from __future__ import annotations

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.core.identity import SYSTEM
from noillusion.core.records import record
from noillusion.db import WORKER, Actor, Query, Statement, among, database, query, sql
from noillusion.db.batches import Erased
from noillusion.templates.words import search_text

BATCH = 500
_START = ("", "00000000-0000-0000-0000-000000000000")


@record()
class UnsearchableRow:
    """A template without words."""

    user_id: str
    id: str


@record(repr=False)
class NamedRow:
    """The texts that are searched. Never printed."""

    id: str
    name: str
    description: str


async def make_searchable(deadline: float) -> Erased:
    """Store the words of templates that have none, until ``deadline`` (``clock.monotonic``)."""
    done = left = 0
    after = _START
    while True:
        batch = _unsearchable(after)
        rows = (await database().flight(WORKER, batch))[batch]
        if not rows:
            return Erased(done, left)
        if clock.monotonic() > deadline:
            return Erased(done, left + len(rows))
        theirs: dict[str, list[str]] = {}
        for row in rows:
            theirs.setdefault(row.user_id, []).append(row.id)
        for user_id, ids in theirs.items():
            try:
                done += await _store(user_id, ids)
            except AccountDeleted:
                left += len(ids)
            except Exception as error:  # noqa: BLE001 - whatever one user's templates meet, those of others are due as well
                logs.failure("templates_not_searchable", error)
                left += len(ids)
        after = (rows[-1].user_id, rows[-1].id)


async def _store(user_id: str, ids: list[str]) -> int:
    named = _named(user_id, ids)
    rows = (await database().flight(Actor(user_id), named))[named]
    updates = [_update(user_id, row) for row in rows]
    flight = await database().flight(Actor(user_id), *updates)
    return sum(flight.number_of(update) for update in updates)


def _unsearchable(after: tuple[str, str]) -> Query[UnsearchableRow]:
    """Select a batch of templates without words, ordered by user (workers only). Migrations bring those of the product."""
    return query(
        UnsearchableRow,
        f"""SELECT {{columns}} FROM prompt_templates
            WHERE NOT is_searchable AND user_id <> '{SYSTEM}' AND (user_id, id) > (:user_id, :id)
            ORDER BY user_id, id LIMIT :limit""",  # noqa: S608 - constant
        user_id=after[0],
        id=after[1],
        limit=BATCH,
    )


def _named(user_id: str, ids: list[str]) -> Query[NamedRow]:
    listed, params = among("id", ids)
    return query(
        NamedRow,
        f"SELECT {{columns}} FROM prompt_templates WHERE user_id = :user_id AND id IN ({listed})",  # noqa: S608 - names of parameters
        user_id=user_id,
        **params,
    )


def _update(user_id: str, row: NamedRow) -> Statement:
    """Store the words, unless the texts have changed since they were read."""
    return sql(
        """UPDATE prompt_templates SET search_text = :words, is_searchable = true
           WHERE user_id = :user_id AND id = :id AND name = :name AND description = :description RETURNING id""",
        user_id=user_id,
        id=row.id,
        name=row.name,
        description=row.description,
        words=search_text(row.name, row.description),
    )
