"""Files, classes and functions stay short enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {"layers/shared/noillusion": 320, "functions": 320, "local": 320, "local/simulators": 450, "tools": 320, "bench": 320}
"""Folder → the most lines of a file in it; the longest name that fits counts."""
FUNCTION = 40
CLASS = 300


def sources() -> Iterator[tuple[str, int]]:
    """Every file with the most lines that it may have."""
    for folder in FILES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if folder == max((other for other in FILES if name.startswith(f"{other}/")), key=len):
                yield name, FILES[folder]


def lengths(name: str) -> Iterator[tuple[str, int, int]]:
    """Each function and class of a file, with its lines and the most that it may have."""
    for node in ast.walk(ast.parse((ROOT / name).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            most = CLASS if isinstance(node, ast.ClassDef) else FUNCTION
            yield f"{name}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1, most


@pytest.mark.parametrize("folder", FILES)
def test_there_are_files_to_measure(folder: str) -> None:
    assert list((ROOT / folder).rglob("*.py"))


def test_no_file_is_longer_than_its_folder_allows() -> None:
    counted = [(name, len((ROOT / name).read_text().splitlines()), most) for name, most in sources()]
    assert [entry for entry in counted if entry[1] > entry[2]] == []


def test_no_function_and_no_class_is_too_long() -> None:
    assert [entry for name, _ in sources() for entry in lengths(name) if entry[1] > entry[2]] == []
