"""A simulator behind real HTTP on a free loopback port, for the time of one test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from local.simulators.world import World
from tests.support.serving import serving

SimulatorFactory = Callable[..., tuple[str, World]]


@pytest.fixture
def simulator_factory() -> Iterator[SimulatorFactory]:
    """``simulator_factory(facebook, …)`` starts a server with these modules and returns (base URL, world)."""
    with ExitStack() as stack:
        yield lambda *modules: stack.enter_context(serving(*modules))
