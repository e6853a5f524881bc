"""Replies of the platforms under ``tests/samples``: written in the form of recorded ones, with made-up values."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from noillusion.flows.protocol import Reply

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def names(platform: str) -> list[str]:
    """The names of a platform's samples."""
    return sorted(path.stem for path in (SAMPLES / platform).glob("*.json"))


@cache
def _read(platform: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / platform / f"{name}.json").read_text("utf-8"))
    assert set(found) == {"request", "status", "headers", "body"}, name
    return found


def sample(platform: str, name: str) -> Reply:
    """A reply as the transport hands it on: lower-case headers, and no data where the body is not JSON."""
    found = _read(platform, name)
    headers = {key.lower(): value for key, value in found["headers"].items()}
    body = found["body"]
    return Reply(found["status"], headers, None if isinstance(body, str) else json.loads(json.dumps(body)))
