"""The schemas of the document: one stable name each, closed sets as components, no titles and defaults that say nothing.

The schema of a model in a response has the model's name. Where the same model also occurs in requests, in which fields with
defaults can be left out, that schema is named ``…Input``. A page of ``Post`` is a ``PostPage``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tools.openapi import enums

PREFIX = "#/components/schemas/"
_MAPS = ("properties", "patternProperties", "schemas", "$defs")
"""Keys whose value has names of its own as keys."""


def nodes(part: Any, *, names: bool = False) -> Iterator[dict[str, Any]]:
    """Iterate over all objects of the document; those that map names to schemas are passed through."""
    if isinstance(part, dict):
        if not names:
            yield part
        for key, value in part.items():
            if names or key not in ("example", "examples", "default", "enum", "const"):
                yield from nodes(value, names=not names and key in _MAPS)
    elif isinstance(part, list):
        for value in part:
            yield from nodes(value)


def tidy(paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas with their names in the document, and change the references and schemas in the paths accordingly."""
    renamed = {name: stable(name) for name in schemas}
    if len(set(renamed.values())) != len(renamed):
        raise SystemExit("two schemas have the same name")
    found = {renamed[name]: schema for name, schema in schemas.items()}
    for part in nodes([paths, {"schemas": found}]):
        if isinstance(ref := part.get("$ref"), str) and ref.startswith(PREFIX):
            part["$ref"] = PREFIX + renamed[ref.removeprefix(PREFIX)]
        _plain(part)
    for part in nodes([paths, {"schemas": found}]):
        _name_enum(part)
    for name, schema in found.items():
        schema["title"] = name
    # Its members are there as far as an error has them; as those of a response, they are described as always there.
    found.get("ErrorParams", {}).pop("required", None)
    return found


def stable(name: str) -> str:
    """Return the name of a schema in the document."""
    paged = re.fullmatch(r"Page_(\w+)_", name)
    return f"{paged[1]}Page" if paged else name.replace("-Input", "Input").replace("-Output", "")


def referenced(users: Any, schemas: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """Return the schemas that ``users`` or ``kept`` ones refer to, directly or not, sorted by name."""
    reached, waiting = set[str](), [*kept, *_references(users)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _references(schemas[name])
    return {name: schemas[name] for name in sorted(reached)}


def _references(part: Any) -> list[str]:
    references = [node["$ref"] for node in nodes(part) if isinstance(node.get("$ref"), str)]
    return [reference.removeprefix(PREFIX) for reference in references if reference.startswith(PREFIX)]


def _plain(part: dict[str, Any]) -> None:
    """Remove titles that repeat a name, write limits of integers as integers, and descriptions as Markdown."""
    if isinstance(part.get("title"), str) and not isinstance(part.get("paths"), dict):
        del part["title"]
    if part.get("type") == "integer":
        for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if isinstance(part.get(name), float):
                part[name] = int(part[name])
    if isinstance(part.get("patternProperties"), dict):
        # Names that match no pattern are refused.
        part.setdefault("additionalProperties", False)
    if isinstance(text := part.get("description"), str):
        part["description"] = re.sub(r"(?<!\n)\n(?!\n)", " ", text.replace("``", "`"))


def _name_enum(part: dict[str, Any]) -> None:
    """Replace a closed set by a reference to its component."""
    values = part.get("enum")
    if not isinstance(values, list):
        return
    if len(values) == 1:
        part["const"] = values[0]
    elif (name := enums.names().get(frozenset(values))) is not None:
        part["$ref"] = PREFIX + name
    else:
        raise SystemExit(f"a closed set has no name in tools/openapi/enums.py: {values}")
    del part["enum"]
    if "const" not in part:
        part.pop("type", None)
