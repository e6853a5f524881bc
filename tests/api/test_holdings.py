"""Each function does its work with its own settings and its own database logins, and needs every group that it is given."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.aws import template
from local.databases import postgres
from local.simulators.ai.openai import simulator as openai
from local.simulators.facebook import simulator as facebook
from local.simulators.instagram import simulator as instagram
from local.simulators.linkedin import simulator as linkedin
from local.simulators.tiktok import simulator as tiktok
from noillusion import db
from noillusion.ai import service as generation
from noillusion.core import clock, loop
from noillusion.core.sensitive import Content
from noillusion.db import ByLogin
from noillusion.db.interface import Actor
from noillusion.media import tickets
from noillusion.media.tickets import Ticket
from noillusion.net import client as http
from noillusion.net import queues
from noillusion.settings import source as settings
from noillusion.settings.holdings import GROUPS, without
from noillusion.settings.values import LOGIN_SETTINGS, Settings
from tests.api import harness
from tests.api.conftest import HOOK_HOST, Platforms
from tests.api.harness import FUNCTIONS, NIL, ROOT, Client, Context
from tests.api.test_connections import signed_request
from tests.api.test_events import Sent
from tests.api.test_publishing import TIKTOK
from tests.support import databases
from tests.support.databases import PostgresStore
from tests.support.deployment import analytics_queues, forget
from tests.support.logged import logged
from tests.support.serving import endpoints, serving

USER = "auth0|alice"
BUSY_S = 300
"""For how long a condition is waited for on a busy machine."""
GROUP_OF = {attribute: group for group, found in GROUPS.items() for attribute in found.checked if attribute != "logins"}
GROUP_OF |= {"app": "platforms", "registration": "platforms"}


def holdings() -> dict[str, str]:
    """``HOLDS`` of each function in the template, by the function's folder."""
    resources = template.read(ROOT / "template.yaml")["Resources"]
    functions = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Serverless::Function"]
    return {f["CodeUri"].split("/")[1]: f["Environment"]["Variables"]["HOLDS"] for f in functions}


class Uses(defaultdict[str, set[str]]):
    """The groups that each function used while it worked, whatever was checked at its start."""

    def __init__(self) -> None:
        super().__init__(set)
        self.function = ""

    def add(self, group: str) -> None:
        if self.function:
            self[self.function].add(group)


@pytest.fixture
def deployment(postgres_database: PostgresStore, deploy: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> PostgresStore:
    """PostgreSQL with the functions' logins, one for each role."""
    databases.clean(postgres_database)
    postgres.create_logins(postgres_database.server)
    deploy(postgres_database.url)
    for name, url in postgres.login_urls(postgres_database.server, postgres_database.name).items():
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("OPERATOR_OPENAI_KEY", "sk-the-operators-own-key")
    monkeypatch.setenv("PUBLISH_QUEUE_URL", "https://queue.test/publish")
    monkeypatch.setenv("ANALYTICS_QUEUE_URLS", analytics_queues())
    monkeypatch.setenv("WEBHOOK_QUEUE_URL", "https://queue.test/webhooks")
    return postgres_database


@pytest.fixture
def uses(monkeypatch: pytest.MonkeyPatch) -> Uses:
    """Which groups are really used."""
    found = Uses()

    class Recorded(Settings):
        def check(self) -> None:
            function, found.function = found.function, ""
            super().check()
            found.function = function

        def __getattribute__(self, name: str) -> Any:
            if name in GROUP_OF:
                found.add(GROUP_OF[name])
            return super().__getattribute__(name)

    fly = ByLogin.flight

    async def flight(self: ByLogin, actor: Actor, *statements: Any) -> Any:
        found.add(actor.role)
        return await fly(self, actor, *statements)

    monkeypatch.setattr(settings, "Settings", Recorded)
    monkeypatch.setattr(ByLogin, "flight", flight)
    return found


@pytest.fixture
def apart(deployment: PostgresStore, uses: Uses, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, Any], Any]]:
    """Has each handler start cold with the settings that its function holds, and no others. Yields what invokes one."""
    everything, load = dict(os.environ), harness.load
    members = {name for group in GROUPS.values() for name in group.members}

    def invoke(function: str, event: Any, context: Any = None) -> Any:
        held = without(everything, *holdings()[function].split(","))
        for name in everything.keys() - held.keys():
            monkeypatch.delenv(name, raising=False)
        for name in held.keys() & members:
            monkeypatch.setenv(name, held[name])
        monkeypatch.setenv("HOLDS", holdings()[function])
        forget()
        uses.function = function
        try:
            return load(function).handler(event, context or Context(60))
        finally:
            uses.function = ""
            loop.run(generation.close())
            if db.database.cache_info().currsize:
                loop.run(db.database().close())

    monkeypatch.setattr(harness, "load", lambda function: SimpleNamespace(handler=lambda e, c: invoke(function, e, c)))
    yield invoke
    forget()


@pytest.fixture
def platforms(apart: object, deployment: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    """The platforms and an AI provider."""
    sent = Sent()
    monkeypatch.setattr(queues, "client", lambda: sent)
    with serving(facebook, instagram, linkedin, tiktok, openai) as (base, world):
        monkeypatch.setenv(
            "ENDPOINTS", endpoints(base, world, **{"cdn.example.com": f"{base}/_media", HOOK_HOST: f"{base}/_hooks"})
        )
        try:
            yield Platforms(base, world, deployment)
        finally:
            loop.run(http.close())


def test_every_function_says_what_it_holds() -> None:
    assert holdings().keys() == set(FUNCTIONS)


def test_each_function_works_with_its_own_settings_and_uses_all_of_them(
    platforms: Platforms,
    apart: Callable[[str, Any], Any],
    uses: Uses,
    deployment: PostgresStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client(USER)

    def call(function: str, method: str, path: str, status: int | tuple[int, ...] = 200, **parts: Any) -> Any:
        answer = client.request(function, method, path, **parts)
        assert answer.status in (status if isinstance(status, tuple) else (status,)), (function, path, answer.text)
        return answer.json

    def run(function: str, event: Any) -> Any:
        answer = apart(function, event)
        assert answer.get("batchItemFailures", []) == []
        return answer

    def published(post: Any) -> Any:
        """The post once no target is in progress any more: what a slow machine has not finished, the queue finishes."""
        deadline = time.monotonic() + BUSY_S
        while waiting := [target for target in post["targets"] if target["status"] == "processing"]:
            assert time.monotonic() < deadline, waiting
            messages = [{"user_id": USER, "target_id": target["id"]} for target in waiting]
            run("publish", {"Records": [{"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(messages)]})
            post = call("publish", "GET", f"/v1/posts/{post['id']}")
        return post

    def completed(function: str, path: str) -> None:
        """Wait until a deletion is complete: what a slow machine has not deleted, the schedule deletes."""
        deadline = time.monotonic() + BUSY_S
        while call(function, "GET", path)["state"] == "deleting":
            assert time.monotonic() < deadline, path
            run("maintain", {"task": "leaving"})

    def make_due() -> None:
        due = "refresh_due_at = created_at, token_issued_at = '2020-01-01T00:00:00Z'"
        deployment.execute(f"UPDATE platform_connections SET {due} WHERE platform = 'tiktok'")

    forget()
    ticket = tickets.url_of(Ticket(USER, NIL, url=Content("https://cdn.example.com/photo.jpg"))).reveal()

    # Somebody connects, has a text drafted and publishes it.
    assert call("health", "GET", "/v1/health")["status"] == "ok"
    call("profile", "GET", "/v1/profile")
    call("profile", "PUT", "/v1/profile/ai-keys/anthropic", body={"key": "sk-ant-alices-own-key", "verify": False})
    connections = {name: platforms.connect(client, name)[0]["id"] for name in ("facebook", "instagram", "linkedin", "tiktok")}
    assert call("connect_callback", "POST", f"/v1/connections/{connections['linkedin']}/test")["ok"]
    assert len(call("connect_callback", "GET", "/v1/connections", query={"limit": "1"})["items"]) == 1
    given = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
    own = call("templates", "POST", "/v1/templates", 201, body=given)
    call("templates", "GET", "/v1/templates", query={"scope": "system", "limit": "1"})
    call("templates", "PUT", "/v1/templates/7e3a1c00-0001-4000-8000-000000000001/rating", body={"stars": 5})
    wanted = {"task": "generate", "platforms": ["linkedin"], "topic": "A bakery", "template_id": own["id"]}
    made = call("generate", "POST", "/v1/generate", body=wanted)
    assert made["source"] in ("openai", "ai"), made
    platforms.fault(platform="facebook", method="POST", path="/feed$", when="after", drop=True)
    photo = {"text": "Hello", "media": [{"url": platforms.media("photo.jpg"), "alt_text": "a photo"}]}
    targets: list[dict[str, Any]] = [{"connection_id": connections[name]} for name in ("facebook", "linkedin", "tiktok")]
    targets[2] |= {"content": photo, "options": TIKTOK}
    body = {"content": {"text": "Hello"}, "targets": targets}
    make_due()
    post = published(call("publish", "POST", "/v1/posts", (201, 202), body=body, headers={"idempotency-key": "k"}))
    states = {target["platform"]: target for target in post["targets"]}
    ended = {name: target["status"] for name, target in states.items()}
    assert ended == {"facebook": "unknown", "linkedin": "published", "tiktok": "published"}

    # The lost answer is read back, due figures are queued and read.
    lost = {"user_id": USER, "target_id": states["facebook"]["id"]}
    run("publish", {"Records": [{"messageId": "m", "body": json.dumps(lost)}]})
    found = call("publish", "GET", f"/v1/posts/{post['id']}")
    assert {target["status"] for target in found["targets"]} == {"published"}
    deployment.force("UPDATE post_polls SET due_at = created_at")
    assert run("analytics_poll", {"task": "poll"})["queued"] >= 2
    (until,) = deployment.fetch("SELECT claimed_until FROM post_polls WHERE platform = 'tiktok'")[0]
    message = {"user_id": USER, "connection_id": connections["tiktok"], "target_ids": [states["tiktok"]["id"]]}
    make_due()
    record = {"messageId": "m", "body": json.dumps({**message, "claimed_until": until.isoformat()})}
    run("analytics_poll", {"Records": [record]})
    assert deployment.fetch("SELECT count(*) FROM post_analytics") == [(1,)]
    call("analytics", "GET", "/v1/analytics/summary")
    call("analytics", "GET", "/v1/analytics/posts", query={"limit": "1"})

    # One occurrence is generated when it is due, another one told by a notice, whose link takes the content.
    due_at = (clock.now() + timedelta(hours=1)).isoformat()
    generated = {"way": "generate", "generate": {"topic": "A bakery", "accept_unattended": True}}
    for key, way in (("s1", generated), ("s2", {"way": "notify"})):
        targets = [{"connection_id": connections["linkedin"], **way}]
        call(
            "schedules",
            "POST",
            "/v1/schedules",
            201,
            body={"due_at": due_at, "targets": targets},
            headers={"idempotency-key": key},
        )
    deployment.force("UPDATE schedule_occurrences SET check_due_at = created_at")
    run("maintain", {"task": "preflight"})
    deployment.force("UPDATE schedule_occurrences SET due_at = created_at, wake_at = created_at")
    run("maintain", {"task": "schedules"})
    for (occurrence,) in deployment.fetch("SELECT id FROM schedule_occurrences ORDER BY created_at"):
        record = {"messageId": "m", "body": json.dumps({"user_id": USER, "occurrence_id": str(occurrence)})}
        run("schedule_run", {"Records": [record]})
    reached = [state for (state,) in deployment.fetch("SELECT state FROM schedule_occurrences ORDER BY created_at")]
    assert reached == ["published", "notified"]
    listed = call("schedules", "GET", "/v1/schedules")["items"]
    (link,) = [link for found in listed for target in found["targets"] if (link := target["occurrence"]["link"])]
    call("schedules", "POST", link, 201, body={"content": {"text": "Bread"}})

    # A calendar program reads the feed.
    subscribed = call("calendar", "POST", "/v1/calendar/token", 201)
    call("calendar", "GET", "/v1/calendar.ics", query={"token": subscribed["token"]})

    # What happened is sent to a webhook.
    webhook = call("webhooks", "POST", "/v1/webhooks", 201, body={"url": "https://hooks.example.com/in"})["id"]
    call("webhooks", "GET", f"/v1/webhooks/{webhook}/deliveries", query={"cursor": ""})
    run("webhooks", {"Records": [{"messageId": "m", "body": json.dumps({"lane": "unknown"})}]})

    # A platform asks for a file of a target that is long gone.
    monkeypatch.setenv("HANDOVER_BUCKET", "bucket")
    call("media", "GET", urlsplit(ticket).path, 404)
    monkeypatch.delenv("HANDOVER_BUCKET")

    # Chores, callbacks, leaving.
    make_due()
    assert run("maintain", {"task": "refresh_tokens"})["refreshed"] == 1
    for task in ("sweep", "reseal", "retention"):
        assert run("maintain", {"task": task})["task"] == task
    deployment.execute("UPDATE platform_connections SET grant_subject = '' WHERE platform <> 'facebook'")
    deployment.execute(f"DELETE FROM platform_connections WHERE platform = 'facebook' AND id <> '{connections['facebook']}'")
    person = str(deployment.fetch("SELECT grant_subject FROM platform_connections WHERE platform = 'facebook'")[0][0])
    signed = signed_request("facebook-app-secret", person)
    code = call("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=signed)["confirmation_code"]
    completed("connect_callback", f"/v1/callbacks/meta/data-deletion/{code}")
    call("profile", "GET", "/v1/profile/export")
    left = call("profile", "DELETE", "/v1/profile", (200, 202))
    completed("profile", f"/v1/profile/deletion/{left['code']}")
    assert platforms.requests("tiktok", "/oauth/revoke/") == 1

    held = {function: set(named.split(",")) for function, named in holdings().items()}
    assert dict(uses) == held


ROUTES = {
    "templates": "/v1/templates",
    "analytics": "/v1/analytics/summary",
    "generate": "/v1/ai/providers",
}


@pytest.mark.parametrize("function", ROUTES)
def test_a_function_without_the_workers_login_cannot_become_a_worker(
    function: str, apart: Callable[[str, Any], Any], deployment: PostgresStore
) -> None:
    url = postgres.login_urls(deployment.server, deployment.name)["DATABASE_URL"]
    assert "worker" not in holdings()[function].split(",")
    held = without(dict(os.environ), *holdings()[function].split(","))
    assert held["DATABASE_URL"] == url and not {"WORKER_DATABASE_URL", "HEALTH_DATABASE_URL"} & held.keys()
    assert Client(USER).request(function, "GET", ROUTES[function]).status == 200
    assert settings.settings().logins == {"api": ("DATABASE_URL", url)}
    with pytest.raises(LookupError):
        loop.run(db.database().flight(db.WORKER, db.sql("SELECT 1 AS one")))


def test_one_login_for_everything_goes_on_and_says_so(deployment: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop, and a deployment from before there were several."""
    deployment.execute("DROP ROLE IF EXISTS one_for_all")
    deployment.execute("CREATE ROLE one_for_all LOGIN NOINHERIT IN ROLE noillusion_api, noillusion_worker, noillusion_health")
    try:
        for name in LOGIN_SETTINGS.values():
            monkeypatch.delenv(name)
        monkeypatch.setenv("DATABASE_URL", deployment.server.url(deployment.name, "one_for_all"))
        monkeypatch.setenv("HOLDS", "api,worker,health")
        forget()
        with logged() as lines:
            for actor in (Actor(USER), db.WORKER, db.HEALTH):
                rows = loop.run(db.database().flight(actor, db.sql("SELECT current_user::text AS role")))
                assert rows[0][0]["role"] == f"noillusion_{actor.role}"
        assert '"one_database_login"' in lines.getvalue()
    finally:
        loop.run(db.database().close())
        deployment.execute("DROP ROLE one_for_all")
