"""Errors of pydantic as errors of fields. They name fields and what is allowed, and never repeat what was sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from noillusion.core.errors import FieldError, Param, field_error
from noillusion.core.members import allowed_at
from noillusion.core.messages import LIMITS, NOT_VALID, RULES, UNITS, VALIDATION

MAX_DEPTH = 12
"""Maximum number of parts of a field path. No request body is that deep."""


def field_path(location: Iterable[Any], names: Collection[str], *, sent: Any = None, unknown: bool = False) -> str:
    """Return the dotted path of pydantic's location in the body as ``sent``, without the part for the source of the value.

    Parts that are not among ``names`` were chosen by the sender (a key of a map, an ``unknown`` last property) and are replaced
    by ``*``. Parts that are not in the body (branches of unions, which pydantic appends) are left out, except a missing member.
    """
    parts, in_body = list(location), False
    if parts and parts[0] in ("body", "query", "path", "header"):
        in_body, parts = parts[0] == "body" and sent is not None, parts[1:]
    shown: list[str] = []
    for at, part in enumerate(parts[:MAX_DEPTH]):
        last = at == len(parts) - 1
        if in_body:
            if not _has(sent, part) and not (last and isinstance(sent, dict) and part in names):
                continue
            sent = sent[part] if _has(sent, part) else None
        known = isinstance(part, int) or (part in names and not (unknown and last))
        # The parts of a location without a body that nobody knows are merged into one.
        if known or in_body or shown[-1:] != ["*"]:
            shown.append(str(part) if known else "*")
    return ".".join(shown) or "body"


def _has(sent: Any, part: Any) -> bool:
    if isinstance(sent, list):
        return isinstance(part, int) and part < len(sent)
    return isinstance(sent, dict) and part in sent


def from_pydantic(errors: Sequence[Mapping[str, Any]], sent: Any, names: Collection[str], body: Any = None) -> list[FieldError]:
    """Return field errors from pydantic's errors about a body, without duplicates: our messages and declared limits only.

    ``body`` is the annotation of the body, which tells what an object with an unknown member may contain.
    """
    found: dict[tuple[str, str, str], FieldError] = {}
    for error in errors:
        kind, context = str(error.get("type", "")), dict(error.get("ctx") or {})
        location = list(error.get("loc", ()))
        path = field_path(location, names, sent=sent, unknown=kind == "extra_forbidden")
        if kind == "extra_forbidden" and (allowed := allowed_at(body, location[location[:1] == ["body"] : -1])):
            shown = field_error(path, "unknown_member", allowed=allowed)
        else:
            shown = _of_rule(path, context) if context.get("rule") in RULES else _of_kind(path, kind, context)
        found.setdefault((shown.field, shown.code, shown.message), shown)
    return list(found.values())


def _of_rule(path: str, context: dict[str, Any]) -> FieldError:
    """Return the error of one of our own validators, which names the rule of the catalog."""
    return field_error(path, str(context.pop("rule")), **context)


def _of_kind(path: str, kind: str, context: Mapping[str, Any]) -> FieldError:
    """Return the error of one of pydantic's own validators."""
    params: dict[str, Param] = {
        LIMITS[name]: _param(value) for name, value in context.items() if name in LIMITS and value is not None
    }
    if kind in UNITS:
        of_list = context.get("field_type") in ("List", "Dictionary", "Set", "Tuple")
        params["unit"] = "items" if of_list else UNITS[kind]
    try:
        return FieldError(path, kind, VALIDATION[kind].format(**context), params)
    except (KeyError, IndexError):
        return FieldError(path, "invalid", NOT_VALID, params)


def _param(value: Any) -> Param:
    """Return a declared limit as JSON has it. pydantic writes a closed set as text: ``'a', 'b' or 'c'``."""
    if isinstance(value, str):
        return re.findall(r"'([^']*)'", value)
    return int(value) if value == int(value) else float(value)


def has_more_values(body: Any, most: int) -> bool:
    """Return whether JSON has more than ``most`` object members and list items, before validation creates an error for each."""
    seen, waiting = 0, [body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict | list):
            seen += len(part)
            if seen > most:
                return True
            waiting += part.values() if isinstance(part, dict) else part
    return False
