"""One rule for repeats: the same key and request has one effect, another request under the key is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from local.simulators.world import World
from noillusion.ai import service as ai
from noillusion.ai.models import GenerateRequest
from noillusion.connections import connecting
from noillusion.connections.models import ConfirmRequest
from noillusion.core import clock, loop
from noillusion.core.errors import Problem
from noillusion.core.sensitive import Secret
from noillusion.db import sql
from noillusion.net import guarded
from noillusion.publishing import retry as retrying
from noillusion.publishing import service as publishing
from noillusion.publishing.models import PostRequest, RetryRequest
from noillusion.scheduling import service as schedules
from noillusion.settings import source as settings
from noillusion.templates import service as templates
from noillusion.templates.models import CopyInput, TemplateInput
from noillusion.webhooks import service as webhooks
from noillusion.webhooks.models import WebhookInput
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_patches import at_once
from tests.api.test_publishing import PHOTO, Publisher, let_pass
from tests.support.databases import Store, fly
from tests.support.deployment import key as ring_key

ALICE = "auth0|alice"
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
MADE = (200, 201, 202)
BRIEF = {"task": "generate", "platforms": ["linkedin"], "topic": "We open a bakery"}


@dataclass
class Route:
    """A route that takes a key."""

    ask: Callable[[str, int], Answer]
    """Sends the request of a number under a key."""
    work: Callable[[str], Any]
    """The request of number 0 as work on the loop."""
    effects: Callable[[], int]
    kept: bool = True
    """Whether a repeat gets what the first created, and not only its id."""


def count(table: str) -> int:
    return int(fly(sql(f"SELECT COUNT(*) AS n FROM {table} WHERE user_id = '{ALICE}'"))[0][0]["n"])


def later() -> float:
    return clock.monotonic() + 25


def failed(platforms: Platforms) -> tuple[Publisher, str]:
    """A publisher with a post that can be retried."""
    publisher = Publisher(platforms)
    platforms.fault(platform="instagram", status=503, times=-1)
    post = publisher.publish("first", publisher.body("instagram"))
    platforms.world.faults.clear()
    assert publisher.statuses(post) == {"instagram": "failed"}, post.text
    return publisher, str(post.json["id"])


def content(text: str) -> dict[str, Any]:
    return {"content": {"text": text, "media": [PHOTO]}}


def _posts(request: pytest.FixtureRequest) -> Route:
    platforms: Platforms = request.getfixturevalue("platforms")
    publisher = Publisher(platforms)
    body = publisher.body("facebook")
    return Route(
        lambda key, n: publisher.publish(key, publisher.body("facebook", text="Hello from a test" + " again" * n)),
        lambda key: publishing.create(ALICE, key, PostRequest.model_validate(body), later()),
        lambda: len(platforms.posts("facebook")),
    )


def _retries(request: pytest.FixtureRequest) -> Route:
    platforms: Platforms = request.getfixturevalue("platforms")
    publisher, post_id = failed(platforms)

    def ask(key: str, n: int) -> Answer:
        body = content(f"Once more {n}")
        path = f"/v1/posts/{post_id}/retry"
        return publisher.client.request("publish", "POST", path, body=body, headers={"idempotency-key": key})

    body = RetryRequest.model_validate(content("Once more 0"))
    return Route(
        ask,
        lambda key: publishing.retry(ALICE, post_id, body, key, later()),
        lambda: len(platforms.posts("instagram")),
    )


def _templates(path: str) -> Callable[[pytest.FixtureRequest], Route]:
    def route(_: pytest.FixtureRequest) -> Route:
        source = Client("auth0|carol").request("templates", "POST", "/v1/templates", body=TEMPLATE).json["id"]
        Client("auth0|carol").request("templates", "POST", f"/v1/templates/{source}/share")

        def ask(key: str, n: int) -> Answer:
            body = {"name": f"n{n}"} if path else {**TEMPLATE, "name": f"n{n}"}
            return Client().request(
                "templates", "POST", f"/v1/templates{path.format(source)}", body=body, headers={"idempotency-key": key}
            )

        def work(key: str) -> Any:
            if path:
                return templates.copy(ALICE, source, CopyInput(name="n0"), key)
            return templates.create(ALICE, TemplateInput.model_validate({**TEMPLATE, "name": "n0"}), key)

        return Route(ask, work, lambda: count("prompt_templates"))

    return route


def _generate(request: pytest.FixtureRequest) -> Route:
    models: World = request.getfixturevalue("models")

    def ask(key: str, n: int) -> Answer:
        headers = {"idempotency-key": key, "x-ai-key-openai": "sk-anything-goes-here"}
        return Client().request("generate", "POST", "/v1/generate", body={**BRIEF, "topic": f"Topic {n}"}, headers=headers)

    body = GenerateRequest.model_validate({**BRIEF, "topic": "Topic 0"})
    passed = {"openai": Secret("sk-anything-goes-here")}
    return Route(
        ask,
        lambda key: ai.generate(ALICE, body, passed, idempotency_key=key, deadline=later()),  # type: ignore[arg-type]
        lambda: len(models.journal),
        kept=False,
    )


def _publish_now(request: pytest.FixtureRequest) -> Route:
    platforms: Platforms = request.getfixturevalue("platforms")
    connection = platforms.connect(Client(), "linkedin")[0]["id"]

    def schedule(name: str) -> str:
        body = {
            "due_at": "2099-12-24T09:00:00Z",
            "recurrence": {"rrule": "FREQ=DAILY"},
            "targets": [{"connection_id": connection}],
        }
        made = Client().request("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": name})
        return str(made.json["id"])

    ids = [schedule(name) for name in ("one", "two")]
    # Those of the requests that created them are of no interest here.
    fly(sql("UPDATE schedules SET request_fingerprint = NULL"))

    def ask(key: str, n: int) -> Answer:
        headers = {"idempotency-key": key}
        return Client().request("schedules", "POST", f"/v1/schedules/{ids[n % 2]}/publish-now", headers=headers)

    def effects() -> int:
        hastened = "SELECT COUNT(*) AS n FROM schedule_occurrences WHERE due_at < '2099-01-01T00:00:00.000000Z'"
        return int(fly(sql(hastened))[0][0]["n"])

    return Route(ask, lambda key: schedules.publish_now(ALICE, ids[0], key, later()), effects)


def _webhooks(request: pytest.FixtureRequest) -> Route:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34"]

    request.getfixturevalue("monkeypatch").setattr(guarded, "_resolve", resolve)
    host = "hooks.example.com"

    def ask(key: str, n: int) -> Answer:
        body = {"url": f"https://{host}/in/{n}"}
        return Client().request("webhooks", "POST", "/v1/webhooks", body=body, headers={"idempotency-key": key})

    body = WebhookInput.model_validate({"url": f"https://{host}/in/0"})
    return Route(ask, lambda key: webhooks.create(ALICE, body, key), lambda: count("webhooks"))


ROUTES: dict[str, Callable[[pytest.FixtureRequest], Route]] = {
    "posts": _posts,
    "retries": _retries,
    "templates": _templates(""),
    "copies": _templates("/{}/copy"),
    "generate": _generate,
    "publish now": _publish_now,
    "webhooks": _webhooks,
}


@pytest.fixture(params=ROUTES)
def route(request: pytest.FixtureRequest, deployment: Store) -> Route:
    return ROUTES[request.param](request)


def test_a_repeat_has_no_effect_and_says_so(route: Route) -> None:
    first, again = (route.ask("k", 0) for _ in range(2))
    assert first.status in MADE, first.text
    assert (first.headers["idempotency-replayed"], route.effects()) == ("false", 1)
    if route.kept:
        assert (again.status, again.json, again.headers["idempotency-replayed"]) == (first.status, first.json, "true")
    else:
        assert (again.status, again.json["code"]) == (409, "already_generated")
        assert first.json["transparency"]["request_id"] in again.json["detail"]


def test_another_request_under_the_key_is_refused(route: Route) -> None:
    assert route.ask("k", 0).status in MADE
    other = route.ask("k", 1)
    assert (other.status, other.json["code"], route.effects()) == (409, "idempotency_key_reused", 1)


def test_many_at_once_have_one_effect(route: Route) -> None:
    results = at_once(*(route.work("k") for _ in range(50)))
    codes = {result.code for result in results if isinstance(result, Problem)}
    assert route.effects() == 1 and codes <= {"idempotency_in_progress", "already_generated"}
    assert all(result.retry_after for result in results if isinstance(result, Problem) and result.code != "already_generated")
    assert len(results) - sum(isinstance(result, Problem) for result in results) >= 1


def test_a_key_is_good_for_a_day(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    assert route.ask("k", 0).status in MADE
    let_pass(monkeypatch, minutes=25 * 60)
    # The chore erases what posts keep for a repeat.
    load("maintain").handler({"task": "retention"}, Context(60))
    old = route.ask("k", 0)
    assert (old.status, old.json["code"], route.effects()) == (409, "idempotency_key_expired", 1)


def test_a_repeat_is_recognised_after_a_rotation(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    assert route.ask("k", 0).status in MADE
    ring = {"current": "f1", "keys": {"f1": ring_key(41)}}
    monkeypatch.setenv("FINGERPRINT_KEYS", json.dumps(ring))
    loop.run(ai.close())
    settings.settings.forget()
    again = route.ask("k", 0)
    assert again.headers.get("idempotency-replayed") == "true" or again.json["code"] == "already_generated", again.text
    assert route.ask("k", 1).json["code"] == "idempotency_key_reused" and route.effects() == 1


def test_a_retry_that_died_before_it_sent_anything_is_finished_by_its_repeat(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher, post_id = failed(platforms)
    path = f"/v1/posts/{post_id}/retry"

    async def dies(*_: Any) -> None:
        raise MemoryError

    def ask() -> Answer:
        body = content("Once more")
        return publisher.client.request("publish", "POST", path, body=body, headers={"idempotency-key": "k"})

    with monkeypatch.context() as patched:
        patched.setattr(retrying, "run", dies)
        assert ask().status == 500
    running = ask()
    assert (running.status, running.json["code"]) == (409, "idempotency_in_progress") and running.json["retry_after"]
    publisher.make_due()
    done = ask()
    assert (done.status, done.headers["idempotency-replayed"]) == (200, "true")
    assert len(platforms.posts("instagram")) == 1
    assert [t["status"] for t in done.json["targets"]] == ["published"]


def failed_again(platforms: Platforms, publisher: Publisher, key: str, *names: str) -> str:
    """A further post, of which no target was published."""
    for name in names:
        platforms.fault(platform=name, status=503, times=-1)
    post = publisher.publish(key, publisher.body(*names))
    platforms.world.faults.clear()
    assert set(publisher.statuses(post).values()) == {"failed"}, post.text
    return str(post.json["id"])


def test_all_attempts_of_a_retry_that_died_are_finished_by_its_repeat(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher, other = failed(platforms)
    post_id = failed_again(platforms, publisher, "second", "instagram", "facebook")

    async def dies(*_: Any) -> None:
        raise MemoryError

    def ask(of: str, text: str = "Once more") -> Answer:
        path, headers = f"/v1/posts/{of}/retry", {"idempotency-key": "k"}
        return publisher.client.request("publish", "POST", path, body=content(text), headers=headers)

    with monkeypatch.context() as patched:
        patched.setattr(retrying, "run", dies)
        assert ask(post_id).status == 500
    publisher.make_due()
    assert {ask(post_id, "Another").json["code"], ask(other).json["code"]} == {"idempotency_key_reused"}
    done = ask(post_id)
    assert (done.status, done.headers["idempotency-replayed"]) == (200, "true")
    assert publisher.statuses(done) == {"instagram": "published", "facebook": "published"}
    assert [len(platforms.posts(name)) for name in ("instagram", "facebook")] == [1, 1]
    # Without a key, and under another one, nothing of it is repeated.
    (rows,) = fly(sql("SELECT id FROM post_targets WHERE idempotency_key IS NOT NULL"))
    assert len(rows) == 1


def test_a_key_of_retries_at_once_is_used_by_one_of_them(platforms: Platforms) -> None:
    """Two posts, and two texts for one of them: nothing but the key is in common."""
    publisher, first = failed(platforms)
    second = failed_again(platforms, publisher, "second", "instagram")
    asked = [(first, "Once more 0"), (second, "Once more 0"), (second, "Once more 1")]
    work = [
        publishing.retry(ALICE, post_id, RetryRequest.model_validate(content(text)), "k", later())
        for post_id, text in asked
        for _ in range(5)
    ]
    results = at_once(*work)
    assert len(platforms.posts("instagram")) == 1
    assert not [result for result in results if isinstance(result, BaseException) and not isinstance(result, Problem)]
    codes = {result.code for result in results if isinstance(result, Problem)}
    assert codes <= {"idempotency_in_progress", "idempotency_key_reused"} and "idempotency_key_reused" in codes


def test_a_retry_without_a_key_is_as_it_was(platforms: Platforms) -> None:
    publisher, post_id = failed(platforms)
    body = content("Once more")
    first, again = (publisher.client.request("publish", "POST", f"/v1/posts/{post_id}/retry", body=body) for _ in range(2))
    assert (first.status, again.status, again.json["code"]) == (200, 409, "nothing_to_retry")


class TestConfirm:
    def pending(self, platforms: Platforms) -> tuple[str, list[str]]:
        handle = platforms.consent(Client(), "linkedin").json["pending_id"]
        offered = Client().request("connect_callback", "GET", f"/v1/connections/pending/{handle}").json["accounts"]
        return handle, [account["id"] for account in offered if account["can_publish"]]

    def confirm(self, handle: str, accounts: list[str], sub: str = ALICE) -> Answer:
        path = f"/v1/connections/pending/{handle}/confirm"
        return Client(sub).request("connect_callback", "POST", path, body={"account_ids": accounts})

    def test_a_repeat_gets_the_same_connections(self, platforms: Platforms) -> None:
        handle, accounts = self.pending(platforms)
        first, again = (self.confirm(handle, accounts) for _ in range(2))
        assert first.status == again.status == 200 and first.json == again.json, again.text
        assert count("platform_connections") == len(accounts)

    def test_a_repeat_with_other_accounts_and_one_of_somebody_else_are_refused(self, platforms: Platforms) -> None:
        handle, accounts = self.pending(platforms)
        assert self.confirm(handle, accounts[:1]).status == 200
        other = self.confirm(handle, ["urn:li:person:other"])
        assert (other.status, other.json["code"]) == (409, "already_confirmed")
        assert self.confirm(handle, accounts[:1], "auth0|bob").status == 404

    def test_a_repeat_does_not_answer_with_what_another_grant_connected(self, platforms: Platforms) -> None:
        first, second = (account["id"] for account in self.pages(platforms)[1])
        assert self.confirm(self.pages(platforms)[0], [first]).status == 200
        # The second grant does not reach the first Page, which it would renew otherwise.
        platforms.world.simulators["facebook"].actions["consent"]({"accounts": [second]})
        handle = self.pages(platforms)[0]
        assert self.confirm(handle, [second]).status == 200
        other = self.confirm(handle, [first])
        assert (other.status, other.json["code"]) == (409, "already_confirmed")
        assert self.confirm(handle, [second]).status == 200

    def test_two_at_once_for_other_accounts_connect_those_of_one(self, platforms: Platforms) -> None:
        handle, accounts = self.pages(platforms)
        wanted = [ConfirmRequest(account_ids=[account["id"]]) for account in accounts]
        results = at_once(*(connecting.confirm(ALICE, handle, body, later()) for body in wanted * 3))
        won = {connection.account_id for result in results if not isinstance(result, Problem) for connection in result}
        assert len(won) == 1 and count("platform_connections") == 1
        assert {result.code for result in results if isinstance(result, Problem)} == {"already_confirmed"}

    def pages(self, platforms: Platforms) -> tuple[str, list[dict[str, Any]]]:
        handle = platforms.consent(Client(), "facebook").json["pending_id"]
        return handle, Client().request("connect_callback", "GET", f"/v1/connections/pending/{handle}").json["accounts"]

    def test_many_at_once_connect_once(self, platforms: Platforms) -> None:
        handle, accounts = self.pending(platforms)
        body = ConfirmRequest(account_ids=accounts)
        results = at_once(*(connecting.confirm(ALICE, handle, body, later()) for _ in range(8)))
        ids = {tuple(c.id for c in result) for result in results if not isinstance(result, Problem)}
        assert len(ids) == 1 and not [r for r in results if isinstance(r, Problem)]
