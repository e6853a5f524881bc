"""Problem responses (RFC 9457). They name fields and what is allowed, and never repeat what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from noillusion.api import openapi
from noillusion.api.authority import InsufficientScope
from noillusion.api.openapi import MethodNotAllowed
from noillusion.core import validation
from noillusion.core.errors import FieldError, Problem
from noillusion.media.ranges import RangeNotSatisfiable

CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 50
"""Maximum number of field errors in one response; ``more_errors`` is the number left out."""


def field_path(location: Iterable[Any], *, sent: Any = None, unknown: bool = False) -> str:
    """Return the dotted path of pydantic's location in a request, in which names that the API does not define are ``*``."""
    return validation.field_path(location, openapi.names(), sent=sent, unknown=unknown)


def from_pydantic(errors: Sequence[Mapping[str, Any]], sent: Any = None, body: Any = None) -> list[FieldError]:
    """Return field errors from pydantic's errors about a body that has an annotation, without duplicates.

    They have our messages and declared limits only.
    """
    return validation.from_pydantic(errors, sent, openapi.names(), body)


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
