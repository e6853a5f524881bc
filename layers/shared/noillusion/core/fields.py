"""The values that requests are made of, each defined once: texts, flags, numbers, ids, languages, time zones, amounts."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar
from unicodedata import category, normalize

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from noillusion.core.models import refused

Items = TypeVar("Items", bound="list[str]")
_ID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LANGUAGE_TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,5}"


def no_nul(text: str) -> str:
    """Return a text that the database can store."""
    if "\x00" in text:
        raise refused("nul")
    return text


def distinct(items: Items) -> Items:
    """Return a list whose items all differ."""
    if len(set(items)) != len(items):
        raise refused("duplicates")
    return items


class _Distinct:
    """Marks a list whose items must differ, and describes it as one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(distinct, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "uniqueItems": True}


def _integral(value: object) -> object:
    """Return a whole number as one. To JSON Schema, 3.0 is an integer (Core, 4.2.2), and some encoders write it like that."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def composed(tag: str) -> str:
    """Return a tag as it is stored and searched: trimmed, in lower case, composed."""
    return normalize("NFC", tag.strip().lower())


def is_id(text: str) -> bool:
    """Return whether a text is an id in its usual form."""
    return re.fullmatch(_ID, text) is not None


def _canonical_tag(tag: str) -> str:
    """Return a language tag in the usual case: the language in lower case, a script as Latn, a region as US (RFC 5646, 2.1.1)."""
    first, *rest = tag.split("-")
    shown, extension = [first.lower()], False
    for part in rest:
        extension = extension or len(part) == 1
        if extension or len(part) not in (2, 4) or (len(part) == 4 and not part.isalpha()):
            shown.append(part.lower())
        else:
            shown.append(part.upper() if len(part) == 2 else part.title())
    return "-".join(shown)


def _language(text: str) -> str:
    if re.fullmatch(_LANGUAGE_TAG, text):
        return _canonical_tag(text)
    if not text[0].isalpha() or any(character not in " '()-" and category(character)[0] not in "LM" for character in text):
        raise refused("language")
    return text


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise refused("time_zone")
    return name


def _short_model(name: str) -> str:
    return name.removeprefix("models/")


def _plain(amount: Decimal) -> Decimal:
    """Return an amount without an exponent: 1E+3 is returned as 1000."""
    return Decimal(f"{amount:f}")


_AMOUNT = {"type": "number", "minimum": 0, "maximum": 100_000}

NO_NUL = AfterValidator(no_nul)
DISTINCT = _Distinct()
WHOLE = BeforeValidator(_integral)

Flag = Annotated[bool, Field(strict=True)]
"""True or false. Words such as "yes" and numbers are refused."""
Number = Annotated[float, Field(strict=True)]
"""A number as JSON has it. A text of digits is refused."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True), NO_NUL]
Line = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True), NO_NUL]
Label = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True), NO_NUL]
Skill = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), NO_NUL]
Description = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), NO_NUL]
Paragraph = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True), NO_NUL]
ClientReference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
"""A client's own name for something. Its form leaves no room for a text."""
UsedKey = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[ -~]+$")]
"""An idempotency key, to look up what was made under it."""
SearchText = Annotated[str, StringConstraints(min_length=1, max_length=100), NO_NUL]
Tag = Annotated[
    str,
    StringConstraints(min_length=1, max_length=30, strip_whitespace=True, to_lower=True, pattern=r"^\w[\w-]*$"),
    AfterValidator(composed),
]
TagFilter = Annotated[str, StringConstraints(min_length=1, max_length=30), NO_NUL, AfterValidator(composed)]
Id = Annotated[str, StringConstraints(pattern=f"^{_ID}$", to_lower=True), Field(json_schema_extra={"format": "uuid"})]
LanguageTag = Annotated[
    str, StringConstraints(max_length=35, strip_whitespace=True, pattern=f"^{_LANGUAGE_TAG}$"), AfterValidator(_canonical_tag)
]
"""A BCP 47 tag, in the usual case."""
Language = Annotated[str, StringConstraints(min_length=2, max_length=40, strip_whitespace=True), AfterValidator(_language)]
"""A BCP 47 tag, or a language by its name."""
TimeZone = Annotated[str, AfterValidator(_zone)]
ModelName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=r"^(models/)?[A-Za-z0-9][A-Za-z0-9._:-]*$"),
    AfterValidator(_short_model),
]
"""Name of an AI model. Google's ``models/`` in front of it is left out: prices and replies name models without it."""
Dollars = Annotated[
    Decimal,
    Field(ge=0, le=100000, max_digits=10, decimal_places=4),
    AfterValidator(_plain),
    WithJsonSchema({"type": "string", "format": "decimal"}, mode="serialization"),
    WithJsonSchema({"anyOf": [_AMOUNT, {"type": "string", "pattern": r"^[0-9]{1,5}(\.[0-9]{1,4})?$"}]}, mode="validation"),
]
