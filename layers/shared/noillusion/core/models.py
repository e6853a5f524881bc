"""The bases of all API shapes. What checks a shape is built when it is first used: a request needs few of a function's shapes."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of answers and parts of them."""

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def of(cls, row: object, **computed: Any) -> Self:
        """Return the answer that shows a row: each field is the row's attribute of that name, unless it is ``computed``."""
        if not computed:
            return cls.model_validate(row, from_attributes=True)
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in computed and hasattr(row, name)}
        return cls.model_validate({**plain, **computed})


class Strict(Model):
    """Base of request bodies: unknown fields are refused and values never show in errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class RangeDeletion(Model):
    """What a deletion by range did."""

    deleted: int = Field(description="Rows that were deleted")
    remaining: int = Field(description="Rows of the range that did not fit the request: send it again until this is 0")
