"""Costs follow the table exactly, by the model that served; what is unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import genai_prices
import pytest

from noillusion.ai import prices
from noillusion.ai.outcomes import Usage
from noillusion.catalog.lifetimes import LIFETIMES
from noillusion.catalog.models import known
from noillusion.catalog.providers import PROVIDERS, Provider
from tools.prices import generate

SERVED: list[tuple[Provider, str]] = [
    ("openai", "gpt-6-luna"), ("openai", "gpt-6-luna-2026-09-01"), ("openai", "gpt-6.1-sol"), ("openai", "gpt-4o-mini"),
    ("anthropic", "claude-haiku-5-5"), ("anthropic", "claude-haiku-5-5-20261001"), ("anthropic", "claude-opus-5-5"),
    ("google", "gemini-3.5-flash-lite"), ("google", "gemini-2.5-pro"), ("google", "gemini-3.1-pro-preview"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "model"), SERVED)
@pytest.mark.parametrize("usage", [Usage(1000, 500), Usage(1000, 500, cached=400, cache_write=100), Usage(300_001, 7, cached=3)])
def test_J6_costs_agree_with_the_source_of_the_table(provider: Provider, model: str, usage: Usage) -> None:
    cached = {"cache_read_tokens": usage.cached} if usage.cached else {}
    written = {"cache_write_tokens": usage.cache_write} if usage.cache_write and provider != "google" else {}
    theirs = genai_prices.calc_price(
        genai_prices.Usage(input_tokens=usage.input, output_tokens=usage.output, **cached, **written),
        model,
        provider_id=provider,
        genai_request_timestamp=datetime.fromisoformat(f"{prices.version().partition('@')[2]}T12:00:00+00:00"),
    )
    if usage.cache_write and not theirs.model_price.cache_write_mtok:
        # Without a rate of their own, tokens written to the cache are plain input.
        usage = replace(usage, cache_write=0)
    ours = prices.cost_nanousd(provider, model, usage)
    assert ours is not None and abs(Decimal(ours) / prices.NANO - theirs.total_price) < Decimal("0.000000001")


@pytest.mark.parametrize(
    ("provider", "model"), [("openai", "gpt-6.2-sol"), ("anthropic", "claude-next-9"), ("google", "gpt-6-luna")]
)
def test_an_unknown_model_has_no_price(provider: Provider, model: str) -> None:
    assert prices.cost_nanousd(provider, model, Usage(10, 10)) is None


def test_unknown_tokens_have_no_cost() -> None:
    assert prices.cost_nanousd("openai", "gpt-6-luna", None) is None


NAMES: tuple[Provider, ...] = ("openai", "anthropic", "google")


def test_the_default_models_cost_what_the_reference_says() -> None:
    assert [prices.cost_nanousd(p, PROVIDERS[p].models[0], Usage(1_000_000, 0)) for p in NAMES] == [
        200_000_000, 500_000_000, 300_000_000,
    ]  # fmt: skip
    assert [prices.cost_nanousd(p, PROVIDERS[p].models[0], Usage(1_000, 1_000)) for p in NAMES] == [
        600_000,
        600_000,
        2_800_000,
    ]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_suggested_model_has_a_price(provider: Provider) -> None:
    assert all(prices.cost_nanousd(provider, model, Usage(1, 1)) is not None for model in PROVIDERS[provider].models)


def test_the_shipped_table_is_what_the_script_generates() -> None:
    date = prices.version().partition("@")[2]
    assert generate(datetime.fromisoformat(f"{date}T12:00:00").replace(tzinfo=UTC)) == prices._table()


@pytest.mark.parametrize(
    ("nano", "text"), [(0, "0"), (1, "0.000000001"), (150_000, "0.00015"), (10_000_000_000, "10"), (1_500_000_000, "1.5")]
)
def test_money_is_written_as_a_plain_decimal(nano: Any, text: str) -> None:
    assert prices.usd(nano) == text


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("tokens", [10, 50_000, 99_999, 150_000, 300_000])
def test_no_division_of_the_tokens_costs_more_than_the_highest_cost(provider: Provider, tokens: int) -> None:
    for model in PROVIDERS[provider].models:
        highest = prices.highest_nanousd(provider, model, tokens, 4_000)
        assert highest is not None
        for cached, written in ((0, 0), (tokens, 0), (0, tokens), (tokens // 2, tokens // 2)):
            cost = prices.cost_nanousd(provider, model, Usage(tokens, 4_000, cached=cached, cache_write=written))
            assert cost is not None and cost <= highest
    assert prices.highest_nanousd(provider, "unheard-of", tokens, 1) is None


def test_the_models_that_are_known_are_those_whose_lifetimes_are() -> None:
    for provider in PROVIDERS:
        models = known(provider)
        dated = [row for row in LIFETIMES if (row.service, row.sort) == (provider, "model")]
        assert list(models)[: len(PROVIDERS[provider].models)] == list(PROVIDERS[provider].models)
        assert models.keys() == {row.name for row in dated}
        assert {name: entry.ends for name, entry in models.items()} == {row.name: row.ends for row in dated}
