"""Groups of settings, each in its own secret, so that a function can read only what it needs.

The template gives every function the names of its groups (``HOLDS``) and their secrets; a test runs each function with nothing
else. Without ``HOLDS``, as on a laptop, a function has all settings.
"""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.catalog import providers
from noillusion.catalog.registrations import REGISTRATIONS
from noillusion.core.records import record


@record()
class Group:
    """A group of settings: their names, and the properties of ``Settings`` that are checked at every start."""

    members: tuple[str, ...]
    checked: tuple[str, ...]


GROUPS: Mapping[str, Group] = {
    "api": Group(
        ("DATABASE_URL", "FINGERPRINT_KEYS", "FINGERPRINT_KEY", "STATE_KEY", "PUBLIC_URL", "RETURN_URLS"),
        ("public_url", "logins", "fingerprint_keys", "state_key", "return_urls"),
    ),
    "worker": Group(("WORKER_DATABASE_URL",), ("logins",)),
    "health": Group(("HEALTH_DATABASE_URL",), ("logins",)),
    "sealing": Group(("SEALING_KEYS", "SEALING_FORM"), ("sealing_keys", "sealing_form")),
    "platforms": Group(
        (
            *(f"{found.prefix}_{part}" for found in REGISTRATIONS for part in ("CLIENT_ID", "CLIENT_SECRET", "WITHOUT_SCOPES")),
            *(found.configuration for found in REGISTRATIONS if found.configuration),
        ),
        ("apps",),
    ),
    "ai": Group(
        (
            *(f"OPERATOR_{provider.upper()}_KEY" for provider in providers.NAMES),
            "OPERATOR_AI_BUDGET_USD",
            "OPERATOR_AI_TOTAL_BUDGET_USD",
        ),
        ("operator_ai_keys", "operator_ai_total_budget_usd"),
    ),
}


def without(values: Mapping[str, str], *groups: str) -> dict[str, str]:
    """Return the settings without those of other groups. Settings in no group are available to all functions."""
    others = {name for group, found in GROUPS.items() if group not in groups for name in found.members}
    kept = {name for group in groups for name in GROUPS[group].members}
    return {name: value for name, value in values.items() if name in kept or name not in others}
