"""A function is killed (SIGKILL) while Facebook gets a post to hold, or is told to publish or remove one that it holds.

Nothing becomes public twice, nothing is called published that is not, nothing is lost or stays open: with the clock alone, or
after the same request again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from noillusion.settings import source as settings
from tests.api.harness import FUNCTIONS, event
from tests.api.test_held_posts import DAY, HOUR, KINDS
from tests.api.test_native_schedules import Desk, desk
from tests.trust import ENGINES, LONG
from tests.trust.rig import unique
from tests.trust.table import Table
from tests.trust.test_kills import Victim, victims

__all__ = ["desk"]
pytestmark = pytest.mark.timeout(3_600 if LONG else 600)
assert "schedules" in FUNCTIONS

ACTS = ("schedule", "publish-now", "cancel")
SHORT = (("schedule", "text"), ("schedule", "reel"), ("publish-now", "text"), ("cancel", "text"))
CASES = [(act, kind) for act in ACTS for kind in KINDS] if LONG else SHORT
CHOSEN = 4
RANDOM = 20 if LONG else 1
BATCH = 10
LEASE_OVER_S = 60.0
STEPS_S = (30, 300, 1_200, DAY, 60, 1_200, 4 * HOUR, DAY, DAY, 300, 300, 300)
"""How long after each other the sweep and the clock run, from the end of the leases to two days after the due time."""
OPEN = frozenset({"pending", "running", "processing"})


@dataclass
class Killed:
    """A schedule whose request was killed."""

    name: str
    text: str
    request: dict[str, Any]
    again: bool
    schedule_id: str | None = None


@dataclass
class Deadly:
    """Asks for one act on many schedules and kills the function meanwhile."""

    desk: Desk
    hire: Callable[[], Victim]
    act: str
    kind: str
    batch: list[Killed] = field(default_factory=list)

    def new(self, name: str, *, again: bool) -> Killed:
        """A schedule, or the request to make it."""
        text, key = unique(["Killed", self.act, name]), f"killed-{name}"
        body = self.desk.body(self.kind)
        body["targets"][0]["content"] = {**body["targets"][0]["content"], "text": text}
        headers = {"idempotency-key": key}
        if self.act == "schedule":
            return Killed(name, text, self._event("POST", "/v1/schedules", body=body, headers=headers), again)
        made = self.desk.schedule(body, key)
        assert made.status == 201, made.text
        path = f"/v1/schedules/{made.json['id']}"
        asked = ("DELETE", path) if self.act == "cancel" else ("POST", f"{path}/publish-now")
        headers = {} if self.act == "cancel" else {"idempotency-key": f"{key}-now"}
        return Killed(name, text, self._event(*asked, headers=headers), again, made.json["id"])

    def _event(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return event(method, path, function="schedules", sub=self.desk.client.sub, **more)

    def instants(self) -> int:
        """How many instants the act has undisturbed."""
        victim = self.hire()
        victim.begin(self.new("nobody", again=False).request)
        said = victim.end()
        assert said is not None and said["status"] in (201, 202, 204), said
        return len(said["instants"])

    def kill(self, name: str, *, die_at: int, again: bool) -> None:
        """One act; the function dies at an instant."""
        killed, known = self.new(name, again=again), self._schedules()
        victim = self.hire()
        victim.begin(killed.request, die_at)
        said = victim.end()
        # Uploads side by side do not take the same number of steps each time.
        assert said is None or len(said["instants"]) < die_at, said
        killed.schedule_id = killed.schedule_id or next(iter(self._schedules() - known), None)
        self.batch.append(killed)

    def _schedules(self) -> set[str]:
        return {str(row[0]) for row in self.desk.platforms.database.fetch("SELECT id FROM schedules")}

    def follow_up(self) -> Iterator[tuple[Killed, str]]:
        """Let what is left come to its end; yields a mark for each."""
        self.desk.wait(LEASE_OVER_S)
        for killed in self.batch:
            if killed.again:
                self._again(killed)
        for seconds in STEPS_S:
            self.desk.wait(seconds)
            self.desk.work()
        for killed in self.batch:
            yield killed, self._mark(killed)
        self.batch = []
        for table in ("schedules", "notifications", "post_targets", "posts"):
            self.desk.platforms.database.execute(f"DELETE FROM {table}")
        self.desk.wait(-self.desk.passed)
        facebook: Any = self.desk.facebook
        for kept in ("posts", "photos", "videos", "uploads"):
            getattr(facebook.memory, kept).clear()

    def _again(self, killed: Killed) -> None:
        known, request = self._schedules(), killed.request
        context = request["requestContext"]["http"]
        headers = {name: request["headers"][name] for name in ("idempotency-key",) if name in request["headers"]}
        more = {"raw": request["body"]} if request.get("body") else {}
        answer = self.desk.ask_for(context["method"], context["path"], headers=headers, **more)
        assert answer.status < 500 or answer.json["code"] == "change_unknown", answer.text
        if self.act == "schedule":
            assert answer.status == 201, answer.text
            killed.schedule_id = killed.schedule_id or next(iter(self._schedules() - known))
            assert answer.json["id"] == killed.schedule_id

    def _mark(self, killed: Killed) -> str:
        posts = [post for post in self.desk.platforms.posts("facebook") if post["text"] == killed.text]
        public = [post for post in posts if post["status"] == "published"]
        if len(posts) > 1:
            return "DUPLICATE!"
        answer = self.desk.ask_for("GET", f"/v1/schedules/{killed.schedule_id}") if killed.schedule_id else None
        if answer is None or answer.status == 404:
            return "LOST!" if posts else "nothing of it"
        state = str(answer.json["targets"][0]["occurrence"]["state"])
        if state in OPEN or answer.json["status"] == "active":
            return "OPEN!"
        if public and state in ("failed", "missed", "canceled"):
            return "LOST!"
        return "FALSE-PUBLISHED!" if state == "published" and not public else state


@pytest.mark.parametrize(("act", "kind"), CASES, ids=[f"{act} {kind}".replace(" ", "_") for act, kind in CASES])
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_a_killed_function_lets_facebook_publish_a_held_post_once_and_tells_the_truth_of_it(
    desk: Desk,
    act: str,
    kind: str,
    table: Callable[[str], Table],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSTS_PER_MINUTE", "0")
    settings.settings.forget()
    shown, broken = table(f"kills of held posts on {desk.platforms.database.engine}"), []
    with victims("schedules") as hire:
        deadly = Deadly(desk, hire, act, kind)
        plans = list(instants(deadly.instants(), random.Random(20_261_128)))
        for turn, die_at in enumerate(plans):
            deadly.kill(f"instant-{turn}-{die_at}", die_at=die_at, again=turn % 2 == 1)
            if len(deadly.batch) < BATCH and turn < len(plans) - 1:
                continue
            for killed, mark in deadly.follow_up():
                shown.add("the same request again" if killed.again else "the clock alone", f"{act} {kind}", mark)
                broken += [f"{killed.name}: {mark}"] if "!" in mark else []
    assert not broken, broken


def instants(number: int, chance: random.Random) -> Iterator[int]:
    """The instants at which a function dies: all, in the short form some, and a few at random."""
    yield from range(1, number + 1, 1 if LONG else max(1, number // CHOSEN))
    for _ in range(RANDOM):
        yield chance.randint(1, number)
