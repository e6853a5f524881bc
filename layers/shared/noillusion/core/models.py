"""The bases of all API shapes. What checks a shape is built when it is first used: a request needs few of a function's shapes."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of answers and parts of them."""

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def of(cls, row: object) -> Self:
        """Return the answer that shows a row: each field is the row's attribute of that name."""
        return cls.model_validate(row, from_attributes=True)


class Strict(Model):
    """Base of request bodies: unknown fields are refused and values never show in errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class RangeDeletion(Model):
    """What a deletion by range did."""

    deleted: int = Field(description="Rows that were deleted")
    remaining: int = Field(description="Rows of the range that did not fit the request: send it again until this is 0")
