"""Two schedulers, killed (SIGKILL) and restarted at random, with a clock that jumps by two hours and an outage of three: each
item goes out exactly once or is missed with a notice, and the items of an account in their order."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.connected import connect_all
from tests.api.harness import ROOT, Client
from tests.trust import LONG
from tests.trust.scheduler import OFFSET, STOP

pytestmark = pytest.mark.timeout(3_600 if LONG else 600)

ALICE = "auth0|alice"
ITEMS = 1_000 if LONG else 60
PLATFORMS = ("linkedin", "facebook")
LIVES_S = (1.5, 5.0)
HOUR = 3_600.0
SETTLED = frozenset({"published", "missed", "failed", "unknown"})
TOLD = frozenset({"missed", "failed", "unknown"})
PATIENCE_S = 2_400.0 if LONG else 420.0


class Time:
    """The time of the schedulers and the platforms: the real one and an offset."""

    def __init__(self, folder: Path, platforms: Platforms) -> None:
        self.folder, self.platforms, self.offset = folder, platforms, 0.0
        self.move(0.0)

    def move(self, seconds: float, *, alone: bool = False) -> None:
        """Let time pass for everybody, or jump the schedulers' clock ``alone``."""
        self.offset += seconds
        part = self.folder / "part"
        part.write_text(str(self.offset))
        part.replace(self.folder / OFFSET)
        if not alone:
            self.platforms.world.clock.offset += seconds


@contextmanager
def schedulers(folder: Path, number: int, seed: int) -> Iterator[None]:
    """So many schedulers, each killed and restarted until the end."""
    (folder / STOP).unlink(missing_ok=True)
    environment = {
        **os.environ,
        "SCHEDULE_QUEUE_URL": "",
        "PUBLISH_QUEUE_URL": "",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'shared'}",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.trust.scheduler", str(folder), str(seed + each), *map(str, LIVES_S)],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for each in range(number)
    ]  # fmt: skip
    try:
        while not all((folder / f"ready-{seed + each}").exists() for each in range(number)):
            assert all(process.poll() is None for process in processes)
            time.sleep(0.1)
        yield
    finally:
        (folder / STOP).touch()
        for process in processes:
            process.wait(30)


def schedule(client: Client, connections: Mapping[str, str], first: datetime, chance: random.Random) -> dict[str, list[str]]:
    """Items of two accounts, many of them in the same second, some with little grace. Return their ids by platform, in order."""
    dues = sorted(
        first + timedelta(seconds=chance.choice((0, 0, 5, 60, 60, 900)) + 60 * chance.randrange(240)) for _ in range(ITEMS)
    )
    made: dict[str, list[str]] = {name: [] for name in PLATFORMS}
    for number, due in enumerate(dues):
        name = PLATFORMS[number % len(PLATFORMS)]
        body = {
            "due_at": due.isoformat(),
            "grace_minutes": chance.choice((30, 1_440, 1_440)),
            "targets": [{"connection_id": connections[name], "way": "notify"}],
        }
        answer = client.request("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": str(uuid4())})
        assert answer.status == 201, answer.text
        made[name].append(answer.json["targets"][0]["occurrence"]["id"])
    return made


def texts(platforms: Platforms, name: str) -> list[str]:
    """The ids of the items that a platform has, in the order in which they became public."""
    posts = sorted(platforms.posts(name), key=lambda post: (post.get("created") or post.get("created_time") or 0, post["id"]))
    return [found for post in posts if (found := item(post))]


def item(post: Mapping[str, Any]) -> str:
    """The item that a post is of."""
    _, _, rest = json.dumps(post, default=str).partition("item ")
    return rest[:36]


def test_each_item_goes_out_once_or_is_missed_with_a_notice_whatever_happens_to_the_schedulers(
    platforms: Platforms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTS_PER_MINUTE", "0")
    settings.settings.forget()
    chance, client = random.Random(7), Client(ALICE)
    connections = connect_all(platforms, client)
    first = datetime.now(UTC) + timedelta(hours=1)
    made = schedule(client, connections, first.replace(microsecond=0), chance)
    clock, database = Time(tmp_path, platforms), platforms.database

    def states() -> Counter[str]:
        return Counter(dict(database.fetch("SELECT state, count(*) FROM schedule_occurrences GROUP BY state")))

    def until_idle(seconds: float) -> None:
        """Work until nothing is due, or for some seconds. Time passes a little faster than it does, so that leases run out."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.5)
            clock.move(10.0)
            if not states().keys() - SETTLED - {"pending"}:
                now = (datetime.now(UTC) + timedelta(seconds=clock.offset)).isoformat()
                if database.fetch(f"SELECT count(*) FROM schedule_occurrences WHERE state = 'pending' AND due_at <= '{now}'") == [
                    (0,)
                ]:
                    return

    with schedulers(tmp_path, 2, seed=1):
        clock.move(HOUR + 1_200)
        until_idle(PATIENCE_S / 8)
        # The schedulers' clock is two hours ahead for a while, and then two hours behind.
        clock.move(2 * HOUR, alone=True)
        time.sleep(3)
        clock.move(-4 * HOUR, alone=True)
        time.sleep(3)
        clock.move(2 * HOUR, alone=True)
        until_idle(PATIENCE_S / 8)
    clock.move(3 * HOUR)
    with schedulers(tmp_path, 2, seed=5):
        began = time.monotonic()
        while (left := states()).keys() - SETTLED and time.monotonic() < began + PATIENCE_S * 3 / 4:
            until_idle(20.0)
            clock.move(1_800.0 if LONG else 600.0)
        assert not left.keys() - SETTLED, left
    rows = database.fetch("SELECT id, state, code, post_id FROM schedule_occurrences")
    state = {str(row[0]): str(row[1]) for row in rows}
    told = {str(row[0]) for row in database.fetch("SELECT subject_id FROM notifications WHERE kind LIKE 'schedule_%'")}
    assert len(state) == ITEMS
    for name, items in made.items():
        there = texts(platforms, name)
        assert [each for each, count in Counter(there).items() if count > 1] == [], f"{name} has items twice"
        assert {each for each in items if state[each] == "published"} <= set(there), f"{name} lacks items"
        given_up = {each for each in items if state[each] in ("missed", "failed")}
        assert not given_up & set(there), f"{name} has items that were missed, or given up after attempts that came to nothing"
        positions = {each: number for number, each in enumerate(items)}
        out_of_order = [(a, b) for a, b in pairwise(there) if positions[a] > positions[b]]
        assert out_of_order == [], f"{name} has items out of order"
    assert {each for each, reached in state.items() if reached in TOLD} <= told
    found = Counter(state.values())
    # How many get that far before the outage depends on the machine.
    assert found["published"] >= ITEMS // 10 and found["missed"] >= 1, found
    # Where the machine is slow, all attempts of an item can be killed before they sent anything.
    assert found["failed"] <= max(4, ITEMS // 20), found
    assert {str(row[2]) for row in rows if row[1] == "failed"} <= {"publish_failed"}
    # A commit whose answer died with its run can stay unknown, and says so.
    assert found["unknown"] <= max(4, ITEMS // 20), found
