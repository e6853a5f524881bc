"""The catalog of problem codes and the code that raises them agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from noillusion.analytics.messages import REASONS
from noillusion.api.authority import InsufficientScope
from noillusion.api.openapi import MethodNotAllowed, document
from noillusion.core import errors
from noillusion.core.codes import CATALOG
from noillusion.core.errors import AccountDeleted, Conflict, Problem
from noillusion.core.messages import RULES, VALIDATION
from noillusion.core.models import ErrorParams
from noillusion.media.ranges import RangeNotSatisfiable
from noillusion.publishing.messages import FAILED
from noillusion.publishing.planning import UnknownConnection
from noillusion.templates.models import Variable, VariableType
from tools import errors as page

ROOT = Path(__file__).resolve().parents[2]
CLASSES = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Problem)}
FIXED = {
    "Invalid": ["validation_failed"],
    "AccountDeleted": ["deletion_in_progress", "account_deleted"],
    "NotFound": ["not_found"],
}
"""Classes that choose their code themselves."""


def calls() -> Iterator[tuple[str, str, ast.expr, set[str]]]:
    """Place, class, code and names of the parameters of every problem that is made with a code."""
    for folder in (ROOT / "layers" / "shared" / "noillusion", ROOT / "functions"):
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {*CLASSES, "problem"}
                if not (named and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                    continue
                if node.func.id != "Invalid":
                    given = {keyword.arg or "" for keyword in node.keywords} - {"errors", "retry_after"}
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.func.id, node.args[0], given


def params(code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(CATALOG[code].text) if name}


def test_every_code_that_is_raised_is_in_the_catalog_with_its_status_and_parameters() -> None:
    seen = 0
    for place, kind, argument, given in calls():
        assert isinstance(argument, ast.Constant), f"{place}: a code must be written out"
        code = str(argument.value)
        assert code in CATALOG, f"{place}: {code}"
        assert given == params(code), f"{place}: {code}"
        if kind in CLASSES:
            assert CLASSES[kind].status == CATALOG[code].status, f"{place}: {code}"
        seen += 1
    assert seen > 30


def test_every_code_of_the_catalog_is_raised() -> None:
    raised = {argument.value for _, _, argument, _ in calls() if isinstance(argument, ast.Constant)}
    fixed = {code for codes in FIXED.values() for code in codes}
    # These classes are made with what the route has: its methods, its scope.
    own = {MethodNotAllowed(["GET"]).code, InsufficientScope("account").code, RangeNotSatisfiable(0).code}
    assert raised | fixed | own == set(CATALOG)


@pytest.mark.parametrize(
    ("problem", "code", "status"),
    [
        (AccountDeleted(), "account_deleted", 410),
        (AccountDeleted(in_progress=True), "deletion_in_progress", 409),
        (MethodNotAllowed(["GET", "PUT"]), "method_not_allowed", 405),
        (UnknownConnection(["targets.0.connection_id"]), "not_found", 404),
        (errors.Invalid([]), "validation_failed", 422),
        (errors.NotFound(), "not_found", 404),
    ],
)
def test_a_class_that_chooses_its_code_has_the_status_of_the_catalog(problem: Problem, code: str, status: int) -> None:
    assert (problem.code, problem.status, CATALOG[code].status) == (code, status, status)
    assert problem.title == CATALOG[code].title


def rules() -> Iterator[tuple[str, ast.Call]]:
    """Place and call of everything that names a rule: of errors of fields, and of errors that a validator raises."""
    for path in sorted((ROOT / "layers" / "shared" / "noillusion").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("field_error", "refused"):
                yield f"{path.name}:{node.lineno}", node


def test_every_rule_of_a_field_is_in_the_catalog_with_its_parameters_and_used() -> None:
    used = set()
    for place, call in rules():
        rule, given = call.args[-1], {keyword.arg for keyword in call.keywords}
        if not isinstance(rule, ast.Constant):
            continue
        assert isinstance(rule.value, str)
        used.add(rule.value)
        needed = {name for _, name, _, _ in Formatter().parse(RULES[rule.value][1]) if name}
        assert needed <= given <= needed | {"limit", "actual", "unit", "allowed"}, place
        assert given <= set(ErrorParams.__annotations__), place
    # Which of these it is depends on the template and on the type of the variable.
    choices = {"choice": ["a"]}
    by_type = {Variable(name="v", type=kind, choices=choices.get(kind, [])).expected for kind in get_args(VariableType)}
    by_template = {"filled_template_too_long", "repeated_value_too_long"}
    assert used | by_template | by_type == set(RULES)


def test_no_validator_of_a_request_words_an_error() -> None:
    """A text of its own would have no code of its own."""
    folder = ROOT / "layers" / "shared" / "noillusion"
    shapes = [*folder.rglob("*models.py"), folder / "publishing" / "content.py", *(folder / "core").rglob("*.py")]
    assert [path for path in shapes if "raise ValueError" in path.read_text()] == []


def test_every_code_of_a_field_is_in_the_document_and_on_the_page() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["FieldErrorCode"]["enum"] == page.field_codes()
    listed = set(re.findall(r"`([a-z0-9_]+)`", page.markdown().partition("## Field codes")[2].partition("## Targets")[0]))
    assert set(page.field_codes()) <= listed
    assert set(schemas["FieldError"]["properties"]["params"]) == {"$ref"}
    assert set(schemas["ErrorParams"]["properties"]) == set(ErrorParams.__annotations__)


def test_nothing_outside_the_catalogs_words_a_field_error() -> None:
    """Elsewhere a message comes from a catalog, a platform's check or a shape's validator; it is never written out."""
    for path in sorted((ROOT / "layers" / "shared" / "noillusion").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FieldError":
                assert not any(isinstance(argument, ast.Constant | ast.JoinedStr) for argument in node.args[2:]), path


def test_parameters_are_filled_in() -> None:
    assert Conflict("too_many_templates", limit=500).detail == "An account can have at most 500 templates."
    assert MethodNotAllowed(["GET", "PUT"]).detail == "This route accepts GET, PUT."


def test_a_wait_of_the_catalog_applies_unless_a_better_one_is_known() -> None:
    assert Conflict("post_open").retry_after == CATALOG["post_open"].retry_after == 30
    assert Conflict("post_open", retry_after=7).retry_after == 7
    assert Conflict("own_template").retry_after is None


def test_texts_are_sentences() -> None:
    messages = [message for _, message in RULES.values()] + [*VALIDATION.values(), *FAILED.values(), *REASONS.values()]
    assert [text for text in messages if not (text[0].isupper() and text.endswith("."))] == []
    for code, entry in CATALOG.items():
        assert re.fullmatch(r"[a-z][a-z_]+", code)
        assert entry.title[0].isupper() and not entry.title.endswith("."), code
        assert entry.text[0].isupper() and entry.text.endswith("."), code


def test_the_catalog_is_in_the_openapi_document_and_on_the_page() -> None:
    assert document()["components"]["schemas"]["ProblemCode"]["enum"] == sorted(CATALOG)
    problems = page.markdown().partition("## Field codes")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", problems, re.M)) == set(CATALOG)
    assert page.TARGET.read_text() == page.markdown()


UNUSUAL = re.compile(r"\b(films?|pictures?|anew|reckon(ed|s)?|what became of|by itself|comma list|blanks?)\b", re.IGNORECASE)
"""Words that an American or British engineer would not use here."""


@pytest.mark.parametrize(
    "name",
    ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "docs/openapi.json"]
    + [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md"))],
)
def test_public_texts_use_the_words_of_the_field(name: str) -> None:
    found = [line.strip() for line in (ROOT / name).read_text().splitlines() if UNUSUAL.search(line)]
    assert found == []


def test_summaries_of_routes_are_short_and_name_an_action() -> None:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            summary = str(operation["summary"])
            assert summary[0].isupper() and summary[-1].isalnum() and len(summary) <= 60, (method, path, summary)
