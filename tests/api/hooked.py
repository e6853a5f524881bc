"""What tests of webhooks share: requests, notices, and what the queue and the clock do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import clock
from noillusion.notices.notice import notice
from tests.api.harness import Answer, Client, Context, load
from tests.support.databases import fly
from tests.support.receiver import HOST

ALICE, BOB = "auth0|alice", "auth0|bob"


def ask(method: str, path: str = "", user: str = ALICE, **parts: Any) -> Answer:
    """One request about webhooks."""
    return Client(user).request("webhooks", method, f"/v1/webhooks{path}", **parts)


def hook(path: str = "/in", user: str = ALICE, **body: Any) -> dict[str, Any]:
    """A new webhook with its secret."""
    made = ask("POST", user=user, body={"url": f"https://{HOST}{path}", **body})
    assert made.status == 201, made.text
    return dict(made.json)


def tell(kind: str = "publish_failed", subject: str | None = None, user: str = ALICE, **data: Any) -> str:
    """Write a notice, as the features do. Returns its subject."""
    about = subject or str(uuid4())
    fly(notice(user, kind, about, str(uuid4()), clock.now(), data))  # type: ignore[arg-type]
    return about


def deliver(queue: list[dict[str, Any]]) -> int:
    """Run the scheduled task, and the consumer for everything that is due in the queue. Returns how many messages it was."""
    answer = load("maintain").handler({"task": "webhooks"}, Context(60))
    assert answer["task"] == "webhooks"
    return consume(queue)


def consume(queue: list[dict[str, Any]]) -> int:
    """Consume the messages that may be received now."""
    done = 0
    while due := [message for message in queue if message["at"] <= clock.now()]:
        for message in due:
            queue.remove(message)
        records = [{"messageId": str(number), "body": json.dumps(message["body"])} for number, message in enumerate(due)]
        assert load("webhooks").handler({"Records": records}, Context(29)) == {"batchItemFailures": []}
        done += len(due)
    return done


def log(webhook: dict[str, Any], user: str = ALICE, **query: str) -> list[dict[str, Any]]:
    """The deliveries of a webhook, newest first."""
    answer = ask("GET", f"/{webhook['id']}/deliveries", user, query=query)
    assert answer.status == 200, answer.text
    return list(answer.json["items"])


class Clock:
    """The clock of the product, which tests move."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        real: Callable[[], datetime] = clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.ahead)

    def move(self, **ahead: float) -> None:
        """Move the clock forward."""
        self.ahead += timedelta(**ahead)
