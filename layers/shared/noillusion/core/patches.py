"""Merge patches (RFC 7396): absent members stay as they are, objects are merged, everything else replaces, and null removes."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationInfo, create_model, field_validator

from noillusion.core.models import Strict, refused


class Patch(Strict):
    """Base of merge patches. Null is refused unless it is one of the values that the member can have."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and NoneType not in get_args(cls.model_fields[str(info.field_name)].annotation):
            raise refused("not_null")
        return value

    def changes(self) -> dict[str, Any]:
        """Return the members that were sent, as JSON values."""
        return self.model_dump(mode="json", exclude_unset=True)


def partial(whole: type[Strict], name: str, description: str, **nested: type[Patch]) -> Any:
    """Return the patch of a model: the same members with the same rules, none of them required, without defaults.

    ``nested`` are the patches of its members that are objects themselves.
    """
    members: dict[str, Any] = {}
    for member, field in whole.model_fields.items():
        kind = nested.get(member, field.annotation)
        typed = Annotated[(kind, *field.metadata)] if field.metadata else kind
        # A factory, unlike a default, is not part of the schema, where a client could take it for the value.
        members[member] = (typed, Field(default_factory=NoneType, description=field.description))
    return create_model(name, __base__=Patch, __module__=whole.__module__, __doc__=description, **members)


def merge(target: Any, patch: Any) -> Any:
    """Return a JSON value changed by a patch (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged
