"""Conditions of SQL about connections, for their store and for features that select them."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.catalog import registrations
from noillusion.catalog.registrations import Registration


def of_registrations(found: Sequence[Registration]) -> tuple[str, dict[str, str]]:
    """Return the condition for rows of registrations, and its parameters."""
    ways: list[str] = []
    named: dict[str, str] = {}
    for number, one in enumerate(found):
        first = registrations.get(one.platform, "") is one
        ways.append(f"(platform = :platform_{number} AND registration IN (:registration_{number}, :unnamed_{number}))")
        # Rows from before there were several have no name.
        named |= {f"platform_{number}": one.platform, f"registration_{number}": one.name}
        named |= {f"unnamed_{number}": "" if first else one.name}
    return f"({' OR '.join(ways)})", named
