"""Times, ids and counts that grow."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Final

HOUR: Final = 3600.0
DAY: Final = 86_400.0
CRAWLER: Final = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"


def grown(seed: str, age_s: float, ceiling: int) -> int:
    """A number that grows with age towards a limit of at most ``ceiling``, the same for the same seed and age."""
    share = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) / 2**32
    return int(ceiling * (0.2 + 0.8 * share) * (1 - math.exp(-max(age_s, 0.0) / (2 * DAY))))


class Ids:
    """Ids in the order of creation, with gaps like real ones."""

    def __init__(self, start: int) -> None:
        self._next = start

    def __iter__(self) -> Iterator[int]:
        """Return itself: each id is given once."""
        return self

    def __next__(self) -> int:
        """Return the next id."""
        self._next += 7
        return self._next - 7
