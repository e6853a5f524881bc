"""Anthropic's refusals in its own error envelope."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from local.simulators.ai.language_model import (
    Refused,
)
from local.simulators.world import Json

STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


def error(kind: str, message: str, request_id: str, details: Json | None = None) -> Json:
    """The body of every error of this API."""
    inner: Json = {"type": kind, "message": message} | ({"details": details} if details else {})
    return {"type": "error", "error": inner, "request_id": request_id}


def refused(kind: str, message: str, headers: Mapping[str, str] | None = None) -> Refused:
    """An error with the status that belongs to its type."""
    request_id = new_request_id()
    return Refused(STATUS[kind], error(kind, message, request_id), {"request-id": request_id, **(headers or {})})


def invalid(message: str) -> Refused:
    """A 400 ``invalid_request_error``."""
    return refused("invalid_request_error", message)


def new_request_id() -> str:
    """An identifier as in the header ``request-id``."""
    return f"req_{secrets.token_hex(12)}"
