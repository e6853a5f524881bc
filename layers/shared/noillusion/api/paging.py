"""List cursors: signed positions that hold in one list of one user with one set of filters, and nowhere else.

A client can read where a cursor stands (a time and an id of its own rows); it can neither forge one nor use it in another list.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import BaseModel

from noillusion.core.errors import Invalid, field_error
from noillusion.core.models import Model
from noillusion.settings.values import settings

Item = TypeVar("Item", bound=BaseModel)
_TAG = 16
"""Bytes of the tag that are kept. A cursor of another length of tag is one of an earlier version: it has expired."""


class Page(Model, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The list that a cursor belongs to: its name, whose it is, and the filters and order that were asked for.

    Filters that were not given (``None``) do not count. The size of a page is no filter: it may change from page to page.
    """

    name: str
    user_id: str
    filters: Mapping[str, object] = field(default_factory=dict)

    def cursor(self, *position: str | int | datetime) -> str:
        """Return a cursor from the sort values of the last row of a page."""
        raw = json.dumps([_plain(part) for part in position], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._tag(raw) + raw).rstrip(b"=").decode()

    def position(self, cursor: str | None, length: int) -> list[str] | None:
        """Return the sort values of a cursor, ``None`` for the first page.

        :class:`Invalid` names the field ``cursor`` if this list did not give it to this user with these filters.
        """
        if cursor is None or cursor == "":
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            tag, body = raw[:_TAG], raw[_TAG:]
            if not hmac.compare_digest(tag, self._tag(body)):
                raise ValueError("tag")
            position = [str(part) for part in json.loads(body)]
            if len(position) != length:
                raise ValueError("length")
        except ValueError:
            raise Invalid([field_error("cursor", "cursor")]) from None
        return position

    def _tag(self, position: bytes) -> bytes:
        filters = {name: _plain(value) for name, value in self.filters.items() if value is not None}
        place = json.dumps(["cursor", self.name, self.user_id, filters], sort_keys=True, separators=(",", ":")).encode()
        # Two JSON arrays, one after the other: where the first ends is never in doubt.
        return hmac.new(settings().state_key, place + position, sha256).digest()[:_TAG]


def _plain(value: object) -> object:
    """Return what JSON can hold. Equal instants are equal, whatever their offset."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
