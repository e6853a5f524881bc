"""Series and comparisons: what they add up to, where their gaps are, and by whose clock their intervals are."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from noillusion.analytics.cadence import CADENCE
from noillusion.db import sql
from tests.api.harness import Client
from tests.api.test_analytics import ALICE, NOW, connected, get, insert, now, published, read, run
from tests.trust import LONG

__all__ = ["now"]

pytestmark = pytest.mark.usefixtures("deployment")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")


def series(**query: str) -> dict[str, Any]:
    answer = get("series", **query)
    assert answer.status == 200, answer.json
    return dict(answer.json)


def values(answer: dict[str, Any]) -> dict[str, int]:
    """The points that have a value, by their start."""
    return {point["start"]: point["value"] for point in answer["points"] if point["value"] is not None}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ---- series by when posts were published -------------------------------------------------------------------------------------


def test_a_post_counts_on_its_day_by_the_clock_of_the_zone() -> None:
    connection = connected()
    late = published(connection, published_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    read(late, NOW, views=7)
    by_utc = series(time_zone="UTC")
    assert values(by_utc) == {"2026-11-20T00:00:00Z": 7}
    by_berlin = series(time_zone="Europe/Berlin")
    assert values(by_berlin) == {"2026-11-20T23:00:00Z": 7}
    assert by_berlin["time_zone"] == "Europe/Berlin"
    assert by_berlin["total"] == by_utc["total"] == 7


def test_an_interval_of_which_nothing_is_known_has_no_value() -> None:
    connection = connected()
    read(published(connection, published_at=NOW - 2 * DAY), NOW, views=0)
    published(connection, published_at=NOW - DAY)
    points = series(period="last_7_days", time_zone="UTC")["points"]
    assert [(point["posts"], point["measured"], point["value"]) for point in points] == [
        *[(0, 0, None)] * 4, (1, 1, 0), (1, 0, None), (0, 0, None),
    ]  # fmt: skip


def test_a_day_on_which_the_clocks_change_has_23_or_25_hours() -> None:
    answer = series(from_="2026-10-23T22:00:00Z", to="2026-10-26T23:00:00Z", time_zone="Europe/Berlin")
    lengths = [instant(point["end"]) - instant(point["start"]) for point in answer["points"]]
    assert lengths == [24 * HOUR, 25 * HOUR, 24 * HOUR]
    answer = series(from_="2026-03-28T23:00:00Z", to="2026-03-29T22:00:00Z", time_zone="Europe/Berlin", interval="hour")
    assert len(answer["points"]) == 23


def test_weeks_begin_on_monday_and_hours_with_the_clock() -> None:
    answer = series(period="this_week", interval="week", time_zone="Asia/Kolkata")
    assert [point["start"] for point in answer["points"]] == ["2026-11-15T18:30:00Z"]
    answer = series(period="today", interval="hour", time_zone="Asia/Kolkata")
    assert {instant(point["start"]).minute for point in answer["points"]} == {30}


def test_only_one_connection_or_one_post_can_be_asked_for() -> None:
    first, second = connected(), connected()
    for connection, views in ((first, 5), (second, 11)):
        read(published(connection), NOW, views=views)
    other = run(sql("SELECT post_id FROM post_targets WHERE connection_id = :id", id=second))[0][0]["post_id"]
    assert series()["total"] == 16
    assert series(connection_id=first)["total"] == 5
    assert series(post_id=str(other))["total"] == 11
    assert series(platform="facebook")["total"] is None
    assert series(post_id=str(uuid4()))["total"] is None


def test_too_many_intervals_are_refused_and_say_how_many_are_allowed() -> None:
    answer = get("series", interval="hour", from_="2026-01-01T00:00:00Z", to="2026-03-01T00:00:00Z")
    assert answer.status == 422
    assert answer.json["errors"] == [
        {
            "field": "interval",
            "code": "range",
            "message": "The period can have at most 750 intervals. Choose longer ones or a shorter period.",
            "params": {"limit": 750},
        }
    ]
    assert len(series(interval="hour", from_="2026-10-01T00:00:00Z", to="2026-11-01T00:00:00Z")["points"]) == 744


# ---- series by what was gained -----------------------------------------------------------------------------------------------


def test_growth_counts_where_the_later_reading_was_made() -> None:
    target = published(connected(), published_at=NOW - 3 * DAY)
    for days, views in ((2.5, 10), (1.5, 25), (0.5, 24)):
        read(target, NOW - days * DAY, views=views)
    answer = series(basis="gained", from_="2026-11-19T00:00:00Z", to="2026-11-23T00:00:00Z", time_zone="UTC")
    assert [point["value"] for point in answer["points"]] == [None, 10, 15, -1]
    assert answer["total"] == 24
    assert {point["posts"] for point in answer["points"]} == {None}


def test_growth_of_older_posts_counts_from_the_reading_before_the_period() -> None:
    target = published(connected(), published_at=NOW - 60 * DAY)
    for days, views in ((59, 100), (20, 140), (2, 150)):
        read(target, NOW - days * DAY, views=views)
    assert series(basis="gained", period="last_7_days", time_zone="UTC")["total"] == 10
    assert series(basis="published", period="last_7_days", time_zone="UTC")["total"] is None


def test_growth_counts_until_the_last_reading_that_a_post_can_have() -> None:
    (limit, every), published_at = CADENCE[-1], NOW - 100 * DAY
    target = published(connected(), published_at=published_at)
    read(target, published_at + limit - DAY, views=100)
    # In a slot that is as late as one can be.
    read(target, published_at + limit + 1.25 * every, views=110)
    answer = series(basis="gained", from_="2026-11-20T00:00:00Z", to="2026-11-22T00:00:00Z", time_zone="UTC")
    assert answer["total"] == 10


def test_a_reading_that_failed_neither_adds_nor_breaks_growth() -> None:
    target = published(connected(), published_at=NOW - 3 * DAY)
    read(target, NOW - 2 * DAY, views=10, likes=1)
    read(target, NOW - 1.5 * DAY, reason="transient")
    read(target, NOW - DAY, views=12, likes=4, comments=1)
    assert series(basis="gained")["total"] == 12
    assert series(basis="gained", metric="engagements")["total"] == 5


# ---- what they add up to -----------------------------------------------------------------------------------------------------


def test_the_sum_of_the_series_is_the_total_of_the_summary() -> None:
    """Bar: 1,000 random users (``TRUST=long``)."""
    dice = random.Random(12)
    for number in range(1000 if LONG else 6):
        user = f"auth0|random-{number}"
        connections = [connected(user, platform) for platform in ("tiktok", "linkedin")]
        for _ in range(dice.randrange(12)):
            platform = dice.choice(("tiktok", "linkedin"))
            connection = connections[platform == "linkedin"]
            at = NOW - timedelta(seconds=dice.randrange(40 * 86_400))
            target = published(connection, user, platform, published_at=at, due=None)
            readings = sorted(at + (NOW - at) * dice.random() for _ in range(dice.randrange(5)))
            for moment in readings:
                known: dict[str, Any] = {
                    name: dice.randrange(50) for name in ("views", "likes", "comments") if dice.random() < 0.8
                }
                read(target, moment, user, None if known else "no_data", **known)
        zone = dice.choice(("UTC", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"))
        totals = get("summary", user).json["totals"]
        for metric in ("views", "likes", "engagements"):
            for interval in ("day", "week", "hour") if metric == "views" else ("day",):
                answer = get("series", user, metric=metric, interval=interval, time_zone=zone).json
                assert answer["total"] == totals[metric], (user, metric, interval)
                assert sum(point["posts"] for point in answer["points"]) == totals["posts"]
                assert sum(point["value"] or 0 for point in answer["points"]) == (totals[metric] or 0)


# ---- periods -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", "2026-11-21T23:00:00Z", "2026-11-22T12:00:00Z"),
        ("yesterday", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z"),
        ("last_7_days", "2026-11-15T23:00:00Z", "2026-11-22T12:00:00Z"),
        ("last_30_days", "2026-10-23T22:00:00Z", "2026-11-22T12:00:00Z"),
        ("last_90_days", "2026-08-24T22:00:00Z", "2026-11-22T12:00:00Z"),
        ("this_week", "2026-11-15T23:00:00Z", "2026-11-22T12:00:00Z"),
        ("last_week", "2026-11-08T23:00:00Z", "2026-11-15T23:00:00Z"),
        ("this_month", "2026-10-31T23:00:00Z", "2026-11-22T12:00:00Z"),
        ("last_month", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        ("this_year", "2025-12-31T23:00:00Z", "2026-11-22T12:00:00Z"),
    ],
)
def test_a_period_by_its_name_has_the_days_of_the_zone(name: str, start: str, end: str) -> None:
    answer = get("summary", period=name, time_zone="Europe/Berlin").json
    assert answer["period"] == {"start": start, "end": end}


def test_a_period_needs_its_zone_and_no_times_besides() -> None:
    answer = get("summary", period="today")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "time_zone")
    answer = get("summary", period="today", time_zone="UTC", from_="2026-11-01T00:00:00Z")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "from")
    answer = get("series", period="today", time_zone="Mars/Olympus")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "time_zone")


# ---- comparisons -------------------------------------------------------------------------------------------------------------


def compare(by: str, **query: str) -> dict[str | None, dict[str, Any]]:
    answer = get("comparisons", by=by, **query)
    assert answer.status == 200, answer.json
    return {group["value"]: group for group in answer.json["groups"]}


def test_groups_have_averages_over_the_posts_whose_figure_is_known() -> None:
    connection = connected()
    for number in range(5):
        counts: dict[str, Any] = {"views": 10 * number, "likes": number} if number else {"views": 0}
        read(published(connection, kind="video", text_length="short"), NOW, **counts)
    read(published(connection, kind="image", text_length="long"), NOW, views=1000)
    published(connection, kind="video")
    groups = compare("kind")
    assert groups["video"]["averages"] == {
        "views": 20.0, "reach": None, "likes": 2.5, "comments": None, "shares": None, "saves": None, "clicks": None,
        "engagements": 2.5, "engagement_rate": 0.1,
    }  # fmt: skip
    assert (groups["video"]["posts"], groups["video"]["measured"], groups["video"]["status"]) == (6, 5, "ok")
    assert (groups["image"]["averages"], groups["image"]["status"]) == (None, "not_enough_data")
    assert {value: group["posts"] for value, group in compare("text_length").items()} == {"short": 5, "long": 1, None: 1}
    assert {value: group["posts"] for value, group in compare("connection").items()} == {connection: 7}
    assert {value: group["posts"] for value, group in compare("platform").items()} == {"tiktok": 7}


def test_hours_and_weekdays_are_those_of_the_zone() -> None:
    connection = connected()
    for days in range(2):
        published(connection, published_at=datetime(2026, 11, 19 + days, 23, 30, tzinfo=UTC))
    assert set(compare("hour", time_zone="Europe/Berlin")) == {"0"}
    assert set(compare("weekday", time_zone="Europe/Berlin")) == {"5", "6"}
    assert set(compare("weekday", time_zone="UTC")) == {"4", "5"}


def test_provider_and_template_come_from_the_generation_that_the_post_named() -> None:
    connection, generation, template = connected(), str(uuid4()), str(uuid4())
    attempt = {
        "user_id": ALICE, "request_id": generation, "task": "generate", "attempt": 1, "model": "m", "key_source": "stored",
        "template_id": template,
    }  # fmt: skip
    insert("ai_usage_tracking", {**attempt, "id": str(uuid4()), "provider": "openai", "outcome": "rate_limited"})
    # The text and its correction.
    for number in (2, 3):
        written = {**attempt, "attempt": number, "provider": "anthropic", "outcome": "ok"}
        insert("ai_usage_tracking", {**written, "id": str(uuid4())})
    post = insert("posts", {"id": str(uuid4()), "user_id": ALICE, "idempotency_key": "k", "generation_id": generation})
    published(connection, post_id=post)
    published(connection)
    assert {value: group["posts"] for value, group in compare("provider").items()} == {"anthropic": 1, None: 1}
    assert {value: group["posts"] for value, group in compare("template").items()} == {template: 1, None: 1}


# ---- CSV and entity tags -----------------------------------------------------------------------------------------------------


def test_both_are_to_be_had_as_csv() -> None:
    read(published(connected()), NOW, views=3)
    table = list(csv.DictReader(io.StringIO(get("series.csv", accept="text/csv", time_zone="UTC").text)))
    assert [row["value"] for row in table if row["value"]] == ["3"]
    table = list(csv.DictReader(io.StringIO(get("comparisons.csv", accept="text/csv", by="kind").text)))
    assert [(row["value"], row["posts"], row["views"]) for row in table] == [("video", "1", "")]


@pytest.mark.parametrize("path", ["summary", "series", "comparisons", "posts", "accounts", "best-times"])
def test_an_answer_keeps_its_tag_until_a_figure_changes(path: str, now: Callable[[datetime], None]) -> None:
    connection = connected()
    target = published(connection)
    read(target, NOW - HOUR, views=3)
    client, query = Client(ALICE), {"by": "kind"} if path == "comparisons" else {}

    def ask(known: str | None = None) -> tuple[int, str]:
        headers = {"if-none-match": known} if known else {}
        answer = client.request("analytics", "GET", f"/v1/analytics/{path}", query=query, headers=headers)
        return answer.status, answer.headers["etag"]

    status, tag = ask()
    assert status == 200
    now(NOW + timedelta(seconds=5))
    assert ask(tag) == (304, tag)
    if path == "accounts":
        insert(
            "account_analytics",
            {"id": str(uuid4()), "user_id": ALICE, "connection_id": connection, "polled_at": NOW, "followers": 2},
        )
    else:
        read(target, NOW, views=4, likes=1)
        for _ in range(11):
            read(published(connection), NOW, likes=1)
    status, changed = ask(tag)
    assert (status, changed != tag) == (200, True)
