"""Filling of a template's texts with built-in values, given values and defaults. Values are content and never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noillusion.core.errors import FieldError, Invalid, field_error
from noillusion.core.records import record
from noillusion.core.sensitive import reveal
from noillusion.templates.models import PromptText, ResolvedTemplate, Variable, VariableValue
from noillusion.templates.render import (
    BUILTIN_VARIABLES,
    REQUEST_VARIABLES,
    render,
    rendered_length,
    rendered_parts,
    variables_in,
    without_empty_labels,
)

MAX_FILLED = 60_000
"""Maximum characters of a template's two texts with their values: enough for the longest possible value, used three times."""


GIVEN = "variables.*"
"""Path of a value whose name the caller chose; the name is not repeated."""


@record()
class FilledTemplate:
    """A template's texts with their values. Content: never printed."""

    system_text: str
    user_text: str
    missing: tuple[str, ...]
    """Names used in the texts that have no value; left as ``{name}``."""
    unknown: tuple[str, ...]
    """Names inputs that are neither declared nor used."""
    said: frozenset[str] = frozenset()
    """Names used in the texts that have a value which is not empty."""
    parts: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]] = ((), ())
    """Both texts in parts: the name of the variable that was given, and the text. Defaults are the template's own text."""

    def __repr__(self) -> str:
        return "FilledTemplate(…)"


def fill(
    template: ResolvedTemplate | PromptText,
    builtins: Mapping[str, str],
    inputs: Mapping[str, VariableValue | str],
    chosen: Mapping[str, str] | None = None,
    *,
    lenient: bool = False,
) -> FilledTemplate:
    """Fill in built-in values, given values and defaults, in one pass. Names without a value are left unchanged, and lines
    of a label and empty values are left out.

    ``chosen`` are values of the request's own fields: each fills the variable of its name, before a default and whatever the
    type. ``lenient``: required variables without a value are empty.

    Raises :class:`Invalid` for every given value that does not match its declared type, or, before building the texts, for the
    value that would make them longer than :data:`MAX_FILLED`.
    """
    chosen = chosen or {}
    declared = {variable.name: variable for variable in template.variables}
    used = list(dict.fromkeys(variables_in(template.system_text) + variables_in(template.user_text)))
    own = declared | {name: Variable(name=name) for name in used if name not in BUILTIN_VARIABLES and name not in declared}
    values = {name: value for name, value in builtins.items() if name in BUILTIN_VARIABLES}
    _check_once(own, inputs, chosen)
    values |= _values(own, {**inputs, **chosen}, chosen, named=isinstance(template, ResolvedTemplate), lenient=lenient)
    missing = tuple(name for name in used if name not in values)
    values |= {name: f"{{{name}}}" for name in missing}
    system, user = (without_empty_labels(text, values) for text in (template.system_text, template.user_text))
    _check_length(template, (system, user), values, inputs)
    return FilledTemplate(
        render(system, values),
        render(user, values),
        missing,
        tuple(name for name in inputs if name not in own),
        frozenset(name for name in used if values[name]),
        (_parts(system, values, own, inputs, chosen), _parts(user, values, own, inputs, chosen)),
    )


def _parts(
    text: str, values: Mapping[str, str], own: Mapping[str, Variable], inputs: Mapping[str, Any], chosen: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return a text in parts. A default, and a name without a value, is the template's."""
    given = {name for name in values if name not in own or name in inputs or name in chosen}
    return [(name if name in given else "", part) for name, part in rendered_parts(text, values)]


def fill_completely(
    template: ResolvedTemplate | PromptText,
    builtins: Mapping[str, str],
    inputs: Mapping[str, VariableValue | str],
    chosen: Mapping[str, str] | None = None,
    *,
    lenient: bool = False,
) -> FilledTemplate:
    """Fill in values like :func:`fill`. Raises :class:`Invalid` for every missing and every unknown variable."""
    filled = fill(template, builtins, inputs, chosen, lenient=lenient)
    errors = [
        field_error(name if name in REQUEST_VARIABLES else f"variables.{name}", "variable_missing") for name in filled.missing
    ]
    if filled.unknown:
        errors.append(field_error(GIVEN, "unknown_variable"))
    if errors:
        raise Invalid(errors)
    return filled


def _check_once(own: Mapping[str, Variable], inputs: Mapping[str, Any], chosen: Mapping[str, str]) -> None:
    """Refuse a variable that a field of the request fills as well."""
    if twice := [field_error(_field(name), "said_twice") for name in chosen if name in own and name in inputs]:
        raise Invalid(twice)


def _values(
    own: Mapping[str, Variable],
    inputs: Mapping[str, VariableValue | str],
    chosen: Mapping[str, str],
    *,
    named: bool,
    lenient: bool,
) -> dict[str, str]:
    """Return the values as text. ``named``: the names come from a stored template, not from this request, and can be shown."""
    values: dict[str, str] = {}
    errors: list[FieldError] = []
    for name, variable in own.items():
        value = reveal(inputs[name]) if name in inputs else variable.default
        if value is None:
            spelled = None if variable.required and not lenient else ""
        elif name in chosen:
            spelled = chosen[name]
        elif (spelled := variable.spell(value)) is None:
            errors.append(field_error(_field(name) if named else GIVEN, variable.expected))
        elif variable.too_long(value):
            most, actual = variable.max_length or 0, len(spelled)
            errors.append(
                field_error(_field(name) if named else GIVEN, "variable_too_long", limit=most, actual=actual, unit="characters")
            )
        if spelled is not None:
            values[name] = spelled
    if errors:
        raise Invalid(errors)
    return values


def _check_length(
    template: ResolvedTemplate | PromptText, texts: tuple[str, str], values: Mapping[str, str], inputs: Mapping[str, Any]
) -> None:
    """Refuse texts that would be too long. A template can use one value hundreds of times, so its own length is no limit."""
    lengths = rendered_length(texts, values)
    total = lengths.total()
    if total <= MAX_FILLED:
        return
    (longest, characters), *_ = lengths.most_common(1)
    named = isinstance(template, ResolvedTemplate)
    field, rule, times = "template_id" if named else "template", "filled_template_too_long", 0
    if longest in inputs or longest in REQUEST_VARIABLES:
        field = longest if longest in REQUEST_VARIABLES else _field(longest) if named else GIVEN
        rule, times = "repeated_value_too_long", characters // len(values[longest])
    raise Invalid([field_error(field, rule, limit=MAX_FILLED, actual=total, unit="characters", times=times)])


def _field(name: str) -> str:
    """Return the path of a value whose name the template declares."""
    return f"variables.{name}"
