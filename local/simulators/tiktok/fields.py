"""Checks of single parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request

from local.simulators.tiktok.errors import Refused


def utf16(text: str) -> int:
    """Length in UTF-16 code units, which is how TikTok counts."""
    return len(text.encode("utf-16-le")) // 2


def is_int(value: Any) -> bool:
    """Tell a number from a boolean."""
    return isinstance(value, int) and not isinstance(value, bool)


def asked_fields(request: Request, known: Iterable[str]) -> list[str]:
    """Return the names in ``fields``; refuse unknown ones."""
    names = [name.strip() for name in request.query_params.get("fields", "").split(",") if name.strip()]
    unknown = sorted(set(names) - set(known))
    if not names or unknown:
        raise Refused("invalid_params", f"fields is required and must hold known names; unknown: {unknown}")
    return names
