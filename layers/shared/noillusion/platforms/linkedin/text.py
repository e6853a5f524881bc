"""LinkedIn's "little text": escaping of what LinkedIn reserves, and its undoing."""

from __future__ import annotations

import re

_URL = r"(?P<url>(?:https?://|\bwww\.)\S+|(?<![\w@.#-])(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?/\S*)"
_RESERVED = re.compile(rf"{_URL}|(?P<hashtag>(?<![\w/&#])#(?=\d*[^\W\d_]))|[\\|{{}}@\[\]()<>#*_~]", re.IGNORECASE)
_IN_URL = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_TEMPLATE = re.compile(r"(?<!\\)\{hashtag\|\\?#\|((?:\\.|[^}\\])*)\}")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")


def little_text(text: str) -> str:
    """``text`` for a commentary: reserved characters escaped, because one left raw cuts the post off silently (platforms.md 3.3).

    The ``#`` of a hashtag (a word with a letter in it, not glued to the text before) stays raw, or it would be no hashtag. A URL
    has no hashtags, with a scheme or without.
    """
    return _RESERVED.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if found["url"]:
        return _IN_URL.sub(r"\\\g<0>", found["url"])
    return found[0] if found["hashtag"] else "\\" + found[0]


def plain_text(commentary: str) -> str:
    """Return a commentary as readers see it: :func:`little_text` undone, hashtag templates included."""
    return _ESCAPED.sub(r"\1", _TEMPLATE.sub(r"#\1", commentary))
