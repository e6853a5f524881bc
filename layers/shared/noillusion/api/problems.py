"""Problem responses (RFC 9457). They name fields and what is allowed, and never repeat what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from noillusion.api import openapi
from noillusion.api.authority import InsufficientScope
from noillusion.api.openapi import MethodNotAllowed
from noillusion.core.errors import FieldError, Param, Problem, field_error
from noillusion.core.messages import LIMITS, NOT_VALID, RULES, UNITS, VALIDATION
from noillusion.media.ranges import RangeNotSatisfiable

CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 50
"""Maximum number of field errors in one response; ``more_errors`` is the number left out."""
MAX_DEPTH = 12
"""Maximum number of parts of a field path. No request body is that deep."""


def field_path(location: Iterable[Any], *, sent: Any = None, unknown: bool = False) -> str:
    """Return the dotted path of pydantic's location in the body as ``sent``, without the part for the source of the value.

    Parts that the API does not define were chosen by the caller (a key of a map, an ``unknown`` last property) and are replaced
    by ``*``. Parts that are not in the body (branches of unions, which pydantic appends) are left out, except a missing member.
    """
    parts, in_body = list(location), False
    if parts and parts[0] in ("body", "query", "path", "header"):
        in_body, parts = parts[0] == "body" and sent is not None, parts[1:]
    shown: list[str] = []
    for at, part in enumerate(parts[:MAX_DEPTH]):
        last = at == len(parts) - 1
        if in_body:
            if not _has(sent, part) and not (last and isinstance(sent, dict) and part in openapi.names()):
                continue
            sent = sent[part] if _has(sent, part) else None
        known = isinstance(part, int) or (part in openapi.names() and not (unknown and last))
        # The parts of a location without a body that nobody knows are merged into one.
        if known or in_body or shown[-1:] != ["*"]:
            shown.append(str(part) if known else "*")
    return ".".join(shown) or "body"


def _has(sent: Any, part: Any) -> bool:
    if isinstance(sent, list):
        return isinstance(part, int) and part < len(sent)
    return isinstance(sent, dict) and part in sent


def from_pydantic(errors: Sequence[Mapping[str, Any]], sent: Any = None) -> list[FieldError]:
    """Return field errors from pydantic's errors about a body, without duplicates: our messages and declared limits only."""
    found: dict[tuple[str, str, str], FieldError] = {}
    for error in errors:
        kind, context = str(error.get("type", "")), dict(error.get("ctx") or {})
        path = field_path(error.get("loc", ()), sent=sent, unknown=kind == "extra_forbidden")
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


def body(problem: Problem, correlation_id: str) -> dict[str, Any]:
    """Return the members of a problem document."""
    document: dict[str, Any] = {
        "type": f"urn:noillusion:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "correlation_id": correlation_id,
    }
    if problem.status != 500:
        document["detail"] = problem.detail
    if problem.errors:
        document["errors"] = [_shown(error) for error in problem.errors[:MAX_ERRORS]]
    if len(problem.errors) > MAX_ERRORS:
        document["more_errors"] = len(problem.errors) - MAX_ERRORS
    if problem.retry_after is not None:
        document["retry_after"] = round(problem.retry_after, 1)
    return document


def _shown(error: FieldError) -> dict[str, Any]:
    params = {"params": dict(error.params)} if error.params else {}
    return {"field": error.field, "code": error.code, "message": error.message, **params, **error.about}


def headers(problem: Problem) -> dict[str, str]:
    """Return the headers of a problem response."""
    found = {"cache-control": "no-store"}
    if problem.retry_after is not None:
        found["retry-after"] = str(max(1, round(problem.retry_after)))
    if isinstance(problem, MethodNotAllowed):
        found["allow"] = problem.allow
    if isinstance(problem, RangeNotSatisfiable):
        found["content-range"] = f"bytes */{problem.size}"
    if isinstance(problem, InsufficientScope):
        found["www-authenticate"] = problem.challenge
    return found


def response(problem: Problem, correlation_id: str) -> dict[str, Any]:
    """Return a complete API Gateway response."""
    return {
        "statusCode": problem.status,
        "headers": {"content-type": CONTENT_TYPE, "x-correlation-id": correlation_id, **headers(problem)},
        "body": json.dumps(body(problem, correlation_id)),
        "isBase64Encoded": False,
    }
