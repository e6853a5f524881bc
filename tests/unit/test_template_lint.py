"""Lint: what a template says wrongly is told before anybody uses it, with the name and the part."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.templates.filling import MAX_FILLED
from noillusion.templates.lint import LONGEST, findings, longest
from noillusion.templates.models import PromptText
from noillusion.templates.render import BUILTIN_VARIABLES


def text(user: str = "{topic}", system: str = "", *variables: dict[str, Any]) -> PromptText:
    return PromptText(system_text=system, user_text=user, variables=list(variables))


def found(template: PromptText, **options: Any) -> list[tuple[str, str, str]]:
    return [(each.code, each.place, each.found) for each in findings(template, **options)]


def test_a_template_without_faults_has_no_findings() -> None:
    event = {"name": "event", "max_length": 100}
    assert found(text("Invite to {event}. {topic}", "You write for {user_name}.", event), is_default=False) == []


@pytest.mark.parametrize(
    ("template", "finding"),
    [
        (text("{thing}"), ("undeclared_variable", "user_text", "thing")),
        (text("{topic}", "", {"name": "event", "max_length": 9}), ("unused_variable", "variables", "event")),
        (text("{{topic}}"), ("braces_vanish", "user_text", "{{")),
        (text("a }} b"), ("braces_vanish", "user_text", "}}")),
        (text("{ topic } {topic}"), ("braces_without_variable", "user_text", " topic ")),
        (text("{topic}", "About {topic}."), ("content_in_instructions", "system_text", "topic")),
        (text("x", "About {e}.", {"name": "e", "max_length": 9}), ("content_in_instructions", "system_text", "e")),
        (text("{text}" * 4), ("too_long_at_limits", "variables", str(4 * LONGEST["text"]))),
    ],
)
def test_each_fault_is_told_with_its_place(template: PromptText, finding: tuple[str, str, str]) -> None:
    assert finding in found(template)


def test_a_choice_in_the_instructions_is_no_content() -> None:
    tone = {"name": "tone", "type": "choice", "choices": ["dry", "warm"]}
    assert found(text("{topic}", "Be {tone}.", tone)) == []


@pytest.mark.parametrize(("more", "told"), [({}, True), ({"default": "x"}, False), ({"required": False}, False)])
def test_F14_a_default_template_that_requires_a_variable_is_told(more: dict[str, Any], told: bool) -> None:
    template = text("{event} {topic}", "", {"name": "event", "max_length": 9, **more})
    assert (("required_in_default", "variables", "event") in found(template, is_default=True)) == told
    assert found(template) == []


def test_the_longest_values_are_those_that_requests_can_have() -> None:
    assert set(LONGEST) == BUILTIN_VARIABLES
    variables: list[dict[str, Any]] = [
        {"name": "short", "max_length": 10},
        {"name": "free"},
        {"name": "which", "type": "choice", "choices": ["a", "abc"]},
        {"name": "count", "type": "number"},
        {"name": "flag", "type": "boolean"},
    ]
    for variable, characters in zip(variables, (10, 4_000, 3, 33, 3), strict=True):
        assert longest(text(f"-{{{variable['name']}}}-", "", variable)) == 2 + characters
    assert longest(text("{topic}{text}")) <= MAX_FILLED
