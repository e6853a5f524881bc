"""The platforms by name. A module is imported when it is first needed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from noillusion.catalog.platforms import NAMES as NAMES
from noillusion.platforms.contract import Platform


@cache
def get(name: str) -> Platform:
    """The platform; ``KeyError`` for an unknown name."""
    if name not in NAMES:
        raise KeyError(name)
    return cast(Platform, import_module(f"noillusion.platforms.{name}.platform").PLATFORM)
