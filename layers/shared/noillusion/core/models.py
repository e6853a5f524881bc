"""Base classes of API models. Validators are built on first use, because a request needs few of a function's models."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of responses and their parts."""

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def of(cls, row: object, **computed: Any) -> Self:
        """Return the model of a row: each field is the row's attribute of that name, unless it is ``computed``."""
        if not computed:
            return cls.model_validate(row, from_attributes=True)
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in computed and hasattr(row, name)}
        return cls.model_validate({**plain, **computed})


class Strict(Model):
    """Base of request bodies: unknown fields are refused and values never appear in errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class RangeDeletion(Model):
    """Result of deleting a range of records."""

    deleted: int = Field(description="Number of records deleted")
    remaining: int = Field(description="Records of the range that are left. Repeat the request until this is 0")
