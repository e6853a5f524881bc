"""Tables of what the trust tests saw, printed at the end of a run. Cells travel with the reports, so workers can fill them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from tests.trust import LONG

PROPERTY = "trust"
Row = tuple[str, str, str, str]
"""Table, row, column, mark."""


class Table:
    """Collects the rows of one test."""

    def __init__(self, name: str, request: pytest.FixtureRequest) -> None:
        self.name, self._properties = name, request.node.user_properties

    def add(self, row: str, column: str, mark: str) -> None:
        """One cell. A mark in capitals and with a ``!`` is a broken promise."""
        self._properties.append((PROPERTY, (self.name, row, column, mark)))


def rows(reports: Iterable[Any]) -> list[Row]:
    """Every row of every finished test."""
    return [tuple(value) for r in reports for name, value in getattr(r, "user_properties", ()) if name == PROPERTY]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the tables, and under each the totals of its marks."""
    reports = [r for reports in terminalreporter.stats.values() for r in reports if getattr(r, "when", "") == "call"]
    tables: dict[str, list[Row]] = defaultdict(list)
    for row in rows(reports):
        tables[row[0]].append(row)
    for name in sorted(tables):
        terminalreporter.section(name)
        for line in lines(tables[name], verbose=LONG or terminalreporter.verbosity > 0):
            terminalreporter.write_line(line)


def lines(cells: list[Row], *, verbose: bool) -> Iterable[str]:
    """A table as text: marks by row and column, then how many cells have which mark."""
    columns = list(dict.fromkeys(column for _, _, column, _ in cells))
    by_row: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for _, row, column, mark in cells:
        by_row[row][column].append(mark)
    if verbose:
        width = max(len(row) for row in by_row)
        yield " " * width + "  " + "  ".join(columns)
        for row, found in by_row.items():
            texts = [" ".join(dict.fromkeys(found.get(column, ["-"]))) for column in columns]
            yield f"{row:{width}}  " + "  ".join(f"{text:{len(column)}}" for text, column in zip(texts, columns, strict=True))
    counts = Counter(mark for _, _, _, mark in cells)
    broken = sum(n for mark, n in counts.items() if "!" in mark)
    yield f"{len(cells)} cells, {broken} broken: " + ", ".join(f"{n} {mark}" for mark, n in sorted(counts.items()))
