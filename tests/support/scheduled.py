"""Scheduling from the side of its user: schedules, and what becomes of them when they are due."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from noillusion.core import clock, loop
from noillusion.scheduling.running import run as run_occurrence
from tests.api.harness import Answer, Client, Context, load
from tests.support.databases import Store

USER = "auth0|alice"


@dataclass
class Schedules:
    """The schedules of one person on one deployment."""

    database: Store
    client: Client = field(default_factory=lambda: Client(USER))

    def create(self, *targets: dict[str, Any], key: str = "", **fields: Any) -> Answer:
        """Ask for a schedule that is due in an hour."""
        due_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        body = {"due_at": due_at, "targets": list(targets), **fields}
        headers = {"idempotency-key": key or str(uuid4())}
        return self.client.request("schedules", "POST", "/v1/schedules", body=body, headers=headers)

    def created(self, *targets: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Create a schedule, and return it."""
        answer = self.create(*targets, **fields)
        assert answer.status == 201, answer.text
        return dict(answer.json)

    def occurrences(self) -> list[dict[str, Any]]:
        """All occurrences, the first due one first."""
        columns = ("id", "state", "code", "post_id", "check_stage", "check_due_at")
        rows = self.database.fetch(f"SELECT {', '.join(columns)} FROM schedule_occurrences ORDER BY due_at, created_at")
        return [dict(zip(columns, map(_text, row), strict=True)) for row in rows]

    def fall_due(self, seconds_ago: float = 1) -> None:
        """Let what waits be due, for some seconds."""
        at = (datetime.now(UTC) - timedelta(seconds=seconds_ago)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
        self.database.execute(
            f"UPDATE schedule_occurrences SET due_at = '{at}', wake_at = '{at}', lease_until = NULL WHERE state = 'pending'"
        )

    def run(self, seconds_ago: float = 1) -> list[dict[str, Any]]:
        """Run what waits as if its time had come some seconds ago, and return all occurrences."""
        self.fall_due(seconds_ago)
        for each in self.occurrences():
            loop.run(run_occurrence(USER, each["id"], clock.monotonic() + 25))
        return self.occurrences()

    def look(self) -> dict[str, Any]:
        """Look at what waits as if the next look were due."""
        self.database.execute("UPDATE schedule_occurrences SET check_due_at = created_at WHERE state = 'pending'")
        return dict(load("maintain").handler({"task": "preflight"}, Context(60)))

    def notices(self, kind: str) -> list[dict[str, Any]]:
        """The notices of a kind, as they are stored."""
        rows = self.database.fetch(f"SELECT data FROM notifications WHERE kind = '{kind}' ORDER BY created_at, id")
        return [json.loads(data) if isinstance(data, str) else data for (data,) in rows]


def _text(value: Any) -> Any:
    return str(value) if hasattr(value, "hex") else value
