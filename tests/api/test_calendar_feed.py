"""The feed of a calendar: who has its token reads platform, kind and state of what is due, and nothing more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from noillusion.core import clock
from tests.api.harness import Answer, Client
from tests.api.test_calendar import BOB, NOW, Person
from tests.support.databases import Store


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def alice(deployment: Store) -> Person:
    return Person(deployment)


def token(sub: str = "auth0|alice") -> str:
    answer = Client(sub).request("calendar", "POST", "/v1/calendar/token")
    assert answer.status == 201, answer.text
    assert answer.json["url"].endswith(f"/v1/calendar.ics?token={answer.json['token']}")
    return str(answer.json["token"])


def feed(value: str | None, **headers: str) -> Answer:
    query = {} if value is None else {"token": value}
    return Client(sub=None).request("calendar", "GET", "/v1/calendar.ics", query=query, headers=headers)


def events(value: str) -> list[Any]:
    answer = feed(value)
    assert answer.status == 200, answer.text
    return list(icalendar.Calendar.from_ical(answer.text).walk("VEVENT"))


def titles(value: str) -> list[tuple[str, str]]:
    return [(f"{each['DTSTART'].dt:%m-%d %H:%M}", str(each["SUMMARY"])) for each in events(value)]


def test_a_feed_has_platform_kind_and_state_and_nothing_else(alice: Person) -> None:
    facebook, tiktok = alice.connection(), alice.connection("tiktok")
    alice.occurrence(alice.schedule(facebook, NOW, client_reference="secret-plan"), facebook, NOW)
    weekly = {"rrule": "FREQ=WEEKLY;COUNT=2", "time_zone": "Europe/Berlin", "local_start": "2027-03-27T10:00:00"}
    alice.schedule(tiktok, NOW, "tiktok", **weekly)
    alice.post(tiktok, NOW - timedelta(hours=1), "tiktok")
    value = token()
    assert titles(value) == [
        ("03-26 12:00", "Facebook · image · pending"),
        ("03-27 09:00", "TikTok · image · pending"),
        ("04-03 08:00", "TikTok · image · pending"),
        ("03-26 11:00", "TikTok · text · published"),
    ]
    text = feed(value).text
    assert "secret-plan" not in text and facebook not in text and "auth0" not in text
    allowed = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP", "CLASS"}
    assert all(each.keys() <= allowed for each in events(value))


@pytest.mark.parametrize("value", [None, "", "x", "A" * 43, "A" * 4000])
def test_without_a_valid_token_there_is_nothing(value: str | None, alice: Person) -> None:
    token()
    answer = feed(value)
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_a_token_is_for_one_user_and_until_it_is_replaced_or_revoked(alice: Person) -> None:
    facebook = alice.connection()
    alice.occurrence(alice.schedule(facebook, NOW), facebook, NOW)
    first, bobs = token(), token(BOB)
    assert (len(events(first)), len(events(bobs))) == (1, 0)
    second = token()
    assert (feed(first).status, feed(second).status) == (404, 200)
    assert Client().request("calendar", "DELETE", "/v1/calendar/token").status == 204
    assert (feed(second).status, feed(bobs).status) == (404, 200)
    assert Client().request("calendar", "DELETE", "/v1/calendar/token").status == 404


def test_only_the_hash_of_a_token_is_stored_and_the_export_withholds_it(alice: Person) -> None:
    value = token()
    assert value not in alice.database.dump()
    assert alice.database.fetch("SELECT count(*) FROM calendar_tokens") == [(1,)]
    manifest = Client().request("profile", "GET", "/v1/profile/export").json
    part = Client().request("profile", "GET", f"/v1/profile/export/{manifest['first_part']}").text
    ((stored,),) = alice.database.fetch("SELECT token_hash FROM calendar_tokens")
    assert "calendar_tokens" in part and stored not in part


def test_who_leaves_takes_the_feed_along(alice: Person) -> None:
    alice.slots(alice.connection(), ("monday", "09:00"))
    value = token()
    assert Client().request("profile", "DELETE", "/v1/profile").status == 200
    assert feed(value).status == 404
    for table in ("calendar_tokens", "slot_plans"):
        assert alice.database.fetch(f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_feed_that_has_not_changed_is_not_sent_again_and_stays_in_private_caches(alice: Person) -> None:
    facebook = alice.connection()
    alice.occurrence(alice.schedule(facebook, NOW), facebook, NOW)
    value = token()
    first = feed(value)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, max-age=300"
    known = feed(value, **{"if-none-match": first.headers["etag"]})
    assert (known.status, known.text, known.headers["etag"]) == (304, "", first.headers["etag"])
    alice.database.execute("UPDATE schedule_occurrences SET state = 'running'")
    assert feed(value, **{"if-none-match": first.headers["etag"]}).status == 200


def test_an_entry_keeps_its_id_while_it_becomes_due_and_grows_its_sequence(alice: Person) -> None:
    facebook = alice.connection()
    saturday = datetime(2027, 3, 27, 9, tzinfo=UTC)
    weekly = {"rrule": "FREQ=WEEKLY;COUNT=1", "time_zone": "Europe/Berlin", "local_start": "2027-03-27T10:00:00"}
    ids = alice.schedule(facebook, saturday, **weekly)
    value = token()
    (ahead,) = events(value)
    row = alice.occurrence(ids, facebook, saturday, local_due="2027-03-27T10:00:00")
    seen = [ahead, *events(value)]
    for state, status in (("running", "CONFIRMED"), ("processing", "CONFIRMED"), ("canceled", "CANCELLED")):
        alice.database.execute(f"UPDATE schedule_occurrences SET state = '{state}' WHERE id = '{row}'")
        seen += events(value)
        assert str(seen[-1]["STATUS"]) == status
    assert len({str(each["UID"]) for each in seen}) == 1
    sequences = [int(each["SEQUENCE"]) for each in seen]
    assert sequences == sorted(sequences) and sequences[-1] > sequences[0]


def test_an_entry_that_is_moved_keeps_its_id(alice: Person) -> None:
    facebook = alice.connection()
    row = alice.occurrence(alice.schedule(facebook, NOW), facebook, NOW)
    value = token()
    (before,) = events(value)
    later = (NOW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    alice.database.execute(
        f"UPDATE schedule_occurrences SET due_at = '{later}', local_due = '2027-03-26T13:00' WHERE id = '{row}'"
    )
    (after,) = events(value)
    assert (before["UID"], before["DTSTART"].dt + timedelta(hours=1)) == (after["UID"], after["DTSTART"].dt)


def test_calendar_programs_may_add_parameters_of_their_own(alice: Person) -> None:
    value = token()
    answer = Client(sub=None).request("calendar", "GET", "/v1/calendar.ics", query={"token": value, "nocache": "1"})
    assert answer.status == 200


def test_each_entry_has_a_uid_of_its_own_when_a_schedule_stopped_recurring(alice: Person) -> None:
    account = alice.connection()
    schedule = alice.schedule(account, NOW)
    for days, state in ((-2, "published"), (-1, "missed"), (1, "pending")):
        alice.occurrence(schedule, account, NOW + timedelta(days=days), state=state)
    found = [str(each["UID"]) for each in events(token())]
    assert len(found) == len(set(found)) == 3
