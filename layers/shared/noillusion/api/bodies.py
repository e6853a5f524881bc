"""Bodies of requests: everything that is not plain JSON becomes that before the resolver sees it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from noillusion.core.errors import BadRequest, Invalid, UnsupportedMediaType, field_error
from noillusion.core.validation import has_more_values

JSON, MERGE_PATCH, FORM = "application/json", "application/merge-patch+json", "multipart/form-data"
MAX_VALUES = 10_000
"""Maximum number of object members and list items in one body; more than twice that of the largest meaningful request."""
Event = Mapping[str, Any]


def as_json(event: dict[str, Any], *, forms: tuple[str, ...]) -> dict[str, Any]:
    """Return the event of a merge patch, or of a form on one of the routes that take ``forms``, with its body as JSON text.

    The gateway encodes these bodies, and the resolver knows only JSON.
    """
    method, content_type = event["requestContext"]["http"]["method"], _content_type(event)
    if method == "PATCH" and content_type == MERGE_PATCH:
        return _with(event, _text(event))
    if content_type == FORM and str(event.get("routeKey", "")) in forms:
        # The parser of forms comes with it, which few requests need.
        from noillusion.api import multipart

        header, body = str(event["headers"]["content-type"]), event.get("body") or ""
        return _with(event, multipart.as_json(header, body, encoded=bool(event.get("isBase64Encoded"))))
    return event


def check(event: Event, text: str) -> None:
    """Refuse a body that is not JSON, or has too many values before validation creates an error for each."""
    if _content_type(event) != JSON or event.get("isBase64Encoded"):
        raise UnsupportedMediaType("unsupported_media_type")
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadRequest("malformed_json", errors=[field_error("body", "json")]) from None
    if has_more_values(body, MAX_VALUES):
        raise Invalid([field_error("body", "too_many_values", limit=MAX_VALUES, unit="items")])


def _with(event: dict[str, Any], body: str) -> dict[str, Any]:
    return {**event, "headers": {**event["headers"], "content-type": JSON}, "body": body, "isBase64Encoded": False}


def _text(event: Event) -> str:
    body = str(event.get("body") or "")
    if not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body).decode()
    except ValueError:
        raise BadRequest("malformed_json", errors=[field_error("body", "json")]) from None


def _content_type(event: Event) -> str:
    return str(event.get("headers", {}).get("content-type", "")).split(";")[0].strip().lower()


def _no_constant(_: str) -> None:
    raise ValueError("NaN and infinities are not JSON")
