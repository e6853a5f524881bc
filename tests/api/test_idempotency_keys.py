"""What a client put into an idempotency key is nowhere, and the key still makes a repeat harmless."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from local.simulators.world import World
from noillusion import idempotency
from noillusion.ai import service as ai
from noillusion.core import clock, loop
from noillusion.db import sql
from noillusion.db.batches import Erased
from noillusion.settings import source as settings
from noillusion.vault import sealer as crypto
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_publishing import Publisher
from tests.support.databases import Store, fly
from tests.support.deployment import key as ring_key
from tests.support.rows import insert, rows

ALICE, BOB = "auth0|alice", "auth0|bob"
MARK = "My secret plan: order 66"
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
BRIEF = {"task": "generate", "platforms": ["linkedin"], "topic": "We open a bakery"}


@dataclass
class Asker:
    """One request that takes a key, and how often its effect took place."""

    table: str
    ask: Callable[[str, str], Answer]
    effects: Callable[[], int]
    repeated: Callable[[Answer, Answer], bool]
    """Whether the second answer is what a repeat gets."""


def count(table: str, condition: str = "1 = 1") -> int:
    """How many rows there are."""
    return int(fly(sql(f"SELECT COUNT(*) AS n FROM {table} WHERE {condition}"))[0][0]["n"])


def _same(first: Answer, second: Answer) -> bool:
    return (first.status, first.json) == (second.status, second.json)


@pytest.fixture(params=["posts", "prompt_templates", "copies", "ai_usage_tracking"])
def asker(request: pytest.FixtureRequest, deployment: Store) -> Asker:
    """Each kind of request that takes a key."""
    if request.param == "posts":
        platforms: Platforms = request.getfixturevalue("platforms")
        publishers = {user: Publisher(platforms, user) for user in (ALICE, BOB)}

        def publish(user: str, key: str) -> Answer:
            return publishers[user].publish(key, publishers[user].body("facebook", text=f"Hello from {user} with {len(key)}"))

        return Asker("posts", publish, lambda: len(platforms.posts("facebook")), _same)
    if request.param == "ai_usage_tracking":
        models: World = request.getfixturevalue("models")

        def generate(user: str, key: str) -> Answer:
            headers = {"idempotency-key": key, "x-ai-key-openai": "sk-anything-goes-here"}
            return Client(user).request("generate", "POST", "/v1/generate", body=BRIEF, headers=headers)

        refused = "already_generated"
        return Asker("ai_usage_tracking", generate, lambda: len(models.journal), lambda _, again: again.json["code"] == refused)
    path = "/v1/templates"
    if request.param == "copies":
        source = Client("auth0|carol").request("templates", "POST", path, body=TEMPLATE).json["id"]
        Client("auth0|carol").request("templates", "POST", f"{path}/{source}/share")
        path = f"{path}/{source}/copy"

    def make(user: str, key: str) -> Answer:
        body = None if path.endswith("copy") else TEMPLATE
        return Client(user).request("templates", "POST", path, body=body, headers={"idempotency-key": key})

    return Asker("prompt_templates", make, lambda: count("prompt_templates", "idempotency_key IS NOT NULL"), _same)


def retention() -> dict[str, Any]:
    """One run of the chore."""
    return dict(load("maintain").handler({"task": "retention"}, Context(60)))


def stored(table: str) -> list[str]:
    """The keys of a table, as they are stored."""
    found = fly(sql(f"SELECT idempotency_key FROM {table} WHERE idempotency_key IS NOT NULL ORDER BY created_at"))[0]
    return [row["idempotency_key"] for row in found]


def make_plain(table: str, user: str, key: str) -> None:
    """Store the key of a user's rows as versions before this one did."""
    values = {"key": key, "user": user}
    fly(sql(f"UPDATE {table} SET idempotency_key = :key WHERE user_id = :user AND idempotency_key IS NOT NULL", **values))


def test_C17_a_key_is_stored_as_a_hash_and_is_nowhere(asker: Asker, deployment: Store) -> None:
    assert asker.ask(ALICE, MARK).status in (200, 201)
    dump = deployment.dump()
    assert MARK not in dump and "order 66" not in dump
    (found,) = stored(asker.table)
    assert found.startswith(f"{idempotency.MARK}.") and len(found) == len(idempotency.MARK) + 1 + 64


def test_C17_a_repeat_is_recognised(asker: Asker) -> None:
    first, again = (asker.ask(ALICE, MARK) for _ in range(2))
    assert asker.repeated(first, again), again.text
    assert asker.effects() == 1
    assert asker.ask(ALICE, f"{MARK}!").status in (200, 201) and asker.effects() == 2


def test_C17_a_hash_is_bound_to_its_user(asker: Asker) -> None:
    for user in (ALICE, BOB):
        assert asker.ask(user, MARK).status in (200, 201)
    assert asker.effects() == 2 and len(set(stored(asker.table))) == 2


def test_a_hash_is_bound_to_its_use(deployment: object) -> None:
    assert len({idempotency.hashed(ALICE, use, MARK) for use in idempotency.TABLES.values()}) == len(idempotency.TABLES)


def test_C17_a_key_is_recognised_before_and_after_each_step_of_a_rotation(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asker.ask(ALICE, MARK)
    for number, (current, ids) in enumerate((("", ["f1"]), ("f1", ["f1"]), ("f2", ["f1", "f2"]))):
        ring = {"current": current, "keys": {key_id: ring_key(40 + int(key_id[1:])) for key_id in ids}}
        monkeypatch.setenv("FINGERPRINT_KEYS", json.dumps(ring))
        loop.run(ai.close())
        settings.settings.forget()
        assert asker.repeated(first, asker.ask(ALICE, MARK))
        if number == 1:
            second = asker.ask(ALICE, "another")
    assert asker.repeated(second, asker.ask(ALICE, "another"))
    assert asker.effects() == 2


# ---- keys from before ---------------------------------------------------------------------------------------------------------


def test_C17_keys_of_an_earlier_version_are_hashed_and_still_recognised(asker: Asker, deployment: Store) -> None:
    first = asker.ask(ALICE, MARK)
    make_plain(asker.table, ALICE, MARK)
    assert MARK in deployment.dump()
    before = fly(sql(f"SELECT id, updated_at FROM {asker.table} ORDER BY id"))[0]
    done = retention()
    assert (done["plain_keys"], done["left"]) == (1, 0)
    assert "order 66" not in deployment.dump()
    assert fly(sql(f"SELECT id, updated_at FROM {asker.table} ORDER BY id"))[0] == before
    assert asker.repeated(first, asker.ask(ALICE, MARK)) and asker.effects() == 1
    assert retention()["plain_keys"] == 0


def test_C17_nothing_goes_out_twice_between_the_update_and_the_chore(platforms: Platforms) -> None:
    publisher = Publisher(platforms)
    body = publisher.body("facebook")
    first = publisher.publish(MARK, body)
    make_plain("posts", ALICE, MARK)
    again = publisher.publish(MARK, body)
    assert (again.status, again.json["id"], again.headers["idempotency-replayed"]) == (201, first.json["id"], "true")
    other = publisher.publish(MARK, publisher.body("facebook", text="Another"))
    assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")
    assert len(platforms.posts("facebook")) == 1


@pytest.mark.usefixtures("deployment")
def test_every_plain_key_of_everybody_is_hashed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "BATCH", 3)
    for n in range(10):
        user = f"auth0|{n % 4}"
        fly(insert("posts", user, **{**rows()["posts"], "idempotency_key": f"{MARK} {n}"}))
        fly(insert("prompt_templates", user, **rows()["prompt_templates"], idempotency_key=f"{MARK} {n}"))
    assert retention()["plain_keys"] == 20
    assert all(key.startswith(idempotency.MARK) for table in ("posts", "prompt_templates") for key in stored(table))
    assert sorted(stored("posts")) == sorted(idempotency.hashed(f"auth0|{n % 4}", "posts", f"{MARK} {n}") for n in range(10))


@pytest.mark.usefixtures("deployment")
def test_hashing_stops_in_time_and_says_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "BATCH", 2)
    for n in range(5):
        fly(insert("posts", ALICE, **{**rows()["posts"], "idempotency_key": f"{MARK} {n}"}))
    report = loop.run(idempotency.hash_plain_keys(clock.monotonic() - 1))
    assert report.done == 0 and report.left > 0
    assert loop.run(idempotency.hash_plain_keys(clock.monotonic() + 30)) == Erased(5, 0)


@pytest.mark.usefixtures("deployment")
def test_an_old_row_whose_key_was_used_again_loses_it(deployment: Store) -> None:
    made = [{**rows()["posts"], "created_at": clock.now() - timedelta(days=days)} for days in (9, 8, 0)]
    made[0]["idempotency_key"], made[1]["idempotency_key"] = MARK, f"{MARK} too"
    made[2]["idempotency_key"] = idempotency.hashed(ALICE, "posts", MARK)
    fly(*(insert("posts", ALICE, **row) for row in made))
    assert retention()["plain_keys"] == 2
    assert stored("posts") == [
        f"{idempotency.MARK}.{made[0]['id']}",
        idempotency.hashed(ALICE, "posts", f"{MARK} too"),
        made[2]["idempotency_key"],
    ]
    assert MARK not in deployment.dump()


@pytest.mark.usefixtures("deployment")
def test_one_user_whose_rows_cannot_be_changed_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    fly(*(insert("posts", user, **{**rows()["posts"], "idempotency_key": MARK}) for user in (ALICE, BOB)))
    real = idempotency.hashed

    def broken(user_id: str, *rest: Any) -> str:
        if user_id == ALICE:
            raise crypto.SealBroken("marker")
        return real(user_id, *rest)

    monkeypatch.setattr(idempotency, "hashed", broken)
    done = retention()
    assert (done["plain_keys"], done["left"]) == (1, 1)


def test_every_column_of_keys_is_known(deployment: Store) -> None:
    found = {table for table in deployment.tables() if "idempotency_key" in deployment.columns(table)}
    assert found == {table for table in deployment.tables() if "request_fingerprint" in deployment.columns(table)}
    assert found == set(idempotency.TABLES)


# ---- where a person comes back to --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declined", [False, True])
def test_C17_the_return_url_goes_when_it_was_used(platforms: Platforms, declined: bool) -> None:
    client, url = Client(), "https://app.test/connected?plan=order-66"
    begun = client.request("connect_callback", "POST", "/v1/connections/linkedin/authorize", body={"return_url": url}).json
    assert "order-66" in platforms.database.dump()
    if declined:
        from urllib.parse import parse_qs, urlsplit

        state = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
        query = {"error": "user_cancelled_login", "state": state}
        answer = Client(None).request("connect_callback", "GET", "/v1/oauth/linkedin/callback", query=query)
    else:
        answer = platforms.come_back(client, "linkedin", begun["authorization_url"])
    assert answer.status == 303 and answer.headers["location"].startswith(url)
    assert "order-66" not in platforms.database.dump()
