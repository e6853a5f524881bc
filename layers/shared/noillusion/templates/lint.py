"""Checks of a template's texts before anybody uses them: pure, and about the template alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field, model_validator

from noillusion.catalog.providers import Provider
from noillusion.core.fields import Id
from noillusion.core.models import DecimalText, Model, Strict, refused
from noillusion.templates.filling import MAX_FILLED
from noillusion.templates.hidden import hidden_characters
from noillusion.templates.models import MAX_VALUE, Part, PromptText, Variable, VariableType
from noillusion.templates.render import BUILTIN_VARIABLES, REQUEST_VARIABLES, rendered_length, variables_in

FindingCode = Literal[
    "undeclared_variable",
    "unused_variable",
    "required_in_default",
    "braces_vanish",
    "braces_without_variable",
    "content_in_instructions",
    "too_long_at_limits",
    "hidden_character",
]
MESSAGES: Mapping[FindingCode, str] = {
    "undeclared_variable": "Is used but not declared. Requests must provide a text for it.",
    "unused_variable": "Is declared but not used.",
    "required_in_default": "Is required without a default. Requests that use the template by default leave it empty.",
    "braces_vanish": "Doubled braces become single ones.",
    "braces_without_variable": "Braces around this are sent as they are, because it is no name of a variable.",
    "content_in_instructions": "Is written by whoever uses the template, and stands among the instructions.",
    "too_long_at_limits": "With the longest values the texts have more characters than are accepted.",
    "hidden_character": "Is not seen by people and read by models.",
}
LONGEST: Mapping[str, int] = {
    "topic": 4_015,
    "text": 20_013,
    **dict.fromkeys(("name", "user_name"), 120),
    **dict.fromkeys(("bio", "user_bio", "mission_statement", "user_mission"), 2_000),
    **dict.fromkeys(("skills", "user_skills"), 1_860),
    **dict.fromkeys(("platforms", "platform_name"), 50),
    "platform_style": 400,
}
"""Characters of the longest values of built-in variables, with their tags."""
_OF_TYPE: Mapping[VariableType, int] = {"number": 33, "boolean": 3}
_DOUBLED = re.compile(r"\{\{|\}\}")
_LOOSE = re.compile(r"\{([^{}\n]{1,60})\}")


class LintRequest(Strict):
    """A stored or an inline template. Nothing is stored."""

    template_id: Id | None = None
    template: PromptText | None = None

    @model_validator(mode="after")
    def _one_template(self) -> LintRequest:
        if (self.template_id is None) == (self.template is None):
            raise refused("one_template", allowed=["template_id", "template"])
        return self


class Finding(Model):
    """A remark about a template."""

    code: FindingCode
    place: Part = Field(description="Part of the template that it is about")
    found: str = Field(repr=False, description="Name of the variable, the passage, or the code point")
    message: str


class LimitCost(Model):
    """The highest cost at one provider."""

    provider: Provider
    model: str
    highest_cost_usd: DecimalText | None = Field(description="Null if the price of the model is unknown")


class LintResponse(Model):
    """Remarks about a template, and its size with the longest values that requests can have."""

    findings: list[Finding]
    characters: int = Field(description="Characters of both texts with the longest values")
    input_tokens: int = Field(
        description="Upper bound of the tokens of a prompt with these texts, at one token for each character of a value, "
        "and with the rules for all platforms. Prompts of more than 90,000 are refused"
    )
    costs: list[LimitCost] = Field(description="One request for all platforms with the default model of each provider")


def findings(template: PromptText, *, is_default: bool = False) -> list[Finding]:
    """Return the remarks about a template, in the order of its parts."""
    hidden = dict.fromkeys((each.place, each.character) for each in hidden_characters(template))
    return [
        *_of_variables(template, is_default),
        *_of_texts(template),
        *(_finding("hidden_character", place, character) for place, character in hidden),
    ]


def longest(template: PromptText) -> int:
    """Return the characters of both texts with the longest values."""
    lengths = {**LONGEST, **{variable.name: _longest(variable) for variable in template.variables}}
    texts = (template.system_text, template.user_text)
    names = {name for text in texts for name in variables_in(text)}
    values = {name: "x" * lengths.get(name, MAX_VALUE) for name in names}
    return rendered_length(texts, values).total()


def _longest(variable: Variable) -> int:
    if variable.choices:
        return max(map(len, variable.choices))
    return _OF_TYPE.get(variable.type, variable.max_length or MAX_VALUE)


def _of_variables(template: PromptText, is_default: bool) -> Iterator[Finding]:
    used = {name for text in (template.system_text, template.user_text) for name in variables_in(text)}
    for variable in template.variables:
        if variable.name not in used:
            yield _finding("unused_variable", "variables", variable.name)
        elif is_default and variable.required and variable.default is None:
            yield _finding("required_in_default", "variables", variable.name)
    if longest(template) > MAX_FILLED:
        yield _finding("too_long_at_limits", "variables", str(longest(template)))


def _of_texts(template: PromptText) -> Iterator[Finding]:
    declared = {variable.name: variable for variable in template.variables}
    parts: Sequence[tuple[Part, str]] = (
        ("system_text", template.system_text),
        ("user_text", template.user_text),
    )
    for field, text in parts:
        for name in variables_in(text):
            own = name not in BUILTIN_VARIABLES
            if own and name not in declared:
                yield _finding("undeclared_variable", field, name)
            free = name in REQUEST_VARIABLES or (own and (name not in declared or declared[name].type == "text"))
            if field == "system_text" and free:
                yield _finding("content_in_instructions", field, name)
        yield from (_finding("braces_vanish", field, found) for found in dict.fromkeys(_DOUBLED.findall(text)))
        names = set(variables_in(text))
        yield from (
            _finding("braces_without_variable", field, found)
            for found in dict.fromkeys(_LOOSE.findall(text))
            if found not in names
        )


def _finding(code: FindingCode, place: Part, found: str) -> Finding:
    return Finding(code=code, place=place, found=found, message=MESSAGES[code])
