"""The calendar: previews of recurrences, weekly plans and their free slots, and what is due, done and missed in a period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import clock
from noillusion.db import Json
from tests.api.harness import NIL, Answer, Client
from tests.support.databases import Store
from tests.support.rows import insert

NOW = datetime(2027, 3, 26, 12, tzinfo=UTC)
"""A Friday. On Sunday, clocks in Berlin are put forward."""
ALICE, BOB = "auth0|alice", "auth0|bob"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


class Person:
    """A user with what the calendar shows, written past the product."""

    def __init__(self, database: Store, sub: str = ALICE) -> None:
        self.database, self.sub, self.client = database, sub, Client(sub)

    def connection(self, platform: str = "facebook") -> str:
        row_id = str(uuid4())
        self.write(
            "platform_connections",
            id=row_id,
            platform=platform,
            account_id=row_id,
            account_kind="page",
            sealed_access_token="v2.k1.x",
            sealing_key_id="k1",
            token_issued_at=NOW,
        )
        return row_id

    def schedule(self, connection: str, due: datetime, platform: str = "facebook", **columns: Any) -> tuple[str, str]:
        """A schedule with one target, whose ids it returns. ``columns``: of the schedule."""
        schedule, target = str(uuid4()), str(uuid4())
        exdates = columns.pop("exdates", [])
        self.write("schedules", id=schedule, due_at=due, exdates=Json(exdates), **columns)
        names = {"schedule_id": schedule, "connection_id": connection, "platform": platform}
        self.write("schedule_targets", id=target, position=0, way="pull", kind="image", **names)
        return schedule, target

    def occurrence(self, ids: tuple[str, str], connection: str, due: datetime, **columns: Any) -> str:
        row_id = str(uuid4())
        place = {"schedule_id": ids[0], "target_id": ids[1], "connection_id": connection}
        columns = {"local_due": due.replace(tzinfo=None).isoformat(), **columns}
        self.write("schedule_occurrences", id=row_id, due_at=due, **place, **columns)
        return row_id

    def post(self, connection: str, published: datetime, platform: str = "facebook") -> str:
        post = str(uuid4())
        self.write("posts", id=post, idempotency_key=post, request_fingerprint="x")
        target = {"post_id": post, "connection_id": connection, "platform": platform, "account_id": "a", "position": 0}
        self.write(
            "post_targets",
            kind="text",
            status="published",
            accepted_id=post,
            published_at=published,
            deadline_at=published,
            **target,
        )
        return post

    def write(self, table: str, **columns: Any) -> None:
        self.database.fly(insert(table, self.sub, **columns))

    def calendar(self, days: float = 14, start: datetime = NOW - timedelta(days=1), **query: Any) -> Answer:
        period = {"from": start.isoformat(), "to": (start + timedelta(days=days)).isoformat()}
        return self.client.request("calendar", "GET", "/v1/calendar", query={"time_zone": "Europe/Berlin", **period, **query})

    def slots(self, connection: str, *slots: tuple[str, str], **more: Any) -> Answer:
        body = {"time_zone": "Europe/Berlin", "slots": [{"weekday": day, "time": at} for day, at in slots], **more}
        headers = body.pop("headers", {})
        return self.client.request("calendar", "PUT", f"/v1/connections/{connection}/slots", body=body, headers=headers)


@pytest.fixture
def alice(deployment: Store) -> Person:
    return Person(deployment)


def preview(**body: Any) -> Answer:
    return Client().request("calendar", "POST", "/v1/schedules/preview", body=body)


def paged(cursor: str | None) -> dict[str, Any]:
    return {"cursor": cursor} if cursor else {}


def shown(answer: Answer) -> list[tuple[str, str, str]]:
    assert answer.status == 200, answer.text
    return [(each["type"], each["local_at"], each["state"]) for each in answer.json["items"]]


def test_I3_a_preview_gives_each_time_in_utc_and_as_clocks_show_it(alice: Person) -> None:
    rule = {"rrule": "FREQ=DAILY", "exdates": ["2027-03-29T02:30"]}
    answer = preview(due_at="2027-03-27T02:30:00+01:00", time_zone="Europe/Berlin", recurrence=rule)
    assert answer.status == 200, answer.text
    assert len(answer.json["items"]) == 20
    assert answer.json["items"][:3] == [
        {"due_at": "2027-03-27T01:30:00Z", "local_due_at": "2027-03-27T02:30:00", "moved": False},
        {"due_at": "2027-03-28T01:30:00Z", "local_due_at": "2027-03-28T03:30:00", "moved": True},
        {"due_at": "2027-03-30T00:30:00Z", "local_due_at": "2027-03-30T02:30:00", "moved": False},
    ]


def test_a_preview_without_a_recurrence_is_the_instant_itself(alice: Person) -> None:
    answer = preview(due_at="2027-10-31T02:30:00+01:00", time_zone="Europe/Berlin")
    assert [each["due_at"] for each in answer.json["items"]] == ["2027-10-31T01:30:00Z"]


@pytest.mark.parametrize(
    ("recurrence", "field", "code"),
    [
        ({"rrule": "FREQ=HOURLY"}, "recurrence.rrule", "rrule_frequency"),
        ({"rrule": "FREQ=DAILY;BYSECOND=1"}, "recurrence.rrule", "rrule_part"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "recurrence.rrule", "rrule_never"),
        ({"rrule": "FREQ=DAILY;COUNT=1", "exdates": ["2027-03-27T02:30:00"]}, "recurrence.rrule", "rrule_never"),
        ({"rrule": "FREQ=DAILY", "exdates": ["2027-02-30T09:00:00"]}, "recurrence.exdates.0", "local_time_format"),
        ({"rrule": "FREQ=DAILY", "exdates": ["2027-02-20T09:00:00Z"]}, "recurrence.exdates.0", "string_pattern_mismatch"),
    ],
)
def test_a_rule_that_is_refused_is_refused_by_its_field(recurrence: Any, field: str, code: str, alice: Person) -> None:
    answer = preview(due_at="2027-03-27T02:30:00+01:00", time_zone="Europe/Berlin", recurrence=recurrence)
    assert answer.status == 422
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [(field, code)]


def test_a_plan_gives_the_next_free_slot_on_the_wall_clock(alice: Person) -> None:
    connection = alice.connection()
    empty = alice.client.request("calendar", "GET", f"/v1/connections/{connection}/slots")
    assert (empty.json["slots"], empty.json["next_free"], empty.json["updated_at"]) == ([], None, None)
    answer = alice.slots(connection, ("sunday", "02:30"), ("friday", "09:00"))
    assert answer.status == 200, answer.text
    assert [(each["weekday"], each["time"]) for each in answer.json["slots"]] == [("friday", "09:00"), ("sunday", "02:30")]
    # Today's slot at nine is over, and the one on Sunday is skipped by the clocks.
    assert answer.json["next_free"] == {"due_at": "2027-03-28T01:30:00Z", "local_due_at": "2027-03-28T03:30:00"}


def test_what_waits_and_what_will_recur_takes_a_slot(alice: Person) -> None:
    connection = alice.connection()
    monday = datetime(2027, 3, 29, 7, tzinfo=UTC)
    alice.slots(connection, ("monday", "09:00"))
    taken = alice.occurrence(alice.schedule(connection, monday), connection, monday)
    alice.schedule(connection, monday, local_start="2027-04-05T09:00:00", time_zone="Europe/Berlin", rrule="FREQ=WEEKLY;COUNT=2")
    path = f"/v1/connections/{connection}/slots"
    assert alice.client.request("calendar", "GET", path).json["next_free"]["local_due_at"] == "2027-04-19T09:00:00"
    alice.database.execute(f"UPDATE schedule_occurrences SET state = 'canceled' WHERE id = '{taken}'")
    assert alice.client.request("calendar", "GET", path).json["next_free"]["local_due_at"] == "2027-03-29T09:00:00"


def test_a_paused_plan_has_no_free_slot(alice: Person) -> None:
    connection = alice.connection()
    assert alice.slots(connection, ("monday", "09:00"), paused=True).json["next_free"] is None
    assert shown(alice.calendar()) == []
    assert alice.slots(connection, ("monday", "09:00")).json["next_free"] is not None
    assert shown(alice.calendar(days=7)) == [("slot", "2027-03-29T09:00:00", "free")]


def test_a_plan_is_replaced_only_in_the_state_that_is_expected(alice: Person) -> None:
    connection = alice.connection()
    first = alice.client.request("calendar", "GET", f"/v1/connections/{connection}/slots").headers["etag"]
    second = alice.slots(connection, ("monday", "09:00"), headers={"if-match": first})
    assert second.status == 200, second.text
    assert alice.slots(connection, ("tuesday", "09:00"), headers={"if-match": first}).status == 412
    tag = second.headers["etag"]
    assert alice.slots(connection, ("tuesday", "09:00"), headers={"if-match": tag}).status == 200
    path = f"/v1/connections/{connection}/slots"
    known = alice.client.request("calendar", "GET", path, headers={"if-none-match": tag})
    assert known.status == 200 and known.json["slots"][0]["weekday"] == "tuesday"
    assert alice.client.request("calendar", "GET", path, headers={"if-none-match": known.headers["etag"]}).status == 304


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_plan_of_somebody_else_or_of_nothing_is_not_found(method: str, alice: Person) -> None:
    connection = alice.connection()
    body = {"time_zone": "UTC", "slots": []} if method == "PUT" else None
    for sub, row_id in ((BOB, connection), (ALICE, NIL), (ALICE, "none")):
        answer = Client(sub).request("calendar", method, f"/v1/connections/{row_id}/slots", body=body)
        assert (answer.status, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time_zone": "Mars/Olympus", "slots": []}, "time_zone"),
        ({"time_zone": "UTC", "slots": [{"weekday": "monday", "time": "24:00"}]}, "slots.0.time"),
        ({"time_zone": "UTC", "slots": [{"weekday": "mon", "time": "09:00"}]}, "slots.0.weekday"),
        ({"time_zone": "UTC", "slots": [{"weekday": "monday", "time": "09:00"}] * 2}, "slots"),
        ({"time_zone": "UTC"}, "slots"),
    ],
)
def test_a_plan_that_is_not_one_is_refused_by_its_field(body: Any, field: str, alice: Person) -> None:
    answer = alice.client.request("calendar", "PUT", f"/v1/connections/{alice.connection()}/slots", body=body)
    assert (answer.status, [each["field"] for each in answer.json["errors"]]) == (422, [field])


@pytest.fixture
def full(alice: Person) -> Iterator[Person]:
    """One of everything: missed, published, pending and recurring, a slot, and a post without a schedule."""
    facebook, tiktok = alice.connection(), alice.connection("tiktok")
    hour = timedelta(hours=1)
    once = alice.schedule(tiktok, NOW - hour, "tiktok")
    alice.occurrence(once, tiktok, NOW - hour, state="missed", code="overdue")
    published = alice.post(facebook, NOW - 3 * hour)
    weekly = {"rrule": "FREQ=WEEKLY;BYDAY=SA", "time_zone": "Europe/Berlin", "local_start": "2027-03-27T10:00:00"}
    saturdays = alice.schedule(facebook, NOW, **weekly)
    alice.occurrence(saturdays, facebook, datetime(2027, 3, 27, 9, tzinfo=UTC))
    alice.occurrence(alice.schedule(facebook, NOW - 3 * hour), facebook, NOW - 3 * hour, state="published", post_id=published)
    alice.post(tiktok, NOW - 2 * hour, "tiktok")
    alice.slots(facebook, ("saturday", "10:00"), ("monday", "09:00"))
    yield alice


EVERYTHING = [
    ("occurrence", "2027-03-26T10:00:00", "published"),
    ("post", "2027-03-26T11:00:00", "published"),
    ("occurrence", "2027-03-26T12:00:00", "missed"),
    ("occurrence", "2027-03-27T10:00:00", "pending"),
    ("slot", "2027-03-29T09:00:00", "free"),
    ("recurrence", "2027-04-03T10:00:00", "planned"),
    ("slot", "2027-04-05T09:00:00", "free"),
]


def test_a_calendar_has_what_is_due_done_missed_and_free_each_once_and_in_order(full: Person) -> None:
    answer = full.calendar()
    assert shown(answer) == EVERYTHING
    # In summer, ten o'clock in Berlin is an hour earlier in UTC.
    assert [answer.json["items"][place]["at"] for place in (3, 5)] == ["2027-03-27T09:00:00Z", "2027-04-03T08:00:00Z"]
    missed = answer.json["items"][2]
    assert (missed["platform"], missed["kind"], missed["way"], missed["code"]) == ("tiktok", "image", "pull", "overdue")
    assert Client(BOB).request("calendar", "GET", "/v1/calendar", query=period()).json["items"] == []


def period(**more: str) -> dict[str, str]:
    return {"from": "2027-03-20T00:00:00Z", "to": "2027-04-20T00:00:00Z", **more}


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_pages_of_a_calendar_are_the_whole(limit: int, full: Person) -> None:
    pages, cursor = list[tuple[str, str, str]](), None
    for _ in range(20):
        answer = full.calendar(limit=str(limit), **paged(cursor))
        pages += shown(answer)
        assert len(answer.json["items"]) <= limit
        cursor = answer.json["next_cursor"]
        if cursor is None:
            break
    assert pages == EVERYTHING
    refused = full.calendar(cursor="x")
    assert refused.json["errors"][0]["field"] == "cursor"


def test_entries_at_the_same_instant_are_each_on_one_page(alice: Person) -> None:
    connection, other = alice.connection(), alice.connection("tiktok")
    due = datetime(2027, 3, 29, 7, tzinfo=UTC)
    for _ in range(3):
        alice.occurrence(alice.schedule(connection, due), connection, due)
    weekly = {"rrule": "FREQ=WEEKLY", "time_zone": "Europe/Berlin", "local_start": "2027-03-29T09:00:00"}
    for _ in range(2):
        alice.schedule(connection, due, **weekly)
    alice.slots(other, ("monday", "09:00"))
    seen, cursor = list[tuple[str, str]](), None
    while cursor or not seen:
        answer = alice.calendar(days=6, limit="1", **paged(cursor))
        seen += [(each["type"], each["occurrence_id"] or each["target_id"] or "") for each in answer.json["items"]]
        cursor = answer.json["next_cursor"]
    assert [kind for kind, _ in seen] == ["occurrence"] * 3 + ["recurrence"] * 2 + ["slot"]
    assert len(set(seen)) == 6


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"platform": "tiktok"}, [1, 2]),
        ({"platform": "facebook"}, [0, 3, 4, 5, 6]),
        ({"state": "published"}, [0, 1]),
        ({"state": "missed"}, [2]),
        ({"state": "free"}, [4, 6]),
        ({"state": "planned"}, [5]),
        ({"state": "planned", "platform": "tiktok"}, []),
    ],
)
def test_a_calendar_is_filtered(query: dict[str, Any], kept: list[int], full: Person) -> None:
    assert shown(full.calendar(**query)) == [EVERYTHING[number] for number in kept]


def test_a_calendar_of_one_account_has_nothing_of_others(full: Person) -> None:
    ((tiktok,),) = full.database.fetch("SELECT id FROM platform_connections WHERE platform = 'tiktok'")
    assert shown(full.calendar(connection_id=str(tiktok))) == [EVERYTHING[1], EVERYTHING[2]]


def test_a_calendar_is_in_the_time_zone_of_the_profile_unless_another_is_asked_for(full: Person) -> None:
    full.client.request("profile", "PATCH", "/v1/profile", body={"time_zone": "Asia/Kolkata"})
    answer = full.client.request("calendar", "GET", "/v1/calendar", query=period(limit="1"))
    assert (answer.json["time_zone"], answer.json["items"][0]["local_at"]) == ("Asia/Kolkata", "2027-03-26T14:30:00")


def test_a_calendar_that_has_not_changed_is_not_sent_again(full: Person) -> None:
    tag = full.calendar().headers["etag"]
    query = {
        "from": (NOW - timedelta(days=1)).isoformat(),
        "to": (NOW + timedelta(days=13)).isoformat(),
        "time_zone": "Europe/Berlin",
    }
    known = {"if-none-match": tag}
    assert full.client.request("calendar", "GET", "/v1/calendar", query=query, headers=known).status == 304
    full.database.execute("UPDATE schedule_occurrences SET state = 'running' WHERE state = 'pending'")
    assert full.client.request("calendar", "GET", "/v1/calendar", query=query, headers=known).status == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2027-03-20T00:00:00Z"}, "to"),
        ({"from": "2027-03-20T00:00:00", "to": "2027-03-21T00:00:00Z"}, "from"),
        ({"from": "2027-03-21T00:00:00Z", "to": "2027-03-20T00:00:00Z"}, "from"),
        ({"from": "2027-03-20T00:00:00Z", "to": "2027-06-20T00:00:01Z"}, "to"),
        (period(time_zone="Mars/Olympus"), "time_zone"),
        (period(state="lost"), "state"),
        (period(connection_id="none"), "connection_id"),
        (period(until="x"), "until"),
    ],
)
def test_a_period_that_is_not_one_is_refused_by_its_field(query: dict[str, str], field: str, alice: Person) -> None:
    answer = alice.client.request("calendar", "GET", "/v1/calendar", query=query)
    assert (answer.status, [each["field"] for each in answer.json["errors"]]) == (422, [field])


def test_B10_nothing_that_is_over_appears_in_the_future(full: Person) -> None:
    before = [each for each in full.calendar().json["items"] if each["state"] in ("published", "missed")]
    full.slots(before[0]["connection_id"], ("friday", "10:00"))
    after = [each for each in full.calendar(days=90).json["items"] if each["state"] in ("published", "missed")]
    assert after == before and all(each["at"] < NOW.isoformat() for each in after)
