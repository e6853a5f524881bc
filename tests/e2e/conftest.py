"""One instance of the real product for all end-to-end tests: simulators, queues and SQLite, on free ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.demo.accounts import connect
from local.demo.tour import Tour
from local.options import Options
from local.testing import Running, running
from tests.support import described


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # Schedules run only when a test fires them, so that no tick falls into a test that counts.
    with running(Options(directory=tmp_path_factory.mktemp("product"), tick=False)) as started:
        yield started


@pytest.fixture
def person(runtime: Running) -> Iterator[Tour]:
    """Somebody new who is signed in."""
    with Tour(runtime.description) as tour:
        described.watch(tour.http, runtime.description["api"])
        tour.sign_in()
        yield tour


@pytest.fixture
def publisher(person: Tour) -> Tour:
    """Somebody new with an account of each platform connected."""
    assert list(connect(person))
    return person


@pytest.fixture
def second_person(runtime: Running) -> Iterator[Tour]:
    """Somebody else who is signed in."""
    with Tour(runtime.description) as tour:
        described.watch(tour.http, runtime.description["api"])
        tour.sign_in()
        yield tour
