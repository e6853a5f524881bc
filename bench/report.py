"""Figures as people and machines read them: Markdown tables, JSON files, docs/benchmarks.md. It measures nothing."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, smallest and largest of repeated measurements, all in one unit."""

    median: float
    low: float
    high: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values), len(values))

    def show(self, digits: int = 0) -> str:
        """``median (low to high)``."""
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


def ratio(values: Sequence[float], floor: Sequence[float]) -> Spread:
    """The ratio of the medians; its low and high are the extremes of the ratios within one round."""
    rounds = [value / base for value, base in zip(values, floor, strict=True)]
    return Spread(statistics.median(values) / statistics.median(floor), min(rounds), max(rounds), len(rounds))


def verdict(value: float, bar: float, *, at_least: bool = False) -> str:
    """Whether a figure keeps its bar, which is an upper limit unless it has to be reached."""
    return "yes" if (value >= bar if at_least else value <= bar) else "**no**"


@dataclass(frozen=True, slots=True)
class Table:
    """One benchmark's outcome: ``data`` is what the JSON file holds, ``rows`` are what a person sees."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """The table padded so that it reads well as plain text too; the first column is text, the others are figures."""
        cells = [list(self.heads), *(list(row) for row in self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.heads))]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        lines = [_line(cells[0], widths), _line(rule, widths), *(_line(row, widths) for row in cells[1:])]
        notes = ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join([f"### {self.title}", "", *lines, *notes])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
    return "| " + " | ".join([row[0].ljust(len(first)), *others]) + " |"


def machine() -> dict[str, str]:
    """What the figures were taken on; nothing that names the machine or its owner."""
    about = {
        "date": time.strftime("%Y-%m-%d"),
        "processor": f"{_processor()}, {os.cpu_count()} cores, {platform.machine()}",
        "system": f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}",
        "commit": _commit(),
    }
    return {name: value for name, value in about.items() if value}


def load() -> float:
    """The load average over the last minute: how many processes wanted a processor."""
    return os.getloadavg()[0]


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", described.read_text()) if described.exists() else None
    return found[1].strip() if found else platform.processor() or "unknown processor"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def save(table: Table, taken_on: Mapping[str, str]) -> Path:
    """Write ``bench/results/{name}.json``."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{table.name}.json"
    path.write_text(json.dumps({"machine": taken_on, **table.data}, indent=2, default=asdict) + "\n", encoding="utf-8")
    return path


def document(table: Table, taken_on: Mapping[str, str]) -> None:
    """Put a table where docs/benchmarks.md has a place for it; the prose around it is written by hand. LookupError: no place."""
    text = DOCUMENT.read_text("utf-8")
    about = "; ".join(f"{name}: {value}" for name, value in taken_on.items())
    begin, end = f"<!-- {table.name} -->", f"<!-- end of {table.name} -->"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    text, count = place.subn(lambda _: f"{begin}\n{table.markdown()}\n\n_Taken on {about}_\n{end}", text)
    if not count:
        raise LookupError(f"{DOCUMENT.name} has no place for {table.name}")
    DOCUMENT.write_text(text, encoding="utf-8")


def run(measure: Callable[[], Table], *, document_it: bool) -> None:
    """Measure once; print and write what came out."""
    taken_on, before = machine(), load()
    table = measure()
    taken_on["load"] = f"{before:.2f} before, {load():.2f} after"
    print(f"\n{table.markdown()}\n\nwrote {save(table, taken_on).relative_to(ROOT)}")
    if document_it:
        document(table, taken_on)
