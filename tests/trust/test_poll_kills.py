"""The consumer that reads figures is killed (SIGKILL) at random instants while many posts are due.

In the end each post has exactly its figures, and nothing was read twice but what a killed batch held.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from local.simulators.figures import grown
from noillusion.analytics import dispatch
from noillusion.core import loop
from noillusion.db import Actor, database, sql
from noillusion.net import queues
from noillusion.settings import source as settings
from tests.api.harness import Context, load
from tests.api.test_analytics import one, published, rows
from tests.support.deployment import analytics_queues
from tests.trust import LONG
from tests.trust.rig import ALICE, Rig
from tests.trust.test_kills import victims

pytestmark = pytest.mark.timeout(1800)

POSTS, SHARE_KILLED = (5_000, 0.3) if LONG else (120, 0.6)
AT_ONCE = 5
"""Messages in a batch of the queue (template.yaml)."""
RECEIVES = 3
"""Deliveries after which a message is a dead letter (template.yaml)."""
INSTANTS = 30
OLD_S = 60 * 86_400
"""So old that figures stand still."""


class Queue:
    """Takes what SQS takes."""

    def __init__(self) -> None:
        self.waiting: list[str] = []

    def send_message_batch(self, QueueUrl: str, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
        self.waiting += [entry["MessageBody"] for entry in Entries]
        return {}


def targets_of(bodies: Sequence[str]) -> list[str]:
    return [target for body in bodies for target in json.loads(body)["target_ids"]]


def run_schedule() -> None:
    load("analytics_poll").handler({"task": "poll"}, Context(120))


@pytest.mark.parametrize("seed", [1])
def test_T3_a_consumer_that_is_killed_at_random_instants_reads_each_post_and_none_twice(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    queue, chance = Queue(), random.Random(seed)
    monkeypatch.setattr(queues, "client", lambda: queue)
    monkeypatch.setenv("ANALYTICS_QUEUE_URLS", analytics_queues())
    settings.settings.forget()
    (connection,) = rig.platforms.connect(rig.client, "tiktok")
    assert rig.client.sub == ALICE
    never = sql("UPDATE platform_connections SET metrics_due_at = NULL WHERE user_id = :user_id", user_id=ALICE)
    loop.run(database().flight(Actor(ALICE), never))
    names = rig.world.simulators["tiktok"].actions["seed"]({"count": POSTS, "age_s": OLD_S})["ids"]  # type: ignore[index]
    post, target_of = None, dict[str, str]()
    for position, name in enumerate(names):
        more: dict[str, Any] = {"post_id": post, "position": position} if post else {}
        when = rig.now() - timedelta(seconds=OLD_S)
        target_of[name] = published(connection["id"], platform_post_id=name, published_at=when, due=rig.now(), **more)
        post = post or one("post_targets", target_of[name])["post_id"]
    rig.world.journal.clear()
    run_schedule()
    killed, received = Counter[str](), Counter[str]()
    with victims("analytics_poll") as hire:
        while queue.waiting:
            batch, queue.waiting = queue.waiting[:AT_ONCE], queue.waiting[AT_ONCE:]
            received.update(batch)
            victim = hire()
            records = [{"messageId": str(n), "body": body} for n, body in enumerate(batch)]
            victim.begin({"Records": records}, die_at=chance.randint(1, INSTANTS) if chance.random() < SHARE_KILLED else 0)
            if victim.end() is None:
                killed.update(targets_of(batch))
                queue.waiting += [body for body in batch if received[body] < RECEIVES]
    assert killed, "nothing was killed"
    # What became a dead letter is due again once its claim is over.
    rig.at((dispatch.CLAIM + timedelta(minutes=1)).total_seconds())
    run_schedule()
    records = [{"messageId": str(n), "body": body} for n, body in enumerate(queue.waiting)]
    assert load("analytics_poll").handler({"Records": records}, Context(120)) == {"batchItemFailures": []}
    asked = Counter[str]()
    for entry in rig.world.journal:
        if "/video/query/" in entry.path:
            asked.update(json.loads(entry.body)["filters"]["video_ids"])
    assert set(asked) == set(names)
    again = {name: count for name, count in asked.items() if count > 1 + killed[target_of[name]]}
    assert again == {}, "read twice, and in no killed batch"
    figures = {row["target_id"]: row["views"] for row in rows("post_figures")}
    assert figures == {target_of[name]: grown(name, OLD_S, 9_000) for name in names}
    history = Counter(row["target_id"] for row in rows("post_analytics"))
    assert history == dict.fromkeys(figures, 1)
