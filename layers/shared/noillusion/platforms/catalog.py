"""The platforms by name. A module is imported when it is first needed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from noillusion.catalog.platforms import NAMES as NAMES
from noillusion.catalog.platforms import PLATFORMS

if TYPE_CHECKING:
    from noillusion.platforms.contract import Platform
    from noillusion.platforms.options import PlatformOptions


@cache
def get(name: str, registration: str = "") -> Platform:
    """Return the platform as the accounts of a registration know it. Raises ``KeyError`` for an unknown name of a platform."""
    if name not in NAMES:
        raise KeyError(name)
    module = import_module(f"noillusion.platforms.{name}.platform")
    return cast("Platform", getattr(module, "BY_REGISTRATION", {}).get(registration, module.PLATFORM))


def options() -> dict[str, type[PlatformOptions]]:
    """Return the publishing options of each platform that has any, without importing the platforms' flows."""
    return {name: import_module(f"noillusion.platforms.{name}.options").OPTIONS for name in NAMES if PLATFORMS[name].has_options}
