"""The rig on both engines, and the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.api.conftest import Platforms, deployment, platforms
from tests.trust.rig import Rig
from tests.trust.table import Table

__all__ = ["deployment", "platforms"]


@pytest.fixture
def rig(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A deployment with a person, on the engine that the test names."""
    yield Rig(platforms, monkeypatch)


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Callable[[str], Table]:
    """``table(name)``: where a test's cells go."""
    return lambda name: Table(name, request)
