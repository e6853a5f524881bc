"""The content document: one post as a JSON file that its owner hosts.

Its hash is that of its canonical form (RFC 8785): a file that is formatted in another way is the same document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError

from noillusion.core.errors import FieldError
from noillusion.core.fields import WHOLE
from noillusion.core.models import Strict
from noillusion.core.validation import from_pydantic, has_more_values
from noillusion.flows.draft import Kind
from noillusion.publishing.content import ContentInput
from noillusion.publishing.models import OptionsInput

VERSION = 1
MAX_BYTES = 8 * 1024 * 1024
"""Maximum size of a document as it is served: room for one file of 4 MiB as base64, and all texts."""
MAX_VALUES = 10_000
"""Maximum number of object members and list items in a document."""

SAFE = 2**53 - 1
"""The largest whole number that double precision tells from its neighbors."""


class ContentDocument(Strict):
    """One post for one account. It is read from its URL, published and forgotten."""

    version: Annotated[int, Field(strict=True, ge=VERSION, le=VERSION), WHOLE]
    content: ContentInput
    kind: Kind | None = Field(default=None, description="Kind of post. Null: derived from the content")
    options: OptionsInput | None = None


class DocumentInvalid(Exception):
    """The bytes are not a content document. ``errors`` name its fields, if it is JSON at all; nothing of it is repeated."""

    def __init__(self, errors: Sequence[FieldError] = ()) -> None:
        super().__init__("document_invalid")
        self.errors = tuple(errors)


class DocumentCut(DocumentInvalid):
    """The bytes are the beginning of a JSON object."""


class Loaded:
    """A document that was read as JSON, with the hash of its canonical form."""

    __slots__ = ("_values", "sha256")

    def __init__(self, values: Any, sha256: str) -> None:
        self._values, self.sha256 = values, sha256

    def document(self) -> ContentDocument:
        """Return the document. Raises :class:`DocumentInvalid` with the fields that are not valid."""
        try:
            return ContentDocument.model_validate(self._values)
        except ValidationError as error:
            found = from_pydantic(error.errors(include_url=False, include_input=False), self._values, _names(), ContentDocument)
        raise DocumentInvalid(found)


def load(raw: bytes) -> Loaded:
    """Read a document as strict JSON: UTF-8, no member twice, no NaN. Numbers are those of RFC 8785: double precision.

    Raises :class:`DocumentInvalid`.
    """
    text, ends = raw.rstrip(), -1
    try:
        values = json.loads(text.decode(), object_pairs_hook=_distinct, parse_int=_number, parse_constant=_refuse)
        if not has_more_values(values, MAX_VALUES):
            return Loaded(values, hashlib.sha256(canonical(values)).hexdigest())
    except json.JSONDecodeError as error:
        ends = len(error.doc) - error.pos
    except (ValueError, RecursionError):
        pass
    raise DocumentCut if text.startswith(b"{") and (ends == 0 or not text.endswith(b"}")) else DocumentInvalid


def canonical(values: Any) -> bytes:
    """Return JSON values in canonical form (RFC 8785). Raises ``ValueError`` for what it does not have."""
    # Only what reads documents needs it.
    import rfc8785

    return rfc8785.dumps(values)


def _distinct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member occurs twice")
    return found


def _number(digits: str) -> int | float:
    number = int(digits)
    return number if abs(number) <= SAFE else float(digits)


def _refuse(_: str) -> None:
    raise ValueError("NaN and infinities are not JSON")


def _names() -> frozenset[str]:
    """Return the names of all members that a document can have."""
    names: set[str] = set()
    schemas = [ContentDocument.model_json_schema()]
    while schemas:
        schema = schemas.pop()
        names |= schema.get("properties", {}).keys()
        schemas += schema.get("$defs", {}).values()
    return frozenset(names)
