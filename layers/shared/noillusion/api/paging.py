"""List cursors: signed positions that are valid only for one list of one user with the same filters.

A client can read the position in a cursor (a time and an id of its own rows), but cannot forge one or use it in another list.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import BaseModel

from noillusion.core.errors import Invalid, field_error
from noillusion.core.models import Model
from noillusion.core.records import record
from noillusion.settings.source import settings

Item = TypeVar("Item", bound=BaseModel)
_TAG = 16
"""Length of the tag in bytes. Cursors of earlier versions with another length have expired."""


class Page(Model, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = None


@record()
class Listing:
    """The list that a cursor belongs to: its name, its user, and the requested filters and order.

    Filters that are ``None`` do not count. The page size is not a filter and may change from page to page.
    """

    name: str
    user_id: str
    filters: Mapping[str, object] = field(default_factory=dict)

    def cursor(self, *position: str | int | datetime) -> str:
        """Return a cursor from the sort values of the last row of a page."""
        raw = json.dumps([_plain(part) for part in position], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._tag(raw) + raw).rstrip(b"=").decode()

    def position(self, cursor: str | None, length: int) -> list[str] | None:
        """Return the sort values of a cursor, or ``None`` for the first page.

        Raises :class:`Invalid` for the field ``cursor`` if it was not issued for this list, user and filters.
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
        # Two JSON arrays can be concatenated, because the end of the first is unambiguous.
        return hmac.new(settings().state_key, place + position, sha256).digest()[:_TAG]


def _plain(value: object) -> object:
    """Return a JSON value. Equal instants give equal values, whatever their offset."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
