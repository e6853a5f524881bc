"""Base classes of API models. Validators are built on first use, because a request needs few of a function's models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypedDict

from noillusion.core.messages import RULES

Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
"""An id in a response."""
DecimalText = Annotated[str, Field(json_schema_extra={"format": "decimal"})]
"""A decimal number as text, so that no digit is lost."""


@dataclass(frozen=True, slots=True)
class OneSet:
    """Marks a union of closed sets, so that its values are checked and described as those of one set."""

    values: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of one of the values."""
        return core_schema.literal_schema([*self.values])


class _Read:
    """Marks a value that is described by its type and may be any text."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.union_schema([handler(source), core_schema.str_schema()], mode="left_to_right")

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema["choices"][0])


V = TypeVar("V")
Stored = Annotated[V, _Read()]
"""A value of a closed set, as read from the database. It is not checked: after a rollback a newer version may have written one
that this version does not know, and that must not turn a list into an error."""


def refused(rule: str, **params: Any) -> PydanticCustomError:
    """Return the error that a validator raises for a rule of the catalog. ``params`` fill the braces of its message."""
    return PydanticCustomError(RULES[rule][0], "{rule}", {"rule": rule, **params})


class Model(BaseModel):
    """Base of responses and their parts. A response contains every field, also those that have their default."""

    model_config = ConfigDict(defer_build=True, json_schema_serialization_defaults_required=True)

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


Unit = Literal[
    "characters", "utf16", "bytes", "items", "hashtags", "mentions", "tokens", "days", "pixels", "ratio", "seconds",
    "frames_per_second", "bits_per_second", "hertz", "frames", "pages",
]  # fmt: skip


class ErrorParams(TypedDict, total=False):
    """Figures and values of an error's message, as far as it has them."""

    limit: Annotated[int | float, Field(description="Limit that was exceeded or not reached")]
    actual: Annotated[int | float, Field(description="Actual figure")]
    unit: Annotated[Unit, Field(description="Unit of `limit` and `actual`; `utf16`: UTF-16 code units; `ratio`: width / height")]
    allowed: Annotated[list[str], Field(description="Values that are allowed, or the fields of which one is needed")]
    needed: Annotated[list[str], Field(description="Permissions that the connection lacks")]
    earliest: Annotated[int, Field(description="First year that is allowed")]
    latest: Annotated[int | str, Field(description="Last year or day that is allowed")]
    times: Annotated[int, Field(description="Number of times that the template uses the value")]


class RangeDeletion(Model):
    """Result of deleting a range of records."""

    deleted: int = Field(description="Number of records deleted")
    remaining: int = Field(description="Records of the range that are left. Repeat the request until this is 0")
