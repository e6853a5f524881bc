"""Problem responses (RFC 9457). They name fields and what is allowed, and never repeat what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from noillusion.api import openapi
from noillusion.api.authority import InsufficientScope
from noillusion.api.openapi import MethodNotAllowed
from noillusion.core.errors import FieldError, Problem
from noillusion.core.messages import NOT_VALID, VALIDATION

CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 50
"""Maximum number of field errors in one response; ``more_errors`` is the number left out."""
MAX_DEPTH = 12
"""Maximum number of parts of a field path. No request body is that deep."""


def field_path(location: Iterable[Any], *, unknown: bool = False) -> str:
    """Return the dotted path of pydantic's location, without the leading part for the source of the value.

    Parts that the API does not define were chosen by the caller (a key of a map, an ``unknown`` last property) and are replaced
    by ``*``.
    """
    parts = list(location)
    if parts and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    if unknown and parts:
        parts[-1] = None
    shown: list[str] = []
    for part in parts[:MAX_DEPTH]:
        known = isinstance(part, int) or part in openapi.names()
        # The parts that pydantic appends for branches of unions and keys of maps are merged into one.
        if known or shown[-1:] != ["*"]:
            shown.append(str(part) if known else "*")
    return ".".join(shown) or "body"


def from_pydantic(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Return field errors from pydantic's errors, without duplicates. They contain only our messages and declared limits."""
    found = dict.fromkeys(
        FieldError(
            field_path(error.get("loc", ()), unknown=error.get("type") == "extra_forbidden"),
            str(error.get("type", "invalid")),
            _text(error),
        )
        for error in errors
    )
    return list(found)


def _text(error: Mapping[str, Any]) -> str:
    kind = str(error.get("type", ""))
    context = error.get("ctx") or {}
    if kind == "value_error" and isinstance(context.get("error"), ValueError):
        # Our own validators raise constant texts.
        return str(context["error"])
    try:
        return VALIDATION.get(kind, NOT_VALID).format(**context)
    except (KeyError, IndexError):
        return NOT_VALID


def body(problem: Problem, correlation_id: str) -> dict[str, Any]:
    """Return the members of a problem document."""
    document: dict[str, Any] = {
        "type": f"urn:noillusion:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "correlation_id": correlation_id,
    }
    if problem.status < 500 or problem.status == 503:
        document["detail"] = problem.detail
    if problem.errors:
        document["errors"] = [_shown(error) for error in problem.errors[:MAX_ERRORS]]
    if len(problem.errors) > MAX_ERRORS:
        document["more_errors"] = len(problem.errors) - MAX_ERRORS
    if problem.retry_after is not None:
        document["retry_after"] = round(problem.retry_after, 1)
    return document


def _shown(error: FieldError) -> dict[str, Any]:
    figures = {"limit": error.limit, "actual": error.actual}
    told = {name: figure for name, figure in figures.items() if figure is not None}
    return {"field": error.field, "code": error.code, "message": error.message, **told}


def headers(problem: Problem) -> dict[str, str]:
    """Return the headers of a problem response."""
    found = {"cache-control": "no-store"}
    if problem.retry_after is not None:
        found["retry-after"] = str(max(1, round(problem.retry_after)))
    if isinstance(problem, MethodNotAllowed):
        found["allow"] = problem.allow
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
