"""Generate the OpenAPI document and ``docs/errors.md`` from the code: ``python -m tools.openapi [--check]``."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from tools import errors
from tools.openapi_examples import EXAMPLES

ROOT = Path(__file__).resolve().parents[1]
TARGETS = (ROOT / "docs" / "openapi.json", ROOT / "layers" / "shared" / "noillusion" / "api" / "openapi.json")
FUNCTIONS = ("profile", "health", "connect_callback", "templates", "generate", "publish", "analytics")
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. They never repeat values that you sent.",
    "required": ["type", "title", "status", "code", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "correlation_id": {"type": "string"},
        "retry_after": {"type": "number", "description": "Seconds after which a repeat makes sense"},
        "errors": {
            "type": "array",
            "maxItems": 50,
            "description": "The fields that are not valid. A name in `field` that the API does not know is shown as `*`.",
            "items": {"$ref": "#/components/schemas/FieldError"},
        },
        "more_errors": {"type": "integer", "description": "Number of errors left out of `errors`; absent if none"},
    },
}
_PROBLEM_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEM_RESPONSE = {"description": "Error", "content": _PROBLEM_CONTENT}
EXTRA_RESPONSES: dict[tuple[str, str], dict[str, str]] = {
    ("/v1/profile", "delete"): {
        "200": "All data was deleted",
        "202": "The deletion continues in the background; get the receipt by its code",
    },
    ("/v1/posts", "post"): {
        "201": "Every target has its final status",
        "202": "Some targets are still being published; get the post to follow them",
    },
    ("/v1/templates", "post"): {"201": "Created"},
    ("/v1/templates/{id}/copy", "post"): {"201": "Created"},
}
PUBLIC = ("/v1/oauth/", "/v1/callbacks/", "/v1/health", "/v1/openapi.json", "/v1/profile/deletion/")
"""Prefixes of the routes that take no access token; a test compares them with the template."""
_GATEWAYS_OWN = {
    "application/json": {"schema": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}}
}
UNAUTHORIZED_RESPONSE = {
    "description": "The access token is missing or not valid. The gateway answers this in a format of its own.",
    "content": _GATEWAYS_OWN,
}
TOO_LARGE_RESPONSE = {
    "description": "The body is too large: a problem, or the gateway's own format if it exceeds the gateway's limit.",
    "content": {**_PROBLEM_CONTENT, **_GATEWAYS_OWN},
}


def _load(function: str) -> Any:
    sys.path.insert(0, str(ROOT / "layers" / "shared"))
    spec = importlib.util.spec_from_file_location(f"openapi_{function}", ROOT / "functions" / function / "app.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"functions/{function}/app.py is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _returns_nothing(success: dict[str, Any]) -> bool:
    """Return whether a route is declared to respond without a body (``Response[None]``)."""
    schemas = [media["schema"] for media in success.get("content", {}).values()]
    return bool(schemas) and all(schema.get("type") == "null" for schema in schemas)


def _tidy(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    responses = operation["responses"]
    responses.pop("422", None)
    success = responses.pop("200", {"description": "OK"})
    key = (path, method)
    if _returns_nothing(success):
        responses["204"] = {"description": "No content"}
    elif key in EXTRA_RESPONSES:
        for status, description in EXTRA_RESPONSES[key].items():
            responses[status] = {**success, "description": description}
    else:
        responses["200"] = {**success, "description": "OK"}
    for status, media_type, example in EXAMPLES.get(key, ()):
        responses[status]["content"][media_type]["example"] = example
    if any(parameter["name"] == "If-None-Match" for parameter in operation.get("parameters", ())):
        responses["304"] = {"description": "The client has the current representation"}
    if method == "patch":
        content = operation["requestBody"]["content"]
        content["application/merge-patch+json"] = content["application/json"]
    if path.endswith("/callback"):
        responses["303"] = {"description": "Redirect to the return URL", "headers": {"location": {"schema": {"type": "string"}}}}
    if path.startswith(PUBLIC):
        operation["security"] = []
    else:
        responses["401"] = {"$ref": "#/components/responses/Unauthorized"}
    if "requestBody" in operation:
        responses["413"] = {"$ref": "#/components/responses/TooLarge"}
    responses["default"] = PROBLEM_RESPONSE
    operation["operationId"] = re.sub(r"[^A-Za-z0-9]+", "_", operation.get("operationId", f"{method}{path}")).strip("_")
    return operation


def generate() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all functions."""
    from noillusion import __version__
    from noillusion.core.codes import CATALOG
    from noillusion.privacy.models import ExportLastLine, ExportLine

    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for function in FUNCTIONS:
        part = json.loads(_load(function).app.get_openapi_json_schema())
        for path, operations in part["paths"].items():
            tidied = {method: _tidy(path, method, operation) for method, operation in operations.items()}
            paths.setdefault(path, {}).update(tidied)
        for name, schema in part.get("components", {}).get("schemas", {}).items():
            if schemas.setdefault(name, schema) != schema:
                raise SystemExit(f"two functions define different schemas named {name}")
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = {**PROBLEM, "properties": {**PROBLEM["properties"], "code": {"type": "string", "enum": sorted(CATALOG)}}}
    schemas |= errors.schemas()
    # They are lines of a text response, so no route refers to their schemas.
    for model in (ExportLine, ExportLastLine):
        described = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**described.pop("$defs", {}), model.__name__: described}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "No iLLusion Social",
            "version": __version__,
            "description": "Privacy-first backend for managing social media. Content is never stored.",
        },
        "servers": [{"url": "/"}],
        "security": [{"auth0": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {"TooLarge": TOO_LARGE_RESPONSE, "Unauthorized": UNAUTHORIZED_RESPONSE},
            "securitySchemes": {"auth0": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


if __name__ == "__main__":
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    described = json.dumps(generate(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    pages = {**dict.fromkeys(TARGETS, described), errors.TARGET: errors.markdown()}
    if "--check" in sys.argv:
        stale = [target.relative_to(ROOT) for target, text in pages.items() if not target.is_file() or target.read_text() != text]
        if stale:
            sys.exit(f"{', '.join(map(str, stale))}: out of date; run `make openapi`")
    else:
        for target, text in pages.items():
            target.write_text(text)
