"""A platform is down, or hangs, for an hour: others are read as ever, nothing comes in a herd, nothing useless is recorded."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from noillusion.analytics import circuits, dispatch
from noillusion.core import loop
from noillusion.db import Json, Row, sql
from noillusion.flows import runner
from noillusion.net import client as http
from tests.api.test_analytics import (
    ALICE,
    BOB,
    NOW,
    Queue,
    TikTok,
    connected,
    now,
    published,
    queue,
    run,
    schedule,
    tiktok,
    work,
)

__all__ = ["now", "queue", "tiktok"]
pytestmark = pytest.mark.usefixtures("deployment")

ACCOUNTS = 40
MINUTE = timedelta(minutes=1)
BEGINS, ENDS = NOW + 60 * MINUTE, NOW + 120 * MINUTE
HOURS = 3
CONSUMERS, BATCH = 5, 5
CALL_S = 0.15
MOST = 12
"""Targets of a platform in a run: three times what is due on average."""
MOST_ASKED = 30
"""Calls of the hour without an answer, at most: for five accounts in a batch three each, which opens the circuit, then for three
accounts after 5, 10, 25, 40 and 55 minutes. Which messages share a batch is chance. All accounts would be 40."""


class World:
    """Two platforms, of which one has an outage, and the time that calls take."""

    def __init__(self, hangs: bool) -> None:
        self.hangs, self.moment = hangs, NOW
        self.calls = Counter[datetime]()
        self.silent: list[float] = []
        """The seconds that the product waits for each call without an answer."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "linkedin" in request.url.host:
            return httpx.Response(200, json={"elements": []})
        self.calls[self.moment] += 1
        if BEGINS <= self.moment < ENDS:
            if self.hangs:
                self.silent.append(request.extensions["timeout"]["read"])
                raise httpx.ReadTimeout("no answer", request=request)
            return httpx.Response(503, text="<html>down</html>")
        ids = json.loads(request.content)["filters"]["video_ids"]
        videos = [{"id": id, "view_count": 1, "like_count": 1, "comment_count": 1, "share_count": 1} for id in ids]
        return httpx.Response(200, json={"data": {"videos": videos}, "error": {"code": "ok"}})


def recorded(table: str, user: str) -> list[Row]:
    return run(sql(f"SELECT reason FROM {table} WHERE user_id = :user_id", user_id=user), user=user)[0]


def lived(
    hangs: bool, queue: Queue, now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> tuple[World, list[float]]:
    """Live through three hours; how long the other platform's messages waited and took, in seconds."""
    world = World(hangs)
    client = httpx.AsyncClient(transport=httpx.MockTransport(world))
    monkeypatch.setattr(http, "client", lambda: client)
    monkeypatch.setattr("noillusion.flows.runner.BACKOFF_S", 0.0)
    monkeypatch.setattr(dispatch, "MOST_PER_RUN", MOST)
    for number in range(ACCOUNTS):
        published(connected(), published_at=NOW - timedelta(hours=2), due=NOW)
        other = connected(BOB, "linkedin", account_kind="organization", granted_scopes=Json(["rw_organization_admin"]))
        linkedin: dict[str, Any] = {"kind": "text", "platform_post_id": f"urn:li:share:{number}"}
        published(other, BOB, "linkedin", published_at=NOW - timedelta(hours=2), due=NOW, **linkedin)
    waits: list[float] = []
    for five in range(HOURS * 12):
        start = NOW + five * 5 * MINUTE
        now(start)
        world.moment = start
        queue.batches.clear()
        schedule()
        free, messages = [0.0] * CONSUMERS, queue.messages
        for at in range(0, len(messages), BATCH):
            batch, consumer = messages[at : at + BATCH], free.index(min(free))
            before, began = len(world.silent), free[consumer]
            assert work(*batch) == []
            free[consumer] += max(world.silent[before:], default=CALL_S)
            waits += [began + CALL_S for each in batch if each["user_id"] == BOB]
    loop.run(client.aclose())
    return world, waits


@pytest.mark.parametrize("hangs", [True, False], ids=["hangs", "is down"])
def test_H5_an_hour_without_an_answer_of_one_platform_costs_the_others_nothing(
    queue: Queue, now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    world, waits = lived(hangs, queue, now, monkeypatch)
    readings = Counter(row["reason"] for row in recorded("post_analytics", BOB))
    assert set(readings) == {None}
    # As long as ever: a message that waits for nothing takes a call.
    assert statistics.median(waits) <= 1.5 * CALL_S
    assert max(world.silent, default=0.0) == (runner.COMES_AGAIN_S if hangs else 0.0)
    assert max(waits) <= 1.5 * CALL_S + runner.COMES_AGAIN_S * hangs
    slow = [wait for wait in waits if wait > 1.5 * CALL_S]
    assert len(slow) <= BATCH
    # Nobody asks again and again meanwhile: what opened the circuit, and a look now and then.
    during = [count for moment, count in world.calls.items() if BEGINS <= moment < ENDS]
    assert sum(during) <= MOST_ASKED
    # What waited comes back in parts, each post once.
    after = [world.calls[ENDS + five * 5 * MINUTE] for five in range(12)]
    assert max(after) <= MOST
    assert sum(after) <= 2 * ACCOUNTS
    useless = Counter(row["reason"] for row in recorded("post_analytics", ALICE) if row["reason"])
    assert set(useless) <= {"transient"} and useless.total() <= MOST_ASKED
    assert {row["reason"] for row in recorded("post_figures", ALICE)} == {None}, "all are read again"


def test_a_platform_of_which_no_post_is_due_is_asked_again_for_accounts(
    queue: Queue, tiktok: TikTok, now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("noillusion.flows.runner.BACKOFF_S", 0.0)
    for _ in range(circuits.LIMIT):
        connected(due=NOW)
    tiktok.answer = lambda _: httpx.Response(503, text="<html>down</html>")
    schedule()
    work(*queue.messages)
    assert run(sql("SELECT open_until FROM platform_circuits"))[0][0]["open_until"] is not None
    tiktok.answer = None
    for hours in (2, 3):
        now(NOW + timedelta(hours=hours))
        queue.batches.clear()
        schedule()
        assert len(queue.messages) <= circuits.LIMIT
        work(*queue.messages)
    assert run(sql("SELECT open_until FROM platform_circuits"))[0][0]["open_until"] is None
    good = run(sql("SELECT connection_id FROM account_analytics WHERE status = 'ok'"))[0]
    assert len({row["connection_id"] for row in good}) == circuits.LIMIT
