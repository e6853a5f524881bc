"""Analytics: due work becomes messages, messages become readings, readings become honest answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.simulators.facebook.insights import POST_METRICS
from noillusion import db
from noillusion.analytics import asking, cadence, dispatch, poll
from noillusion.analytics.rows import POST_COUNTS
from noillusion.catalog import platforms
from noillusion.connections import credentials
from noillusion.core import clock, loop
from noillusion.core.errors import Unavailable
from noillusion.core.sensitive import Secret
from noillusion.db import Actor, Json, Row, Statement, sql
from noillusion.flows.protocol import Tokens
from noillusion.flows.runner import COMES_AGAIN_S
from noillusion.net import client as http
from noillusion.net import queues
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_publishing import Publisher
from tests.support.databases import Store
from tests.support.deployment import analytics_queues
from tests.support.logged import logged

pytestmark = pytest.mark.usefixtures("deployment")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ALICE, BOB = "auth0|alice", "auth0|bob"
SCOPES = ["video.list", "user.info.stats", "video.publish"]


def run(*statements: Statement, user: str = ALICE) -> list[list[Row]]:
    return loop.run(db.database().flight(Actor(user), *statements))


@pytest.fixture(autouse=True)
def now(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The product's clock stands still at ``NOW`` until it is set, except where real simulators take part."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    if "platforms" not in request.fixturenames:
        set_to(NOW)
    return set_to


class Queue:
    """Stands for SQS: keeps what is sent."""

    def __init__(self) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.broken = False

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        if self.broken:
            raise ConnectionError("queue")
        self.batches.append([json.loads(entry["MessageBody"]) for entry in Entries])
        self.sent += [(QueueUrl, message) for message in self.batches[-1]]
        return {}

    def queues_of(self, connection: str) -> set[str]:
        """URLs of the queues that got messages of a connection."""
        return {url for url, message in self.sent if message["connection_id"] == connection}

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for batch in self.batches for message in batch]


@pytest.fixture
def queue(deployment: object, monkeypatch: pytest.MonkeyPatch) -> Queue:
    from noillusion.settings import source as settings

    queue = Queue()
    monkeypatch.setenv("ANALYTICS_QUEUE_URLS", analytics_queues())
    settings.settings.forget()
    monkeypatch.setattr(queues, "client", lambda: queue)
    return queue


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The texts of every flight, flight by flight."""
    flights: list[list[str]] = []
    engine = type(db.database())
    flight = engine.flight

    async def counted(self: Any, actor: Actor, *given: Statement) -> list[list[Row]]:
        flights.append([" ".join(statement.text.split()) for statement in given])
        return await flight(self, actor, *given)

    monkeypatch.setattr(engine, "flight", counted)
    return flights


class TikTok:
    """A platform that counts: answers ``video/query`` with 10 views a video and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.answer: Callable[[httpx.Request], httpx.Response] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None:
            return self.answer(request)
        ok = {"code": "ok", "message": ""}
        if request.url.path.endswith("/user/info/"):
            counts = {"follower_count": 7, "following_count": 1, "likes_count": 3, "video_count": 2}
            return httpx.Response(200, json={"data": {"user": counts}, "error": ok})
        if request.url.path.endswith("/status/fetch/"):
            data = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [777]}
            return httpx.Response(200, json={"data": data, "error": ok})
        ids = json.loads(request.content)["filters"]["video_ids"]
        self.asked.append(ids)
        counts = {"view_count": 10, "like_count": 2, "comment_count": 1, "share_count": 0}
        videos = [{"id": i, "share_url": f"https://www.tiktok.com/@a/video/{i}", **counts} for i in ids if not i.startswith("9")]
        return httpx.Response(200, json={"data": {"videos": videos}, "error": ok})


@pytest.fixture
def tiktok(monkeypatch: pytest.MonkeyPatch) -> Iterator[TikTok]:
    platform = TikTok()
    client = httpx.AsyncClient(transport=httpx.MockTransport(platform))
    monkeypatch.setattr(http, "client", lambda: client)
    yield platform
    loop.run(client.aclose())


def refusing(status: int, code: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, json={"data": {}, "error": {"code": code, "message": ""}})


# ---- what is in the database ------------------------------------------------------------------------------------------------


def connected(user: str = ALICE, platform: str = "tiktok", due: datetime | None = None, **columns: Any) -> str:
    """A connection's id."""
    row: dict[str, Any] = {
        "id": str(uuid4()),
        "user_id": user,
        "platform": platform,
        "account_id": str(uuid4()),
        "account_kind": "creator",
        "display_name": "A",
        "granted_scopes": Json(SCOPES),
        "token_issued_at": NOW,
        "metrics_due_at": due,
        "created_at": NOW,
        **columns,
    }
    row |= asdict(credentials.seal_tokens(user, row["id"], 1, Tokens(Secret("token"), None)))
    return insert("platform_connections", row)


def insert(table: str, row: dict[str, Any]) -> str:
    names = ", ".join(row)
    run(sql(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})", **row), user=row["user_id"])
    return str(row["id"])


def published(connection: str, user: str = ALICE, platform: str = "tiktok", **columns: Any) -> str:
    """A published target's id, with a post of its own unless ``post_id`` is given. Its figures are read at ``due``."""
    due = columns.pop("due", NOW - timedelta(minutes=1))
    post_id = columns.pop("post_id", None) or insert(
        "posts", {"id": str(uuid4()), "user_id": user, "idempotency_key": str(uuid4())}
    )
    row = {
        "id": str(uuid4()),
        "user_id": user,
        "post_id": post_id,
        "connection_id": connection,
        "platform": platform,
        "account_id": connection,
        "position": 0,
        "kind": "video",
        "status": "published",
        "accepted_id": "v_pub_1",
        "platform_post_id": str(uuid4().int)[:9].replace("9", "1"),
        "published_at": NOW - timedelta(days=2),
        "deadline_at": NOW,
        **columns,
    }
    target = insert("post_targets", row)
    if due is not None:
        poll_row = {name: row[name] for name in ("user_id", "connection_id", "platform", "published_at")}
        insert("post_polls", {**poll_row, "id": str(uuid4()), "target_id": target, "due_at": due})
    return target


def read(target: str, at: datetime, user: str = ALICE, reason: str | None = None, **counts: int) -> None:
    row = {"id": str(uuid4()), "user_id": user, "target_id": target, "polled_at": at, **counts}
    insert("post_analytics", row | ({"status": "unavailable", "reason": reason} if reason else {}))
    history = run(sql("SELECT * FROM post_analytics WHERE target_id = :t ORDER BY polled_at", t=target), user=user)[0]
    last, good = history[-1], next((row for row in reversed(history) if row["status"] == "ok"), None)
    run(sql("DELETE FROM post_figures WHERE target_id = :t", t=target), user=user)
    insert(
        "post_figures",
        {
            **{name: last[name] for name in ("id", "user_id", "target_id", "reason")},
            "read_at": last["polled_at"],
            **({"good_at": good["polled_at"], **{name: good[name] for name in POST_COUNTS}} if good else {}),
        },
    )


def due_at(target: str) -> datetime | None:
    """When a target's figures are read next."""
    found = run(sql("SELECT due_at FROM post_polls WHERE target_id = :t", t=target))[0]
    return found[0]["due_at"] if found else None


def rows(table: str) -> list[Row]:
    return run(sql(f"SELECT * FROM {table}"))[0]


def one(table: str, row_id: str) -> Row:
    return run(sql(f"SELECT * FROM {table} WHERE id = :id", id=row_id))[0][0]


def schedule(seconds: float = 120) -> dict[str, Any]:
    return dict(load("analytics_poll").handler({"task": "poll"}, Context(seconds)))


def work(*messages: dict[str, Any]) -> list[str]:
    """Hand messages to the consumer; the ids of those that failed."""
    records = [{"messageId": str(i), "body": json.dumps(message)} for i, message in enumerate(messages)]
    answer = load("analytics_poll").handler({"Records": records}, Context(120))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def get(path: str, user: str = ALICE, accept: str = "application/json", **query: str) -> Answer:
    query = {key.rstrip("_"): value for key, value in query.items()}
    return Client(user).request("analytics", "GET", f"/v1/analytics/{path}", query=query, headers={"accept": accept})


# ---- due work ---------------------------------------------------------------------------------------------------------------


def test_due_work_becomes_messages_of_ids_and_nothing_else(queue: Queue) -> None:
    connection = connected(due=NOW - timedelta(minutes=1))
    targets = {published(connection) for _ in range(45)}
    assert schedule() == {"task": "poll", "queued": 46}
    posts = [m for m in queue.messages if "target_ids" in m]
    assert sorted(len(m["target_ids"]) for m in posts) == [5, 20, 20]
    assert {target for m in posts for target in m["target_ids"]} == targets
    assert {key for m in posts for key in m} == {"user_id", "connection_id", "target_ids", "claimed_until"}
    accounts = [m for m in queue.messages if "target_ids" not in m]
    claimed_until = (NOW + dispatch.CLAIM).isoformat()
    assert accounts == [{"user_id": ALICE, "connection_id": connection, "account": True, "claimed_until": claimed_until}]


def test_S15_posts_and_accounts_of_a_platform_are_in_its_own_queue(queue: Queue) -> None:
    made = {platform: connected(platform=platform, due=NOW) for platform in platforms.NAMES}
    for platform, connection in made.items():
        published(connection, platform=platform)
    assert schedule()["queued"] == 2 * len(made) == len(queue.messages)
    urls = json.loads(analytics_queues())
    assert {platform: queue.queues_of(connection) for platform, connection in made.items()} == {
        platform: {urls[platform]} for platform in made
    }


def test_claimed_work_is_queued_once_and_again_when_its_message_is_lost(queue: Queue, now: Callable[[datetime], None]) -> None:
    published(connected(due=NOW))
    assert schedule()["queued"] == 2
    now(NOW + dispatch.CLAIM - timedelta(seconds=1))
    assert schedule()["queued"] == 0
    now(NOW + dispatch.CLAIM)
    assert schedule()["queued"] == 2


def test_S16_a_claim_moves_no_due_time_and_ends_with_the_reading(queue: Queue, tiktok: TikTok) -> None:
    published_at = NOW - timedelta(days=3)
    connection = connected()
    target = published(connection, published_at=published_at)
    schedule()
    assert (due_at(target), rows("post_polls")[0]["claimed_until"]) == (NOW - timedelta(minutes=1), NOW + dispatch.CLAIM)
    # A message that comes twice finds the claim gone.
    assert work(*queue.messages) == work(*queue.messages) == []
    assert len(tiktok.asked) == 1
    assert due_at(target) == cadence.next_reading(NOW, published_at, connection)
    assert rows("post_polls")[0]["claimed_until"] is None


def test_S15_a_call_for_figures_waits_less_than_others(queue: Queue, tiktok: TikTok) -> None:
    waits: list[float] = []

    def silent(request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"]["read"])
        raise httpx.ReadTimeout("no answer", request=request)

    tiktok.answer = silent
    published(connected())
    schedule()
    assert work(*queue.messages) == []
    assert waits == [COMES_AGAIN_S], "and it is asked once"


def test_what_is_not_due_or_never_due_is_left_alone(queue: Queue) -> None:
    connection = connected(due=NOW + timedelta(seconds=1))
    published(connection, due=NOW + timedelta(seconds=1))
    published(connection, due=None)
    connected(due=NOW, status="reauth_required")
    assert schedule()["queued"] == 0
    assert queue.messages == []


def test_a_target_of_a_removed_connection_is_never_due_again(queue: Queue) -> None:
    target = published(connected())
    run(sql("DELETE FROM platform_connections WHERE user_id = :u", u=ALICE))
    schedule()
    assert queue.messages == []
    assert due_at(target) is None


def test_a_run_pages_through_everything_in_batches_of_ten(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "PAGE", 7)
    connections = [connected() for _ in range(25)]
    targets = {published(connection) for connection in connections}
    assert schedule()["queued"] == 25
    assert {target for m in queue.messages for target in m["target_ids"]} == targets
    assert sorted(map(len, queue.batches)) == [5, 10, 10]


def test_a_run_ends_at_its_bound_and_the_next_goes_on(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "PAGE", 4)
    monkeypatch.setattr(dispatch, "MOST_PER_RUN", 8)
    connection = connected()
    oldest = published(connection, due=NOW - timedelta(days=1))
    for _ in range(9):
        published(connection)
    assert schedule()["queued"] == 8
    assert oldest in queue.messages[0]["target_ids"]
    assert schedule()["queued"] == 2


def test_a_queue_that_does_not_answer_fails_the_run_without_a_word_of_it(queue: Queue) -> None:
    published(connected())
    queue.broken = True
    with pytest.raises(load("analytics_poll").PollFailed, match=r"^poll$"):
        schedule()


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(load("analytics_poll").PollFailed):
        load("analytics_poll").handler({"task": "other"}, Context())


# ---- readings ---------------------------------------------------------------------------------------------------------------


def test_S10_a_message_costs_two_flights_and_one_insert(tiktok: TikTok, queue: Queue, statements: list[list[str]]) -> None:
    connection = connected()
    for _ in range(20):
        published(connection)
    schedule()
    statements.clear()
    assert work(*queue.messages) == []
    assert len(tiktok.asked) == 1 and len(tiktok.asked[0]) == 20
    assert len(statements) == 2
    assert sum(text.startswith("INSERT INTO post_analytics") for text in statements[1]) == 1
    readings = rows("post_analytics")
    assert len(readings) == 20
    assert {(r["status"], r["views"], r["likes"], r["comments"], r["shares"], r["reach"]) for r in readings} == {
        ("ok", 10, 2, 1, 0, None)
    }


def test_every_statement_of_the_worker_names_the_user(tiktok: TikTok, queue: Queue, statements: list[list[str]]) -> None:
    published(connected(due=NOW), platform_post_id=None, permalink=None)
    schedule()
    statements.clear()
    work(*queue.messages)
    assert statements
    # How a platform answers is nobody's.
    assert all("user_id" in text or "FROM platform_circuits" in text for flight in statements for text in flight)


@pytest.mark.parametrize(
    ("age", "shortest", "longest"),
    [
        (timedelta(minutes=5), timedelta(minutes=2), timedelta(minutes=13)),
        (timedelta(hours=3), timedelta(minutes=15), timedelta(minutes=75)),
        (timedelta(days=3), timedelta(hours=1.5), timedelta(hours=7.5)),
        (timedelta(days=20), timedelta(hours=6), timedelta(hours=30)),
        (timedelta(days=60), timedelta(days=1), timedelta(days=9)),
    ],
)
def test_the_next_reading_follows_the_age(tiktok: TikTok, age: timedelta, shortest: timedelta, longest: timedelta) -> None:
    connection = connected()
    target = published(connection, published_at=NOW - age)
    assert work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]}) == []
    due = due_at(target)
    assert due is not None and shortest < due - NOW <= longest


def test_an_old_post_is_read_a_last_time(tiktok: TikTok) -> None:
    connection = connected()
    target = published(connection, published_at=NOW - timedelta(days=91))
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    assert due_at(target) is None
    assert len(rows("post_analytics")) == 1


def test_F10_no_figures_means_a_reason_and_never_zeros(tiktok: TikTok) -> None:
    connection = connected()
    target = published(connection, platform_post_id="999")
    read(target, NOW - timedelta(hours=6), views=5, likes=1)
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    last = max(rows("post_analytics"), key=lambda row: row["polled_at"])
    assert (last["status"], last["reason"], last["views"]) == ("unavailable", "not_public", None)
    shown = get(f"posts/{one('post_targets', target)['post_id']}").json["targets"][0]
    assert (shown["latest"]["status"], shown["latest"]["figures"]) == ("unavailable", None)
    assert (shown["last_good"]["figures"]["views"], shown["last_good"]["at"]) == (5, "2026-11-22T06:00:00Z")
    assert (shown["unavailable"]["reason"], shown["unavailable"]["at"]) == ("not_public", "2026-11-22T12:00:00Z")
    assert shown["unavailable"]["message"]


def test_G6_a_public_id_that_a_reading_reveals_is_kept(tiktok: TikTok) -> None:
    connection = connected()
    target = published(connection, platform_post_id=None, permalink=None)
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    row = one("post_targets", target)
    assert (row["platform_post_id"], row["permalink"]) == ("777", "https://www.tiktok.com/@a/video/777")
    assert rows("post_analytics")[0]["views"] == 10


def test_a_public_id_that_another_target_holds_is_left_out_and_the_figures_are_kept(tiktok: TikTok) -> None:
    connection = connected()
    target = published(connection, platform_post_id=None, permalink=None)
    published(connection, platform_post_id="777")
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    assert one("post_targets", target)["platform_post_id"] is None
    assert [row["views"] for row in rows("post_analytics")] == [10]


def test_a_message_that_comes_twice_is_read_once(tiktok: TikTok, queue: Queue, now: Callable[[datetime], None]) -> None:
    published(connected(due=NOW))
    schedule()
    work(*queue.messages)
    now(NOW + timedelta(minutes=1))
    work(*queue.messages)
    assert (len(rows("post_analytics")), len(rows("account_analytics"))) == (1, 1)


def test_a_post_deleted_meanwhile_is_not_read(tiktok: TikTok, queue: Queue) -> None:
    target = published(connected())
    schedule()
    run(sql("DELETE FROM post_polls WHERE target_id = :id", id=target))
    work(*queue.messages)
    assert tiktok.asked == []
    assert due_at(target) is None


def test_a_message_cannot_reach_another_users_work(tiktok: TikTok) -> None:
    connection = connected(BOB)
    target = published(connection, BOB)
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    assert tiktok.asked == [] and rows("post_analytics") == []


def test_a_message_that_makes_no_sense_is_dropped() -> None:
    assert work({}, {"user_id": 1}, {"user_id": ALICE, "connection_id": "c", "target_ids": "x"}) == []


def test_account_figures_are_read_once_a_day(tiktok: TikTok, queue: Queue) -> None:
    connection = connected(due=NOW)
    schedule()
    work(*queue.messages)
    reading = rows("account_analytics")[0]
    assert (reading["followers"], reading["following"], reading["posts"], reading["views"], reading["extra"]) == (
        (7, 1, 2, None, {"likes": 3})
    )
    gap = one("platform_connections", connection)["metrics_due_at"] - NOW
    assert timedelta(hours=6) < gap <= timedelta(hours=30)


def test_a_rate_limit_postpones_everything_of_the_connection_by_the_platforms_hint(tiktok: TikTok, queue: Queue) -> None:
    tiktok.answer = refusing(429, "rate_limit_exceeded")
    connection, other = connected(due=NOW + timedelta(minutes=1)), connected()
    first, later = published(connection), published(connection, due=NOW + timedelta(minutes=2))
    untouched = published(other, due=NOW + timedelta(minutes=2))
    schedule()
    assert work(*queue.messages) == []
    # TikTok's window is a minute; less than the shortest wait.
    until = NOW + asking.SHORTEST_WAIT
    assert due_at(first) == until
    assert due_at(later) == until
    assert one("platform_connections", connection)["metrics_due_at"] == until
    assert due_at(untouched) == NOW + timedelta(minutes=2)
    assert [(r["status"], r["reason"]) for r in rows("post_analytics")] == [("unavailable", "rate_limit")]


def test_a_passing_failure_is_tried_again_soon(tiktok: TikTok, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noillusion.flows.runner.BACKOFF_S", 0.001)
    tiktok.answer = refusing(503, "internal_error")
    connection = connected()
    target = published(connection, published_at=NOW - timedelta(days=60))
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    assert due_at(target) == cadence.slot(NOW, poll.SOON, connection) <= NOW + poll.SOON * 1.25
    assert rows("post_analytics")[0]["reason"] == "transient"


@pytest.mark.parametrize(
    ("status", "code"), [(400, "invalid_params"), (403, "scope_not_authorized"), (500, "internal_error"), (404, "who_knows")]
)
def test_C8_a_refusal_that_is_not_about_the_credential_disconnects_nobody(
    tiktok: TikTok, queue: Queue, monkeypatch: pytest.MonkeyPatch, status: int, code: str
) -> None:
    monkeypatch.setattr("noillusion.flows.runner.BACKOFF_S", 0.001)
    tiktok.answer = refusing(status, code)
    connection = connected(due=NOW)
    published(connection)
    schedule()
    assert work(*queue.messages) == []
    assert one("platform_connections", connection)["status"] == "active"
    assert {r["status"] for r in (*rows("post_analytics"), *rows("account_analytics"))} == {"unavailable"}
    assert rows("notifications") == []


def test_a_refused_credential_marks_the_connection_once_and_says_so(tiktok: TikTok, queue: Queue) -> None:
    tiktok.answer = refusing(401, "access_token_invalid")
    connection = connected()
    targets = [published(connection) for _ in range(3)]
    schedule()
    assert work(*queue.messages) == []
    assert one("platform_connections", connection)["status"] == "reauth_required"
    assert {r["reason"] for r in rows("post_analytics")} == {"reauth"}
    assert [r["kind"] for r in rows("notifications")] == ["connection_dead"]
    tiktok.answer = None
    work({"user_id": ALICE, "connection_id": connection, "target_ids": targets})
    assert tiktok.asked == []


def renewing(token: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    """Every data call is refused; the token endpoint answers with ``token``."""
    refused = refusing(401, "access_token_invalid")
    return lambda request: token if request.url.path.endswith("/oauth/token/") else refused(request)


def test_G5_a_token_that_could_not_be_renewed_for_a_passing_reason_kills_nothing(
    tiktok: TikTok, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("noillusion.flows.runner.BACKOFF_S", 0.001)
    tiktok.answer = renewing(httpx.Response(503))
    connection = refreshable()
    target = published(connection)
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]})
    assert one("platform_connections", connection)["status"] == "active"
    assert rows("notifications") == []
    assert rows("post_analytics")[0]["reason"] == "reauth"


def test_a_token_that_is_refused_right_after_its_renewal_is_dead(tiktok: TikTok) -> None:
    pair = {"access_token": "new", "refresh_token": "newer", "expires_in": 86400, "refresh_expires_in": 31536000}
    tiktok.answer = renewing(httpx.Response(200, json=pair))
    connection = refreshable()
    work({"user_id": ALICE, "connection_id": connection, "target_ids": [published(connection)]})
    assert one("platform_connections", connection)["status"] == "reauth_required"
    assert len(rows("notifications")) == 1


def refreshable() -> str:
    connection = connected(token_issued_at=NOW - timedelta(days=1))
    sealed = credentials.seal_tokens(ALICE, connection, 1, Tokens(Secret("token"), Secret("refresh")))
    run(
        sql(
            "UPDATE platform_connections SET sealed_refresh_token = :s WHERE id = :id",
            s=sealed.sealed_refresh_token,
            id=connection,
        )
    )
    return connection


def test_a_fault_of_ours_is_a_reason_too(tiktok: TikTok, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connected()
    target = published(connection)
    monkeypatch.setattr(credentials, "account_of", lambda row: 1 / 0)
    assert work({"user_id": ALICE, "connection_id": connection, "target_ids": [target]}) == []
    assert rows("post_analytics")[0]["reason"] == "internal"


def test_a_database_that_is_away_brings_the_message_again(tiktok: TikTok, deployment: Store) -> None:
    connection = connected()
    message = {"user_id": ALICE, "connection_id": connection, "target_ids": [published(connection)]}
    deployment.leave()
    assert work(message) == ["0"]
    deployment.come_back()
    assert work(message) == []
    assert len(rows("post_analytics")) == 1


def test_a_database_that_goes_away_during_a_refresh_is_no_reading(tiktok: TikTok, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        raise Unavailable("database_unavailable")

    monkeypatch.setattr(credentials, "session", gone)
    connection = connected()
    assert work({"user_id": ALICE, "connection_id": connection, "target_ids": [published(connection)]}) == ["0"]
    assert rows("post_analytics") == []


# ---- answers ----------------------------------------------------------------------------------------------------------------


def test_a_summary_adds_up_and_compares_with_the_period_before() -> None:
    facebook, instagram = connected(platform="facebook"), connected(platform="instagram")
    now_: dict[str, Any] = {"platform": "facebook", "published_at": NOW - timedelta(days=3)}
    a, b = published(facebook, **now_), published(facebook, **now_)
    c = published(instagram, platform="instagram", published_at=NOW - timedelta(days=9))
    before = published(facebook, platform="facebook", published_at=NOW - timedelta(days=12))
    read(a, NOW - timedelta(days=2), views=50, likes=5)
    read(a, NOW - timedelta(hours=2), views=100, likes=10, comments=2, clicks=4)
    read(b, NOW - timedelta(hours=3), views=50)
    read(c, NOW - timedelta(hours=1), reach=30, likes=3, saves=1)
    read(before, NOW - timedelta(days=11), views=75, likes=4)
    read(before, NOW - timedelta(days=1), views=9999, likes=4000)
    answer = get("summary", from_=(NOW - timedelta(days=10)).isoformat())
    assert answer.status == 200, answer.text
    found = answer.json
    assert found["period"] == {"start": "2026-11-12T12:00:00Z", "end": "2026-11-22T12:00:00Z"}
    assert found["previous_period"] == {"start": "2026-11-02T12:00:00Z", "end": "2026-11-12T12:00:00Z"}
    assert found["as_of"] == "2026-11-22T11:00:00Z"
    totals = found["totals"]
    assert (totals["posts"], totals["measured"], totals["views"], totals["reach"]) == (3, 3, 150, 30)
    assert (totals["likes"], totals["comments"], totals["saves"], totals["shares"]) == (13, 2, 1, None)
    assert totals["engagements"] == 16
    assert totals["engagement_rate"] == 0.12  # only the post with both numbers: 12 of 100
    # As it stood ten days ago, when the earlier period was as old as this one is now.
    assert (found["previous"]["posts"], found["previous"]["views"], found["previous"]["likes"]) == (1, 75, 4)
    assert (found["change"]["views"], found["change"]["posts"], found["change"]["reach"]) == (1.0, 2.0, None)
    parts = {part["platform"]: part["totals"] for part in found["platforms"]}
    assert (parts["facebook"]["views"], parts["instagram"]["views"], parts["instagram"]["engagements"]) == (150, None, 4)
    assert found["unavailable"] == []


def test_a_summary_can_be_of_one_platform() -> None:
    for platform in ("facebook", "instagram"):
        read(published(connected(platform=platform), platform=platform), NOW - timedelta(hours=1), views=5)
    found = get("summary", platform="instagram").json
    assert (found["platform"], found["totals"]["views"], [p["platform"] for p in found["platforms"]]) == (
        "instagram",
        5,
        ["instagram"],
    )


def test_a_summary_says_what_it_does_not_know() -> None:
    connection = connected()
    good, never, failing = (published(connection) for _ in range(3))
    orphan = published(connected(account_id="gone"))
    read(good, NOW - timedelta(hours=1), views=1)
    read(failing, NOW - timedelta(hours=9), views=40)
    read(failing, NOW - timedelta(hours=1), reason="scope_missing")
    read(orphan, NOW - timedelta(hours=1), views=2)
    run(sql("DELETE FROM platform_connections WHERE account_id = 'gone'"))
    found = get("summary").json
    assert (found["totals"]["posts"], found["totals"]["measured"], found["totals"]["views"]) == (4, 3, 43)
    assert {(gap["reason"], gap["posts"]) for gap in found["unavailable"]} == {
        ("scope_missing", 1),
        ("not_measured_yet", 1),
        ("disconnected", 1),
    }
    assert all(gap["message"] for gap in found["unavailable"])
    assert never


def test_an_empty_summary_has_unknowns_and_no_zeros() -> None:
    found = get("summary").json
    assert (found["totals"]["posts"], found["totals"]["views"], found["as_of"], found["platforms"]) == (0, None, None, [])


def test_what_was_not_published_does_not_count() -> None:
    connection = connected()
    for status, columns in (("failed", {"error_class": "unknown"}), ("unknown", {}), ("processing", {})):
        published(connection, status=status, **columns)
    published(connection, status="delivered_to_inbox", platform_post_id=None)
    assert get("summary").json["totals"]["posts"] == 0
    assert get("posts").json["items"] == []


@pytest.mark.parametrize("path", ["summary", "posts", "accounts", "best-times"])
@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"from": "2026-11-01T00:00:00"}, "from", "timezone_aware"),
        ({"to": "2026-11-01"}, "to", "date_time_format"),
        ({"from": "1700000000"}, "from", "date_time_format"),
        ({"from": "marker"}, "from", "date_time_format"),
        ({"from": "2026-02-30T00:00:00Z"}, "from", "datetime_from_date_parsing"),
        ({"from": "0001-01-01T00:00:00+23:59"}, "from", "out_of_range"),
        ({"to": "9999-12-31T23:59:59-23:59"}, "to", "out_of_range"),
        ({"from": "2026-11-22T12:00:00Z"}, "from", "range"),
        ({"from": "2025-01-01T00:00:00Z"}, "from", "range"),
        ({"platform": "marker"}, "platform", "literal_error"),
    ],
)
def test_bad_queries_name_the_field_and_never_repeat_the_value(path: str, query: dict[str, str], field: str, code: str) -> None:
    answer = Client(ALICE).request("analytics", "GET", f"/v1/analytics/{path}", query=query)
    assert answer.status == 422, answer.text
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [(field, code)]
    assert "marker" not in answer.text


@pytest.mark.parametrize("text", ["2026-11-20T01:00:00+01:00", "2026-11-20T01:00:00 01:00", "2026-11-20T00:00Z"])
def test_times_come_with_any_offset_and_are_answered_in_utc(text: str) -> None:
    assert get("summary", from_=text).json["period"]["start"] == "2026-11-20T00:00:00Z"


def test_the_highest_posts_come_first_and_pages_do_not_overlap(now: Callable[[datetime], None]) -> None:
    connection = connected()
    targets = [published(connection) for _ in range(7)]
    for i, target in enumerate(targets[:6]):
        read(target, NOW - timedelta(hours=1), views=10 * (i // 2), likes=6 - i)
    expected = [30 // 3 * i for i in (2, 2, 1, 1, 0, 0)]
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get("posts", limit="2", **({"cursor": cursor} if cursor else {})).json
        seen += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            break
        # What is read between two pages does not shuffle them.
        read(targets[0], NOW + timedelta(seconds=len(seen)), views=1_000_000)
        now(NOW + timedelta(minutes=5))
    assert [item["figures"]["views"] for item in seen[:6]] == expected
    assert len({item["target_id"] for item in seen}) == 7
    assert (seen[6]["figures"], seen[6]["unavailable"]["reason"]) == (None, "not_measured_yet")


@pytest.mark.parametrize(
    ("sort", "expected"), [("likes", [0, 1]), ("engagements", [1, 0]), ("saves", [1, 0]), ("published_at", [1, 0])]
)
def test_posts_sort_by_what_is_asked(sort: str, expected: list[int]) -> None:
    connection = connected()
    targets = [published(connection, published_at=NOW - timedelta(days=2 - i)) for i in range(2)]
    read(targets[0], NOW - timedelta(minutes=1), likes=5, saves=0)
    read(targets[1], NOW - timedelta(minutes=1), likes=4, saves=2)
    first = get("posts", sort=sort, limit="1").json
    second = get("posts", sort=sort, limit="1", cursor=first["next_cursor"]).json
    assert [item["target_id"] for item in (*first["items"], *second["items"])] == [targets[i] for i in expected]


def test_a_cursor_of_another_order_or_list_is_refused() -> None:
    connection = connected()
    for _ in range(2):
        published(connection)
    cursor = get("posts", sort="views", limit="1").json["next_cursor"]
    assert get("posts", sort="published_at", cursor=cursor).status == 422
    assert get("posts", sort="likes", cursor=cursor).status == 422
    assert get("accounts", cursor=cursor).status == 422
    assert get("posts", cursor="forged").status == 422


def test_a_top_post_shows_its_last_good_figures_and_why_there_are_no_newer_ones() -> None:
    target = published(connected())
    read(target, NOW - timedelta(hours=5), views=8, likes=2)
    read(target, NOW - timedelta(hours=1), reason="permission")
    item = get("posts").json["items"][0]
    assert (item["figures"]["views"], item["figures"]["engagement_rate"], item["measured_at"]) == (
        8,
        0.25,
        "2026-11-22T07:00:00Z",
    )
    assert (item["unavailable"]["reason"], item["unavailable"]["at"]) == ("permission", "2026-11-22T11:00:00Z")


def test_a_post_over_time_shows_each_current_target(statements: list[list[str]]) -> None:
    connection = connected()
    failed = published(connection, status="failed", error_class="transient", published_at=None, due=None)
    post_id = one("post_targets", failed)["post_id"]
    again = published(connection, post_id=post_id, attempt=2, retry_of=failed)
    other = published(
        connection, post_id=post_id, position=1, status="failed", error_class="transient", published_at=None, due=None
    )
    for hours, views in ((3, 1), (2, 4), (1, 9)):
        read(again, NOW - timedelta(hours=hours), views=views)
    statements.clear()
    found = get(f"posts/{post_id}").json
    assert len(statements) == 1
    assert [target["target_id"] for target in found["targets"]] == [again, other]
    first, second = found["targets"]
    assert [reading["figures"]["views"] for reading in first["series"]] == [1, 4, 9]
    assert (first["latest"], first["latest"]["figures"]["views"], first["unavailable"]) == (first["last_good"], 9, None)
    assert first["next_reading_at"] == "2026-11-22T11:59:00Z"
    assert second["unavailable"]["reason"] == "not_published"


@pytest.mark.parametrize("path", ["summary", "posts", "accounts", "best-times"])
def test_every_list_is_one_flight(path: str, statements: list[list[str]]) -> None:
    read(published(connected()), NOW, views=1)
    statements.clear()
    assert get(path).status == 200
    assert len(statements) == 1
    assert all("user_id = :user_id" in text for text in statements[0])


def test_nobody_sees_anothers_figures() -> None:
    connection = connected()
    target = published(connection)
    read(target, NOW - timedelta(hours=1), views=5, likes=1)
    post_id = one("post_targets", target)["post_id"]
    assert get(f"posts/{post_id}").status == 200
    theirs, absent, malformed = (get(f"posts/{i}", BOB) for i in (post_id, str(uuid4()), "x"))
    assert theirs.status == absent.status == malformed.status == 404
    hidden = ("correlation_id",)

    def strip(answer: Answer) -> dict[str, Any]:
        return {name: value for name, value in answer.json.items() if name not in hidden}

    assert strip(theirs) == strip(absent) == strip(malformed)
    assert get("summary", BOB).json["totals"]["posts"] == 0
    assert get("posts", BOB).json["items"] == get("accounts", BOB).json["items"] == []
    assert get("best-times", BOB).json["posts"] == 0


def test_accounts_show_latest_series_and_growth() -> None:
    connection, dead = connected(display_name="Shop"), connected(status="reauth_required", created_at=NOW + timedelta(seconds=1))
    for days, columns in (
        (40, {"followers": 90}),
        (20, {"followers": 100, "reach": 7}),
        (2, {"followers": 112}),
        (1, {"status": "unavailable", "reason": "transient"}),
    ):
        row = {
            "id": str(uuid4()),
            "user_id": ALICE,
            "connection_id": connection,
            "polled_at": NOW - timedelta(days=days),
            **columns,
        }
        insert("account_analytics", row)
    first, second = get("accounts").json["items"]
    assert (first["connection_id"], first["display_name"], first["followers_change"]) == (connection, "Shop", 12)
    assert [r["figures"] and r["figures"]["followers"] for r in first["series"]] == [100, 112, None]
    assert (first["latest"]["status"], first["last_good"]["figures"]["followers"]) == ("unavailable", 112)
    assert first["unavailable"]["reason"] == "transient"
    assert (second["connection_id"], second["latest"], second["unavailable"]["reason"]) == (dead, None, "reauth")
    earlier = get("accounts", from_="2026-10-01T00:00:00Z", to="2026-10-20T00:00:00Z").json["items"][0]
    assert (earlier["latest"]["figures"]["followers"], len(earlier["series"])) == (90, 1)
    page = get("accounts", limit="1").json
    assert [i["connection_id"] for i in page["items"]] == [connection]
    assert [i["connection_id"] for i in get("accounts", limit="1", cursor=page["next_cursor"]).json["items"]] == [dead]


def at_hours(connection: str, *moments: str) -> None:
    for i, moment in enumerate(moments):
        read(published(connection, published_at=datetime.fromisoformat(moment)), NOW - timedelta(hours=1), likes=i + 1)


def test_best_times_are_hours_of_the_users_own_clock() -> None:
    Client(ALICE).request("profile", "PATCH", "/v1/profile", body={"time_zone": "Europe/Berlin"})
    # Mondays at nine in Berlin, before and after the clocks went back on 2026-10-25.
    at_hours(connected(), *(f"2026-10-{day}T07:10:00+00:00" for day in ("05", "12", "19")))
    at_hours(connected(), *(f"2026-11-{day}T08:10:00+00:00" for day in ("02", "09", "16")))
    at_hours(connected(), *(f"2026-11-{day}T20:00:00+00:00" for day in ("03", "10", "17", "18")))
    found = get("best-times", from_="2026-10-01T00:00:00Z").json
    assert (found["status"], found["posts"], found["time_zone"]) == ("ok", 10, "Europe/Berlin")
    by_slot = {(slot["weekday"], slot["hour"]): slot["posts"] for slot in found["slots"]}
    assert by_slot == {(1, 9): 6, (2, 21): 3, (3, 21): 1}
    assert len(found["best"]) == 3


def test_too_few_posts_say_nothing_about_times() -> None:
    connection = connected()
    at_hours(connection, *(f"2026-11-{day:02}T08:00:00+00:00" for day in range(2, 11)))
    read(published(connection), NOW - timedelta(hours=1), views=5)  # engagements unknown
    found = get("best-times").json
    assert (found["status"], found["posts"], found["minimum_posts"]) == ("not_enough_data", 9, 10)
    assert found["slots"] is None and found["best"] is None


def test_lists_are_csv_on_routes_of_their_own() -> None:
    connection = connected(display_name='=HYPERLINK("x")')
    at_hours(connection, *(f"2026-11-{day:02}T08:00:00+00:00" for day in range(2, 12)))
    insert(
        "account_analytics", {"id": str(uuid4()), "user_id": ALICE, "connection_id": connection, "polled_at": NOW - timedelta(1)}
    )

    def table(path: str, **query: str) -> tuple[Answer, list[dict[str, str]]]:
        answer = get(f"{path}.csv", accept="*/*", **query)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8"), answer.text
        assert "attachment" in answer.headers["content-disposition"]
        return answer, list(csv.DictReader(io.StringIO(answer.text, newline="")))

    _, summary = table("summary")
    assert [(row["platform"], row["posts"], row["likes"], row["views"]) for row in summary] == [
        ("tiktok", "10", "55", ""),
        ("all", "10", "55", ""),
    ]
    answer, posts = table("posts", sort="likes", limit="4")
    assert [row["likes"] for row in posts] == ["10", "9", "8", "7"]
    _, following = table("posts", sort="likes", limit="4", cursor=answer.headers["x-next-cursor"])
    assert [row["likes"] for row in following] == ["6", "5", "4", "3"]
    assert table("accounts")[1][0]["display_name"] == '\'=HYPERLINK("x")'
    assert sum(int(row["posts"]) for row in table("best-times")[1]) == 10
    assert get("summary", accept="*/*, text/csv;q=0.1").headers["content-type"] == "application/json"
    marked = get("summary.csv", accept="*/*", bom="true").text
    assert marked == "\ufeff" + get("summary.csv", accept="*/*").text


@pytest.mark.parametrize("path", ["summary", "posts", "accounts", "best-times"])
def test_a_route_that_returns_what_the_client_excludes_says_so(path: str) -> None:
    """A client of an earlier version that asks for CSV by ``Accept`` learns of it instead of parsing JSON as CSV."""
    for route, excluding, taking in ((path, "text/csv", "text/csv, */*;q=0.1"), (f"{path}.csv", "application/json", "text/*")):
        refused = get(route, accept=excluding)
        assert (refused.status, refused.json["code"]) == (406, "not_acceptable"), refused.text
        assert get(route, accept=taking).status == 200


def test_a_request_without_an_identity_is_refused() -> None:
    for path in ("summary", "posts", "accounts", "best-times", f"posts/{uuid4()}"):
        assert Client(sub=None).request("analytics", "GET", f"/v1/analytics/{path}").status == 401


# ---- the whole way, against simulated platforms -----------------------------------------------------------------------------


def test_published_posts_get_figures_from_all_four_platforms(platforms: Platforms, queue: Queue) -> None:
    publisher = Publisher(platforms)
    post = publisher.publish("k1", publisher.body())
    assert post.status == 201, post.text
    platforms.world.clock.offset += 3 * 86_400
    schedule()
    assert work(*queue.messages) == []
    targets = {target["platform"]: target for target in get(f"posts/{post.json['id']}").json["targets"]}
    for name in ("facebook", "instagram", "tiktok"):
        assert targets[name]["latest"]["status"] == "ok", targets[name]
        assert targets[name]["last_good"]["figures"]["views"] is not None
    # A member who connected through an app that cannot ask for the analytics permission.
    assert targets["linkedin"]["unavailable"]["reason"] == "no_access"
    accounts = {item["platform"]: item for item in get("accounts").json["items"]}
    assert accounts["instagram"]["latest"]["figures"]["followers"] is not None
    assert get("summary").json["totals"]["measured"] == 3


def test_a_refused_token_at_a_real_wire_disconnects_and_a_refused_metric_does_not(platforms: Platforms, queue: Queue) -> None:
    publisher = Publisher(platforms)
    publisher.publish("k1", publisher.body("facebook", "instagram"))
    platforms.fault(platform="facebook", method="GET", preset="expired_token", times=-1)
    platforms.fault(platform="instagram", method="GET", preset="invalid_parameter", times=-1)
    schedule()
    assert work(*queue.messages) == []
    states = {row["platform"]: row["status"] for row in rows("platform_connections")}
    assert (states["facebook"], states["instagram"]) == ("reauth_required", "active")


def test_G1_I4_a_metric_that_ended_and_a_post_that_is_gone_cost_nothing_else_and_the_metric_is_told(
    platforms: Platforms, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(platforms)
    posts = [publisher.publish(f"k{n}", publisher.body("facebook", text=f"Post {n}")).json["id"] for n in range(3)]
    monkeypatch.delitem(POST_METRICS, "post_clicks")
    del platforms.world.simulators["facebook"].memory.posts[platforms.posts("facebook")[1]["id"]]  # type: ignore[attr-defined]
    platforms.world.clock.offset += 3 * 86_400
    schedule()
    with logged() as log:
        assert work(*queue.messages) == []
    found = [get(f"posts/{post}").json["targets"][0] for post in posts]
    assert [target["latest"]["status"] for target in found] == ["ok", "unavailable", "ok"]
    assert all(found[n]["latest"]["figures"]["views"] for n in (0, 2))
    assert found[1]["unavailable"]["reason"] == "not_found"
    told = [json.loads(line) for line in log.getvalue().splitlines() if "metric_refused" in line]
    assert {(entry["platform"], entry["metric"]) for entry in told} == {("facebook", "post_clicks")}
