"""Hidden characters of templates: what a person does not see in them, and a model reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol, get_args

from noillusion.core.hidden import hidden_in
from noillusion.templates.models import Part, TemplateHiddenCharacter, Variable

MOST_SHOWN = 50
"""How many are listed."""


class Texts(Protocol):
    """What a template says. Name and description may be absent."""

    @property
    def variables(self) -> Sequence[Variable | Mapping[str, Any]]:
        """The declared variables."""
        ...


def hidden_characters(template: Texts) -> list[TemplateHiddenCharacter]:
    """Return the hidden characters of a template, in the order of its parts."""
    return list(islice(_found(template), MOST_SHOWN))


def _found(template: Texts) -> Iterator[TemplateHiddenCharacter]:
    for place, variable, text in _texts(template):
        for each in hidden_in(text):
            code = f"U+{ord(each.character):04X}"
            yield TemplateHiddenCharacter(place=place, variable=variable, at=each.at, character=code, kind=each.kind)


def _texts(template: Texts) -> Iterator[tuple[Part, str | None, str]]:
    for place in get_args(Part):
        if place != "variables":
            yield place, None, getattr(template, place, "")
    for each in template.variables:
        variable = each.model_dump() if isinstance(each, Variable) else each
        default = variable["default"]
        for text in (variable["description"], default if isinstance(default, str) else "", *variable["choices"]):
            yield "variables", variable["name"], text
