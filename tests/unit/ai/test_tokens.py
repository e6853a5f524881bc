"""Estimates of input tokens are upper bounds in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noillusion.ai.tokens import upper_bound


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        # Tokens per character as the vendors' tokenizers have been seen to need them, from the best to the worst.
        ("The quick brown fox jumps over the lazy dog. " * 20, 0.22, 0.6),
        ("SHOUTING IN CAPITALS " * 20, 0.3, 1.0),
        ("8271 0093 4457 1920 " * 20, 0.4, 1.0),
        ("Füße größer schöner Straße " * 20, 0.35, 0.8),
        ("Быстрая лиса перепрыгнула " * 20, 0.3, 1.0),
        ("我们今天新开了一家书店欢迎光临" * 20, 0.8, 2.0),
        ("本日は晴天なりカタカナ" * 20, 0.8, 2.0),
        ("안녕하세요 여러분 " * 20, 0.7, 2.0),
        ("नमस्ते दुनिया " * 20, 0.6, 3.0),
        ("สวัสดีชาวโลก" * 20, 0.6, 3.0),
        ("🚲🎉🥐" * 20, 1.0, 4.0),
        ("👩‍👩‍👧‍👦" * 20, 1.0, 4.0),
    ],
)
def test_the_bound_lies_between_what_a_script_takes_and_its_bytes(text: str, least: float, most: float) -> None:
    assert least * len(text) < upper_bound(text) <= most * len(text)


@given(st.text())
def test_no_text_has_more_tokens_than_bytes_nor_fewer_than_half_its_characters(text: str) -> None:
    size = len(text.encode("utf-8", "replace"))
    assert len(text) / 2 <= upper_bound(text) <= size


@given(st.text(), st.text())
def test_parts_never_add_up_to_less_than_the_whole(first: str, second: str) -> None:
    assert upper_bound(first + second) <= upper_bound(first) + upper_bound(second)
