"""Generate the price table from genai-prices: ``python -m tools.prices``. It needs no network."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import genai_prices
from genai_prices import types
from genai_prices.data_snapshot import get_snapshot

from noillusion.catalog.providers import PROVIDERS

TARGET = Path(__file__).resolve().parent.parent / "layers" / "shared" / "noillusion" / "ai" / "prices.json"
FAMILIES: dict[str, tuple[str, ...]] = {name: entry.families for name, entry in PROVIDERS.items()}
NOT_TEXT = re.compile(r"image|tts|audio|realtime|live|transcribe|robotics|omni|vision|banana|search")
RATES = {
    "input": "input_mtok",
    "cached": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "output": "output_mtok",
}
CLAUSES: dict[type, str] = {
    types.ClauseEquals: "equals",
    types.ClauseStartsWith: "starts_with",
    types.ClauseEndsWith: "ends_with",
    types.ClauseContains: "contains",
    types.ClauseRegex: "regex",
}


def _rule(match: Any) -> list[Any]:
    """Return a match rule as ``["any" | "all", rules…]`` or ``[operator, text]``."""
    if isinstance(match, types.ClauseOr):
        return ["any", *map(_rule, match.or_)]
    if isinstance(match, types.ClauseAnd):
        return ["all", *map(_rule, match.and_)]
    name = CLAUSES[type(match)]
    return [name, getattr(match, name)]


def _rate(price: Any) -> list[list[Any]] | None:
    """Steps ``[from how many input tokens (exclusive), US dollars per million tokens]``, the base step from zero."""
    if isinstance(price, Decimal):
        return [[0, str(price)]]
    if isinstance(price, types.TieredPrices):
        return [[0, str(price.base)], *([tier.start, str(tier.price)] for tier in price.tiers)]
    return None


def _writes_text(model: str, prefixes: tuple[str, ...]) -> bool:
    return model.startswith(prefixes) and not NOT_TEXT.search(model)


def _model(model: Any, today: datetime) -> dict[str, Any] | None:
    prices = model.get_prices(today)
    rates = {ours: rate for ours, theirs in RATES.items() if (rate := _rate(getattr(prices, theirs, None))) is not None}
    if "input" not in rates or "output" not in rates:
        return None
    return {"id": model.id, "match": _rule(model.match), "usd_per_million": rates}


def generate(today: datetime) -> dict[str, Any]:
    """Return the table as of ``today``: version, date, and the text models of each provider in the order of the source."""
    providers = {}
    for provider in get_snapshot().providers:
        families = FAMILIES.get(provider.id)
        if families:
            models = (_model(model, today) for model in provider.models if _writes_text(model.id, families))
            providers[provider.id] = [model for model in models if model]
    return {"version": f"genai-prices-{genai_prices.__version__}", "date": today.date().isoformat(), "providers": providers}


if __name__ == "__main__":
    table = generate(datetime.now(UTC))
    TARGET.write_text(json.dumps(table, separators=(",", ":")) + "\n")
    sys.stdout.write(f"{TARGET.name}: {sum(map(len, table['providers'].values()))} models, {table['version']}\n")
