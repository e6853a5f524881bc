"""Counts that grow with the age of a post, the same for the same post and age."""

from __future__ import annotations

import math
import zlib


def grown(key: str, age_s: float, most: int) -> int:
    """Return a count that depends on ``key`` and age only: it rises fast at first and approaches a ceiling of about ``most``."""
    weight = 0.5 + zlib.crc32(key.encode()) % 1000 / 1000
    return int(most * weight * (1 - math.exp(-max(age_s, 0.0) / 21_600)))
