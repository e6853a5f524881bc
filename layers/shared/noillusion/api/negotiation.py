"""Weighing of the ``Accept`` header (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re

_WEIGHT = re.compile(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)\Z")


def quality(accept: str, media_type: str) -> float:
    """Return how much a client wants a media type, from 0 (not at all) to 1. The most specific range decides."""
    if not accept.strip():
        return 1.0
    ranges = dict(_range(part) for part in accept.lower().split(",") if part.strip())
    major = media_type.partition("/")[0]
    return next((ranges[name] for name in (media_type, f"{major}/*", "*/*") if name in ranges), 0.0)


def _range(part: str) -> tuple[str, float]:
    """Return a media range and its weight. A weight that is not one makes the range unwanted."""
    media_type, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
    return media_type, float(weight) if _WEIGHT.match(weight) else 0.0
