"""An upper bound of the tokens that a provider counts in a text. Each model has a tokenizer of its own, and none is here."""

from __future__ import annotations

from unicodedata import normalize

FRAMING = 200
"""For what a provider adds: the form of a conversation, and words of its own about the answer's schema."""


def upper_bound(text: str) -> int:
    """Tokens that ``text`` has at most, in every script and at every provider (ai-providers.md section 6).

    Tokens are made of bytes, so there are never more of them than UTF-8 bytes, and some texts have as many, in plain letters too.
    Some tokenizers first replace characters by their compatible forms, which can be longer.
    """
    return _bytes(text) if text.isascii() else max(_bytes(text), _bytes(normalize("NFKC", text)))


def _bytes(text: str) -> int:
    # A lone half of a pair has no bytes of its own; it is replaced when it is sent.
    return len(text.encode("utf-8", "replace"))
