"""T3: a function is killed (SIGKILL) while it publishes. Nothing goes out twice, nothing gets lost, nothing stays open.

At every instant that the outside world can tell apart, and at random ones. Then the sweep goes on with what is left; in half of
the cases the person has sent the same request again before.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.api.harness import FUNCTIONS, ROOT, event
from tests.trust import ENGINES, LONG
from tests.trust.kinds import KINDS, Kind
from tests.trust.rig import ALICE, OPEN, WINDOWS_S, Rig, ids_of, unique
from tests.trust.table import Table

pytestmark = pytest.mark.timeout(3_600 if LONG else 900)

TARGETS = [KINDS[name] for name in ("facebook image", "linkedin text", "organization image")]
BESIDES: list[tuple[str, ...]] = [
    ("facebook text", "instagram image", "tiktok image", "linked image"),
    ("facebook reel", "instagram images", "tiktok upload", "linked reel bytes"),
]
BESIDES += [("facebook video bytes", "instagram reel", "tiktok bytes")] if LONG else []
"""With these: each account is one, and a post has one target on each."""
LINKEDIN = (
    ("linkedin video", "organization images"),
    ("linkedin document", "organization video"),
    ("linkedin images", "organization poll"),
)
TOGETHER = [
    *([*TARGETS, *(KINDS[name] for name in names)] for names in BESIDES),
    *([KINDS[name] for name in names] for names in LINKEDIN if LONG),
]
"""Kinds that are published by one request."""
CHOSEN = 6
"""Instants of the short form, spread over all."""
RANDOM = 100 if LONG else 2
BATCH = 10
"""Kills that are followed up together: fewer than fill a platform's list."""
LEASE_OVER_S = 60.0
assert "publish" in FUNCTIONS


class Victim:
    """A process that has loaded the function and waits for its event."""

    def __init__(self, function: str = "publish") -> None:
        environment = {**os.environ, "PUBLISH_QUEUE_URL": "", "PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'shared'}"}
        command = [sys.executable, "-m", "tests.trust.victim", function]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def begin(self, request: dict[str, Any], die_at: int = 0) -> None:
        """Hand over the event; returns when the handler is about to run."""
        self._until("ready")
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"event": request, "seconds": 29, "die_at": die_at}) + "\n")
        self.process.stdin.flush()
        self._until("begun")

    def _until(self, word: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.strip() == word:
                return
        raise AssertionError(f"the victim ended before it was {word}")

    def end(self) -> dict[str, Any] | None:
        """What it said in the end; ``None`` if it was killed."""
        assert self.process.stdout
        # Lines of the log come before it.
        lines = self.process.stdout.read().splitlines()
        code = self.process.wait(30)
        return None if code == -signal.SIGKILL else dict(json.loads(lines[-1]))

    def kill(self) -> None:
        """Like the end of the machine it runs on."""
        self.process.kill()


@contextmanager
def victims(function: str = "publish") -> Iterator[Callable[[], Victim]]:
    """The next victim; the one after it loads meanwhile."""
    with ExitStack() as stack:
        waiting: list[Victim] = []

        def hire() -> Victim:
            victim = Victim(function)
            stack.callback(victim.process.__exit__, None, None, None)
            stack.callback(victim.kill)
            return victim

        def following() -> Victim:
            waiting.append(hire())
            return waiting.pop(0)

        waiting.append(hire())
        yield following


@dataclass
class Killed:
    """One publication whose function was killed."""

    name: str
    texts: dict[str, str]
    request: dict[str, Any]
    post_id: str | None = None
    again: bool = False
    statuses: dict[str, str] = field(default_factory=dict)


class Deadly:
    """Publishes several kinds at once and kills the function meanwhile."""

    def __init__(self, rig: Rig, hire: Callable[[], Victim], targets: Sequence[Kind]) -> None:
        self.rig, self.hire, self.targets = rig, hire, targets
        self.batch: list[Killed] = []
        self.takes_s = 0.0
        for kind in targets:
            rig.connection(kind)
        # The second Page, so that one publication has two targets on Facebook.
        pages = rig.client.request("connect_callback", "GET", "/v1/connections", query={"limit": "50"}).json["items"]
        self.other_page = next(
            (c["id"] for c in pages if c["platform"] == "facebook" and c["id"] != rig.connection(KINDS["facebook text"])), ""
        )

    def new(self, name: str) -> Killed:
        """A publication with a text for each target."""
        texts = {kind.name: unique(["Killed", name.replace(" ", "-")]) for kind in self.targets}
        targets = []
        for kind in self.targets:
            connection = self.other_page if kind.name == "facebook image" else self.rig.connection(kind)
            target: dict[str, Any] = {"connection_id": connection, "content": kind.again(texts[kind.name])}
            target |= {"kind": kind.kind} if kind.kind else {}
            targets.append(target | ({"options": kind.options} if kind.options else {}))
        headers = {"idempotency-key": f"killed-{name.replace(' ', '-')}"}
        return Killed(
            name, texts, event("POST", "/v1/posts", function="publish", sub=ALICE, body={"targets": targets}, headers=headers)
        )

    def instants(self) -> int:
        """How many instants an undisturbed publication has. How long it takes is kept."""
        victim = self.hire()
        victim.begin(self.new("nobody").request)
        begun = time.monotonic()
        said = victim.end()
        self.takes_s = time.monotonic() - begun
        assert said is not None and said["status"] == 201, said
        self.rig.fresh()
        return len(said["instants"])

    def kill(self, name: str, *, die_at: int = 0, after: float = 0.0, again: bool) -> None:
        """One publication; the function dies at an instant, or after a part of the time that it takes."""
        killed, known = self.new(name), self._posts()
        victim = self.hire()
        victim.begin(killed.request, die_at)
        if not die_at:
            time.sleep(after * self.takes_s)
            victim.kill()
        victim.end()
        killed.post_id = next(iter(self._posts() - known), None)
        killed.again = again
        self.batch.append(killed)

    def _posts(self) -> set[str]:
        return {str(row[0]) for row in self.rig.platforms.database.fetch("SELECT id FROM posts")}

    def follow_up(self) -> Iterator[tuple[Killed, Kind, str]]:
        """Let what is left be finished; yields a mark for every target of the batch."""
        self.rig.at(LEASE_OVER_S)
        for killed in self.batch:
            if killed.again:
                self._again(killed)
        for seconds in WINDOWS_S:
            self.rig.at(LEASE_OVER_S + seconds)
            self.rig.work()
        for killed in self.batch:
            targets = self.rig.read(killed.post_id)["targets"] if killed.post_id else []
            for position, kind in enumerate(self.targets):
                target = targets[position] if targets else None
                yield killed, kind, self._mark(kind, killed.texts[kind.name], target)
        self.batch = []
        self.rig.fresh()

    def _again(self, killed: Killed) -> None:
        known = self._posts()
        parts = {"raw": killed.request["body"], "headers": {"idempotency-key": killed.request["headers"]["idempotency-key"]}}
        answer = self.rig.client.request("publish", "POST", "/v1/posts", **parts)
        assert answer.status in (201, 202), answer.text
        killed.post_id = killed.post_id or next(iter(self._posts() - known))
        assert answer.json["id"] == killed.post_id

    def _mark(self, kind: Kind, text: str, target: dict[str, Any] | None) -> str:
        posts = self.rig.with_text(kind, text)
        if len(posts) > 1:
            return "DUPLICATE!"
        if target is None:
            return "LOST!" if posts else "never begun"
        if target["status"] in OPEN or target["next_check_at"] is not None:
            return "OPEN!"
        if posts and target["status"] in ("failed", "canceled"):
            return "LOST!"
        if target["status"] == "published" and not (posts and ids_of(target) <= set(posts)):
            return "FALSE-PUBLISHED!"
        return str(target["status"])


@pytest.mark.parametrize("together", TOGETHER, ids=lambda kinds: f"{kinds[0].name} {kinds[-1].name}".replace(" ", "_"))
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_a_killed_function_sends_nothing_twice_and_loses_nothing(
    rig: Rig, together: Sequence[Kind], table: Callable[[str], Table]
) -> None:
    chance = random.Random(20_261_126)
    shown = table(f"kills on {rig.platforms.database.engine}")
    broken: list[Any] = []
    with victims() as hire:
        deadly = Deadly(rig, hire, together)
        for turn, plan in enumerate(plans(deadly.instants(), chance)):
            deadly.kill(**plan, again=turn % 2 == 1)
            if len(deadly.batch) == BATCH:
                broken += record(deadly, shown)
        broken += record(deadly, shown)
    assert not broken, broken


def plans(instants: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The kills: at every instant (in the short form at some), and at random ones."""
    step = 1 if LONG else max(1, instants // CHOSEN)
    for die_at in range(1, instants + 1, step):
        yield {"name": f"instant {die_at}", "die_at": die_at}
    for n in range(RANDOM):
        yield {"name": f"random {n}", "after": chance.uniform(0.0, 1.0)}


def record(deadly: Deadly, shown: Table) -> Sequence[str]:
    """Follow a batch up, and the broken promises in it."""
    broken = []
    for killed, kind, mark in deadly.follow_up():
        row = f"{killed.name.split()[0]}, {'the same request again' if killed.again else 'the sweep alone'}"
        shown.add(row, kind.name, mark)
        if "!" in mark:
            broken.append(f"{killed.name}, {kind.name}: {mark}")
    return broken
