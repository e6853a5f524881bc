"""Promises of analytics that need no database: cadence, slots, sums, best times, CSV, full messages."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from noillusion.analytics import cadence, dispatch, figures, history, poll, store, table
from noillusion.analytics.dispatch import PendingTargets
from noillusion.analytics.history import Before, Reading
from noillusion.analytics.models import AccountAnalytics, AccountFigures, AccountReading
from noillusion.analytics.rows import POST_COUNTS, EngagementRow, TotalsRow
from noillusion.catalog.platforms import PlatformName
from noillusion.flows.measures import PostMetrics
from noillusion.publishing.rows import TargetsToMeasure

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SUMS: dict[str, Any] = dict.fromkeys((*figures.SUMS, "rated_engagements", "rated_views"))


def sums(**known: int) -> TotalsRow:
    return TotalsRow(platform="facebook", why=None, as_of=None, **{**SUMS, "posts": 1, "measured": 1, **known})


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), timedelta(minutes=10)),
        (timedelta(minutes=59), timedelta(minutes=10)),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(hours=24), timedelta(hours=6)),
        (timedelta(days=7), timedelta(days=1)),
        (timedelta(days=30), timedelta(days=7)),
        (timedelta(days=89, hours=23), timedelta(days=7)),
        (timedelta(days=90), None),
    ],
)
def test_readings_become_rarer_with_age_and_end(age: timedelta, expected: timedelta | None) -> None:
    assert cadence.interval(age) == expected


@pytest.mark.parametrize("every", [every for _, every in cadence.CADENCE])
def test_the_next_slot_is_a_quarter_to_five_quarters_of_the_interval_away(every: timedelta) -> None:
    for minutes in range(0, 3000, 7):
        now = NOW + timedelta(minutes=minutes)
        gap = cadence.slot(now, every, str(uuid4())) - now
        assert every / 4 < gap <= every * 5 / 4


def test_posts_of_one_account_are_due_together_and_accounts_are_spread() -> None:
    one = {cadence.next_reading(NOW + timedelta(seconds=s), NOW - timedelta(hours=h), "c1") for s in (0, 9) for h in (30, 50, 90)}
    assert len(one) == 1
    assert len({cadence.slot(NOW, timedelta(days=1), str(uuid4())) for _ in range(50)}) > 40


def test_a_reading_that_is_late_by_half_an_interval_keeps_the_next_slot() -> None:
    every = timedelta(hours=1)
    due = cadence.slot(NOW, every, "c1")
    assert cadence.slot(due + every / 2, every, "c1") == due + every


def test_what_no_platform_tells_stays_unknown_in_sums() -> None:
    rows = [sums(posts=2, measured=2, views=10, likes=1), sums(posts=1, measured=1, views=5)]
    total = figures.totals(rows)
    assert (total.posts, total.views, total.likes, total.saves, total.engagement_rate) == (3, 15, 1, None, None)
    empty = figures.totals([])
    assert (empty.posts, empty.measured, empty.views) == (0, 0, None)


def test_the_rate_rests_only_on_posts_with_both_numbers() -> None:
    rows = [sums(views=1000, engagements=90, rated_engagements=50, rated_views=1000)]
    assert figures.totals(rows).engagement_rate == 0.05
    assert figures.rate(3, 0) is None
    assert figures.rate(None, 5) is None


def test_growth_needs_a_known_and_nonzero_beginning() -> None:
    now = figures.totals([sums(posts=3, measured=3, views=150, likes=5)])
    before = figures.totals([sums(posts=2, measured=2, views=100, likes=0)])
    change = figures.change(now, before)
    assert (change.posts, change.views, change.likes, change.reach) == (0.5, 0.5, None, None)


def at(moment: str, engagements: int, account: str = "a") -> EngagementRow:
    return EngagementRow("facebook", account, datetime.fromisoformat(moment), engagements)


def test_the_same_wall_clock_hour_is_one_slot_on_both_sides_of_a_clock_change() -> None:
    # Berlin is at UTC+1 on Monday 2026-10-26 and was at UTC+2 on Monday 2026-10-19.
    rows = [at("2026-10-19T07:30:00+00:00", 4), at("2026-10-26T08:30:00+00:00", 4)]
    found = figures.slots(rows, ZoneInfo("Europe/Berlin"))
    assert [(slot.weekday, slot.hour, slot.posts) for slot in found] == [(1, 9, 2)]
    assert len(figures.slots(rows, ZoneInfo("UTC"))) == 2


def test_the_zone_decides_the_weekday_too() -> None:
    found = figures.slots([at("2026-11-22T23:30:00+00:00", 1)], ZoneInfo("Asia/Tokyo"))
    assert [(slot.weekday, slot.hour) for slot in found] == [(1, 8)]


def test_a_large_account_does_not_decide_for_a_small_one() -> None:
    big = [at("2026-11-16T10:00:00+00:00", 1000, "big"), at("2026-11-17T10:00:00+00:00", 1000, "big")]
    small = [at("2026-11-18T15:00:00+00:00", 9, "small"), at("2026-11-19T15:00:00+00:00", 1, "small")]
    found = figures.best(figures.slots([*big, *small], ZoneInfo("UTC")))
    assert (found[0].weekday, found[0].hour) == (3, 15)


def test_one_lucky_post_does_not_beat_many_good_ones() -> None:
    lucky = [at("2026-11-16T03:00:00+00:00", 30)]
    good = [at(f"2026-11-{day:02}T18:00:00+00:00", 25) for day in (3, 10, 17)]
    dull = [at(f"2026-11-{day:02}T11:00:00+00:00", 2) for day in range(2, 16)]
    usual = figures.best(figures.slots([*lucky, *good, *dull], ZoneInfo("UTC")))
    assert (usual[0].weekday, usual[0].hour) == (2, 18)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    row = next(csv.DictReader(io.StringIO(table.accounts([account(text)]), newline="")))
    assert row["display_name"] == "'" + text


@pytest.mark.parametrize("text", ['a "quoted", name', "two\nlines", "semi;colon", "ünï — ✓"])
def test_cells_come_back_as_they_were(text: str) -> None:
    row = next(csv.DictReader(io.StringIO(table.accounts([account(text)]), newline="")))
    assert row["display_name"] == text


def test_a_number_stays_a_number_and_an_unknown_one_is_empty() -> None:
    row = next(csv.DictReader(io.StringIO(table.accounts([account("x")]), newline="")))
    assert (row["followers"], row["reach"], row["at"]) == ("-3", "", "2026-11-22T12:00:00Z")


def account(name: str) -> AccountAnalytics:
    reading = AccountReading(at=NOW, status="ok", figures=AccountFigures(followers=-3))
    return AccountAnalytics(
        connection_id="c",
        platform="facebook",
        account_id="1",
        account_kind="page",
        display_name=name,
        username="",
        label="",
        latest=reading,
        last_good=reading,
        followers_change=None,
        unavailable=None,
        series=[reading],
    )


def due(count: int, connection: str = "c1", platform: PlatformName = "tiktok") -> list[TargetsToMeasure]:
    return [TargetsToMeasure(str(uuid4()), [], "u", connection, platform, NOW - timedelta(minutes=i), NOW) for i in range(count)]


def sizes(messages: list[dispatch.PollMessage]) -> list[int]:
    return [len(message.body["target_ids"]) for message in messages]


def test_messages_are_full_across_pages_and_nothing_is_lost_or_doubled() -> None:
    pending, rows = PendingTargets(NOW), due(50)
    first, second, rest = pending.add(rows[:15]), pending.add(rows[15:]), pending.rest()
    assert (sizes(first), sizes(second)) == ([], [20, 20])
    assert sizes(rest) == [10]
    sent = [target_id for message in (*second, *rest) for target_id in message.body["target_ids"]]
    assert sorted(sent) == sorted(row.target_id for row in rows)
    assert pending.rest() == []


def test_a_message_is_one_users_one_connections() -> None:
    pending = PendingTargets(NOW)
    pending.add([*due(3, "c1"), *due(2, "c2"), *due(1, "c3", "facebook")])
    made = sorted((m.platform, m.body["connection_id"], len(m.body["target_ids"])) for m in pending.rest())
    assert made == [("facebook", "c3", 1), ("tiktok", "c1", 3), ("tiktok", "c2", 2)]


def test_what_is_held_back_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "MOST_PENDING", 30)
    pending = PendingTargets(NOW)
    sent = [message for n in range(40) for message in pending.add(due(1, f"c{n}"))]
    assert len(sent) == 31
    assert len(pending.rest()) == 9


@pytest.mark.parametrize(
    ("metrics", "reason"),
    [
        (PostMetrics(), "no_data"),
        (PostMetrics(likes=0), None),
        (PostMetrics(extra={"reposts": 0}), None),
        (PostMetrics(views=3, unavailable="not_public"), "not_public"),
    ],
)
def test_a_reading_without_a_single_number_is_unavailable(metrics: PostMetrics, reason: str | None) -> None:
    (first,) = store.put_figures("u", NOW, None, {"t": poll._reading(metrics, POST_COUNTS)}, ())
    given = first.params
    assert (given["reason_a"], given["failures_a"], given["good_at_a"]) == (reason, int(bool(reason)), None if reason else NOW)
    assert reason is None or given["views_a"] is None


# ---- what becomes history ---------------------------------------------------------------------------------------------------

READ = {"views": 5, "likes": 1, "reach": None, "extra": {"reposts": 2}}


@pytest.mark.parametrize(
    ("before", "reason", "counts", "kept"),
    [
        (None, None, READ, True),
        (None, "no_data", {}, True),
        # The same figures on the same day, on the next, and a few of them changed.
        (Before(None, NOW - timedelta(hours=1), READ), None, READ, False),
        (Before(None, NOW - timedelta(hours=13), READ), None, READ, True),
        (Before(None, NOW - timedelta(hours=1), READ), None, READ | {"likes": 2}, True),
        (Before(None, NOW - timedelta(hours=1), READ), None, READ | {"likes": None}, True),
        (Before(None, NOW - timedelta(hours=1), READ), None, READ | {"extra": {"reposts": 3}}, True),
        (Before(None, NOW - timedelta(hours=1), READ | {"likes": 0}), None, READ | {"likes": None}, True),
        # A gap has a row at its beginning and one at its end; another reason is another gap.
        (Before(None, NOW - timedelta(hours=1), READ), "transient", {}, True),
        (Before("transient", NOW - timedelta(days=9), READ), "transient", {}, False),
        (Before("transient", NOW - timedelta(hours=1), READ), "reauth", {}, True),
        (Before("transient", NOW - timedelta(hours=1), READ), None, READ, True),
        (Before("transient", None, {}), None, READ, True),
    ],
)
def test_H6_history_has_what_changed_and_the_first_reading_of_a_day(
    before: Before | None, reason: str | None, counts: dict[str, Any], kept: bool
) -> None:
    assert history.keeps(before, Reading(reason, counts), NOW) is kept
