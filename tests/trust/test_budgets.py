"""Money cannot run away: no number of processes at once passes a budget, and whoever dies in between leaves what they reserved.

The processes are real, PostgreSQL waits for its disk, and the providers are simulated ones that take their time.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.databases.postgres import Server, temporary
from local.simulators.ai.anthropic import simulator as anthropic
from local.simulators.ai.google import simulator as google
from local.simulators.ai.openai import simulator as openai
from local.simulators.world import World
from noillusion.ai import service
from noillusion.core import loop
from noillusion.settings import source as settings
from tests.api.harness import ROOT, Answer, Client
from tests.support import databases
from tests.support.databases import ENGINES, SQLiteStore, Store
from tests.support.serving import serving
from tests.trust import LONG

PROCESSES, TRIALS = (20, 25) if LONG else (12, 3)
CALLS_PER_MINUTE = 100 if LONG else 30
BODY = {"task": "generate", "platforms": ["tiktok"], "topic": "Bicycles", "max_output_tokens": 32_000, "providers": ["openai"]}
ALICE = "auth0|alice"
ROOM = 3.2
"""How many calls fit into the budget of these tests, at their highest cost."""
LATENCY_MS = 700
TABLES = ("ai_usage_tracking", "ai_spending", "ai_operator_spending", "ai_provider_state")


@pytest.fixture(scope="module")
def durable_server() -> Iterator[Server]:
    """A PostgreSQL that waits until what it promised is on the disk."""
    with temporary(("fsync=on", "synchronous_commit=on")) as server:
        databases.migrate_template(server)
        yield server


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, World]]:
    with serving(openai, anthropic, google) as found:
        yield found


@pytest.fixture(params=ENGINES)
def store(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    deploy: Callable[[str], None],
    served: tuple[str, World],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Store]:
    """A deployment with simulated providers; its environment is inherited by the processes of a test."""
    base, world = served
    world.reset()
    with ExitStack() as stack:
        store: Store
        if request.param == "postgres":
            store = stack.enter_context(databases.fresh(request.getfixturevalue("durable_server")))
        else:
            store = sqlite = SQLiteStore(tmp_path / "test.sqlite3")
            databases.migrate_file(sqlite.path)
        deploy(store.url)
        hosts = (openai.HOST, anthropic.HOST, google.Google.base_host)
        monkeypatch.setenv("ENDPOINTS", json.dumps({host: f"{base}/{host}" for host in hosts}))
        settings.settings.forget()
        yield store
        loop.run(service.close())


@pytest.fixture
def world(served: tuple[str, World], store: Store) -> World:
    return served[1]


class Crowd:
    """Processes that serve requests, all at once."""

    def __init__(self, size: int) -> None:
        pairs = [socket.socketpair() for _ in range(size)]
        theirs = [there.fileno() for _, there in pairs]
        command = [sys.executable, "-m", "tests.trust.generating", *map(str, theirs)]
        self.parent = subprocess.Popen(command, cwd=ROOT, pass_fds=theirs, stdout=subprocess.DEVNULL)
        for _, there in pairs:
            there.close()
        self.lines = [here.makefile("rw") for here, _ in pairs]
        for here, _ in pairs:
            here.close()
        self.pids = [int(line.readline()) for line in self.lines]

    def ask(self, number: int, **wanted: Any) -> None:
        """Send a request to one process."""
        self.lines[number].write(json.dumps({"sub": ALICE, "body": BODY, "headers": {}, "at": 0} | wanted) + "\n")
        self.lines[number].flush()

    def at_once(self, wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What came of the requests, one for each process."""
        at = time.time() + 0.2
        for number, each in enumerate(wanted):
            self.ask(number, at=at, **each)
        return [json.loads(line.readline()) for line in self.lines]

    def kill(self, number: int) -> None:
        """End one process as the kernel ends one for which there is no memory."""
        os.kill(self.pids[number], signal.SIGKILL)
        assert self.lines[number].readline() == ""

    def close(self) -> None:
        """Let all of them go."""
        for line in self.lines:
            line.close()
        self.parent.wait(30)


@contextmanager
def crowd(size: int) -> Iterator[Crowd]:
    found = Crowd(size)
    try:
        yield found
    finally:
        found.close()


def prefer(sub: str = ALICE, **preferences: Any) -> None:
    answer = Client(sub).request("profile", "PATCH", "/v1/profile", body={"ai_preferences": preferences})
    assert answer.status == 200, answer.text


def keep_key(sub: str = ALICE, provider: str = "openai") -> None:
    key = {"openai": "sk-budget-1", "anthropic": "sk-ant-budget-2"}[provider]
    answer = Client(sub).request("profile", "PUT", f"/v1/profile/ai-keys/{provider}", body={"key": key, "verify": False})
    assert answer.status == 200, answer.text


def highest() -> float:
    """What one call of these tests may cost at most."""
    answer = Client().request("generate", "POST", "/v1/generate/preview", body=BODY)
    return float(answer.json["providers"][0]["highest_cost_usd"])


def forget(store: Store, world: World) -> None:
    """A new month for everybody."""
    for table in TABLES:
        store.execute(f"DELETE FROM {table}")
    world.journal.clear()


def sent(world: World) -> int:
    return sum(entry.path.endswith("/responses") for entry in world.journal)


def trials(
    store: Store, world: World, wanted: Sequence[dict[str, Any]], enough: Callable[[list[dict[str, Any]]], None]
) -> Counter[int]:
    """How often how many of the requests were sent to the provider."""
    calls: Counter[int] = Counter()
    with crowd(len(wanted)) as found:
        for _ in range(TRIALS):
            forget(store, world)
            answers = found.at_once(wanted)
            enough(answers)
            calls[sent(world)] += 1
    print(f"\n{store.engine}: {len(wanted)} processes, {TRIALS} trials, calls: {dict(calls)}")
    return calls


def reasons(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer["attempts"][0][2] or answer["attempts"][0][1] for answer in answers)


def test_processes_at_once_never_send_more_than_the_budget_of_the_month_has_room_for(store: Store, world: World) -> None:
    keep_key()
    prefer(monthly_budget_usd=f"{ROOM * highest():.4f}")
    world.simulators["openai"].actions["settings"]({"usage": "missing"})
    world.latency_ms["openai"] = LATENCY_MS

    def enough(answers: list[dict[str, Any]]) -> None:
        assert reasons(answers) == {"ok": 3, "budget_exhausted": PROCESSES - 3}

    assert trials(store, world, [{}] * PROCESSES, enough) == {3: TRIALS}


def test_processes_at_once_spend_no_more_than_the_budget_where_costs_are_told(store: Store, world: World) -> None:
    keep_key()
    limit = round(ROOM * highest(), 4)
    prefer(monthly_budget_usd=str(limit))
    world.latency_ms["openai"] = LATENCY_MS

    def enough(answers: list[dict[str, Any]]) -> None:
        assert sum(answer["cost"] for answer in answers) <= limit
        assert set(reasons(answers)) == {"ok", "budget_exhausted"}
        budget = Client().request("generate", "GET", "/v1/ai/usage").json["budget"]
        assert float(budget["spent_usd"]) == pytest.approx(sum(a["cost"] for a in answers))
        assert budget["reserved_usd"] == "0"

    # Late ones may find the room that early ones gave back.
    assert min(trials(store, world, [{}] * PROCESSES, enough)) >= 3


@pytest.mark.parametrize("whose", ["one user", "all users"])
def test_processes_at_once_never_pass_a_budget_of_the_operators_keys(
    store: Store, world: World, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = f"{ROOM * highest():.4f}"
    monkeypatch.setenv("OPERATOR_OPENAI_KEY", "sk-operator-1")
    monkeypatch.setenv("OPERATOR_AI_BUDGET_USD", room if whose == "one user" else "100")
    monkeypatch.setenv("OPERATOR_AI_TOTAL_BUDGET_USD", "100" if whose == "one user" else room)
    world.simulators["openai"].actions["settings"]({"usage": "null"})
    world.latency_ms["openai"] = LATENCY_MS
    reason = "budget_exhausted" if whose == "one user" else "operator_budget_exhausted"
    people = [{"sub": ALICE if whose == "one user" else f"auth0|{number}"} for number in range(PROCESSES)]

    def enough(answers: list[dict[str, Any]]) -> None:
        assert reasons(answers) == {"ok": 3, reason: PROCESSES - 3}
        held = store.fetch("SELECT user_hash, reserved_nanousd FROM ai_operator_spending WHERE reserved_nanousd > 0")
        assert sum(amount for user_hash, amount in held if user_hash == "total") == 3 * round(highest() * 1e9)
        assert sum(amount for user_hash, amount in held if user_hash != "total") == 3 * round(highest() * 1e9)

    assert trials(store, world, people, enough) == {3: TRIALS}


def test_processes_at_once_leave_the_requests_and_tokens_that_a_provider_has_left(store: Store, world: World) -> None:
    keep_key()
    prefer(rate_limit_buffer=10)
    world.latency_ms["openai"] = LATENCY_MS
    later = "'2099-01-01T00:00:00.000000Z'"

    def told(requests: int, tokens: int) -> None:
        columns = "user_id, provider, model, outcome, remaining_requests, remaining_tokens, resets_at, tokens_reset_at"
        values = f"'{ALICE}', 'openai', 'gpt-6-luna', 'ok', {requests}, {tokens}, {later}, {later}"
        forget(store, world)
        store.execute(f"INSERT INTO ai_provider_state ({columns}) VALUES ({values})")

    prompt = Client().request("generate", "POST", "/v1/generate/preview", body=BODY).json["estimated_tokens"]["input"]
    with crowd(8) as found:
        for requests, tokens, passing in ((11, 10**9, 1), (13, 10**9, 3), (500, int(2.5 * prompt), 2), (500, 5, 0)):
            told(requests, tokens)
            assert reasons(found.at_once([{}] * 8)) == Counter({"ok": passing, "rate_limit_buffer": 8 - passing}) - Counter()
            assert sent(world) == passing


def test_processes_at_once_keep_the_limit_of_calls_per_minute(store: Store, world: World) -> None:
    keep_key()
    prefer(max_calls_per_minute=CALLS_PER_MINUTE)
    with crowd(8) as found:
        for _ in range(CALLS_PER_MINUTE // 8 + 3):
            answers = found.at_once([{}] * 8)
    assert sent(world) == CALLS_PER_MINUTE
    assert reasons(answers) == {"calls_per_minute": 8}


def test_who_dies_in_flight_leaves_the_reservation_and_gives_the_key_back(store: Store, world: World) -> None:
    keep_key()
    prefer(monthly_budget_usd=f"{1.5 * highest():.4f}")
    world.latency_ms["openai"] = 60_000
    headers = {"idempotency-key": "k"}
    with crowd(1) as found:
        found.ask(0, headers=headers)
        while not sent(world):
            time.sleep(0.02)
        found.kill(0)
    world.latency_ms.clear()

    def ask() -> Answer:
        return Client().request("generate", "POST", "/v1/generate", body=BODY, headers=headers)

    early = ask()
    assert (early.status, early.json["code"]) == (409, "idempotency_in_progress")
    assert 0 < early.json["retry_after"] <= 60
    rows = store.fetch("SELECT attempt, outcome FROM ai_usage_tracking ORDER BY attempt")
    assert rows == [(0, "started"), (1, "in_flight")]
    (died,) = store.fetch("SELECT request_id FROM ai_usage_tracking WHERE attempt = 1")[0]
    store.execute("UPDATE ai_usage_tracking SET created_at = '2026-11-01T00:00:00.000000Z'")
    late = ask()
    assert (late.status, late.json["source"]) == (200, "static"), late.text
    assert late.json["transparency"]["interrupted_request_id"] == died
    assert late.json["transparency"]["attempts"][0]["skipped"] == "budget_exhausted", "what died counts at its highest cost"
    rows = store.fetch("SELECT attempt, outcome FROM ai_usage_tracking WHERE request_id = '" + died + "' ORDER BY attempt")
    assert rows == [(0, "interrupted"), (1, "interrupted")]
    prefer(monthly_budget_usd=f"{2.5 * highest():.4f}")
    again = Client().request("generate", "POST", "/v1/generate", body=BODY)
    assert again.json["source"] == "ai"
    budget = Client().request("generate", "GET", "/v1/ai/providers").json["budget"]
    assert float(budget["reserved_usd"]) == pytest.approx(highest()) and float(budget["spent_usd"]) > 0
