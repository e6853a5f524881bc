"""The ledger's writer: records that are ready together travel together, and one that is refused harms no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from noillusion.core import loop
from noillusion.core.errors import Unavailable
from noillusion.db import Actor, Duplicate, Flight, Query, Statement, query
from noillusion.publishing import ledger
from noillusion.publishing.ledger import Writer


class Engine:
    """Stands for the database: remembers its flights, and refuses those that hold a bad statement."""

    def __init__(self) -> None:
        self.flights: list[list[str]] = []
        self.refusal: Callable[[], Exception] = Duplicate

    async def flight(self, actor: Actor, *statements: Statement) -> Flight:
        assert actor == Actor("auth0|alice")
        self.flights.append([statement.text for statement in statements])
        await asyncio.sleep(0)
        if any(statement.text.startswith("bad") for statement in statements):
            raise self.refusal()
        return Flight(statements, [[{"text": statement.text}] for statement in statements])


@dataclass(frozen=True, slots=True)
class Written:
    """What the engine returns of a statement."""

    text: str


def record(text: str) -> Query[Written]:
    return query(Written, text)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(ledger, "database", lambda: made)
    return made


async def written(writer: Writer, text: str) -> str:
    """Write a record and read its row out of its flight."""
    statement = record(text)
    return (await writer.write(statement)).one(statement).text


def write(*texts: str) -> list[str | BaseException]:
    """What becomes of records that are written at the same moment."""

    async def go() -> list[str | BaseException]:
        writer = Writer("auth0|alice")
        return await asyncio.gather(*(written(writer, text) for text in texts), return_exceptions=True)

    return loop.run(go())


def test_records_that_are_ready_together_travel_in_one_flight(engine: Engine) -> None:
    assert write("a", "b", "c") == ["a", "b", "c"]
    assert engine.flights == [["a", "b", "c"]]


def test_records_that_come_while_a_flight_is_under_way_share_the_next(engine: Engine) -> None:
    async def go() -> None:
        writer = Writer("auth0|alice")
        first = asyncio.create_task(writer.write(record("a")))
        while not engine.flights:
            await asyncio.sleep(0)
        await asyncio.gather(first, writer.write(record("b")), writer.write(record("c")))
        await writer.write(record("d"))

    loop.run(go())
    assert engine.flights == [["a"], ["b", "c"], ["d"]]


def test_a_record_that_is_refused_fails_alone(engine: Engine) -> None:
    first, bad, last = write("a", "bad", "c")
    assert (first, type(bad), last) == ("a", Duplicate, "c")
    assert engine.flights == [["a", "bad", "c"], ["a"], ["bad"], ["c"]]


def test_without_a_database_every_record_fails_and_none_is_sent_twice(engine: Engine) -> None:
    engine.refusal = lambda: Unavailable("database_unavailable")
    assert [type(result) for result in write("a", "bad", "c")] == [Unavailable] * 3
    assert len(engine.flights) == 1


def test_a_writer_goes_on_after_a_refusal(engine: Engine) -> None:
    async def go() -> str:
        writer = Writer("auth0|alice")
        with pytest.raises(Duplicate):
            await writer.write(record("bad"))
        return await written(writer, "a")

    assert loop.run(go()) == "a"


def test_a_waiter_that_was_cancelled_does_not_stop_the_others(engine: Engine) -> None:
    async def go() -> str:
        writer = Writer("auth0|alice")
        gone = asyncio.create_task(writer.write(record("a")))
        other = asyncio.create_task(written(writer, "b"))
        await asyncio.sleep(0)
        gone.cancel()
        return await other

    assert loop.run(go()) == "b"
