"""What an object of a request may contain, by its place in the annotation of the body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def allowed_at(annotation: Any, location: Sequence[Any]) -> list[str]:
    """Return the names of the members that an object has, or an empty list if what is there is no model.

    ``location`` is pydantic's, without the source and the last part: names, indexes, and branches of unions.
    """
    candidates = list(_alternatives(annotation))
    for part in location:
        inside = [found for candidate in candidates for found in _inside(candidate, part)]
        candidates = inside or [candidate for candidate in candidates if _is_branch(candidate, part)] or candidates
    return list(dict.fromkeys(name for candidate in candidates if _is_model(candidate) for name in _fields(candidate)))


def _alternatives(annotation: Any) -> Iterator[Any]:
    """Yield an annotation without its metadata, or the members of a union."""
    if get_origin(annotation) is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from _alternatives(member)
    else:
        yield annotation


def _inside(candidate: Any, part: Any) -> Iterator[Any]:
    """Yield what a member of an object or an item of a list may be."""
    if _is_model(candidate):
        if part in (fields := _fields(candidate)):
            yield from _alternatives(fields[part])
    elif get_args(candidate) and get_origin(candidate) is (list if isinstance(part, int) else dict):
        yield from _alternatives(get_args(candidate)[-1])


def _is_branch(candidate: Any, part: Any) -> bool:
    """Return whether pydantic means this member of a union: by the name of its class, or by the value that tells it apart."""
    if not _is_model(candidate):
        return False
    literals = [kind for kind in _fields(candidate).values() if get_origin(kind) is Literal]
    return part == candidate.__name__ or any(part in get_args(literal) for literal in literals)


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Return the annotations of a model's fields by their names in JSON."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}
