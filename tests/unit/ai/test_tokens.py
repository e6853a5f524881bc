"""Estimates of input tokens are upper bounds in every script and at every provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noillusion.ai.tokens import upper_bound

COUNTED = json.loads((Path(__file__).parent / "tokens.json").read_text("utf-8"))
"""Texts and their tokens as counted by tokenizers of OpenAI (o200k, cl100k), Anthropic and Google (ai-providers.md section 6)."""


@pytest.mark.parametrize("counted", COUNTED, ids=[row["script"] for row in COUNTED])
def test_no_providers_tokenizer_makes_more_tokens_of_a_text(counted: dict[str, Any]) -> None:
    most = max(*counted["openai"], counted["anthropic"], counted["google"])
    assert most <= upper_bound(counted["text"])
    # A bound that is much too high would keep people from what they may do.
    assert upper_bound(counted["text"]) <= 8 * most


@given(st.text())
def test_the_bound_is_that_of_the_bytes_in_the_longer_form(text: str) -> None:
    """A token has at least a byte, whatever a tokenizer has learned."""
    forms = text, normalize("NFKC", text)
    assert upper_bound(text) == max(len(form.encode("utf-8", "replace")) for form in forms)


@given(st.text(), st.text())
def test_parts_never_add_up_to_less_than_the_whole(first: str, second: str) -> None:
    assert upper_bound(first + second) <= upper_bound(first) + upper_bound(second)
