"""History has what changed for two days, then the last of a day, and after thirty days the last of a week, on both engines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from noillusion.analytics import history, retention, retention_store, store
from noillusion.analytics.history import Reading
from noillusion.core import clock, loop
from noillusion.db import sql
from noillusion.db.batches import Erased
from tests.api.harness import Context, load
from tests.api.test_analytics import ALICE, TikTok, connected, published, rows, run, work
from tests.api.test_analytics import tiktok as tiktok

pytestmark = pytest.mark.usefixtures("deployment")
START = datetime(2026, 9, 1, 0, 20, tzinfo=UTC)
"""A Tuesday."""


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def add(target: str, *moments: datetime, reason: str | None = None) -> None:
    for n, moment in enumerate(moments):
        reading = Reading(reason, {} if reason else {"views": n})
        for known in ((), (target,)):
            run(*store.put_figures(ALICE, moment, None, {target: reading}, known))
        run(store.add_history("post_analytics", ALICE, moment, {target: reading}))


def kept(target: str) -> list[datetime]:
    found = run(sql("SELECT polled_at FROM post_analytics WHERE target_id = :t ORDER BY polled_at", t=target))[0]
    return [row["polled_at"] for row in found]


def hours(first: int, last: int, every: int) -> list[datetime]:
    return [START + timedelta(hours=hour) for hour in range(first, last, every)]


def test_H6_history_is_thinned_to_the_last_of_a_day_and_of_a_week() -> None:
    target, other = (published(connected(), published_at=START) for _ in range(2))
    add(target, *hours(0, 24 * 60, 6))
    add(other, *hours(0, 24 * 60, 6))
    moment = START + timedelta(days=60)
    run(retention_store.thin(ALICE, [target], moment))
    left = kept(target)
    fine, coarse = moment - history.FINE, moment - history.DAILY
    assert [at for at in left if at >= fine] == [at for at in hours(0, 24 * 60, 6) if at >= fine]
    daily = [at for at in left if coarse <= at < fine and at.date() != fine.date()]
    assert daily and all(at.hour == 18 for at in daily) and len({at.date() for at in daily}) == len(daily)
    weekly = [at for at in left if at < coarse and at.isocalendar()[:2] != coarse.isocalendar()[:2]]
    assert len(weekly) == 4 and all((at.isoweekday(), at.hour) == (7, 18) for at in weekly)
    # Twice is once, and the neighbour is as it was.
    run(retention_store.thin(ALICE, [target], moment))
    assert kept(target) == left and len(kept(other)) == 240


def test_H6_a_gap_is_kept_beside_the_figures_of_its_day() -> None:
    target = published(connected(), published_at=START)
    add(target, *hours(0, 12, 3))
    add(target, *hours(12, 20, 2), reason="transient")
    run(retention_store.thin(ALICE, [target], START + timedelta(days=9)))
    assert kept(target) == [START + timedelta(hours=9), START + timedelta(hours=18)]


def test_H6_a_post_has_few_rows_when_it_is_read_no_more(tiktok: TikTok, now: Callable[[datetime], None]) -> None:
    """The product's own cadence, with figures that change at every reading."""
    now(START)
    connection = connected()
    target = published(connection, published_at=START, due=START)
    views = iter(range(1_000_000))

    def growing(request: Any) -> Any:

        (video,) = json.loads(request.content)["filters"]["video_ids"]
        item = {"id": video, "share_url": "https://www.tiktok.com/@a/video/1", "view_count": next(views)}
        return httpx.Response(200, json={"data": {"videos": [item]}, "error": {"code": "ok", "message": ""}})

    tiktok.answer = growing
    readings, most = 0, 0
    while due := run(sql("SELECT due_at FROM post_polls"))[0]:
        now(due[0]["due_at"])
        message = {"user_id": ALICE, "connection_id": connection, "target_ids": [target]}

        assert work(message) == []
        readings, most = readings + 1, max(most, len(kept(target)))
    (figures,) = rows("post_figures")
    assert readings > 80 and figures["views"] == readings - 1 and figures["failures"] == 0
    # Two days in full and a row a day, at the worst; in the end a row a week and what is younger.
    assert most <= 65 and len(kept(target)) <= 20
    assert kept(target)[-1] == figures["good_at"]


def test_H6_the_chore_thins_what_is_read_no_more_and_says_what_is_left(
    now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [published(connected(), published_at=START, due=None) for _ in range(5)]
    for target in old:
        add(target, *hours(0, 48, 6))
    later = START + timedelta(days=3)
    young = published(connected(), published_at=later)
    add(young, later, later + timedelta(hours=1))
    now(START + history.SETTLED + timedelta(days=1))
    monkeypatch.setattr(retention, "TARGETS", 2)
    assert loop.run(retention.thin_history(clock.monotonic() - 1)) == Erased(14, 3)
    assert loop.run(retention.thin_history(clock.monotonic() + 60)) == Erased(21, 0)
    assert [len(kept(target)) for target in old] == [1] * 5 and len(kept(young)) == 2
    assert loop.run(retention.thin_history(clock.monotonic() + 60)) == Erased(0, 0)
    assert load("maintain").handler({"task": "retention"}, Context(60))["history"] == 0


def test_H6_linkedin_figures_are_given_a_year(tiktok: TikTok, now: Callable[[datetime], None]) -> None:

    now(START)
    for platform in ("linkedin", "tiktok"):
        connection = connected(platform=platform, status="reauth_required")
        work({"user_id": ALICE, "connection_id": connection, "target_ids": [published(connection, platform=platform)]})
    assert {row["expires_at"] for row in rows("post_figures")} == {START + timedelta(days=365), None}
    now(START + timedelta(days=365))
    assert loop.run(retention.forget_figures(clock.monotonic() + 60)) == Erased(1, 0)
    assert [row["expires_at"] for row in rows("post_figures")] == [None]
    assert len(rows("post_analytics")) == 1
