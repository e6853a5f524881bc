"""Put a content document on an object store of yours, and schedule it: python examples/schedule.py PUT_URL GET_URL TEXT.

The URLs are presigned ones of the same object. API is the URL of the service, and TOKEN an access token.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import UTC, datetime, timedelta

import httpx

from noillusion_client import Client
from noillusion_client.models import PullInput, ScheduleInput, ScheduleTargetInput


def canonical(document: object) -> bytes:
    """Return a document in canonical form (RFC 8785). It has no fractions and only ASCII names, so this is enough."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def main(put_url: str, get_url: str, text: str) -> None:
    """Upload, schedule for in an hour, and say when. Raises ProblemError where the document cannot be published."""
    raw = canonical({"version": 1, "content": {"text": text}})
    httpx.put(put_url, content=raw, headers={"content-type": "application/json"}).raise_for_status()
    with Client(os.environ["API"], os.environ["TOKEN"]) as client:
        connection = next(iter(client.items(client.list_connections)))
        pull = PullInput(url=get_url, sha256=hashlib.sha256(raw).hexdigest())
        target = ScheduleTargetInput(connection_id=connection.id, pull=pull)
        due_at = datetime.now(UTC) + timedelta(hours=1)
        schedule = client.create_schedule(body=ScheduleInput(due_at=due_at, time_zone="Europe/Berlin", targets=[target]))
    print(f"scheduled: {schedule.id} by {schedule.targets[0].way}")


if __name__ == "__main__":
    main(*sys.argv[1:])
