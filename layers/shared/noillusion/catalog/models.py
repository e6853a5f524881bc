"""The AI models that are known: how much they read and write, how hard they think by default, and when they end.

Dates are in :mod:`noillusion.catalog.lifetimes`, prices in the price table. Any other model id can be used too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args

from noillusion.catalog.lifetimes import LIFETIMES
from noillusion.catalog.providers import Provider
from noillusion.core.records import record

Effort = Literal["low", "medium", "high"]
EFFORTS: tuple[Effort, ...] = get_args(Effort)
"""The reasoning efforts that all three providers have."""
ModelStatus = Literal["current", "retiring", "retired", "unknown"]
NOTICE = timedelta(days=90)
"""How long before its end a model is said to be retiring."""
_VERSION = re.compile(r"-(\d{4}-?\d\d-?\d\d|\d{3})")
"""The end of a model's name that names a version of it."""


@record()
class ModelEntry:
    """One model. Sizes are in tokens; ``None`` where they are not documented."""

    name: str
    context_window: int
    """Input and output together."""
    output_limit: int | None
    """Reasoning included."""
    effort: Effort | None
    """The reasoning effort that is sent where none is chosen; ``None`` for a model that takes none."""
    source: str
    ends: date | None = None
    """The first day on which it may no longer work."""
    successor: str | None = None
    """The model that then answers in its place."""


REFERENCE = "ai-providers.md section 7"
LOW: Effort = "low"
"""Posts are short: more thinking costs more tokens than the text itself."""


_SIZES: Mapping[Provider, tuple[tuple[str, int, int | None, Effort | None], ...]] = {
    "openai": (
        ("gpt-6-luna", 1_050_000, 128_000, LOW),
        ("gpt-6.1-terra", 1_050_000, None, LOW),
        ("gpt-6.1-sol", 1_050_000, 128_000, LOW),
        ("gpt-6.2-sol", 1_050_000, None, LOW),
        ("gpt-6.2-astra", 1_050_000, None, LOW),
        ("gpt-5", 400_000, 128_000, LOW),
        ("gpt-5-mini", 400_000, 128_000, LOW),
        ("gpt-5-nano", 400_000, 128_000, LOW),
        ("o3", 200_000, 100_000, LOW),
        ("gpt-4o", 128_000, 16_384, None),
        ("gpt-4o-mini", 128_000, 16_384, None),
    ),
    "anthropic": (
        ("claude-haiku-5-5", 1_000_000, 128_000, LOW),
        ("claude-sonnet-5-5", 1_000_000, 128_000, LOW),
        ("claude-opus-5-5", 1_000_000, 128_000, LOW),
        ("claude-fable-5-2", 1_000_000, None, LOW),
        ("claude-haiku-4-5", 200_000, 64_000, None),
    ),
    "google": (
        ("gemini-3.5-flash-lite", 1_048_576, 65_536, LOW),
        ("gemini-3.8-flash", 1_048_576, 65_536, LOW),
        ("gemini-3.1-pro-preview", 1_048_576, 65_536, LOW),
        ("gemini-4-argon", 1_048_576, None, LOW),
        ("gemini-flash-latest", 1_048_576, 65_536, LOW),
        ("gemini-2.5-flash", 1_048_576, 65_536, None),
        ("gemini-2.5-pro", 1_048_576, 65_536, None),
    ),
}
"""Name, context window, output limit and default effort; suggested models first, in the order of the lifetimes."""
_SUCCESSORS = {"gemini-2.5-flash": "gemini-3.5-flash-lite", "gemini-2.5-pro": "gemini-3.8-flash"}


@cache
def known(provider: Provider) -> Mapping[str, ModelEntry]:
    """Return the known models of a provider by name, the suggested ones first."""
    ends = {row.name: row.ends for row in LIFETIMES if (row.service, row.sort) == (provider, "model")}
    return {
        name: ModelEntry(name, context, output, effort, REFERENCE, ends[name], _SUCCESSORS.get(name))
        for name, context, output, effort in _SIZES[provider]
    }


def find(provider: Provider, name: str) -> ModelEntry | None:
    """Return the entry of a model or of a version of it, such as ``gpt-4o-2024-11-20``; ``None`` for an unknown one."""
    entries = known(provider)
    if name in entries:
        return entries[name]
    version = _VERSION.search(name)
    base = entries.get(name[: version.start()]) if version and version.end() == len(name) else None
    return replace(base, name=name) if base else None


def status_of(entry: ModelEntry | None, today: date) -> ModelStatus:
    """Return whether a model can be relied on."""
    if entry is None:
        return "unknown"
    if entry.ends is None or entry.ends - today > NOTICE:
        return "current"
    return "retiring" if entry.ends > today else "retired"


def effort_of(entry: ModelEntry | None, chosen: Effort | None) -> Effort | None:
    """Return the reasoning effort to send. A model that is not known gets one only if it was chosen."""
    if entry is None:
        return chosen
    return None if entry.effort is None else chosen or entry.effort
