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
FUNCTIONS = ("profile", "connect_callback", "generate", "templates", "publish", "analytics", "health")


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
            "description": "Privacy-first backend for managing social media. Content is never stored.",
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
