"""The three simulated providers behind real HTTP, and small builders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.simulators.world import World
from tests.support.serving import ai_providers


@pytest.fixture(scope="session")
def ai_server() -> Iterator[tuple[str, World]]:
    """Base URL and world of a server with the three providers."""
    with ai_providers() as served:
        yield served


@pytest.fixture
def world(ai_server: tuple[str, World]) -> Iterator[World]:
    """The world, empty before and after the test."""
    ai_server[1].reset()
    yield ai_server[1]
    ai_server[1].reset()
