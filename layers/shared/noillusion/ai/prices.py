"""What a call costs, from the shipped price table. A model the table does not know has no price: it is never guessed."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from noillusion.ai.outcomes import Usage
from noillusion.catalog.providers import Provider

TABLE = Path(__file__).with_name("prices.json")
NANO = Decimal(1_000_000_000)
Steps = list[tuple[int, Decimal]]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def version() -> str:
    """Version and date of the price table, as recorded beside each cost."""
    return f"{_table()['version']}@{_table()['date']}"


def _matches(rule: list[Any], name: str) -> bool:
    operator, *rest = rule
    if operator == "any":
        return any(_matches(part, name) for part in rest)
    if operator == "all":
        return all(_matches(part, name) for part in rest)
    text = str(rest[0])
    if operator == "regex":
        return re.search(text, name) is not None
    text = text.lower()
    return {
        "equals": name == text,
        "starts_with": name.startswith(text),
        "ends_with": name.endswith(text),
        "contains": text in name,
    }[operator]


@lru_cache(maxsize=256)
def _rates(provider: Provider, model: str) -> dict[str, Steps] | None:
    name = model.lower()
    for entry in _table()["providers"].get(provider, []):
        if _matches(entry["match"], name):
            rates = entry["usd_per_million"]
            return {kind: [(int(start), Decimal(price)) for start, price in steps] for kind, steps in rates.items()}
    return None


def knows(provider: Provider, model: str) -> bool:
    """Return whether the table has the model."""
    return _rates(provider, model) is not None


def usd_per_million(provider: Provider, model: str) -> dict[str, str | None] | None:
    """Return what a million tokens of a short prompt cost in US dollars; ``None`` for a model that the table does not have."""
    rates = _rates(provider, model)
    if rates is None:
        return None
    shown = {kind: f"{_price(steps, 0).normalize():f}" for kind, steps in rates.items()}
    return {"input": shown["input"], "cached_input": shown.get("cached"), "output": shown["output"]}


def _price(steps: Steps, prompt_tokens: int) -> Decimal:
    """The rate for a prompt of this length: above a step's start every token of the request is charged at that step."""
    return next(price for start, price in reversed(steps) if prompt_tokens > start or start == 0)


def cost_nanousd(provider: Provider, model: str, usage: Usage | None) -> int | None:
    """The cost of a call in billionths of a US dollar, ``None`` if the model or its tokens are unknown.

    ``model`` is the one that served (ai-providers.md section 6). A rate for cached input or cache writes that the table
    does not give is the rate of plain input.
    """
    rates = _rates(provider, model)
    if rates is None or usage is None:
        return None
    fresh = max(usage.input - usage.cached - usage.cache_write, 0)
    tokens = {"input": fresh, "cached": usage.cached, "cache_write": usage.cache_write, "output": usage.output}
    total = sum(
        (count * _price(rates.get(kind, rates["input"]), usage.input) for kind, count in tokens.items() if count),
        start=Decimal(0),
    )
    # US dollars per million tokens are a thousand billionths of a dollar per token.
    return int((total * 1000).to_integral_value(ROUND_HALF_UP))


def highest_nanousd(provider: Provider, model: str, input_tokens: int, output_tokens: int) -> int | None:
    """The most that a call with so many tokens can cost: all of the input at its dearest rate, that of cache writes included."""
    ways = (Usage(input_tokens, output_tokens, cache_write=written) for written in (0, input_tokens))
    costs = [cost for usage in ways if (cost := cost_nanousd(provider, model, usage)) is not None]
    return max(costs, default=None)


def usd(nanousd: int) -> str:
    """Billionths of a US dollar as a plain decimal string of dollars."""
    return f"{(Decimal(nanousd) / NANO).normalize():f}"
