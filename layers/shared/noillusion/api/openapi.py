"""The OpenAPI document, generated from the code and deployed with it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from noillusion.core.errors import NotFound, Problem

DOCUMENT = Path(__file__).with_name("openapi.json")


class MethodNotAllowed(Problem):
    """The route exists with other methods, which the ``Allow`` header lists (RFC 9110, 15.5.6)."""

    status = 405

    def __init__(self, methods: Sequence[str]) -> None:
        self.allow = ", ".join(methods)
        super().__init__("method_not_allowed", methods=self.allow)


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return dict(json.loads(DOCUMENT.read_text()))


@lru_cache(maxsize=1)
def etag() -> str:
    """Return the entity tag of the document."""
    return f'"{sha256(DOCUMENT.read_bytes()).hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def _routes() -> list[tuple[re.Pattern[str], list[str]]]:
    paths = document()["paths"]
    return [
        (re.compile(re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(path)) + r"\Z"), sorted(method.upper() for method in methods))
        for path, methods in paths.items()
    ]


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return all names that the API defines for parts of a request: properties, fixed keys of maps, and parameters."""
    found: set[str] = set()
    described = document()
    sets = described["components"]["schemas"]
    waiting: list[Any] = [described]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            closed = part.get("propertyNames", {}).get("$ref", "").rpartition("/")[2]
            found.update(part.get("properties", ()), sets.get(closed, {}).get("enum", ()))
            if "in" in part and isinstance(part.get("name"), str):
                found.add(part["name"])
            waiting += (value for key, value in part.items() if key not in ("example", "examples"))
        elif isinstance(part, list):
            waiting += part
    return frozenset(found)


def missing_route(method: str, path: str) -> Problem:
    """Return the problem for a request without a route: wrong method, or unknown path."""
    allowed = sorted({allowed for pattern, methods in _routes() if pattern.match(path) for allowed in methods})
    if allowed and method not in allowed:
        return MethodNotAllowed(allowed)
    return NotFound("unknown_route")
