"""The OpenAPI 3.1 document of all functions."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from tools import errors
from tools.openapi import callbacks, enums, headers, operations, problems, schemas, security

ROOT = Path(__file__).resolve().parents[2]
TARGETS = (ROOT / "docs" / "openapi.json", ROOT / "layers" / "shared" / "noillusion" / "api" / "openapi.json")
FUNCTIONS = (
    "profile",
    "connect_callback",
    "generate",
    "templates",
    "calendar",
    "publish",
    "schedules",
    "analytics",
    "webhooks",
    "health",
    "media",
)

INTRODUCTION = """Privacy-first backend for managing social media. Content is never stored.

**Repeating requests.** `POST /v1/posts`, `POST /v1/posts/{post_id}/retry`, `POST /v1/schedules`,
`POST /v1/schedules/{id}/publish-now`, `POST /v1/templates`, `POST /v1/templates/import`, `POST /v1/templates/{id}/copy`,
`POST /v1/webhooks` and `POST /v1/generate` take an `Idempotency-Key` header, a text of your choice; `POST /v1/posts` and
`POST /v1/schedules` require it. If you do not receive the response, send the same request with the same key again. Within
24 hours you get what the first request created, with `idempotency-replayed: true`. While the first request is still
running, the response is 409 `idempotency_in_progress`. The same key with another request is refused with 409
`idempotency_key_reused`, and a key that was used more than 24 hours ago with 409 `idempotency_key_expired`. Generated
texts are not stored, so repeating a generation is refused with 409 `already_generated`. All other operations can be
repeated without a key.

**Limits.** The operator can limit how many posts (retries included) and checks each user requests in a minute. Every
counted request is answered with the headers `ratelimit-policy` (the limit) and `ratelimit` (what is left), and with 429
`too_many_requests` and `retry-after` beyond the limit; then nothing is stored or published. Repeating a request with its
`Idempotency-Key` is neither counted nor refused.

**Calls from browsers (CORS).** The API can be called by pages of the origins that the operator allows. The gateway
answers preflight requests (`OPTIONS`) itself, without a token, so `OPTIONS` is not among the operations. Browsers can
cache a preflight response for ten minutes. Cookies are not used; send the token in the `Authorization` header. Pages can
read the response headers that `access-control-expose-headers` lists, for example `etag`, `location`, `retry-after` and
`x-correlation-id`.

**HEAD.** `HEAD /v1/health`, `HEAD /v1/openapi.json`, `HEAD /v1/notifications/unread` and `HEAD /v1/media/{ticket}` return the
status and headers of the `GET` request, including its `content-length`, without a body. On other paths, `HEAD` is answered with
405, and the `allow` header lists the methods that exist.
"""


def _load(function: str) -> Any:
    sys.path.insert(0, str(ROOT / "layers" / "shared"))
    spec = importlib.util.spec_from_file_location(f"openapi_{function}", ROOT / "functions" / function / "app.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"functions/{function}/app.py is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _parts() -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Return the paths and schemas of all functions as they declare them, and the function of each operation."""
    from noillusion.privacy.models import ExportLastLine, ExportLine

    paths: dict[str, Any] = {}
    found: dict[str, Any] = {}
    owners: dict[str, str] = {}
    for function in FUNCTIONS:
        part = json.loads(_load(function).app.get_openapi_json_schema())
        for path, methods in part["paths"].items():
            paths.setdefault(path, {}).update(methods)
            for operation in methods.values():
                owners[operation["operationId"]] = function
                # Invalid requests are answered with our own problems.
                operation["responses"].pop("422", None)
        for name, schema in part.get("components", {}).get("schemas", {}).items():
            if found.setdefault(name, schema) != schema:
                raise SystemExit(f"two functions define different schemas named {name}")
    for unused in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        found.pop(unused, None)
    # They are lines of a text response, so no route refers to their schemas.
    for model in (ExportLine, ExportLastLine):
        described = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        found |= {**described.pop("$defs", {}), model.__name__: described}
    return paths, found, owners


def generate() -> dict[str, Any]:
    """Return the document."""
    from noillusion import __version__

    paths, found, owners = _parts()
    field_error = {"FieldError": {"title": "FieldError", **errors.field_error_schema()}}
    named = {**schemas.tidy(paths, found), **enums.components(), **operations.PROBLEMS, **field_error, **callbacks.SCHEMAS}
    for path, methods in paths.items():
        for method, operation in methods.items():
            operations.complete(owners[operation["operationId"]], path, method, operation)
    kept = {"ExportLine", "ExportLastLine", "Problem"}
    raised = problems.raised(paths)
    responses = problems.shared(paths)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "No iLLusion Social",
            "version": __version__,
            "description": INTRODUCTION,
        },
        "servers": security.SERVERS,
        "security": [],
        "tags": operations.TAGS,
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas.referenced([paths, responses], named, kept),
            "responses": responses,
            "headers": headers.COMPONENTS,
            "examples": {code: example for code, example in problems.examples().items() if code in raised},
            "securitySchemes": security.schemes(),
        },
    }
