"""Webhooks: endpoints, signed events, retries, order, and what happens to endpoints that do not work."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import clock, loop
from noillusion.core.preconditions import if_match
from noillusion.core.sensitive import Content
from noillusion.net import client as http
from noillusion.net.queues import Message
from noillusion.settings import source as settings
from noillusion.webhooks import crews, sending, service, sessions, store
from noillusion.webhooks import queue as webhook_queue
from noillusion.webhooks.models import WebhookPatch
from noillusion.webhooks.rows import ClaimedRow
from tests.api.harness import Client, Context, load
from tests.api.hooked import ALICE, BOB, Clock, ask, consume, deliver, hook, log, tell
from tests.support.databases import Store
from tests.support.receiver import HOST, Received, Receiver, receiver

Queue = list[dict[str, Any]]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue: bodies of messages, and when each may be received."""
    waiting: Queue = []

    async def enqueue(messages: Sequence[Message]) -> None:
        for message in messages:
            json.dumps(message.body)
            waiting.append({"body": dict(message.body), "at": clock.now() + timedelta(seconds=message.delay_s or 0)})

    monkeypatch.setattr(webhook_queue, "enqueue", enqueue)
    return waiting


@pytest.fixture
def at(deployment: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver that the deployment reaches."""
    with receiver() as found:
        monkeypatch.setenv("ENDPOINTS", json.dumps({HOST: found.base}))
        settings.settings.forget()
        yield found
        loop.run(http.close())


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock."""
    return Clock(monkeypatch)


def verified(request: Received, secret: str) -> bool:
    """Whether one of the signatures is that of the secret, by the text of the specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in request.headers["webhook-signature"].split(" ")


# ---- endpoints --------------------------------------------------------------------------------------------------------------


def test_a_webhook_is_created_listed_changed_and_deleted_and_its_secret_is_shown_once(at: Receiver) -> None:
    made = hook("/in?key=mine")
    secret = made.pop("secret")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert ask("GET").json["items"] == [made]
    found = ask("GET", f"/{made['id']}")
    assert found.json == made and secret not in found.text
    assert (made["url"], made["events"], made["active"]) == (f"https://{HOST}/in?key=mine", None, True)
    assert ask("GET", f"/{made['id']}", headers={"if-none-match": found.headers["etag"]}).status == 304
    changed = ask("PATCH", f"/{made['id']}", body={"events": ["publish_failed"]}, headers={"if-match": found.headers["etag"]})
    assert changed.json["events"] == ["publish_failed"]
    assert ask("PATCH", f"/{made['id']}", body={"active": False}, headers={"if-match": found.headers["etag"]}).status == 412
    assert ask("PATCH", f"/{made['id']}", body={"events": None}).json["events"] is None
    assert ask("DELETE", f"/{made['id']}").status == 204
    assert ask("GET", f"/{made['id']}").status == 404


def test_url_and_secrets_are_stored_sealed(at: Receiver, deployment: Store) -> None:
    made = hook("/in?key=very-secret-in-query")
    first = made["secret"]
    second = ask("POST", f"/{made['id']}/rotate-secret").json["secret"]
    (row,) = deployment.fetch("SELECT * FROM webhooks")
    stored = " ".join(map(str, row))
    assert "very-secret-in-query" not in stored and HOST not in stored
    assert first not in stored and second not in stored and stored.count("v2.") == 3


def test_nobody_sees_or_uses_the_webhooks_of_others(at: Receiver) -> None:
    made = hook()
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/rotate-secret"),
        ("GET", "/deliveries"),
        ("POST", f"/deliveries/{uuid4()}/replay"),
    ):
        body = {"body": {"active": False}} if method == "PATCH" else {}
        assert ask(method, f"/{made['id']}{path}", BOB, **body).status == 404, (method, path)
    assert ask("GET", user=BOB).json["items"] == []


def test_a_user_has_a_limited_number_of_webhooks(at: Receiver) -> None:
    for _ in range(store.MAX_WEBHOOKS):
        hook()
    refused = ask("POST", body={"url": f"https://{HOST}/one-more"})
    assert (refused.status, refused.json["code"]) == (409, "too_many_webhooks")


def test_tests_are_limited_for_each_user_and_tell_what_is_left(at: Receiver, moved: Clock) -> None:
    first, second = hook("/one"), hook("/two")
    tested = [ask("POST", f"/{(first, second)[n % 2]['id']}/test") for n in range(service.TESTS_PER_MINUTE)]
    assert {answer.status for answer in tested} == {200}
    assert [answer.headers["ratelimit"].partition("r=")[2].partition(";")[0] for answer in tested[-2:]] == ["1", "0"]
    refused = ask("POST", f"/{first['id']}/test")
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests") and refused.headers["retry-after"]
    assert len(at.requests) == service.TESTS_PER_MINUTE
    theirs = hook(user=BOB)
    assert ask("POST", f"/{theirs['id']}/test", BOB).status == 200
    moved.move(seconds=61)
    assert ask("POST", f"/{first['id']}/test").status == 200


def test_a_repeat_within_a_day_gets_the_secret_again_and_nobody_else_does(at: Receiver) -> None:
    body, headers = {"url": f"https://{HOST}/in"}, {"idempotency-key": "k"}
    made, again = (ask("POST", body=body, headers=headers) for _ in range(2))
    assert (made.json["secret"], again.headers["idempotency-replayed"]) == (again.json["secret"], "true")
    theirs = ask("POST", user=BOB, body=body, headers=headers)
    assert theirs.headers["idempotency-replayed"] == "false" and theirs.json["secret"] != made.json["secret"]
    rotated = ask("POST", f"/{made.json['id']}/rotate-secret").json["secret"]
    assert ask("POST", body=body, headers=headers).json["secret"] == rotated


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/in", "https_required"),
        ("ftp://hooks.example.com/in", "https_required"),
        ("https://hooks.example.com:8443/in", "port_not_allowed"),
        ("https://user:pass@hooks.example.com/in", "url"),
        ("https://", "url"),
        ("nonsense", "url"),
        ("https://127.0.0.1/in", "address_not_public"),
        ("https://localhost/in", "address_not_public"),
        ("https://10.0.0.8/in", "address_not_public"),
        ("https://169.254.169.254/latest/meta-data", "address_not_public"),
        ("https://[::1]/in", "address_not_public"),
        ("https://[::ffff:127.0.0.1]/in", "address_not_public"),
        ("https://[fd00::1]/in", "address_not_public"),
        ("https://0177.0.0.1/in", "address_not_public"),
        ("https://2130706433/in", "address_not_public"),
        ("https://0x7f000001/in", "address_not_public"),
        ("https://nothing.invalid/in", "unresolvable"),
    ],
)
def test_T9_hostile_urls_are_refused_by_name_of_the_field(at: Receiver, url: str, code: str) -> None:
    made = hook()
    for answer in (ask("POST", body={"url": url}), ask("PATCH", f"/{made['id']}", body={"url": url})):
        assert (answer.status, [(error["field"], error["code"]) for error in answer.json["errors"]]) == (422, [("url", code)])
        assert url not in answer.text


def test_T9_a_name_that_changes_its_address_is_not_followed(
    at: Receiver, queue: Queue, monkeypatch: pytest.MonkeyPatch, deployment: Store
) -> None:
    made = hook("/in")
    # From now on, the name is at a private address.
    monkeypatch.setenv("ENDPOINTS", "{}")
    settings.settings.forget()

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr("noillusion.net.guarded._resolve", resolve)
    tell()
    deliver(queue)
    (delivery,) = log(made)
    assert (delivery["state"], delivery["code"], delivery["status"]) == ("pending", "address_not_public", None)
    assert at.requests == []


# ---- events -----------------------------------------------------------------------------------------------------------------


def test_a_notice_is_sent_once_to_each_webhook_that_wants_its_kind(at: Receiver, queue: Queue) -> None:
    every, some, none = hook("/all"), hook("/some", events=["publish_failed"]), hook("/none", events=["connection_dead"])
    subject = tell("publish_failed", platform="tiktok", error_class="transient")
    assert deliver(queue) >= 1 and deliver(queue) == 0
    (sent,), (same,) = at.at("/all"), at.at("/some")
    assert at.at("/none") == [] and log(none) == []
    assert verified(sent, every["secret"]) and verified(same, some["secret"]) and not verified(sent, some["secret"])
    event = json.loads(sent.body)
    assert event["type"] == "publish_failed" and datetime.fromisoformat(event["timestamp"])
    (delivery,) = log(every)
    assert event["data"] == {
        "notice_id": delivery["notice_id"],
        "subject_id": subject,
        "platform": "tiktok",
        "error_class": "transient",
    }
    assert delivery["message_id"] == sent.headers["webhook-id"] == same.headers["webhook-id"]
    assert (delivery["state"], delivery["code"], delivery["status"], delivery["attempts"]) == ("delivered", "ok", 204, 1)
    assert sent.headers["content-type"] == "application/json"


def test_what_happened_before_a_webhook_existed_is_not_sent(at: Receiver, queue: Queue) -> None:
    tell()
    hook()
    deliver(queue)
    assert at.requests == []


def test_events_about_one_subject_are_sent_in_order_and_others_do_not_wait(at: Receiver, queue: Queue, moved: Clock) -> None:
    made = hook()
    subject = str(uuid4())
    at.answers["/in"] = 500
    first = tell("publish_unknown", subject)
    moved.move(seconds=1)
    tell("publish_finished", first)
    moved.move(seconds=1)
    tell("connection_dead")
    deliver(queue)
    at.answers["/in"] = 204
    for _ in range(4):
        moved.move(seconds=10)
        deliver(queue)
    assert [d["state"] for d in log(made)] == ["delivered"] * 3
    kinds = [json.loads(each.body)["type"] for each in at.at("/in")]
    accepted = kinds[kinds.index("publish_unknown") + 1 :]
    assert kinds[0] == "publish_unknown" and accepted.index("publish_unknown") < accepted.index("publish_finished")
    # The others never saw the event that waits as a reason to wait.
    assert kinds.count("publish_finished") == kinds.count("connection_dead") == 1


def test_both_signatures_are_sent_for_a_day_after_a_rotation(at: Receiver, queue: Queue, moved: Clock, deployment: Store) -> None:
    made = hook()
    rotated = ask("POST", f"/{made['id']}/rotate-secret").json
    tell()
    deliver(queue)
    assert verified(at.requests[-1], made["secret"]) and verified(at.requests[-1], rotated["secret"])
    moved.move(hours=24, seconds=1)
    tell()
    deliver(queue)
    assert not verified(at.requests[-1], made["secret"]) and verified(at.requests[-1], rotated["secret"])
    load("maintain").handler({"task": "retention"}, Context(60))
    assert deployment.fetch("SELECT sealed_old_secret, old_secret_until FROM webhooks") == [(None, None)]


def test_a_test_is_sent_at_once_and_logged_and_an_inactive_webhook_can_be_tested(at: Receiver, queue: Queue) -> None:
    made = hook()
    tested = ask("POST", f"/{made['id']}/test")
    assert (tested.status, tested.json["state"], tested.json["event"], tested.json["status"]) == (
        200,
        "delivered",
        "webhook.test",
        204,
    )
    assert json.loads(at.requests[0].body) == {**json.loads(at.requests[0].body), "type": "webhook.test", "data": {}}
    assert verified(at.requests[0], made["secret"])
    ask("PATCH", f"/{made['id']}", body={"active": False})
    at.answers["/in"] = 503
    failed = ask("POST", f"/{made['id']}/test").json
    assert (failed["state"], failed["code"], failed["status"], failed["next_attempt_at"]) == ("failed", "status", 503, None)
    assert [d["event"] for d in log(made)] == ["webhook.test", "webhook.test"]


# ---- failures ---------------------------------------------------------------------------------------------------------------


def test_an_event_is_tried_for_a_day_with_growing_gaps_and_then_fails(at: Receiver, queue: Queue, moved: Clock) -> None:
    made = hook()
    at.answers["/in"] = 500
    tell()
    gaps: list[float] = []
    for _ in range(60):
        deliver(queue)
        (delivery,) = log(made)
        if delivery["next_attempt_at"] is None:
            break
        gap = (datetime.fromisoformat(delivery["next_attempt_at"]) - clock.now()).total_seconds()
        gaps.append(gap)
        moved.move(seconds=max(gap, 0) + 1)
    assert delivery["state"] == "failed" and 12 <= len(at.requests) <= 30
    assert 3 <= gaps[0] <= 5 and max(gaps) <= 7_201 and all(later > sooner for sooner, later in pairwise(gaps[:9]))
    assert {each.headers["webhook-id"] for each in at.requests} == {delivery["message_id"]}
    assert 20 <= moved.ahead.total_seconds() / 3600 <= 25


@pytest.mark.parametrize("value", ["120", "date"])
def test_the_wait_that_an_endpoint_asks_for_is_respected(at: Receiver, queue: Queue, moved: Clock, value: str) -> None:
    made = hook()
    then = (clock.now() + timedelta(seconds=121)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    at.answers["/in"], at.headers["/in"] = 429, {"retry-after": then if value == "date" else value}
    tell()
    deliver(queue)
    for _ in range(5):
        moved.move(seconds=20)
        deliver(queue)
    assert len(at.requests) == 1
    moved.move(seconds=30)
    deliver(queue)
    assert len(at.requests) == 2 and log(made)[0]["attempts"] == 2


def test_an_endpoint_that_is_gone_is_disabled_with_a_notice_and_what_waits_is_canceled(at: Receiver, queue: Queue) -> None:
    made, other = hook(), hook("/other")
    at.answers["/in"] = 410
    tell()
    tell()
    deliver(queue)
    deliver(queue)
    found = ask("GET", f"/{made['id']}").json
    assert (found["active"], found["disabled_reason"]) == (False, "gone")
    assert {d["state"] for d in log(made)} == {"canceled"} and len(at.at("/in")) <= 2
    # The notice is an event for the others.
    (told,) = [event for each in at.at("/other") if (event := json.loads(each.body))["type"] == "webhook_disabled"]
    assert (told["data"]["subject_id"], told["data"]["reason"]) == (made["id"], "gone")
    assert log(other)[0]["state"] == "delivered"


def test_an_endpoint_that_fails_for_three_days_is_disabled_and_works_again_once_it_is_enabled(
    at: Receiver, queue: Queue, moved: Clock
) -> None:
    made = hook()
    at.answers["/in"] = 500
    for _ in range(7):
        tell()
        for _ in range(3):
            deliver(queue)
            moved.move(hours=4, minutes=1)
    found = ask("GET", f"/{made['id']}").json
    assert (found["active"], found["disabled_reason"]) == (False, "failing")
    number = len(at.requests)
    tell()
    deliver(queue)
    assert len(at.requests) == number
    at.answers["/in"] = 204
    enabled = ask("PATCH", f"/{made['id']}", body={"active": True}).json
    assert (enabled["active"], enabled["disabled_reason"], enabled["failing_since"]) == (True, None, None)
    tell()
    deliver(queue)
    assert len(at.requests) == number + 1


def test_a_redirect_is_not_followed(at: Receiver, queue: Queue) -> None:
    made = hook()
    at.answers["/in"], at.headers["/in"] = 307, {"location": f"https://{HOST}/elsewhere"}
    tell()
    deliver(queue)
    assert log(made)[0]["code"] == "redirect" and at.at("/elsewhere") == []


def test_a_replay_has_the_same_message_id_and_a_new_signature(at: Receiver, queue: Queue, moved: Clock) -> None:
    made = hook()
    tell()
    deliver(queue)
    (delivery,) = log(made)
    moved.move(minutes=10)
    again = ask("POST", f"/{made['id']}/deliveries/{delivery['id']}/replay")
    assert (again.status, again.json["state"], again.json["attempts"]) == (202, "pending", 0)
    # A second request changes nothing.
    assert ask("POST", f"/{made['id']}/deliveries/{delivery['id']}/replay").json["id"] == delivery["id"]
    consume(queue)
    first, second = at.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    assert int(second.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"]) + 600
    assert verified(second, made["secret"])
    ask("PATCH", f"/{made['id']}", body={"active": False})
    refused = ask("POST", f"/{made['id']}/deliveries/{delivery['id']}/replay")
    assert (refused.status, refused.json["code"]) == (409, "webhook_disabled")


def test_a_message_that_comes_twice_sends_nothing_twice(at: Receiver, queue: Queue) -> None:
    hook()
    tell()
    load("maintain").handler({"task": "webhooks"}, Context(60))
    queue.extend([dict(message) for message in queue])
    consume(queue)
    assert len(at.requests) == 1


def test_an_endpoint_whose_worker_died_is_taken_up_again(
    at: Receiver, queue: Queue, moved: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook()
    tell()

    async def killed(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(sessions.Session, "run", killed)
        deliver(queue)
    deliver(queue)
    assert at.requests == []
    moved.move(minutes=2)
    deliver(queue)
    assert len(at.requests) == 1


def test_deleting_a_notice_withdraws_it_and_its_deliveries(at: Receiver, queue: Queue, deployment: Store) -> None:
    made = hook()
    at.answers["/in"] = 500
    tell()
    deliver(queue)
    (delivery,) = log(made)
    assert Client(ALICE).request("profile", "DELETE", f"/v1/notifications/{delivery['notice_id']}").status == 204
    assert log(made) == []


def test_deliveries_are_paged_filtered_and_kept_for_thirty_days(at: Receiver, queue: Queue, moved: Clock) -> None:
    made = hook()
    for _ in range(3):
        tell()
    deliver(queue)
    first = ask("GET", f"/{made['id']}/deliveries", query={"limit": "2"}).json
    rest = ask("GET", f"/{made['id']}/deliveries", query={"limit": "2", "cursor": first["next_cursor"]}).json
    assert len({d["id"] for d in first["items"] + rest["items"]}) == 3 and rest["next_cursor"] is None
    assert log(made, state="failed") == [] and len(log(made, state="delivered")) == 3
    moved.move(days=30, seconds=1)
    load("maintain").handler({"task": "retention"}, Context(60))
    assert log(made) == []


def test_an_endpoint_that_hangs_is_told_from_one_that_is_not_there(at: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is that of the attempt, however soon other requests give up."""
    made = hook()
    at.answers["/in"] = None
    monkeypatch.setattr(sending, "SLOW_S", 1.0)
    monkeypatch.setattr(http.client(), "timeout", 0.2)
    assert ask("POST", f"/{made['id']}/test").json["code"] == "timeout"


def test_a_dead_endpoint_delays_no_other(at: Receiver, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of twelve hang. They answered before, so they were trusted; they are in one message with the others."""
    for name in ("FAST_S", "SLOW_S"):
        monkeypatch.setattr(sessions, name, 8.0)
        monkeypatch.setattr(sending, name, 8.0)
    hooks = {user: hook(f"/{user}", user) for user in (f"auth0|user-{number}" for number in range(12))}
    for user in hooks:
        tell(user=user)
    deliver(queue)
    assert all(log(made, user)[0]["state"] == "delivered" for user, made in hooks.items())
    dead = list(hooks)[::6]
    at.answers.update({f"/{user}": None for user in dead})
    for number in range(2):
        for user in hooks:
            tell(user=user)
        deliver(queue)
        newest = {user: log(made, user)[0] for user, made in hooks.items()}
        ends = {user: ended(each) for user, each in newest.items() if each["attempted_at"]}
        assert all(newest[user]["state"] == "delivered" for user in hooks if user not in dead)
        if number == 0:
            # All others had their event while these two were still being waited for.
            assert max(at for user, at in ends.items() if user not in dead) < min(ends[user] for user in dead)
            assert {newest[user]["code"] for user in dead} == {"timeout"}
        else:
            # Nobody waits with them again, until they are due for another attempt.
            assert {newest[user]["attempts"] for user in dead} == {0}


def ended(delivery: dict[str, Any]) -> datetime:
    """When an attempt ended."""
    return datetime.fromisoformat(delivery["attempted_at"]) + timedelta(milliseconds=delivery["duration_ms"])


def test_unproven_endpoints_share_no_message_with_proven_ones(
    at: Receiver, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven = hook("/old")
    tell()
    deliver(queue)
    fresh = hook("/new")
    tell()
    load("maintain").handler({"task": "webhooks"}, Context(60))
    assert [message["body"] for message in queue] == [{"lane": "proven"}, {"lane": "unknown"}]
    worked = list[tuple[str, list[str]]]()
    start = crews.Crew._start

    def started(crew: crews.Crew, owner: str, rows: Sequence[ClaimedRow]) -> None:
        worked.append((crew.lane, [row.id for row in rows]))
        start(crew, owner, rows)

    monkeypatch.setattr(crews.Crew, "_start", started)
    consume(queue)
    assert [each for each in worked if each[1]] == [("proven", [proven["id"]]), ("unknown", [fresh["id"]])]


def test_leaving_deletes_webhooks_deliveries_and_what_waits(at: Receiver, queue: Queue, deployment: Store) -> None:
    hook()
    tell()
    load("maintain").handler({"task": "webhooks"}, Context(60))
    receipt = Client(ALICE, 60).request("profile", "DELETE", "/v1/profile")
    assert receipt.status == 200 and receipt.json["deleted"]["webhooks"] == receipt.json["deleted"]["webhook_deliveries"] == 1
    consume(queue)
    assert at.requests == []


def test_of_two_changes_at_once_with_the_same_if_match_one_is_refused(at: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    made, others = hook("/in"), service._check
    known = ask("GET", f"/{made['id']}").headers["etag"]

    async def meanwhile(url: Content) -> None:
        monkeypatch.setattr(service, "_check", others)
        patch = WebhookPatch.model_validate({"events": ["publish_failed"]})
        await service.change(ALICE, made["id"], patch, if_match(known))

    monkeypatch.setattr(service, "_check", meanwhile)
    refused = ask("PATCH", f"/{made['id']}", body={"url": f"https://{HOST}/other"}, headers={"if-match": known})
    assert (refused.status, refused.json["code"]) == (412, "precondition_failed")
    shown = ask("GET", f"/{made['id']}").json
    assert (shown["url"], shown["events"]) == (f"https://{HOST}/in", ["publish_failed"])
