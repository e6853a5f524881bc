"""What must never happen again to a post, over HTTP, by the rows of the page of failure classes in docs/reference."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import clock
from noillusion.core.errors import Unavailable
from noillusion.db import Actor, Database, Duplicate, Query, connect, sql
from noillusion.net import invocations, queues
from noillusion.publishing import create, execute, ledger_store, outcomes, store
from noillusion.publishing import retry as retrying
from noillusion.publishing.ledger import TargetLedger, Writer
from noillusion.publishing.rows import NewPost, NewTarget
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, folder, load, route_key, template
from tests.api.test_forms import send
from tests.api.test_publishing import PHOTO, Publisher
from tests.support.databases import Store, fly
from tests.support.logged import logged
from tests.support.rows import insert, rows

USER = "auth0|alice"
COMMITS = {"facebook": "/feed", "instagram": "/media_publish", "linkedin": "/rest/posts", "tiktok": "/content/init/"}
"""Platform → the end of the path of its commits."""


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def committed(publisher: Publisher, name: str) -> int:
    """How many commits have arrived at a platform."""
    journal = publisher.platforms.world.journal
    return sum(e.platform == name and e.method == "POST" and e.path.endswith(COMMITS[name]) for e in journal)


def target_of(answer: Answer) -> dict[str, Any]:
    (target,) = answer.json["targets"]
    return dict(target)


def sweep() -> int:
    """The chore that runs each minute: the number of targets that it found."""
    done: int = load("maintain").handler({"task": "sweep"}, Context(60))["due"]
    return done


@dataclass
class Time:
    """The product's clock and the platforms', which go ahead together."""

    publisher: Publisher
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def passes(self, **much: float) -> None:
        self.ahead += timedelta(**much)
        self.publisher.platforms.world.clock.offset = self.ahead.total_seconds()


@pytest.fixture
def time(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Time:
    found = Time(publisher)
    monkeypatch.setattr(clock, "now", found.now)
    return found


@dataclass
class Queue:
    """The queue of slow publications, which may lose what it is given."""

    messages: list[str] = field(default_factory=list)
    loses: bool = False

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        if not self.loses:
            self.messages += [entry["MessageBody"] for entry in Entries]
        return {}

    def deliver(self) -> int:
        """Hand all messages over in one batch; the number of those that come again."""
        records = [{"messageId": str(number), "body": body} for number, body in enumerate(self.messages)]
        self.messages = []
        failed = load("publish").handler({"Records": records}, Context(60))["batchItemFailures"] if records else []
        return len(failed)


@pytest.fixture
def queue(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Queue:
    found = Queue()
    monkeypatch.setenv("PUBLISH_QUEUE_URL", "https://queue.test/publish")
    monkeypatch.setattr(queues, "client", lambda: found)
    settings.settings.forget()
    return found


@pytest.fixture
def slow(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Platforms that work on media for longer than a request waits."""
    monkeypatch.setattr(execute, "PATIENCE_S", 0.0)
    for name in ("instagram", "tiktok"):
        publisher.platforms.world.simulators[name].actions["settings"]({"processing_s": 40})


# ---- A: a post goes out twice


@pytest.mark.parametrize("name", COMMITS)
def test_A4_nothing_that_is_asked_of_a_finished_post_publishes_it_again(publisher: Publisher, name: str, time: Time) -> None:
    made = publisher.publish("k", publisher.body(name))
    assert publisher.statuses(made) == {name: "published"}, made.text
    path, target = f"/v1/posts/{made.json['id']}", target_of(made)["id"]
    before = publisher.read(made.json["id"])

    def ask(method: str, suffix: str = "", body: Any = None) -> Answer:
        where = path + suffix
        # What no route matches, the gateway sends to another function.
        function = "health" if route_key("publish", method, where) == "$default" else "publish"
        return publisher.client.request(function, method, where, body=body)

    again = publisher.publish("k", publisher.body(name))
    assert (again.status, again.json, again.headers["idempotency-replayed"]) == (201, made.json, "true")
    assert publisher.publish("k", publisher.body(name, text="Edited")).json["code"] == "idempotency_key_reused"
    edited = {"content": {"text": "Edited", "media": [PHOTO]}}
    assert ask("PUT", body=edited).status >= 400
    for accepts in (False, True):
        sure = {**edited, "accept_duplicate_risk": accepts}
        assert ask("POST", "/retry", sure).json["code"] == "nothing_to_retry"
        named = {**sure, "targets": [{"target_id": target}]}
        assert ask("POST", "/retry", named).json["code"] == "not_retryable"
    ask("POST", "/cancel")
    ask("POST", "/refresh")
    time.passes(hours=1)
    publisher.make_due()
    assert sweep() == 0
    publisher.advance(target)
    assert publisher.read(made.json["id"]) == before
    assert (committed(publisher, name), len(publisher.platforms.posts(name))) == (1, 1)
    # An edit changes the post that is there, where the platform allows it.
    changed = ask("PATCH", body={"text": "Edited"})
    assert [each["edited"] for each in changed.json["targets"]] == [name in ("facebook", "linkedin")]
    assert (committed(publisher, name), len(publisher.platforms.posts(name))) == (1, 1)
    repost = publisher.publish("another", {**publisher.body(name, text="Once more"), "repost_of": made.json["id"]})
    assert (repost.json["repost_of"], committed(publisher, name)) == (made.json["id"], 2)
    left = publisher.read(made.json["id"])["targets"][0]
    fixed = ("id", "status", "attempt", "platform_post_id", "permalink", "published_at", "attempts")
    assert {part: left[part] for part in fixed} == {part: before["targets"][0][part] for part in fixed}


Claim = Callable[[str], Query[Any]]
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=1)


def a_post(**columns: Any) -> str:
    """A post of the user; its id."""
    post = str(uuid4())
    fly(insert("posts", USER, id=post, idempotency_key=post, **columns))
    return post


def a_target(post: str, **columns: Any) -> str:
    """An attempt at an account; its id."""
    target = str(uuid4())
    made = {**rows()["post_targets"], "id": target, "post_id": post, "next_check_at": NOW, **columns}
    fly(insert("post_targets", USER, **made))
    return target


def open_target() -> Claim:
    target = a_target(a_post(), status="processing")
    return lambda owner: ledger_store.lease(USER, target, owner, NOW, UNTIL)[0]


def key() -> Claim:
    name = str(uuid4())
    return lambda owner: store.claim(NewPost(str(uuid4()), USER, name, "print", None, None, None, owner, UNTIL, NOW))


def dead_run() -> Claim:
    post = a_post(lease_until=NOW - timedelta(seconds=1))
    return lambda owner: store.take_over(USER, post, owner, NOW, UNTIL)  # type: ignore[return-value]  # any row will do


def failed_target() -> Claim:
    post = a_post()
    failed = a_target(post, status="failed", error_class="transient")
    connection = None

    def again(owner: str) -> Query[Any]:
        return store.add_target(
            NewTarget(
                str(uuid4()), USER, post, connection, "tiktok", "account", 0, "video", 2, failed,  # type: ignore[arg-type]
                "none", None, None, None, None, owner, UNTIL, None, UNTIL, NOW,
            )
        )  # fmt: skip

    return again


CLAIMS = {"an open target": open_target, "a key": key, "a run that died": dead_run, "a failed target": failed_target}
"""What two workers can want at the same time."""


@pytest.mark.parametrize("wanted", CLAIMS)
def test_A9_of_workers_on_two_connections_one_gets_what_both_want(deployment: Store, wanted: str) -> None:
    rounds = [CLAIMS[wanted]() for _ in range(20)]
    barrier, won = threading.Barrier(2, timeout=30), [[0, 0] for _ in rounds]

    async def take(engine: Database, claim: Claim) -> int:
        statement = claim(str(uuid4()))
        try:
            return (await engine.flight(Actor(USER), statement)).number_of(statement)
        except Duplicate:
            return 0

    def work(number: int) -> None:
        async def go() -> None:
            engine = connect(deployment.url)
            # The connection is there before the race begins.
            await engine.flight(Actor(USER), sql("SELECT 1"))
            for turn, claim in enumerate(rounds):
                barrier.wait()
                won[turn][number] = await take(engine, claim)
            await engine.close()

        asyncio.run(go())

    workers = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [sum(winners) for winners in won] == [1] * len(rounds)


@pytest.mark.parametrize("problem", [Unavailable("database_unavailable"), RuntimeError("x")], ids=["away", "crash"])
@pytest.mark.parametrize("name", COMMITS)
def test_A10_a_commit_that_could_not_be_recorded_is_never_sent_again(
    publisher: Publisher, name: str, problem: Exception, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Writer.write

    async def fails(self: Writer, statement: Any) -> Any:
        if committed(publisher, name):
            raise problem
        return await write(self, statement)

    with monkeypatch.context() as broken:
        broken.setattr(Writer, "write", fails)
        publisher.publish("k", publisher.body(name))
    assert committed(publisher, name) == 1
    (post,) = publisher.client.request("publish", "GET", "/v1/posts").json["items"]
    path, body = f"/v1/posts/{post['id']}/retry", {"content": {"text": "Hello from a test", "media": [PHOTO]}}
    for minutes in (0, 1, 30, 60, 600):
        time.passes(minutes=minutes)
        publisher.publish("k", publisher.body(name))
        assert publisher.client.request("publish", "POST", path, body=body).json["code"] == "nothing_to_retry"
        publisher.advance(post["targets"][0]["id"])
        assert publisher.read(post["id"])["status"] in ("processing", "unknown", "published")
    # A person's posts on LinkedIn cannot be read back.
    assert publisher.read(post["id"])["status"] == ("unknown" if name == "linkedin" else "published")
    assert (committed(publisher, name), len(publisher.platforms.posts(name))) == (1, 1)


# ---- B: a post never goes out, or hangs


@pytest.mark.usefixtures("slow")
def test_B2_what_is_due_is_asked_of_the_table_and_a_missed_run_is_repaired_by_the_next(
    publisher: Publisher, time: Time, queue: Queue
) -> None:
    queue.loses = True
    posts = [publisher.publish(f"k{n}", publisher.body("instagram", "tiktok", text=f"Post {n}")).json for n in range(2)]
    assert [post["status"] for post in posts] == ["processing"] * 2
    # For hours nothing runs, and what the next run finds is lost as well.
    time.passes(hours=3)
    assert (sweep(), queue.messages) == (4, [])
    assert [publisher.read(post["id"])["status"] for post in posts] == ["processing"] * 2
    queue.loses = False
    assert (sweep(), queue.deliver()) == (4, 0)
    assert [publisher.read(post["id"])["status"] for post in posts] == ["published"] * 2
    assert [len(publisher.platforms.posts(name)) for name in ("instagram", "tiktok")] == [2, 2]
    time.passes(hours=3)
    assert sweep() == 0


async def dies(*_: Any, **__: Any) -> None:
    raise MemoryError


def by_publishing(publisher: Publisher) -> Answer:
    return publisher.publish("k", publisher.body("instagram"))


def by_a_form(publisher: Publisher) -> Answer:
    request = json.dumps(publisher.body("instagram"))
    return send(publisher.client, "/v1/posts", [("request", (None, request, "application/json"))])


def by_a_sealed_invocation(publisher: Publisher) -> Answer:
    """The response comes first; an invocation of the function publishes."""
    events: list[bytes] = []

    async def invoke(_: str, payload: bytes) -> None:
        events.append(payload)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(invocations, "send", invoke)
        headers = {"idempotency-key": "k", "prefer": "respond-async"}
        first = publisher.client.request("publish", "POST", "/v1/posts", body=publisher.body("instagram"), headers=headers)
    assert (first.status, first.headers["preference-applied"]) == (202, "respond-async"), first.text
    (event,) = events
    assert load("publish").handler(json.loads(event), Context(60)) == {}
    return publisher.client.request("publish", "GET", f"/v1/posts/{first.json['id']}")


def by_a_repeat(publisher: Publisher) -> Answer:
    """The request whose run died before anything was sent comes again."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(create, "run", dies)
        assert by_publishing(publisher).status == 500
    publisher.platforms.database.execute("UPDATE posts SET lease_until = NULL")
    publisher.make_due()
    return by_publishing(publisher)


def failed_post(publisher: Publisher) -> str:
    publisher.platforms.fault(platform="instagram", status=503, times=-1)
    post = publisher.publish("k", publisher.body("instagram"))
    publisher.platforms.world.faults.clear()
    assert publisher.statuses(post) == {"instagram": "failed"}, post.text
    return str(post.json["id"])


def retry(publisher: Publisher, post: str) -> Answer:
    body = {"content": {"text": "Hello from a test", "media": [PHOTO]}}
    return publisher.client.request("publish", "POST", f"/v1/posts/{post}/retry", body=body, headers={"idempotency-key": "r"})


def by_retrying(publisher: Publisher) -> Answer:
    return retry(publisher, failed_post(publisher))


def by_a_repeat_of_a_retry(publisher: Publisher) -> Answer:
    post = failed_post(publisher)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(retrying, "run", dies)
        assert retry(publisher, post).status == 500
    publisher.make_due()
    return retry(publisher, post)


DOORS = {
    "POST /v1/posts": (by_publishing, by_a_form, by_a_sealed_invocation, by_a_repeat),
    "POST /v1/posts/{id}/retry": (by_retrying, by_a_repeat_of_a_retry),
}
"""Route → the ways in which it makes work."""
NO_DOORS = {"POST /v1/posts/check", "POST /v1/posts/{id}/cancel", "POST /v1/posts/{id}/refresh", "PATCH /v1/posts/{id}"}
"""Routes that make no work."""


@pytest.mark.parametrize("loses", [False, True], ids=["queued", "message lost"])
@pytest.mark.parametrize("enter", [way for ways in DOORS.values() for way in ways], ids=lambda way: way.__name__)
@pytest.mark.usefixtures("slow")
def test_B3_what_comes_through_any_door_leaves_the_queue(
    publisher: Publisher, time: Time, queue: Queue, enter: Callable[[Publisher], Answer], loses: bool
) -> None:
    queue.loses = loses
    entered = enter(publisher)
    assert publisher.statuses(entered) == {"instagram": "processing"}, entered.text
    queue.loses = False
    assert [json.loads(body)["target_id"] for body in queue.messages] == ([] if loses else [target_of(entered)["id"]])
    time.passes(minutes=2)
    assert loses is False or sweep() == 1
    assert queue.deliver() == 0
    assert publisher.read(entered.json["id"])["status"] == "published"
    assert (len(publisher.platforms.posts("instagram")), queue.messages, sweep()) == (1, [], 0)


def test_B3_every_route_that_can_make_work_is_a_door_of_these_tests() -> None:
    routes = {route.key for route in template().routes if folder(route.function) == "publish"}
    assert {key for key in routes if not key.startswith(("GET ", "HEAD ", "DELETE "))} == {*DOORS, *NO_DOORS}


def test_B5_a_platform_that_works_for_hours_is_asked_at_growing_gaps_until_it_is_done(
    publisher: Publisher, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "PATIENCE_S", 0.0)
    publisher.platforms.world.simulators["tiktok"].actions["settings"]({"processing_s": 6 * 3600})
    post = publisher.publish("k", publisher.body("tiktok"))
    gaps: list[float] = []
    while (target := publisher.read(post.json["id"])["targets"][0])["status"] == "processing":
        assert (target["next_step"]["action"], target["next_step"]["by"]) == ("ask_platform", "service")
        due = datetime.fromisoformat(target["next_check_at"])
        gaps.append((due - time.now()).total_seconds())
        time.passes(seconds=gaps[-1] + 1)
        publisher.advance(target["id"])
    assert target["status"] == "published" and time.ahead > timedelta(hours=6)
    assert all(later > earlier - 1 for earlier, later in pairwise(gaps)) and max(gaps) <= 600
    assert (len(gaps) < 60, committed(publisher, "tiktok"), len(publisher.platforms.posts("tiktok"))) == (True, 1, 1)


@contextmanager
def no_notices() -> Iterator[None]:
    """The database refuses every notice of a post."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(outcomes, "notice_of", lambda *_: sql("INSERT INTO notifications (user_id) VALUES (NULL)"))
        yield


def test_B7_a_notice_that_cannot_be_written_stops_no_request(publisher: Publisher) -> None:
    first = target_of(publisher.publish("k1", publisher.body("facebook")))
    held = {"when": "after", "status": 200, "body": {"id": first["platform_post_id"]}}
    publisher.platforms.fault(platform="facebook", method="POST", path="/feed$", **held)
    with no_notices():
        second = publisher.publish("k2", publisher.body("facebook", "linkedin", text="Another"))
    assert (second.status, publisher.statuses(second)) == (201, {"facebook": "unknown", "linkedin": "published"}), second.text
    again = publisher.publish("k2", publisher.body("facebook", "linkedin", text="Another"))
    assert (again.json, again.headers["idempotency-replayed"]) == (second.json, "true")


def test_B7_a_notice_that_cannot_be_written_stops_no_invocation(publisher: Publisher) -> None:
    with no_notices():
        published = by_a_sealed_invocation(publisher)
    assert publisher.statuses(published) == {"instagram": "published"}, published.text
    again = publisher.publish("k", publisher.body("instagram"))
    assert (again.status, again.headers["idempotency-replayed"]) == (201, "true"), again.text


@pytest.mark.usefixtures("slow")
def test_B7_a_notice_that_cannot_be_written_stops_no_worker(publisher: Publisher, time: Time, queue: Queue) -> None:
    posts = [publisher.publish(f"k{n}", publisher.body("instagram", "tiktok", text=f"Post {n}")).json["id"] for n in range(2)]
    time.passes(minutes=2)
    with no_notices():
        assert queue.deliver() == 0
    assert [publisher.read(post)["status"] for post in posts] == ["published"] * 2


@pytest.mark.usefixtures("slow")
def test_B7_a_worker_that_died_is_told_by_health_and_replaced_once_its_lease_is_over(
    publisher: Publisher, time: Time, queue: Queue
) -> None:
    queue.loses = True
    post = publisher.publish("k", publisher.body("instagram")).json
    time.passes(minutes=2)
    lease = ledger_store.lease(USER, post["targets"][0]["id"], str(uuid4()), time.now(), time.now() + timedelta(minutes=1))[0]
    fly(lease)

    def health() -> tuple[str, bool]:
        told = Client(sub=None).request("health", "GET", "/v1/health").json
        return told["status"], told["oldest_due_at"] is not None

    queue.loses = False
    assert (sweep(), health()) == (0, ("ok", False)), "somebody works on it"
    time.passes(minutes=10)
    assert health() == ("late", True)
    assert (sweep(), queue.deliver(), health()) == (1, 0, ("ok", False))
    assert publisher.read(post["id"])["status"] == "published"
    assert len(publisher.platforms.posts("instagram")) == 1


# ---- F: exactly one outcome


def broken_link(publisher: Publisher, _: pytest.MonkeyPatch) -> None:
    publisher.platforms.fault(platform="facebook", method="GET", path="/[0-9]+_[0-9]+$", status=500, times=-1)


def broken_queue(_: Publisher, broken: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ConnectionError

    broken.setenv("PUBLISH_QUEUE_URL", "https://queue.test/publish")
    broken.setattr(queues, "client", fails)
    settings.settings.forget()
    broken.setattr(execute, "PATIENCE_S", 0.0)


def broken_mark(publisher: Publisher, broken: pytest.MonkeyPatch) -> None:
    """The token is refused, and that cannot be recorded of the connection."""
    publisher.platforms.fault(platform="facebook", preset="expired_token", times=-1)
    broken.setattr("noillusion.connections.credentials.refused", dies)


def broken_notice(publisher: Publisher, broken: pytest.MonkeyPatch) -> None:
    broken.setattr(outcomes, "notice_of", lambda *_: sql("INSERT INTO notifications (user_id) VALUES (NULL)"))
    publisher.platforms.fault(platform="facebook", method="POST", path="/feed$", when="after", drop=True)


def broken_record(_: Publisher, broken: pytest.MonkeyPatch) -> None:
    """What comes after the commit has a mistake."""
    broken.setattr(TargetLedger, "published", dies)


SIDES: dict[str, tuple[Callable[[Publisher, pytest.MonkeyPatch], None], str]] = {
    "the link cannot be read": (broken_link, "published"),
    "the queue is away": (broken_queue, "published"),
    "the connection cannot be marked": (broken_mark, "failed"),
    "the notice is refused": (broken_notice, "published"),
    "a step after the commit crashes": (broken_record, "published"),
}
"""What goes wrong beside a post on Facebook, and its outcome."""


@pytest.mark.parametrize("side", SIDES)
def test_F3_an_attempt_ends_in_exactly_one_recorded_outcome_whatever_a_side_step_does(
    publisher: Publisher, time: Time, side: str
) -> None:
    breaks, expected = SIDES[side]
    with logged() as text:
        with pytest.MonkeyPatch.context() as broken:
            breaks(publisher, broken)
            answer = publisher.publish("k", publisher.body("facebook"))
            assert answer.status in (201, 202), answer.text
            target = target_of(answer)
            if side == "the notice is refused":
                time.passes(minutes=30)
                publisher.advance(target["id"])
        publisher.platforms.world.faults.clear()
        settings.settings.forget()
        for _ in range(3):
            time.passes(minutes=30)
            publisher.advance(target["id"])
    (left,) = publisher.read(answer.json["id"])["targets"]
    assert (left["status"], left["attempt"], left["next_step"] is None or left["status"] == "failed") == (expected, 1, True)
    lines = [json.loads(line) for line in text.getvalue().splitlines()]
    recorded = [line["status"] for line in lines if line["message"] == "target" and line["target_id"] == target["id"]]
    assert [status for status in recorded if status in ("published", "failed")] == [expected]
    assert (left["error"] or {}).get("error_class") == ("reauth" if expected == "failed" else None)
    assert (committed(publisher, "facebook"), len(publisher.platforms.posts("facebook"))) == (
        (0, 0) if expected == "failed" else (1, 1)
    )
