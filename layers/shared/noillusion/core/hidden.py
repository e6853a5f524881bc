"""Characters that a person does not see and a model reads: of direction, without a shape, and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from noillusion.core.records import record

HiddenKind = Literal["bidi", "invisible", "tag"]
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_JOINERS = "\u200c\u200d\ufe00-\ufe0f"
"""Shape the character before them, in emoji and in scripts whose letters join. Anywhere else they are not seen."""
_INVISIBLE = (
    "\u0001-\u0008\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065"
    "\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0100-\U000e01ef"
)
_TAG = "\U000e0000-\U000e007f"
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f"
"""The flag of a part of a country, which is written with tags."""
_FOUND = re.compile(
    rf"{_FLAG}|(?P<bidi>[{_BIDI}])|(?P<tag>[{_TAG}])|(?P<invisible>[{_INVISIBLE}]|(?:^|(?<=[\u0001-\u02ff{_JOINERS}]))[{_JOINERS}])"
)


@record(eq=True)
class Hidden:
    """One such character. ``at`` is its position in code points."""

    at: int
    character: str
    kind: HiddenKind


def hidden_in(text: str) -> Iterator[Hidden]:
    """Yield the hidden characters of a text in their order."""
    for found in _FOUND.finditer(text):
        if found.lastgroup is not None:
            yield Hidden(found.start(), found[0], cast("HiddenKind", found.lastgroup))
