"""S4: what a request costs in round trips, counted on the wire, directly and through the pooler. Connecting is not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.wire import Proxy
from noillusion.catalog import platforms as platform_names
from noillusion.core import clock, loop
from noillusion.db import WORKER, Actor, database, sql
from tests.api.conftest import Platforms, platforms
from tests.api.harness import Answer, Client
from tests.api.test_publishing import Publisher
from tests.postgres.rows import ALICE, VALUES, insert, row_id
from tests.support.databases import PostgresStore

__all__ = ["platforms"]

WITH_CONTAINER = ("instagram",)
"""Platforms where a post is prepared before it is published, which is durable as well."""
SYSTEM_TEMPLATE = "7e3a1c00-0001-4000-8000-000000000001"
IDS = {table: row_id(ALICE, table) for table in VALUES}
BRIEF = {"task": "generate", "platforms": ["tiktok"], "topic": "t"}
STALE = {"if-match": '"stale"'}
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}

# function, method, path, parts of the request, status
READS: list[tuple[str, str, str, dict[str, Any], int]] = [
    ("profile", "GET", "/v1/profile", {}, 200),
    ("profile", "GET", "/v1/profile/export", {}, 200),
    ("health", "GET", "/v1/health", {}, 200),
    ("profile", "GET", "/v1/profile/deletion/" + "c" * 24, {}, 404),
    ("connect_callback", "GET", "/v1/connections", {}, 200),
    ("connect_callback", "GET", "/v1/connections/{platform_connections}", {}, 200),
    ("connect_callback", "GET", "/v1/callbacks/meta/data-deletion/" + "c" * 24, {}, 404),
    ("profile", "GET", "/v1/notifications", {}, 200),
    ("profile", "GET", "/v1/notifications", {"query": {"unread": "false"}}, 200),
    ("profile", "GET", "/v1/notifications/unread", {}, 200),
    ("webhooks", "GET", "/v1/webhooks/{webhooks}/deliveries", {}, 200),
    ("publish", "GET", "/v1/posts", {}, 200),
    ("publish", "GET", "/v1/posts/{posts}", {}, 200),
    ("publish", "GET", "/v1/posts/{profiles}", {}, 404),
    ("templates", "GET", "/v1/templates", {}, 200),
    ("templates", "GET", "/v1/templates", {"query": {"scope": "system"}}, 200),
    ("templates", "GET", "/v1/templates/{prompt_templates}", {}, 200),
    ("templates", "POST", "/v1/templates/preview", {"body": {"template_id": SYSTEM_TEMPLATE}}, 200),
    ("generate", "GET", "/v1/ai/providers", {}, 200),
    ("generate", "GET", "/v1/ai/usage", {}, 200),
    ("analytics", "GET", "/v1/analytics/summary", {}, 200),
    ("analytics", "GET", "/v1/analytics/posts", {}, 200),
    ("analytics", "GET", "/v1/analytics/posts/{posts}", {}, 200),
    ("analytics", "GET", "/v1/analytics/accounts", {}, 200),
    ("analytics", "GET", "/v1/analytics/best-times", {}, 200),
]
NO_DATABASE: list[tuple[str, str, str, dict[str, Any], int]] = [
    ("profile", "GET", "/v1/privacy", {}, 200),
    ("health", "GET", "/v1/openapi.json", {}, 200),
]
WRITES: list[tuple[str, str, str, dict[str, Any], int]] = [
    ("profile", "PATCH", "/v1/profile", {"body": {"bio": "x"}}, 200),
    ("profile", "PATCH", "/v1/profile", {"body": {"ai_preferences": {"fallback": False}}, "headers": {"if-match": "*"}}, 200),
    ("profile", "PUT", "/v1/profile/ai-keys/openai", {"body": {"key": "sk-0123456789-abcd", "verify": False}}, 200),
    ("profile", "DELETE", "/v1/profile/ai-keys/openai", {}, 204),
    ("connect_callback", "POST", "/v1/connections/tiktok/authorize", {"body": {}}, 200),
    ("connect_callback", "PATCH", "/v1/connections/{platform_connections}", {"body": {"label": "x"}}, 200),
    ("connect_callback", "PATCH", "/v1/connections/{platform_connections}", {"body": {"label": "y"}, "headers": STALE}, 412),
    ("profile", "PATCH", "/v1/notifications/{notifications}", {"body": {"unread": False}}, 200),
    ("profile", "PATCH", "/v1/notifications", {"body": {"unread": False, "until": "2099-01-01T00:00:00Z"}}, 200),
    ("profile", "DELETE", "/v1/notifications/{notifications}", {}, 204),
    ("profile", "DELETE", "/v1/notifications", {"query": {"before": "2099-01-01T00:00:00Z"}}, 200),
    ("generate", "DELETE", "/v1/ai/usage", {"query": {"before": "2020-01-01"}}, 200),
    ("publish", "POST", "/v1/posts/{posts}/cancel", {}, 200),
    ("publish", "DELETE", "/v1/posts/{posts}/record", {"query": {"accept_unknown": "true"}}, 204),
    # Without a key that can be used. An attempt takes one more: what it may cost is durable before it is sent.
    ("generate", "POST", "/v1/generate", {"body": BRIEF, "headers": {"idempotency-key": "k"}}, 200),
    ("templates", "POST", "/v1/templates", {"body": TEMPLATE, "headers": {"idempotency-key": "k"}}, 201),
    ("templates", "PUT", "/v1/templates/{prompt_templates}", {"body": TEMPLATE}, 200),
    ("templates", "PUT", "/v1/templates/{prompt_templates}", {"body": TEMPLATE, "headers": STALE}, 412),
    ("templates", "POST", "/v1/templates/{prompt_templates}/copy", {}, 201),
    ("templates", "POST", "/v1/templates/{prompt_templates}/share", {}, 200),
    ("templates", "DELETE", "/v1/templates/{prompt_templates}/share", {}, 204),
    ("templates", "PUT", f"/v1/templates/{SYSTEM_TEMPLATE}/rating", {"body": {"stars": 4}}, 200),
    ("templates", "DELETE", f"/v1/templates/{SYSTEM_TEMPLATE}/rating", {}, 204),
    ("templates", "DELETE", "/v1/templates/{prompt_templates}", {}, 204),
]


@pytest.fixture(params=["direct", "pooled"])
def line(request: pytest.FixtureRequest) -> Proxy:
    """The way to the database: to the server, or to the pooler before it."""
    proxy = request.getfixturevalue(request.param)
    assert isinstance(proxy, Proxy)
    return proxy


@pytest.fixture
def deployment(line: Proxy, store: PostgresStore, deploy: Callable[[str], None]) -> Iterator[PostgresStore]:
    """A deployment behind the counting proxy, with one row of Alice's in every table and a connection that is open already."""
    deploy(line.url(store.name))
    Client("auth0|nobody").request("publish", "GET", "/v1/posts")
    line.reset()
    yield store
    assert (line.prepared, line.flushes, line.transactions) == (0, 0, line.round_trips)


@pytest.fixture
def filled(deployment: PostgresStore) -> PostgresStore:
    # Whoever is leaving writes nothing.
    for table in [table for table in VALUES if table != "departures"]:
        deployment.execute(insert(ALICE, table))
    return deployment


def ask(function: str, method: str, path: str, parts: dict[str, Any]) -> Answer:
    return Client(ALICE).request(function, method, path.format(**IDS), **parts)


def named(requests: list[tuple[str, str, str, dict[str, Any], int]]) -> list[Any]:
    return [pytest.param(*request, id=f"{request[1]} {request[2].replace('/', '|')} {request[4]}") for request in requests]


@pytest.mark.parametrize(("function", "method", "path", "parts", "status"), named(READS))
def test_S4_a_read_is_one_round_trip(
    function: str, method: str, path: str, parts: dict[str, Any], status: int, filled: PostgresStore, line: Proxy
) -> None:
    answer = ask(function, method, path, parts)
    assert (answer.status, line.round_trips) == (status, 1), answer.text


def test_S4_a_part_of_a_small_export_is_one_round_trip(filled: PostgresStore, line: Proxy) -> None:
    name = ask("profile", "GET", "/v1/profile/export", {}).json["first_part"]
    line.reset()
    answer = Client(ALICE).request("profile", "GET", f"/v1/profile/export/{name}")
    assert (answer.status, line.round_trips) == (200, 1), answer.text
    assert '"next_part":null' in answer.text


@pytest.mark.parametrize(("function", "method", "path", "parts", "status"), named(NO_DATABASE))
def test_S4_what_needs_no_row_asks_for_none(
    function: str, method: str, path: str, parts: dict[str, Any], status: int, filled: PostgresStore, line: Proxy
) -> None:
    answer = ask(function, method, path, parts)
    assert (answer.status, line.round_trips) == (status, 0), answer.text


@pytest.mark.parametrize(("function", "method", "path", "parts", "status"), named(WRITES))
def test_S4_a_write_is_two_round_trips_at_most(
    function: str, method: str, path: str, parts: dict[str, Any], status: int, filled: PostgresStore, line: Proxy
) -> None:
    answer = ask(function, method, path, parts)
    assert (answer.status, 1 <= line.round_trips <= 2) == (status, True), (line.round_trips, answer.text)


def most(*targets: str) -> int:
    """Round trips for publishing: read, claim and keep the answer, and three durable steps a target, or four with a container.

    Steps that are ready at the same time share one, but nothing makes them so.
    """
    return 3 + sum(4 if name in WITH_CONTAINER else 3 for name in targets)


@pytest.mark.parametrize("name", platform_names.NAMES)
def test_publishing_on_a_platform_costs_three_durable_steps_and_one_for_a_container_at_most(
    name: str, platforms: Platforms, line: Proxy
) -> None:
    publisher = Publisher(platforms)
    body = publisher.body(name)
    line.reset()
    answer = publisher.publish("k", body)
    assert answer.status == 201, answer.text
    assert line.round_trips <= most(name)


def test_publishing_on_four_platforms_costs_no_more_than_on_each(platforms: Platforms, line: Proxy) -> None:
    publisher = Publisher(platforms)
    body = publisher.body()
    line.reset()
    answer = publisher.publish("k", body)
    assert answer.status == 201, answer.text
    assert line.round_trips <= most(*platform_names.NAMES)


def test_any_number_of_statements_is_one_round_trip_and_one_transaction(deployment: PostgresStore, line: Proxy) -> None:
    statements = [sql("SELECT :n AS n", n=n) for n in range(200)]
    results = loop.run(database().flight(Actor(ALICE), *statements))
    assert [rows[0]["n"] for rows in results] == list(range(200))
    assert (line.round_trips, line.transactions) == (1, 1)
    big = [sql("SELECT :value AS value", value="x" * 100_000) for _ in range(40)]
    assert sum(len(rows[0]["value"]) for rows in loop.run(database().flight(WORKER, *big))) == 4_000_000
    assert (line.round_trips, line.transactions) == (2, 2)


def test_one_connection_serves_all_requests(deployment: PostgresStore, line: Proxy) -> None:
    for _ in range(5):
        Client(ALICE).request("publish", "GET", "/v1/posts")
        loop.run(database().flight(WORKER, sql("SELECT :now AS now", now=clock.now())))
    assert line.connections == 0
