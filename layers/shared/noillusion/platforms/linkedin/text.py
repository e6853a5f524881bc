"""LinkedIn's "little text": escaping of what LinkedIn reserves, and its undoing."""

from __future__ import annotations

import re

_RESERVED = re.compile(r"(?P<hashtag>(?<![\w/&#])#(?=\d*[^\W\d_]))|[\\|{}@\[\]()<>#*_~]")
_TEMPLATE = re.compile(r"(?<!\\)\{hashtag\|\\?#\|((?:\\.|[^}\\])*)\}")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")


def little_text(text: str) -> str:
    """``text`` for a commentary: reserved characters escaped, because one left raw cuts the post off silently (platforms.md 3.3).

    The ``#`` of a hashtag (a word with a letter in it, not glued to the text before) stays raw, or it would be no hashtag.
    """
    return _RESERVED.sub(lambda found: found[0] if found["hashtag"] else "\\" + found[0], text)


def plain_text(commentary: str) -> str:
    """Return a commentary as readers see it: :func:`little_text` undone, hashtag templates included."""
    return _ESCAPED.sub(r"\1", _TEMPLATE.sub(r"#\1", commentary))
