"""The export: everything stored about a user, of any size, in parts of JSON lines. Nothing is kept between two requests.

The rows of all tables form one sequence in an order that never changes. The name of a part contains where it begins; it is
signed and valid only for its user. So each row that existed when the export started is in exactly one part. Rows added in the
meantime may or may not be included, and rows deleted before their part is read are not.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from noillusion.api.paging import Listing
from noillusion.core import clock
from noillusion.core.errors import Invalid, NotFound
from noillusion.core.records import record
from noillusion.db import Actor, Row, database
from noillusion.privacy import data_map, export_store
from noillusion.privacy.export_store import Place
from noillusion.privacy.models import ExportManifest, ExportPartEnd, ExportTable

MEDIA_TYPE = "application/x-ndjson"
PART_BYTES = 4_000_000
"""Maximum size of the lines of a part as a JSON string in the function's response. Lambda allows 6 MB."""
FIRST_READ = 100
"""Rows read from each table at first, so that a small export is one flight."""
READ = 2_000
LONG_ROWS: Mapping[str, int] = {"posts": 500, "prompt_templates": 500, "prompt_template_versions": 50}
"""Rows per read of tables with long rows, because rows that do not fit into the part are read again."""
RESERVE_S = 3.0
"""A part ends when less than this time is left for the request, even if it is not full."""

ORDER = tuple(entry.table for entry in reversed(data_map.TABLES))
"""Parents come before their children."""
WITHHELD: Mapping[str, tuple[str, ...]] = {
    "ai_provider_keys": ("sealed_key", "sealing_key_id"),
    "ai_usage_tracking": ("idempotency_key", "request_fingerprint"),
    "calendar_tokens": ("token_hash",),
    "connection_attempts": ("handle_hash", "nonce_hash", "sealed_credentials", "sealing_key_id", "subject_hash"),
    "former_accounts": ("lease_until", "subject_hash"),
    "platform_connections": ("refresh_lease_until", "sealed_access_token", "sealed_refresh_token", "sealing_key_id"),
    "post_targets": ("idempotency_key", "lease_owner", "lease_until", "request_fingerprint", "text_fingerprint"),
    "posts": ("idempotency_key", "lease_owner", "lease_until", "request_fingerprint"),
    "prompt_templates": ("idempotency_key", "request_fingerprint"),
    "schedule_occurrences": ("lease_owner", "lease_until"),
    "schedule_targets": ("sealed_source", "sealing_key_id", "source_hash"),
    "schedule_requests": ("idempotency_key", "request_fingerprint"),
    "schedules": ("idempotency_key", "request_fingerprint"),
    "webhooks": (
        "idempotency_key",
        "lease_owner",
        "lease_until",
        "request_fingerprint",
        "sealed_old_secret",
        "sealed_secret",
        "sealed_url",
        "sealing_key_id",
    ),
}
"""Columns that the manifest lists as withheld."""
_HIDDEN_PARTS = ("sealed_", "sealing_", "fingerprint", "_hash", "lease_", "idempotency_")


def hidden(column: str) -> bool:
    """Return whether a column is a credential, a keyed hash or internal state. New columns are hidden by name."""
    return any(part in column for part in _HIDDEN_PARTS)


@record()
class Position:
    """The beginning of a part, and the totals of the parts before it."""

    export_id: str
    number: int
    chain: str
    totals: Mapping[str, int]
    table: str
    after: Place | None

    def token(self, user_id: str) -> str:
        """Return the name of the part, valid for one user."""
        after = [_text(value) for value in self.after] if self.after else ["", ""]
        head = (self.export_id, self.number, self.chain, self.table)
        return _listing(user_id).cursor(*head, *after, *(self.totals.get(table, 0) for table in ORDER))


def _listing(user_id: str) -> Listing:
    # Parts of a version with other tables have expired: their totals would not fit.
    return Listing("export", user_id, {"tables": list(ORDER)})


def _position(user_id: str, token: str) -> Position:
    try:
        parts = _listing(user_id).position(token, 6 + len(ORDER))
    except Invalid:
        parts = None
    if parts is None:
        raise NotFound
    export_id, number, chain, table, first, second, *totals = parts
    after = export_store.key(table).parse(first, second) if first else None
    counts = {name: int(count) for name, count in zip(ORDER, totals, strict=True)}
    return Position(export_id, int(number), chain, counts, table, after)


async def manifest(user_id: str) -> ExportManifest:
    """Return the manifest: the number of rows of each table, and the name of the first part. One round trip."""
    counts = {table: export_store.count(user_id, table) for table in ORDER}
    flight = await database().flight(Actor(user_id), *counts.values())
    rows = {table: flight.one(count).rows for table, count in counts.items()}
    export_id = str(uuid4())
    tables = [
        ExportTable(
            table=table,
            rows=rows[table],
            exact=rows[table] < export_store.COUNTED_AT_MOST,
            withheld=list(WITHHELD.get(table, ())),
        )
        for table in ORDER
    ]
    return ExportManifest(
        export_id=export_id,
        user_id=user_id,
        started_at=clock.now(),
        format=MEDIA_TYPE,
        tables=tables,
        first_part=Position(export_id, 1, sha256(export_id.encode()).hexdigest(), {}, ORDER[0], None).token(user_id),
    )


async def part(user_id: str, token: str, deadline: float) -> str:
    """Return the lines of a part. The last one has counts, checksums and the name of the next part.

    Raises :class:`NotFound` if the user has no such part. One round trip if the rest of the export is small.
    """
    begin, lines = _position(user_id, token), _Lines()
    following = await _fill(user_id, begin, lines, deadline - RESERVE_S)
    digest = sha256(lines.text.encode()).hexdigest()
    chain = sha256(f"{begin.chain}{digest}".encode()).hexdigest()
    totals = {table: begin.totals[table] + lines.counts.get(table, 0) for table in ORDER}
    end = ExportPartEnd(
        export_id=begin.export_id,
        number=begin.number,
        rows=lines.counts,
        sha256=digest,
        chain_sha256=chain,
        total_rows=totals,
        next_part=None
        if following is None
        else Position(begin.export_id, begin.number + 1, chain, totals, *following).token(user_id),
    )
    return f"{lines.text}{json.dumps({'part': end.model_dump(mode='json')}, separators=(',', ':'))}\n"


async def _fill(user_id: str, begin: Position, lines: _Lines, deadline: float) -> tuple[str, Place | None] | None:
    """Add rows to a part until it is full. Return the position of the last one, or ``None`` if no row is left."""
    last: tuple[str, Place | None] = begin.table, begin.after
    async with aclosing(_read(user_id, begin)) as batches:
        async for table, rows in batches:
            for row in rows:
                if not lines.add(table, row):
                    return last
                last = table, export_store.key(table).of(row)
            if rows and clock.monotonic() > deadline:
                return last
    return None


async def _read(user_id: str, begin: Position) -> AsyncGenerator[tuple[str, list[Row]], None]:
    """Yield rows from a position on, table by table. The first rows of all tables come in one flight."""
    tables = ORDER[ORDER.index(begin.table) :]
    if begin.after is not None:
        tables = tables[1:]
        async for rows in _behind(user_id, begin.table, begin.after):
            yield begin.table, rows
    beginnings = [export_store.rows(user_id, table, None, min(FIRST_READ, _size(table))) for table in tables]
    for table, rows in zip(tables, await database().flight(Actor(user_id), *beginnings) if tables else (), strict=True):
        yield table, rows
        if len(rows) == min(FIRST_READ, _size(table)):
            async for more in _behind(user_id, table, export_store.key(table).of(rows[-1])):
                yield table, more


async def _behind(user_id: str, table: str, after: Place) -> AsyncIterator[list[Row]]:
    """Yield the rows of one table after a position."""
    size = _size(table)
    while True:
        (rows,) = await database().flight(Actor(user_id), export_store.rows(user_id, table, after, size))
        yield rows
        if len(rows) < size:
            return
        after = export_store.key(table).of(rows[-1])


def _size(table: str) -> int:
    return LONG_ROWS.get(table, READ)


@dataclass(slots=True)
class _Lines:
    """The lines of a part, up to its maximum size."""

    counts: dict[str, int] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _bytes: int = 0

    def add(self, table: str, row: Row) -> bool:
        """Add a row unless the part is full. A part has at least one row, however long."""
        shown = {name: value for name, value in row.items() if not hidden(name)}
        line = json.dumps({"table": table, "row": shown}, default=_text, separators=(",", ":")) + "\n"
        # The function's response is JSON, where every quotation mark of the line takes two bytes.
        size = len(json.dumps(line)) - 2
        if self._lines and self._bytes + size > PART_BYTES:
            return False
        self._lines.append(line)
        self._bytes += size
        self.counts[table] = self.counts.get(table, 0) + 1
        return True

    @property
    def text(self) -> str:
        """Return the lines, each with a line feed."""
        return "".join(self._lines)


def _text(value: Any) -> str:
    """Return a value that JSON cannot represent as text."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
