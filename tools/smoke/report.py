"""The report of a run: what was done, how long it took, and codes. It has no room for tokens, texts, names, ids and URLs."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Fact = str | int | float | bool | None | list[str]
Facts = dict[str, Fact]
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}|[0-9.]{1,12}")
"""Codes, names of scopes, kinds and metrics, versions. Ids of accounts and posts are longer numbers or have other characters."""


class Failed(Exception):
    """A step did not succeed. It carries codes only."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.facts: Facts = {"code": code, **facts}


class NotReportable(Exception):
    """A value that has no place in a report; the message names its fact and not the value."""


@dataclass
class Step:
    """One step and its outcome."""

    name: str
    outcome: str = "ok"
    seconds: float = 0.0
    facts: Facts = field(default_factory=dict)


@dataclass
class Report:
    """A run with one registration."""

    platform: str
    registration: str
    api_version: str
    simulated: bool
    date: str
    steps: list[Step] = field(default_factory=list)
    left_behind: bool = False
    """True if the post is still at the platform."""

    @property
    def ok(self) -> bool:
        """True if every step succeeded or had nothing to do."""
        return all(step.outcome in ("ok", "skipped") for step in self.steps)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a step and record its outcome. A failure is recorded and goes on to the caller."""
        found, started = Step(name), time.monotonic()
        self.steps.append(found)
        try:
            yield found
        except Failed as failed:
            found.outcome = "failed"
            found.facts |= failed.facts
            raise
        except Exception as surprise:  # noqa: BLE001 - whatever it is, what follows cleans up, and the report names its type
            found.outcome = "failed"
            found.facts["code"] = type(surprise).__name__
            raise Failed(type(surprise).__name__) from None
        finally:
            found.seconds = round(time.monotonic() - started, 1)

    def document(self) -> dict[str, Any]:
        """Return the report as JSON. Raises :class:`NotReportable` for a value that could be content, a credential or an id."""
        steps = [
            {"step": step.name, "outcome": step.outcome, "seconds": step.seconds, **_checked(step.name, step.facts)}
            for step in self.steps
        ]
        about: Facts = {
            "platform": self.platform,
            "registration": self.registration,
            "api_version": self.api_version,
            "simulated": self.simulated,
            "date": self.date,
            "ok": self.ok,
            "left_behind": self.left_behind,
        }
        return {**about, "steps": steps}

    def write(self, directory: Path) -> Path:
        """Write the report into a directory. Return its file."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.platform}-{self.registration}.json"
        path.write_text(json.dumps(self.document(), indent=1) + "\n", "utf-8")
        return path


def _checked(step: str, facts: Mapping[str, Fact]) -> Facts:
    for name, value in facts.items():
        if not all(map(_is_reportable, value if isinstance(value, list) else [value])):
            raise NotReportable(f"{step}: {name}")
    return dict(facts)


def _is_reportable(value: object) -> bool:
    if value is None or isinstance(value, bool | float):
        return True
    # A count, never the number of an account or post.
    return abs(value) < 10**9 if isinstance(value, int) else isinstance(value, str) and bool(_CODE.fullmatch(value))


def codes(values: Iterable[Any]) -> list[str]:
    """Return values as a sorted list for a fact."""
    return sorted(map(str, values))
