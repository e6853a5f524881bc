"""The simulators that there are, by name: the only list of them in ``local/``."""

from __future__ import annotations

PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok")
PROVIDERS = ("openai", "anthropic", "google")
MODULES = {
    **{name: f"local.simulators.{name}.simulator" for name in PLATFORMS},
    **{name: f"local.simulators.ai.{name}.simulator" for name in PROVIDERS},
}
"""Name → the module whose ``create(world)`` makes the simulator."""
