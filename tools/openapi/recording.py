"""Recording of the example responses: the answers of a running instance with the ids, times and hosts of the examples."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5

TARGET = Path(__file__).with_name("responses.json")
AT = datetime.fromisoformat("2026-11-26T09:12:44+00:00")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_INSTANT = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))"')
_LONG = 2
"""Maximum number of items of a list in an example."""


class Answer(Protocol):
    """A response of an instance."""

    @property
    def status_code(self) -> int:
        """The status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""

    @property
    def text(self) -> str:
        """The body as text."""

    def json(self) -> Any:
        """The body as JSON."""


def write(
    answers: Mapping[str, Answer], known: Mapping[str, str], words: Mapping[str, str], began: datetime, left_out: set[str]
) -> None:
    """Write the answers by operation and status.

    ``known``: constants of the examples → ids of the run; ``words``: texts of the run → what replaces them.
    """
    shown = {name: _body(answer) for name, answer in answers.items() if name.partition(" ")[0] not in left_out and answer.text}
    text = json.dumps(shown, ensure_ascii=False)
    for constant, actual in known.items():
        text = text.replace(actual, constant)
    for word, replacement in words.items():
        text = text.replace(word, replacement)
    ids: dict[str, str] = {}
    constants = set(known)
    text = _UUID.sub(lambda found: found[0] if found[0] in constants else _renamed(ids, found[0]), text)
    text = _INSTANT.sub(lambda found: f'"{_moved(found[1], began)}"', text)
    TARGET.write_text(json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n")


def _body(answer: Answer) -> Any:
    return _short(answer.json()) if answer.headers["content-type"].startswith("application/json") else answer.text


def _renamed(ids: dict[str, str], actual: str) -> str:
    return ids.setdefault(actual, str(uuid5(NAMESPACE_URL, f"example {len(ids)}")))


def _moved(text: str, began: datetime) -> str:
    """Return a time of the run as one of the day of the examples; others stay."""
    instant = datetime.fromisoformat(text)
    moved = AT + (instant - began) if abs(instant - began) < timedelta(days=400) else instant
    return moved.astimezone(AT.tzinfo).isoformat(timespec="seconds").replace("+00:00", "Z")


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(item) for item in value[:_LONG]]
    return {key: _short(item) for key, item in value.items()} if isinstance(value, dict) else value
