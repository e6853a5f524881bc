"""How the code is kept: typed rows, one list of platforms, docstrings that say what is done."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from noillusion.catalog import platforms, providers

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "layers" / "shared" / "noillusion"
PRODUCT = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "functions").rglob("*.py")])
HELPERS = sorted(path for room in ("local", "tools", "bench") for path in (ROOT / room).rglob("*.py"))
FEATURES = [path for path in PRODUCT if not {"db", "platforms"} & set(path.parts)]
"""Platforms read replies, not rows."""
ANY_TABLE = "privacy/export_store.py"
"""The export reads whatever columns a table has."""


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_features_read_rows_by_their_fields_and_name_their_columns() -> None:
    loose = re.compile(r"""\brows?\[["']|\bresults\[-?\d|\[0\]\[["0]|SELECT \*|RETURNING \*""")
    found = {relative(path): match[0] for path in FEATURES if (match := loose.search(path.read_text()))}
    assert {path for path in found if not path.endswith(ANY_TABLE)} == set()


@pytest.mark.parametrize("names", [platforms.NAMES, providers.NAMES], ids=["platforms", "AI providers"])
def test_the_names_are_listed_in_the_catalog_only(names: tuple[str, ...]) -> None:
    lists = [
        (relative(path), node)
        for path in [*PRODUCT, *(path for path in HELPERS if "simulators" not in path.parts)]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
    ]
    listed = {path for path, node in lists if set(names) <= {each.value for each in node.elts if isinstance(each, ast.Constant)}}
    assert {path for path in listed if "noillusion/catalog/" not in path} == set()


QUESTIONS = ("What ", "Whether ", "How ", "Who ", "Where ")


def test_docstrings_say_what_is_done() -> None:
    questions = [
        f"{relative(path)}: {node.name}"
        for path in PRODUCT
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (ast.get_docstring(node) or "").startswith(QUESTIONS)
    ]
    assert questions == []


def test_no_field_has_a_default_that_python_3_11_takes_for_mutable() -> None:
    """Python 3.12 can hash a ``MappingProxyType``, so only older versions refuse it as the default of a field."""
    refused = [
        f"{relative(path)}:{field.lineno}"
        for path in PRODUCT + HELPERS
        for owner in ast.walk(ast.parse(path.read_text()))
        if isinstance(owner, ast.ClassDef)
        for field in owner.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.value, ast.Call)
        if getattr(field.value.func, "id", "") == "MappingProxyType"
    ]
    assert refused == []
