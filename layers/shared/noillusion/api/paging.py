"""Opaque list cursors: signed positions, so that a client can neither read nor forge them."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import datetime
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import BaseModel

from noillusion.errors import FieldError, Invalid
from noillusion.models import Model
from noillusion.settings import settings

Item = TypeVar("Item", bound=BaseModel)
_TAG = 12


class Page(Model, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = None


def encode(*position: str | int | datetime) -> str:
    """A cursor from the sort values of the last row of a page."""
    raw = json.dumps([p.isoformat() if isinstance(p, datetime) else p for p in position], separators=(",", ":")).encode()
    tag = hmac.new(settings().state_key, b"cursor" + raw, sha256).digest()[:_TAG]
    return base64.urlsafe_b64encode(tag + raw).rstrip(b"=").decode()


def decode(cursor: str | None, length: int) -> list[str] | None:
    """The sort values of a cursor, ``None`` for the first page; :class:`Invalid` if it is not one of ours."""
    if cursor is None or cursor == "":
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        tag, body = raw[:_TAG], raw[_TAG:]
        if not hmac.compare_digest(tag, hmac.new(settings().state_key, b"cursor" + body, sha256).digest()[:_TAG]):
            raise ValueError("tag")
        position = [str(part) for part in json.loads(body)]
        if len(position) != length:
            raise ValueError("length")
    except ValueError:
        raise Invalid([FieldError("cursor", "invalid", "Must be the next_cursor of an earlier page.")]) from None
    return position
