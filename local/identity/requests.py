"""Parameters of requests, and answers with errors as RFC 6749 has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.identity.clients import OAuthError

MOST_BYTES = 65_536
NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}


def query(request: Request) -> dict[str, str]:
    """Return the parameters of the URL. Raises OAuthError for a repeated one (RFC 6749, 3.1)."""
    return _once(request.query_params.multi_items())


async def form(request: Request) -> dict[str, str]:
    """Return the parameters of the body, a form or, as Auth0 has it, JSON. Raises OAuthError."""
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise OAuthError("invalid_request", "The body is too large.", 413)
    try:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
            found = json.loads(body)
            if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
                raise ValueError
            return found
        return _once(parse_qsl(body.decode(), keep_blank_values=True))
    except (ValueError, RecursionError):
        raise OAuthError("invalid_request", "The body must be a form or a JSON object of texts.") from None


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise OAuthError("invalid_request", "A parameter is repeated.")
    return found


def answer(body: Mapping[str, object]) -> Response:
    """Return an answer that nobody may store."""
    return JSONResponse(dict(body), 200, NO_STORE)


def refused(problem: OAuthError) -> Response:
    """Return the answer for an error (RFC 6749, 5.2)."""
    headers = {**NO_STORE, **({"www-authenticate": 'Basic realm="local issuer"'} if problem.status == 401 else {})}
    return JSONResponse({"error": problem.error, "error_description": problem.description}, problem.status, headers)
