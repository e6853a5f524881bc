"""One transaction in one exchange with the server: all statements are sent at once, and then all results are read.

psycopg's own pipeline sends each statement by itself, makes a cursor for it, and looks at the socket before and after it. For the
short statements of a request, that takes more than twice the processor time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection, abc, adapt, errors, pq
from psycopg.abc import PQGen
from psycopg.generators import fetch_many
from psycopg.waiting import Ready, Wait

from noillusion.db.interface import Row

_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY)
Query = tuple[bytes, Sequence[Any]]
"""SQL with ``$1`` parameters, and their values."""


def exchange(connection: AsyncConnection[Any], opening: Sequence[Query], queries: Sequence[Query]) -> PQGen[list[list[Row]]]:
    """Run queries as one transaction, after those of its opening. Return the rows of each, empty for one that returns none. To
    be awaited by ``connection.wait``.

    Raises the first error of a query, after which the connection can be used again.
    """
    values = adapt.Transformer(connection)
    # All of it before anything is sent: a value that cannot be sent must not leave half a transaction behind.
    dumped = [_dumped(values, *each) for each in (*opening, *queries)]
    line = connection.pgconn
    line.enter_pipeline_mode()
    for each in dumped:
        line.send_query_params(*each)
    # The Sync ends the transaction. Nothing must follow it: if a Flush reaches a transaction-mode pooler after the answer to the
    # Sync, the pooler assigns a server connection, which this client then holds until its next flight, perhaps for minutes.
    line.pipeline_sync()
    while line.flush():
        # The server stops reading while nobody reads what it answers.
        if (yield Wait.RW) & Ready.R:
            line.consume_input()
    results: list[pq.abc.PGresult] = []
    for _ in dumped:
        results += yield from fetch_many(line)
    yield from fetch_many(line)
    line.exit_pipeline_mode()
    for result in results:
        if result.status not in _DONE:
            raise errors.error_from_result(result)
    return [_rows(values, result) for result in results[len(opening) :]]


def _dumped(values: abc.Transformer, query: bytes, params: Sequence[Any]) -> tuple[Any, ...]:
    sent = values.dump_sequence(params, [adapt.PyFormat.AUTO] * len(params))
    return query, sent, values.types, values.formats


def _rows(values: abc.Transformer, result: pq.abc.PGresult) -> list[Row]:
    if not result.ntuples:
        return []
    values.set_pgresult(result)
    names = [(result.fname(column) or b"").decode() for column in range(result.nfields)]

    def row(found: Sequence[Any]) -> Row:
        return dict(zip(names, found, strict=True))

    return values.load_rows(0, result.ntuples, row)
