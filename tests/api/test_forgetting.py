"""Single records can be forgotten: a post with its figures, notices, usage; what protects the person stays as long as it must."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from noillusion import db, idempotency
from noillusion.core import clock
from noillusion.db import Actor, Json, batches, sql
from noillusion.publishing import execute, forget_store
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_publishing import Publisher
from tests.support.databases import Store, fly
from tests.support.rows import insert, rows

ALICE, BOB = "auth0|alice", "auth0|bob"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
UNKNOWN = {"accept_unknown": "true"}


def forget(post_id: str, user: str = ALICE, **query: str) -> Answer:
    """Forget a post's record."""
    return Client(user).request("publish", "DELETE", f"/v1/posts/{post_id}/record", query=query)


def retention() -> dict[str, Any]:
    """One run of the chore."""
    return dict(load("maintain").handler({"task": "retention"}, Context(60)))


def all_rows(*tables: str) -> dict[str, int]:
    """How many rows each table has."""
    return {table: int(fly(sql(f"SELECT COUNT(*) AS n FROM {table}"))[0][0]["n"]) for table in tables}


LEDGER = ("posts", "post_targets", "post_analytics", "notifications")


def stored(user: str = ALICE, at: datetime | None = None, **target: Any) -> tuple[str, str]:
    """A post with one target, two readings and a notice about the target; the ids of post and target."""
    made, stamp = rows(), {"created_at": at or clock.now()}
    post = {**made["posts"], "idempotency_key": f"hmac:.{made['posts']['id']}"}
    published = {"status": "published", "accepted_id": "1", "platform_post_id": made["posts"]["id"], "text_fingerprint": None}
    columns = {**made["post_targets"], **published, "committing_at": at or clock.now(), **target}
    subject = {"subject_id": columns["id"], "dedupe_key": columns["id"], "kind": "publish_finished"}
    fly(
        insert("posts", user, **post, **stamp),
        insert("post_targets", user, **columns, **stamp),
        insert("post_analytics", user, **made["post_analytics"], **stamp),
        insert("post_analytics", user, **{**made["post_analytics"], "polled_at": NOW + timedelta(days=1)}, **stamp),
        insert("notifications", user, **subject),
    )
    return post["id"], columns["id"]


# ---- a post -----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("deployment")
def test_B4_a_finished_posts_record_goes_with_its_figures_and_notices() -> None:
    post_id, _ = stored(at=NOW - timedelta(days=40))
    other, _ = stored(BOB)
    assert all_rows(*LEDGER) == {"posts": 2, "post_targets": 2, "post_analytics": 4, "notifications": 2}
    answer = forget(post_id)
    assert (answer.status, answer.text) == (204, "")
    assert all_rows(*LEDGER) == {"posts": 1, "post_targets": 1, "post_analytics": 2, "notifications": 1}
    assert Client(BOB).request("publish", "GET", f"/v1/posts/{other}").status == 200


def test_B4_nothing_happens_at_the_platforms(platforms: Platforms) -> None:
    publisher = Publisher(platforms)
    post = publisher.publish("k", publisher.body()).json
    before = len(platforms.world.journal)
    assert forget(post["id"]).status == 204
    assert len(platforms.world.journal) == before
    assert all(len(platforms.posts(name)) == 1 for name in publisher.connections)


@pytest.mark.usefixtures("deployment")
def test_B4_a_forgotten_post_is_as_absent_as_one_that_never_was() -> None:
    post_id, _ = stored()
    kept, _ = stored()
    assert forget(post_id).status == 204
    never = "00000000-0000-4000-8000-000000000000"
    for method, path in (
        ("GET", "/v1/posts/{}"),
        ("DELETE", "/v1/posts/{}"),
        ("DELETE", "/v1/posts/{}/record"),
        ("POST", "/v1/posts/{}/cancel"),
        ("POST", "/v1/posts/{}/retry"),
        ("GET", "/v1/analytics/posts/{}"),
    ):
        function = "analytics" if "analytics" in path else "publish"
        body: dict[str, Any] | None = {} if path.endswith("retry") else None
        answers = [Client().request(function, method, path.format(i), body=body) for i in (post_id, never)]
        plain = [{name: value for name, value in answer.json.items() if name != "correlation_id"} for answer in answers]
        assert [answer.status for answer in answers] == [404, 404] and plain[0] == plain[1], path
    assert [post["id"] for post in Client().request("publish", "GET", "/v1/posts").json["items"]] == [kept]


@pytest.mark.usefixtures("deployment")
def test_the_record_of_somebody_else_is_absent() -> None:
    post_id, _ = stored(BOB)
    assert (forget(post_id).status, forget("no-uuid").status) == (404, 404)
    assert all_rows(*LEDGER) == {"posts": 1, "post_targets": 1, "post_analytics": 2, "notifications": 1}


def test_B4_the_same_key_publishes_nothing_again_within_its_window(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = Publisher(platforms)
    # Those of the connections, which have nothing to do with posts.
    fly(sql("DELETE FROM notifications"))
    body = publisher.body("facebook")
    first = publisher.publish("key", body)
    assert forget(first.json["id"]).status == 204
    kept = fly(sql("SELECT * FROM posts"))[0][0]
    assert {name for name, value in kept.items() if value is not None} == {
        "id",
        "user_id",
        "idempotency_key",
        "forgotten_at",
        "created_at",
        "updated_at",
    }
    for other in (body, publisher.body("facebook", text="Another")):
        again = publisher.publish("key", other)
        assert (again.status, again.json["code"]) == (409, "post_forgotten")
    assert len(platforms.posts("facebook")) == 1
    # The window is over: nothing of it is left, and the key is free.
    later = clock.now() + idempotency.WINDOW
    monkeypatch.setattr(clock, "now", lambda: later)
    assert retention()["forgotten_posts"] == 1
    assert all_rows(*LEDGER) == dict.fromkeys(LEDGER, 0)


def test_what_was_forgotten_after_its_window_leaves_nothing(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = Publisher(platforms)
    post_id = publisher.publish("key", publisher.body("facebook")).json["id"]
    later = clock.now() + idempotency.WINDOW
    monkeypatch.setattr(clock, "now", lambda: later)
    assert forget(post_id).status == 204
    assert all_rows("posts", "post_targets") == {"posts": 0, "post_targets": 0}


OPEN: dict[str, dict[str, Any]] = {
    "pending": {},
    "preparing": {},
    "committing": {"committing_at": NOW},
    "processing": {"accepted_id": "1", "committing_at": NOW},
    "unknown": {"committing_at": NOW, "next_check_at": NOW},
    "scheduled": {},
}
NOTHING_YET: dict[str, Any] = {"accepted_id": None, "platform_post_id": None, "committing_at": None}


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("status", OPEN)
def test_B4_a_post_that_is_still_open_is_not_forgotten_unless_one_accepts_that(status: str) -> None:
    post_id, _ = stored(status=status, **{**NOTHING_YET, **OPEN[status]})
    before = all_rows(*LEDGER)
    answer = forget(post_id)
    expected = "outcome_unknown" if status == "unknown" else "post_open"
    assert (answer.status, answer.json["code"]) == (409, expected), answer.text
    assert all_rows(*LEDGER) == before
    assert forget(post_id, **UNKNOWN).status == 204
    assert all_rows("post_targets", "post_analytics", "notifications") == {
        "post_targets": 0,
        "post_analytics": 0,
        "notifications": 0,
    }


@pytest.mark.usefixtures("deployment")
def test_an_outcome_that_was_given_up_is_as_unknown() -> None:
    post_id, _ = stored(status="unknown", **{**NOTHING_YET, "committing_at": NOW})
    assert (forget(post_id).status, forget(post_id, **UNKNOWN).status) == (409, 204)


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("what", ["target", "post"])
@pytest.mark.parametrize("query", [{}, UNKNOWN], ids=["plain", "accepted"])
def test_a_post_that_somebody_works_on_is_never_forgotten(what: str, query: Mapping[str, str]) -> None:
    post_id, target_id = stored(status="committing", **{**NOTHING_YET, "committing_at": NOW})
    table, row_id = ("post_targets", target_id) if what == "target" else ("posts", post_id)
    lease = {"until": clock.now() + timedelta(seconds=30), "id": row_id}
    fly(sql(f"UPDATE {table} SET lease_until = :until WHERE id = :id", **lease))
    answer = forget(post_id, **query)
    assert (answer.status, answer.json["code"]) == (409, "post_open") and int(answer.headers["retry-after"]) > 0
    assert all_rows("post_targets") == {"post_targets": 1}


@pytest.mark.usefixtures("deployment")
def test_attempts_that_a_later_one_replaced_do_not_keep_a_post_open() -> None:
    post_id, target_id = stored(status="unknown", **{**NOTHING_YET, "committing_at": NOW})
    retry = {**rows()["post_targets"], "post_id": post_id, "retry_of": target_id, "attempt": 2, "text_fingerprint": None}
    fly(insert("post_targets", ALICE, **{**retry, "status": "published", "accepted_id": "2", "platform_post_id": "2"}))
    assert forget(post_id).status == 204
    assert all_rows("post_targets") == {"post_targets": 0}


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("owner", [ALICE, BOB])
def test_a_record_that_tells_another_post_of_the_account_apart_is_kept_until_that_is_found_out(owner: str) -> None:
    post_id, _ = stored()
    looked_for = {**NOTHING_YET, "committing_at": NOW, "next_check_at": NOW}
    _, target_id = stored(owner, status="unknown", **looked_for)
    for query in ({}, UNKNOWN):
        answer = forget(post_id, **query)
        assert (answer.status, answer.json["code"]) == (409, "record_needed"), answer.text
    # On another account it tells nothing apart; and what is given up is not looked for any more.
    fly(sql("UPDATE post_targets SET account_id = 'another' WHERE id = :id", id=target_id))
    first, _ = stored()
    assert forget(first).status == 204
    fly(sql("UPDATE post_targets SET account_id = 'account', next_check_at = NULL WHERE id = :id", id=target_id))
    assert forget(post_id).status == 204
    assert all_rows("post_targets") == {"post_targets": 1}


def test_a_target_whose_record_goes_while_it_is_published_sends_nothing(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The durable step before a commit finds no row."""
    publisher = Publisher(platforms)
    real = execute.publish

    async def publish(*arguments: Any) -> Any:
        let_go = sql("UPDATE posts SET lease_until = NULL"), sql("UPDATE post_targets SET lease_until = NULL")
        *_, found = await db.database().flight(Actor(ALICE), *let_go, sql("SELECT id FROM posts"))
        now = clock.now()
        record = forget_store.record(ALICE, found[0]["id"], True, now, now - idempotency.WINDOW)
        assert (await db.database().flight(Actor(ALICE), *record))[0]
        return await real(*arguments)

    monkeypatch.setattr(execute, "publish", publish)
    answer = publisher.publish("k", publisher.body("facebook"))
    assert answer.status == 404
    assert platforms.posts("facebook") == []
    again = publisher.publish("k", publisher.body("facebook"))
    assert (again.status, again.json["code"]) == (409, "post_forgotten")


# ---- notices ----------------------------------------------------------------------------------------------------------------


def notices(number: int, user: str = ALICE) -> list[str]:
    """Notices of one a day, the oldest first; their ids."""
    made = [{**rows()["posts"], "at": NOW + timedelta(days=n)} for n in range(number)]
    for n, row in enumerate(made):
        columns = {"id": row["id"], "kind": "connection_dead", "dedupe_key": str(n), "subject_id": row["id"]}
        fly(insert("notifications", user, **columns, created_at=row["at"]))
    return [row["id"] for row in made]


def delete_notices(before: str, user: str = ALICE) -> Answer:
    """Delete notices by range."""
    return Client(user).request("profile", "DELETE", "/v1/notifications", query={"before": before})


@pytest.mark.usefixtures("deployment")
def test_notices_are_listed_newest_first_in_pages() -> None:
    ids = notices(5)
    notices(2, BOB)
    seen, query = [], {"limit": "2"}
    while True:
        page = Client().request("profile", "GET", "/v1/notifications", query=query).json
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert [notice["id"] for notice in seen] == ids[::-1]
    assert set(seen[0]) == {"id", "kind", "subject_id", "data", "created_at", "unread", "read_at"}


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_B4_notices_are_deleted_by_range(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", size)
    ids = notices(5)
    notices(5, BOB)
    answer = delete_notices("2026-11-29T12:00:00Z")
    assert (answer.status, answer.json) == (200, {"deleted": 3, "remaining": 0})
    left = Client().request("profile", "GET", "/v1/notifications").json["items"]
    assert [notice["id"] for notice in left] == ids[:2:-1]
    assert all_rows("notifications") == {"notifications": 7}
    assert delete_notices("2026-11-29T12:00:00Z").json == {"deleted": 0, "remaining": 0}


@pytest.mark.usefixtures("deployment")
def test_a_deletion_that_does_not_fit_the_request_says_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    notices(5)
    hurried = Client(ALICE, seconds=0.01)
    monkeypatch.setattr(clock, "monotonic", iter(range(0, 10_000, 10)).__next__)
    answer = hurried.request("profile", "DELETE", "/v1/notifications", query={"before": "2027-01-01T00:00:00Z"})
    assert answer.json == {"deleted": 2, "remaining": 3}


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("query", [{}, {"before": "yesterday"}, {"before": "2026-11-29"}, {"before": "2026-11-29T12:00:00"}])
def test_an_instant_that_is_none_deletes_nothing(query: dict[str, str]) -> None:
    notices(1)
    answer = Client().request("profile", "DELETE", "/v1/notifications", query=query)
    assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (422, ["before"])
    assert all_rows("notifications") == {"notifications": 1}


# ---- usage ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def usage(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Adds an attempt that cost a dollar; it is the 26th of November."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def add(at: datetime, user: str = ALICE) -> None:
        row = {**rows()["ai_usage_tracking"], "cost_nanousd": 10**9, "created_at": at}
        fly(insert("ai_usage_tracking", user, **row))

    return add


def delete_usage(before: str) -> Answer:
    """Delete usage by range."""
    return Client().request("generate", "DELETE", "/v1/ai/usage", query={"before": before})


def test_B4_usage_of_earlier_months_is_deleted_by_range(usage: Callable[..., None]) -> None:
    for at in (datetime(2026, 9, 30, 23, 59, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), NOW):
        usage(at)
        usage(at, BOB)
    assert delete_usage("2026-10-01").json == {"deleted": 1, "remaining": 0}
    assert delete_usage("2026-11-01").json == {"deleted": 1, "remaining": 0}
    left = fly(sql("SELECT user_id FROM ai_usage_tracking ORDER BY user_id"))[0]
    assert [row["user_id"] for row in left] == [ALICE, BOB, BOB, BOB]


@pytest.mark.parametrize("before", ["2026-11-02", "2026-11-26", "2026-11-27", "2099-01-01"])
def test_B4_deleting_usage_does_not_give_this_months_budget_back(usage: Callable[..., None], before: str) -> None:
    Client().request("profile", "PATCH", "/v1/profile", body={"ai_preferences": {"monthly_budget_usd": "5"}})
    usage(NOW - timedelta(days=1))
    answer = delete_usage(before)
    assert (answer.status, [(e["field"], e["code"]) for e in answer.json["errors"]]) == (422, [("before", "too_late")])
    assert "2026-11-01" in answer.json["errors"][0]["message"]
    assert Client().request("generate", "GET", "/v1/ai/usage").json["cost_usd"] == "1"


def test_a_key_that_was_used_yesterday_is_protected_on_the_first_of_a_month(
    usage: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, 11, tzinfo=UTC))
    assert (delete_usage("2026-12-01").status, delete_usage("2026-11-01").status) == (422, 200)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 2, tzinfo=UTC))
    assert delete_usage("2026-12-01").status == 200


# ---- the chore --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("deployment")
def test_answers_go_with_the_window_and_do_not_change_when_a_post_was_updated(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now() - timedelta(hours=25)
    post = {**rows()["posts"], "answer_status": 201, "created_at": at, "updated_at": at}
    fly(insert("posts", ALICE, **post, answer=Json({"id": post["id"]})))
    assert retention()["requests"] == 1
    (row,) = fly(sql("SELECT answer, answer_status, request_fingerprint, updated_at FROM posts"))[0]
    assert row == {"answer": None, "answer_status": None, "request_fingerprint": None, "updated_at": at}


@pytest.mark.usefixtures("deployment")
def test_answers_of_a_version_that_kept_them_for_good_go_as_well() -> None:
    at = clock.now() - timedelta(days=300)
    row = {**rows()["posts"], "request_fingerprint": None, "answer_status": 201, "created_at": at}
    fly(insert("posts", ALICE, **row, answer=Json({"id": row["id"]})))
    assert retention()["requests"] == 1
    assert fly(sql("SELECT answer FROM posts"))[0] == [{"answer": None}]


@pytest.mark.usefixtures("deployment")
def test_retention_says_what_is_left_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    old = {"created_at": clock.now() - timedelta(hours=25)}
    for n in range(5):
        fly(insert("posts", ALICE, **{**rows()["posts"], "idempotency_key": f"hmac:.{n}"}, **old))
    monkeypatch.setattr(clock, "monotonic", iter(range(0, 100_000, 100)).__next__)
    done = retention()
    assert (done["requests"], done["left"]) == (2, 3)


@pytest.mark.usefixtures("deployment")
def test_a_rule_that_fails_stops_no_other_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now() - timedelta(days=36)
    fly(sql("INSERT INTO deletion_receipts (user_hash, code_hash, origin, created_at) VALUES ('h', 'c', 'user', :at)", at=at))
    monkeypatch.setattr(forget_store, "requests", lambda *_: sql("SELECT 1 / nothing"))
    with pytest.raises(load("maintain").ChoreFailed):
        retention()
    assert fly(sql("SELECT user_hash FROM deletion_receipts"))[0] == [{"user_hash": None}]
