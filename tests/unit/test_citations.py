"""What the code cites is in the repository: every section and row of the reference pages that a file names exists."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
CITED = re.compile(
    r"(?P<page>platforms|failure-classes|ai-providers)\.md"
    r"(?:,? sections?)?"
    r"(?P<places>(?:(?:,| and| to)? (?:[A-K]\d+|\d+(?:\.\d+)?)(?![\w]))*)"
)
PLACE = re.compile(r"[A-K]\d+|\d+(?:\.\d+)?")


def places(page: str) -> set[str]:
    """Numbers of sections and rows that a page has."""
    text = (REFERENCE / f"{page}.md").read_text()
    return set(re.findall(r"^#+ (\d+(?:\.\d+)?)[. ]", text, re.M)) | set(re.findall(r"^\| ([A-K]\d+) \|", text, re.M))


def citations() -> Iterator[tuple[str, str, str]]:
    """File, page and place of each citation in files that git knows."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in names.stdout.splitlines():
        path = ROOT / name
        if path.suffix not in (".py", ".sql", ".yaml", ".md") or not path.is_file() or path == Path(__file__):
            continue
        for found in CITED.finditer(path.read_text()):
            for place in PLACE.findall(found["places"]):
                yield name, found["page"], place


@pytest.mark.parametrize("page", ["platforms", "failure-classes", "ai-providers"])
def test_every_cited_section_exists(page: str) -> None:
    cited = {(place, name) for name, of, place in citations() if of == page}
    assert cited
    known = places(page)
    assert sorted((place, name) for place, name in cited if place not in known) == []


def test_a_citation_of_an_absent_section_is_found() -> None:
    found = CITED.search("see platforms.md 0.3 and 9.9, which")
    assert found is not None
    assert PLACE.findall(found["places"]) == ["0.3", "9.9"]
    assert "9.9" not in places("platforms")


def test_rows_of_failure_classes_are_unique() -> None:
    rows = re.findall(r"^\| ([A-K]\d+) \|", (REFERENCE / "failure-classes.md").read_text(), re.M)
    assert len(rows) == len(set(rows))
