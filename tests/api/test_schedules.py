"""Schedules: created once, published once at their time, changed, paused and deleted, with nothing of their content stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from noillusion.core import clock
from noillusion.core.sensitive import Content
from noillusion.publishing.content import ContentInput
from noillusion.publishing.models import PostRequest, TargetInput
from noillusion.scheduling import queue, ways
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.ways import notify
from tests.api.conftest import Platforms
from tests.api.connected import connect_all
from tests.api.harness import Answer, Client, Context, load
from tests.support.databases import Store

ALICE = "auth0|alice"
START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


class Written:
    """A way whose content is written by the test: it stands for those that fetch it."""

    NEEDS_NOTHING = True
    reason, fits, source, verify = (staticmethod(each) for each in (notify.reason, notify.fits, notify.source, notify.verify))

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    async def content(self, occurrence: OccurrenceRow, target: TargetRow, _deadline: float) -> PostRequest:
        """The text that the test has for the occurrence."""
        text = self.texts.setdefault(occurrence.id, f"post {occurrence.local_due} {occurrence.id}")
        given = TargetInput(connection_id=str(occurrence.connection_id), kind=target.kind)
        return PostRequest(content=ContentInput(text=Content(text)), targets=[given])


@dataclass
class Clock:
    """The time of the product, and messages that wait for theirs."""

    now: datetime
    sent: list[tuple[datetime, dict[str, object]]]

    def run(self) -> None:
        """Ask what is due, and deliver messages whose time has come until none is left."""
        load("maintain").handler({"task": "schedules"}, Context(60))
        self.deliver()

    def deliver(self) -> None:
        """Deliver messages whose time has come."""
        while ready := [each for each in self.sent if each[0] <= self.now]:
            for each in ready:
                self.sent.remove(each)
                record = {"messageId": str(uuid4()), "body": json.dumps(each[1])}
                answer = load("schedule_run").handler({"Records": [record]}, Context(29))
                assert answer == {"batchItemFailures": []}

    def until(self, later: datetime) -> None:
        """Let time pass in minutes, and run what is due."""
        while self.now < later:
            self.now = min(later, self.now + timedelta(seconds=30))
            self.run()


@pytest.fixture
def time(alice: Client, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands once accounts are connected, and a queue that keeps messages back as SQS does."""
    made = Clock(datetime.now(UTC).replace(microsecond=0), [])
    monkeypatch.setattr(clock, "now", lambda: made.now)

    async def send(messages: Any) -> int:
        made.sent += [(made.now + timedelta(seconds=m.delay_s or 0), dict(m.body)) for m in messages]
        return len(messages)

    monkeypatch.setattr(queue, "send", send)
    return made


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    """A way that has content by itself, in the place of ``notify``."""
    way = Written()
    others = ways.get
    monkeypatch.setattr(ways, "get", lambda name: way if name == "notify" else others(name))
    return way


@pytest.fixture
def alice(platforms: Platforms) -> Client:
    """A user with an account on every platform."""
    client = Client(ALICE)
    client.connections = connect_all(platforms, client)  # type: ignore[attr-defined]
    return client


def create(client: Client, due: datetime, *platforms: str, key: str | None = None, **fields: Any) -> Answer:
    """Schedule for the user's accounts on some platforms."""
    ids = client.connections  # type: ignore[attr-defined]
    targets = [{"connection_id": ids[name]} for name in platforms or ("linkedin",)]
    body = {"due_at": due.isoformat(), "targets": targets, **fields}
    return client.request("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": key or str(uuid4())})


def get(client: Client, schedule: str) -> dict[str, Any]:
    """A schedule as its user reads it."""
    answer = client.request("schedules", "GET", f"/v1/schedules/{schedule}")
    assert answer.status == 200, answer.text
    return dict(answer.json)


def state(client: Client, schedule: str) -> str:
    """The state of the only target's next or last occurrence."""
    return str(get(client, schedule)["targets"][0]["occurrence"]["state"])


# ---- creating ---------------------------------------------------------------------------------------------------------------


def test_I3_a_schedule_says_each_time_in_utc_and_by_the_clocks_of_its_zone(alice: Client, time: Clock) -> None:
    due = (time.now + timedelta(days=2)).replace(hour=8, minute=0, second=0)
    answer = create(alice, due, time_zone="Asia/Kolkata")
    assert answer.status == 201, answer.text
    schedule = answer.json
    assert schedule["starts_at"] == due.isoformat().replace("+00:00", "Z")
    assert schedule["local_starts_at"] == f"{due.date()}T13:30:00" and schedule["time_zone"] == "Asia/Kolkata"
    occurrence = schedule["targets"][0]["occurrence"]
    assert (occurrence["due_at"], occurrence["local_due_at"]) == (schedule["starts_at"], schedule["local_starts_at"])
    assert (occurrence["state"], schedule["targets"][0]["way"]) == ("pending", "notify")
    assert answer.headers["location"] == f"/v1/schedules/{schedule['id']}"
    again = alice.request(
        "schedules", "GET", f"/v1/schedules/{schedule['id']}", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status == 304


@pytest.mark.parametrize("due", ["2026-12-24T09:00:00", "2026-12-24", "tomorrow"])
def test_I1_a_time_without_an_offset_is_refused(due: str, alice: Client) -> None:
    body = {"due_at": due, "targets": [{"connection_id": str(uuid4())}]}
    answer = alice.request("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": "k"})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "due_at")


def test_B9_the_time_that_would_be_stored_is_the_one_that_must_be_in_the_future(alice: Client, time: Clock) -> None:
    time.now = time.now.replace(microsecond=300_000)
    early = create(alice, time.now + timedelta(milliseconds=500))
    assert (early.status, early.json["errors"]) == (
        422, [{"field": "due_at", "code": "in_past", "message": "Must be in the future."}],
    ), early.text  # fmt: skip
    zone = (time.now + timedelta(hours=1)).astimezone().isoformat()
    assert create(alice, datetime.fromisoformat(zone)).status == 201
    schedule = create(alice, time.now + timedelta(seconds=2)).json
    past = alice.request("schedules", "PATCH", f"/v1/schedules/{schedule['id']}", body={"due_at": time.now.isoformat()})
    assert (past.status, past.json["errors"][0]["code"]) == (422, "in_past")


def test_all_that_is_wrong_with_targets_is_said_at_once(alice: Client, time: Clock) -> None:
    body = {
        "due_at": (time.now + timedelta(hours=1)).isoformat(),
        "targets": [{"connection_id": str(uuid4())}, {"connection_id": str(uuid4()), "way": "native"}],
    }
    answer = alice.request("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": "k"})
    assert [error["field"] for error in answer.json["errors"]] == ["targets.0.connection_id", "targets.1.connection_id"]
    assert alice.request("schedules", "GET", "/v1/schedules").json["items"] == []


def test_a_repeat_with_the_same_key_gets_the_schedule_that_is_there(alice: Client, time: Clock) -> None:
    due = time.now + timedelta(hours=1)
    first, second = create(alice, due, key="one"), create(alice, due, key="one")
    assert (first.status, second.status) == (201, 201)
    assert second.json["id"] == first.json["id"] and second.headers["idempotency-replayed"] == "true"
    other = create(alice, due + timedelta(hours=1), key="one")
    assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")
    keyless = alice.request("schedules", "POST", "/v1/schedules", body={"due_at": due.isoformat(), "targets": []})
    assert keyless.status in (400, 422)


def test_lists_are_filtered_and_paged(alice: Client, time: Clock) -> None:
    made = []
    for hour in range(3):
        time.now += timedelta(seconds=1)
        made.append(
            create(alice, time.now + timedelta(hours=1 + hour), ("linkedin", "tiktok")[hour % 2], client_reference=f"r{hour}")
        )
    ids = [answer.json["id"] for answer in made][::-1]

    def listed(**query: str) -> list[str]:
        return [item["id"] for item in alice.request("schedules", "GET", "/v1/schedules", query=query).json["items"]]

    assert listed() == ids
    first = alice.request("schedules", "GET", "/v1/schedules", query={"limit": "2"}).json
    assert [item["id"] for item in first["items"]] == ids[:2]
    assert listed(limit="2", cursor=first["next_cursor"]) == ids[2:]
    assert listed(client_reference="r1") == [ids[1]]
    assert listed(connection_id=alice.connections["tiktok"]) == [ids[1]]  # type: ignore[attr-defined]
    assert listed(status="paused") == [] and listed(way="notify") == ids
    assert Client("auth0|bob").request("schedules", "GET", "/v1/schedules").json["items"] == []


def test_options_say_which_ways_an_account_has_and_the_default(alice: Client) -> None:
    answer = alice.request("schedules", "POST", "/v1/schedules/options", body={})
    assert answer.status == 200 and len(answer.json["accounts"]) >= 4
    for account in answer.json["accounts"]:
        assert account["default_way"] in {way["way"] for way in account["ways"] if way["available"]}
    other = alice.request("schedules", "POST", "/v1/schedules/options", body={"connection_ids": [str(uuid4())]})
    assert (other.status, other.json["errors"][0]["field"]) == (422, "connection_ids.0")


# ---- publishing -------------------------------------------------------------------------------------------------------------


def test_B2_B3_what_was_scheduled_is_published_at_its_time_and_once(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=5)
    schedule = create(alice, due, "linkedin", "facebook", client_reference="campaign").json["id"]
    time.until(due - timedelta(seconds=1))
    assert platforms.posts("linkedin") == [] and state(alice, schedule) == "pending"
    time.now = due
    time.deliver()
    assert (len(platforms.posts("linkedin")), len(platforms.posts("facebook"))) == (1, 1), "not at its second"
    time.until(due + timedelta(minutes=10))
    assert (len(platforms.posts("linkedin")), len(platforms.posts("facebook"))) == (1, 1)
    shown = get(alice, schedule)
    assert shown["status"] == "ended" and {t["occurrence"]["state"] for t in shown["targets"]} == {"published"}
    post = alice.request("publish", "GET", f"/v1/posts/{shown['targets'][0]['occurrence']['post_id']}").json
    assert (post["status"], post["client_reference"]) == ("published", "campaign")


def test_B7_what_a_dead_run_left_is_taken_up_again_when_its_lease_is_over(
    alice: Client, platforms: Platforms, time: Clock, written: Written, deployment: Store
) -> None:
    due = time.now + timedelta(minutes=1)
    schedule = create(alice, due).json["id"]
    time.sent.clear()
    time.now = due
    lease = "'" + (due + timedelta(seconds=40)).isoformat().replace("+00:00", ".000000Z") + "'"
    deployment.execute(
        f"UPDATE schedule_occurrences SET state = 'running', lease_owner = id, lease_until = {lease}, wake_at = {lease}"
    )
    time.run()
    assert platforms.posts("linkedin") == [] and state(alice, schedule) == "running"
    time.until(due + timedelta(minutes=2))
    assert len(platforms.posts("linkedin")) == 1 and state(alice, schedule) == "published"


def test_what_is_overdue_past_its_grace_is_missed_with_a_notice_and_never_published(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=5)
    late = create(alice, due, grace_minutes=30).json["id"]
    still = create(alice, due, grace_minutes=240).json["id"]
    time.sent.clear()
    time.now = due + timedelta(hours=3)
    time.run()
    time.until(time.now + timedelta(minutes=3))
    assert (state(alice, late), state(alice, still)) == ("missed", "published")
    assert len(platforms.posts("linkedin")) == 1
    notices = alice.request("profile", "GET", "/v1/notifications", query={"kind": "schedule_missed"}).json["items"]
    assert [notice["data"]["code"] for notice in notices] == ["overdue"]
    assert notices[0]["subject_id"] == get(alice, late)["targets"][0]["occurrence"]["id"]


def test_B8_items_of_one_account_in_the_same_second_all_go_out_in_order(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=2)
    schedules = []
    for _ in range(6):
        time.now += timedelta(milliseconds=10)
        schedules.append(create(alice, due).json["id"])
    time.until(due + timedelta(minutes=5))
    assert [state(alice, schedule) for schedule in schedules] == ["published"] * 6
    order = [get(alice, schedule)["targets"][0]["occurrence"]["id"] for schedule in schedules]
    texts = [
        post.get("commentary") or post.get("text") or "" for post in sorted(platforms.posts("linkedin"), key=lambda p: p["id"])
    ]
    assert [text.rsplit(" ", 1)[-1] for text in texts] == order


@pytest.mark.parametrize(("preset", "published"), [("rate_limited", True), ("unavailable", False)])
def test_what_a_limit_holds_up_waits_for_it_within_the_grace_and_what_fails_otherwise_is_told_soon(
    preset: str, published: bool, alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=1)
    schedule = create(alice, due, grace_minutes=1_440).json["id"]
    platforms.fault(platform="linkedin", preset=preset, method="GET", times=-1)
    time.until(due + timedelta(minutes=40))
    assert state(alice, schedule) == ("pending" if published else "failed") and platforms.posts("linkedin") == []
    httpx.delete(f"{platforms.base}/_control/faults").raise_for_status()
    time.until(due + timedelta(hours=3))
    assert (state(alice, schedule), len(platforms.posts("linkedin"))) == (("published", 1) if published else ("failed", 0))


def test_a_post_whose_answer_was_lost_is_found_and_settled_and_not_sent_again(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=1)
    schedule = create(alice, due, "facebook").json["id"]
    platforms.fault(platform="facebook", method="POST", path="/feed$", when="after", drop=True)
    time.now = due

    def platforms_follow() -> None:
        platforms.world.clock.offset = (time.now - datetime.now(UTC)).total_seconds()

    platforms_follow()
    time.deliver()
    # Whether the platform has it is not known yet, so it holds up what follows on the account.
    assert state(alice, schedule) == "pending"
    rows = platforms.database.fetch("SELECT id FROM post_targets")
    body = json.dumps({"user_id": ALICE, "target_id": str(rows[0][0])})
    for minutes in (6, 20):
        time.until(due + timedelta(minutes=minutes))
        platforms_follow()
        load("publish").handler({"Records": [{"messageId": "m", "body": body}]}, Context(29))
    time.until(due + timedelta(minutes=30))
    assert state(alice, schedule) == "published" and len(platforms.posts("facebook")) == 1


def test_an_account_that_was_disconnected_fails_with_a_notice(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=5)
    schedule = create(alice, due).json["id"]
    gone = alice.request("connect_callback", "DELETE", f"/v1/connections/{alice.connections['linkedin']}")  # type: ignore[attr-defined]
    assert gone.status == 200, gone.text
    time.until(due + timedelta(minutes=1))
    occurrence = get(alice, schedule)["targets"][0]["occurrence"]
    assert (occurrence["state"], occurrence["code"]) == ("failed", "disconnected") and occurrence["message"]
    notices = alice.request("profile", "GET", "/v1/notifications", query={"kind": "schedule_failed"}).json["items"]
    assert [notice["subject_id"] for notice in notices] == [occurrence["id"]]


# ---- the link of notify -----------------------------------------------------------------------------------------------------


def told(alice: Client, time: Clock) -> tuple[str, str]:
    """A schedule that is due in the way ``notify``, and its link."""
    due = time.now + timedelta(minutes=2)
    schedule = create(alice, due).json["id"]
    time.until(due + timedelta(seconds=30))
    occurrence = get(alice, schedule)["targets"][0]["occurrence"]
    assert occurrence["state"] == "notified"
    return schedule, occurrence["link"]


def send(link: str, text: str) -> Answer:
    """Send content through a link, without an access token."""
    return Client(sub=None).request("schedules", "POST", link, body={"content": {"text": text}})


def test_the_link_of_a_notice_publishes_once_and_needs_no_access_token(alice: Client, platforms: Platforms, time: Clock) -> None:
    schedule, link = told(alice, time)
    notices = alice.request("profile", "GET", "/v1/notifications", query={"kind": "schedule_due"}).json["items"]
    assert len(notices) == 1 and link not in str(notices)
    refused = send(link, "x" * 3_500)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "content.text"), refused.text
    sent = send(link, "What I wanted to say")
    assert (sent.status, sent.json["status"]) == (201, "published"), sent.text
    again = send(link, "What I wanted to say")
    assert (again.status, again.json["code"]) == (409, "link_over")
    assert len(platforms.posts("linkedin")) == 1
    shown = get(alice, schedule)
    assert (shown["status"], shown["targets"][0]["occurrence"]["state"]) == ("ended", "published")
    assert shown["targets"][0]["occurrence"]["post_id"] == sent.json["id"]


def test_a_link_that_was_altered_is_of_nothing(alice: Client, time: Clock) -> None:
    _, link = told(alice, time)
    for altered in (link[:-1] + ("0" if link[-1] != "0" else "1"), link.replace("links/", "links/A"), "/v1/schedules/links/x"):
        assert send(altered, "text").status == 404


def test_a_link_that_nobody_used_is_over_with_the_grace_and_the_post_missed(alice: Client, time: Clock) -> None:
    schedule, link = told(alice, time)
    time.until(time.now + timedelta(minutes=62))
    occurrence = get(alice, schedule)["targets"][0]["occurrence"]
    assert (occurrence["state"], occurrence["code"], occurrence["link"]) == ("missed", "not_sent", None)
    assert send(link, "too late").json["code"] == "link_over"


# ---- changes ----------------------------------------------------------------------------------------------------------------


def change(client: Client, schedule: str, **fields: Any) -> Answer:
    """Patch a schedule."""
    return client.request("schedules", "PATCH", f"/v1/schedules/{schedule}", body=fields)


def test_a_change_moves_what_waits_and_keeps_the_rest(alice: Client, platforms: Platforms, time: Clock, written: Written) -> None:
    due = time.now + timedelta(hours=1)
    answer = create(alice, due)
    moved = alice.request(
        "schedules", "PATCH", f"/v1/schedules/{answer.json['id']}",
        body={"due_at": (due + timedelta(hours=2)).isoformat(), "grace_minutes": 5}, headers={"if-match": answer.headers["etag"]},
    )  # fmt: skip
    assert moved.status == 200 and moved.json["grace_minutes"] == 5, moved.text
    assert moved.json["targets"][0]["occurrence"]["due_at"] == moved.json["starts_at"] != answer.json["starts_at"]
    stale = alice.request(
        "schedules", "PATCH", f"/v1/schedules/{answer.json['id']}", body={}, headers={"if-match": answer.headers["etag"]}
    )
    assert stale.status == 412
    time.until(due + timedelta(minutes=10))
    assert platforms.posts("linkedin") == []
    time.until(due + timedelta(hours=2, minutes=1))
    assert len(platforms.posts("linkedin")) == 1


def test_B10_what_is_over_keeps_its_time(alice: Client, time: Clock, written: Written, deployment: Store) -> None:
    due = time.now + timedelta(minutes=1)
    schedule = create(alice, due).json["id"]
    time.until(due + timedelta(minutes=1))
    before = get(alice, schedule)
    answer = change(alice, schedule, due_at=(due + timedelta(days=1)).isoformat())
    assert (answer.status, answer.json["code"]) == (409, "schedule_over")
    now = alice.request("schedules", "POST", f"/v1/schedules/{schedule}/publish-now")
    assert (now.status, now.json["code"]) == (409, "schedule_over")
    assert get(alice, schedule) == before


def test_other_targets_take_the_place_of_those_that_wait(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(hours=1)
    schedule = create(alice, due).json["id"]
    answer = change(alice, schedule, targets=[{"connection_id": alice.connections["facebook"]}])  # type: ignore[attr-defined]
    assert [target["platform"] for target in answer.json["targets"]] == ["facebook"], answer.text
    time.until(due + timedelta(minutes=1))
    assert (len(platforms.posts("linkedin")), len(platforms.posts("facebook"))) == (0, 1)


def test_nothing_of_a_paused_schedule_is_published_until_it_is_resumed(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(minutes=5)
    within, past = create(alice, due, grace_minutes=600).json["id"], create(alice, due, grace_minutes=5).json["id"]
    for schedule in (within, past):
        answer = alice.request("schedules", "POST", f"/v1/schedules/{schedule}/pause")
        assert (answer.json["status"], answer.json["targets"][0]["occurrence"]["state"]) == ("paused", "paused"), answer.text
    time.until(due + timedelta(minutes=30))
    assert platforms.posts("linkedin") == []
    for schedule in (within, past):
        assert alice.request("schedules", "POST", f"/v1/schedules/{schedule}/resume").status == 200
    time.until(time.now + timedelta(minutes=2))
    assert (state(alice, within), state(alice, past)) == ("published", "skipped")
    assert len(platforms.posts("linkedin")) == 1


def test_publish_now_publishes_what_waits_and_the_recurrence_goes_on(
    alice: Client, platforms: Platforms, time: Clock, written: Written
) -> None:
    due = time.now + timedelta(days=1)
    schedule = create(alice, due, recurrence={"rrule": "FREQ=DAILY;COUNT=3"}).json
    answer = alice.request("schedules", "POST", f"/v1/schedules/{schedule['id']}/publish-now")
    assert answer.status == 202, answer.text
    time.deliver()
    assert len(platforms.posts("linkedin")) == 1
    following = get(alice, schedule["id"])["targets"][0]["occurrence"]
    assert datetime.fromisoformat(following["due_at"]) == due + timedelta(days=1)
    time.now = due
    time.run()
    assert len(platforms.posts("linkedin")) == 1
    for day in (1, 2):
        time.now = due + timedelta(days=day)
        time.run()
    assert len(platforms.posts("linkedin")) == 3
    assert get(alice, schedule["id"])["status"] == "ended"


def test_deleting_a_schedule_removes_every_record_of_it(alice: Client, time: Clock, written: Written, deployment: Store) -> None:
    answer = create(alice, time.now + timedelta(hours=1))
    path = f"/v1/schedules/{answer.json['id']}"
    assert Client("auth0|bob").request("schedules", "DELETE", path).status == 404
    assert alice.request("schedules", "DELETE", path, headers={"if-match": '"other"'}).status == 412
    assert alice.request("schedules", "DELETE", path, headers={"if-match": answer.headers["etag"]}).status == 204
    assert alice.request("schedules", "GET", path).status == 404
    for table in ("schedules", "schedule_targets", "schedule_occurrences"):
        assert deployment.fetch(f"SELECT count(*) FROM {table}") == [(0,)]
