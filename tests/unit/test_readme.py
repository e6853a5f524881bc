"""The README's table of routes has every operation of the OpenAPI document, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from noillusion.api.openapi import document

README = Path(__file__).resolve().parents[2] / "README.md"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ENDS = {("GET", ".csv")}
"""What the row of analytics says in words: its routes as CSV."""
TOLD_IN_WORDS = re.compile(r"/robots\.txt|/v1/analytics/[a-z-]+\.csv")
"""Routes that the table tells in words, or that are for crawlers only."""


def plain(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"{[^}]*}", "{}", path)


def told() -> set[tuple[str, str]]:
    """Methods and paths of the table; those that begin with ``…`` are the ends of longer ones."""
    text = README.read_text("utf-8")
    table = text[text.index("## The API") : text.index("### Clients")]
    found = set()
    for code in re.findall(r"`([^`]+)`", "\n".join(line.split(" | ")[0] for line in table.splitlines() if line.startswith("| "))):
        *methods, path = code.split()
        found |= {(method, plain(path)) for method in methods or ["GET"]}
    return found


def operations() -> set[tuple[str, str]]:
    """Methods and paths of the OpenAPI document."""
    return {
        (method.upper(), plain(path))
        for path, item in document()["paths"].items()
        for method in item
        if method.upper() in METHODS and not TOLD_IN_WORDS.fullmatch(path)
    }


def tells(cell: tuple[str, str], operation: tuple[str, str]) -> bool:
    """Whether an entry of the table is this operation."""
    (method, path), (its_method, its_path) = cell, operation
    return method == its_method and (path == its_path or (path[0] == "…" and its_path.endswith(path[1:])))


def test_every_operation_is_in_the_table_and_every_entry_is_an_operation() -> None:
    entries, wanted = told(), operations()
    assert {operation for operation in wanted if not any(tells(entry, operation) for entry in entries)} == set()
    assert {entry for entry in entries if not any(tells(entry, operation) for operation in wanted)} - ENDS == set()
