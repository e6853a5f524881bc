"""No call travels with another user's key: two users at once, with keys of requests and stored keys, and with fallbacks.

Threads change hands every 10 µs, and what each provider received names the call that it belongs to.
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from local.simulators.world import Entry, Fault, World
from noillusion.ai import answers, fallback, service
from noillusion.ai.models import GenerateRequest, SkipReason
from noillusion.ai.plan import Candidate, Conditions, Key, ProviderChoice, Spending, plan
from noillusion.ai.prompts import build
from noillusion.ai.providers import Providers
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock, loop
from noillusion.core.sensitive import Secret
from noillusion.profiles.author import Author
from noillusion.settings import source as settings
from tests.api.harness import Client
from tests.support.databases import Store
from tests.support.serving import ai_providers, endpoints

CALLS = 50
PATIENCE_S = 300.0
PEOPLE = ("alice", "bob")
PREFIXES: Mapping[Provider, str] = {"openai": "sk-", "anthropic": "sk-ant-", "google": "AIza"}
ORDERS: list[list[Provider]] = [
    ["openai", "anthropic", "google"],
    ["anthropic", "google", "openai"],
    ["google", "openai", "anthropic"],
]
CALL = re.compile(r"call of (\w+) number (\d+)")
STUMBLES = "stumbles at the first"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, World]]:
    with ai_providers() as found:
        yield found


@pytest.fixture
def world(served: tuple[str, World]) -> World:
    """The providers. What says that it stumbles there gets no answer from its first one, and no cooldown follows."""
    world = served[1]
    world.reset()
    for provider in PROVIDERS:
        fault = Fault(id=1, platform=provider, contains=f"{STUMBLES}, {provider}", times=-1, status=200, body={})
        world.faults.append(fault)
    return world


@pytest.fixture(autouse=True)
def _impatient_threads() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def own(person: str, provider: Provider, number: int | None = None, *, valid: bool = True) -> str:
    """A person's key at a provider: the stored one, or that of one call."""
    return f"{PREFIXES[provider]}{'' if valid else 'invalid-'}{person}-{'stored' if number is None else number}"


def order_of(number: int) -> list[Provider]:
    return ORDERS[number % 3]


def request_of(person: str, number: int) -> GenerateRequest:
    """Every second call needs another provider than its first one."""
    order = order_of(number)
    ending = f", {STUMBLES}, {order[0]}" if number % 2 else ""
    topic = f"The call of {person} number {number}{ending}"
    return GenerateRequest.model_validate({"task": "generate", "platforms": ["facebook"], "topic": topic, "providers": order})


def passed_by(person: str, number: int) -> dict[Provider, str]:
    """The keys that a call brings. Alice has stored all of hers. Each call of Bob's brings two or three; some are not valid."""
    if person == "alice":
        return {}
    order = order_of(number)
    brought = order if number % 5 else order[:2]
    return {provider: own(person, provider, number, valid=number % 7 > 0 or provider != order[0]) for provider in brought}


def key_of(entry: Entry) -> str:
    """The key that arrived, which is in one header alone."""
    found = [value for name, value in entry.headers.items() if name in ("authorization", "x-api-key", "x-goog-api-key")]
    (only,) = found
    return only.removeprefix("Bearer ")


def wrong(world: World, passed: Any = passed_by) -> list[tuple[str, str]]:
    """Keys that arrived with the text of a call that they do not belong to."""
    found = []
    for entry in world.journal:
        (person, number), provider = CALL.findall(entry.body)[0], cast("Provider", entry.platform)
        expected = passed(person, int(number)).get(provider) or own(person, provider)
        if key_of(entry) != expected or len(set(CALL.findall(entry.body))) != 1:
            found.append((key_of(entry), f"{person} {number}"))
    return found


def arrived(world: World) -> Counter[str]:
    return Counter(entry.platform for entry in world.journal)


def test_two_users_with_50_calls_each_at_once_never_send_each_others_keys(
    deployment: Store, served: tuple[str, World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDPOINTS", endpoints(*served))
    monkeypatch.setattr(service, "DEADLINE_S", PATIENCE_S)
    settings.settings.forget()
    for person in PEOPLE:
        for provider in PROVIDERS:
            body = {"key": own(person, provider), "verify": False}
            assert Client(person).request("profile", "PUT", f"/v1/profile/ai-keys/{provider}", body=body).status == 200

    async def call(person: str, number: int) -> str:
        passed = {provider: Secret(key) for provider, key in passed_by(person, number).items()}
        until = clock.monotonic() + PATIENCE_S
        said = await service.generate(person, request_of(person, number), passed, idempotency_key=None, deadline=until)
        assert said.source == "ai"
        return said.transparency.attempts[0].outcome

    async def both() -> list[str]:
        return await asyncio.gather(*(call(person, number) for number in range(CALLS) for person in PEOPLE))

    outcomes = Counter(loop.run(both()))
    loop.run(service.close())
    assert wrong(world) == []
    assert outcomes == {"ok": 46, "bad_output": 50, "auth": 4} and sum(arrived(world).values()) == 154


class Unrecorded:
    """Admits every attempt and keeps none."""

    async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> SkipReason | None:
        """See :class:`noillusion.ai.fallback.Recorder`."""
        return None

    def ended(self, attempt: fallback.AttemptRecord) -> None:
        """See :class:`noillusion.ai.fallback.Recorder`."""


def test_two_threads_with_50_calls_each_at_once_share_no_key_through_the_sdks(world: World) -> None:
    """The SDKs are loaded once for both threads; whatever they keep for all callers of a process is kept for both."""

    def keys(person: str, number: int) -> dict[Provider, str]:
        return {provider: own(person, provider, number) for provider in PROVIDERS}

    async def call(adapters: Providers, person: str, number: int) -> None:
        request = request_of(person, number)
        order: list[Provider] = request.providers or []
        given = {provider: Key(Secret(key), "header", key) for provider, key in keys(person, number).items()}
        conditions = Conditions(given, {}, Spending(), clock.now(), dict.fromkeys(order, 1))
        candidates = plan([ProviderChoice(provider, PROVIDERS[provider].models[0]) for provider in order], conditions)
        run = await fallback.run(
            candidates,
            build(request, Author()),
            adapters,
            deadline=clock.monotonic() + PATIENCE_S,
            most=10**9,
            read=lambda text: answers.read(text, request),
            recorder=Unrecorded(),
        )
        assert run.results

    async def all_of(person: str) -> None:
        adapters = Providers(world.url)
        await asyncio.gather(*(call(adapters, person, number) for number in range(CALLS)))
        await adapters.aclose()

    failures: list[BaseException] = []

    def live(person: str) -> None:
        try:
            asyncio.run(all_of(person))
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)

    threads = [threading.Thread(target=live, args=(person,)) for person in PEOPLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert wrong(world, keys) == []
    assert sum(arrived(world).values()) == 150 and min(arrived(world).values()) >= 48
