"""Reseal credentials that use an older key or format. A credential that changed in the meantime is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.core.records import record
from noillusion.db import WORKER, Actor, Query, Statement, database, query, sql
from noillusion.db.batches import Remaining
from noillusion.vault.sealer import Place, SealBroken, Sealer, sealer

BATCH = 200
MOST_COUNTED = 100_000
"""Rows of a table that are counted when there was no time for them: more need not be told."""
INDEXED = 40
"""Characters at the beginning of a ciphertext that have an index (20261128080000_sealed_heads_access.sql)."""
FIRST = "00000000-0000-0000-0000-000000000000"

SEALED: Mapping[str, tuple[str, ...]] = {
    "ai_provider_keys": ("sealed_key",),
    "platform_connections": ("sealed_access_token", "sealed_refresh_token"),
    "connection_attempts": ("sealed_credentials",),
    "schedule_targets": ("sealed_source",),
    "webhooks": ("sealed_url", "sealed_secret", "sealed_old_secret"),
}
"""Every sealed column. A test compares it with the schema."""
VERSIONS: Mapping[str, str] = {"platform_connections": "credential_version"}
"""Column with the version of a credential that is replaced in place."""


@record(repr=False)
class SealedRow:
    """A row with up to three ciphertexts. Never printed."""

    id: str
    user_id: str
    version: int | None
    """Version of a credential that is replaced in place."""
    ciphertext: str | None
    second_ciphertext: str | None
    third_ciphertext: str | None


@dataclass(slots=True)
class Report:
    """Counts of rows: resealed, opened by no key, and still not sealed with the current key in the newest format."""

    resealed: int = 0
    unreadable: int = 0
    remaining: int = 0


async def reseal(deadline: float) -> Report:
    """Reseal rows that use an older key or format until ``deadline``. The next run continues.

    Keys other than the current one can be removed when ``remaining`` is zero, or equal to ``unreadable``.
    """
    current, report = sealer(), Report()
    ends = {table: await _reseal_table(table, current, report, deadline) for table in SEALED}
    # Usually the walk tells what is left, and nothing is read once more.
    if counts := [_count(table, current, after) for table, after in ends.items() if after is not None]:
        counted = await database().flight(WORKER, *counts)
        report.remaining += sum(counted.one(count).remaining for count in counts)
    logs.event("resealed", key_id=current.key_id, **asdict(report))
    return report


async def _reseal_table(table: str, current: Sealer, report: Report, deadline: float) -> str | None:
    """Reseal a table's rows. Return the id behind which rows are to be counted, ``None`` if it is known what is left."""
    after, seen, done, complete = FIRST, 0, 0, False
    unreadable = report.unreadable
    while not complete and clock.monotonic() < deadline:
        batch = _to_reseal(table, current, after)
        rows = (await database().flight(WORKER, batch))[batch]
        for row in rows:
            try:
                update = _resealed(table, row, current)
            except SealBroken:
                report.unreadable += 1
                logs.event("seal_broken", table=table, row_id=row.id)
                continue
            # The rows of a user who is being deleted do not have to be resealed.
            with suppress(AccountDeleted):
                done += (await database().flight(Actor(row.user_id), update)).number_of(update)
        seen, complete = seen + len(rows), len(rows) < BATCH
        after = rows[-1].id if rows else after
    report.resealed += done
    broken = report.unreadable - unreadable
    if seen > done + broken:
        # Some changed meanwhile, perhaps to the current key.
        return FIRST
    report.remaining += broken
    return None if complete else after


def _resealed(table: str, row: SealedRow, current: Sealer) -> Statement:
    """Reseal the credentials of a row with the current key unless one of them has changed since. Raises ``SealBroken``."""
    ciphertexts = zip(SEALED[table], (row.ciphertext, row.second_ciphertext, row.third_ciphertext), strict=False)
    sealed = {column: text for column, text in ciphertexts if text is not None}
    places = {column: Place(table, column, row.user_id, row.id, row.version) for column in sealed}
    renewed = {column: current.seal(current.open(text, places[column]), places[column]) for column, text in sealed.items()}
    changes = ", ".join(f"{column} = :new_{column}" for column in sealed)
    unchanged = " AND ".join(f"{c} = :old_{c}" if c in sealed else f"{c} IS NULL" for c in SEALED[table])
    if table in VERSIONS:
        unchanged += f" AND {VERSIONS[table]} = :version"
    return sql(
        f"""UPDATE {table} SET {changes}, sealing_key_id = :key_id
            WHERE user_id = :user_id AND id = :id AND {unchanged} RETURNING id""",  # noqa: S608 - names from SEALED only
        user_id=row.user_id,
        id=row.id,
        key_id=current.key_id,
        **({} if row.version is None else {"version": row.version}),
        **{f"new_{column}": text for column, text in renewed.items()},
        **{f"old_{column}": text for column, text in sealed.items()},
    )


def _others(table: str, current: Sealer) -> tuple[str, dict[str, str]]:
    """Return a condition on the format and key that ciphertexts name, and the values of its parameters.

    It compares the beginning that has an index, so that a run costs what has to be resealed and not what is sealed.
    """
    head, behind = f"{current.head}.", f"{current.head}/"  # The slash follows the dot.
    if len(head) > INDEXED:
        return " OR ".join(f"substr({column}, 1, {len(head)}) <> :head" for column in SEALED[table]), {"head": head}
    starts = [f'substr({column}, 1, {INDEXED}) COLLATE "C"' for column in SEALED[table]]
    return " OR ".join(f"{start} < :head OR {start} >= :behind" for start in starts), {"head": head, "behind": behind}


def _to_reseal(table: str, current: Sealer, after: str) -> Query[SealedRow]:
    """Select a batch of rows, by their ids, with a ciphertext that is not under the current key in its form (workers only)."""
    condition, heads = _others(table, current)
    first, second, third = (*SEALED[table], "NULL", "NULL")[:3]
    return query(
        SealedRow,
        f"""SELECT id, user_id, {VERSIONS.get(table, "NULL")} AS version, {first} AS ciphertext,
              {second} AS second_ciphertext, {third} AS third_ciphertext FROM {table}
            WHERE id > :after AND ({condition}) ORDER BY id LIMIT :limit""",  # noqa: S608 - names from SEALED and VERSIONS only
        **heads,
        after=after,
        limit=BATCH,
    )


def _count(table: str, current: Sealer, after: str) -> Query[Remaining]:
    """Count the rows behind an id that have a ciphertext that is not under the current key in its form, up to ``MOST_COUNTED``
    (workers only)."""
    condition, heads = _others(table, current)
    return query(
        Remaining,
        f"""SELECT COUNT(*) AS remaining FROM (
              SELECT 1 FROM {table} WHERE id > :after AND ({condition}) LIMIT {MOST_COUNTED}) AS found""",  # noqa: S608 - from SEALED
        **heads,
        after=after,
    )
