"""All of :mod:`tests.api.test_analytics` on a PostgreSQL whose history is in partitions by month (supabase/optional)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from local.databases.postgres import Server
from tests.api.test_analytics import *  # noqa: F403 - its tests and fixtures
from tests.support import databases
from tests.support.databases import PostgresStore
from tests.support.partitions import by_month


@pytest.fixture(scope="module")
def divided(postgres_server: Server) -> Iterator[PostgresStore]:
    """A migrated database with partitions."""
    with databases.fresh(postgres_server) as store:
        by_month(store)
        yield store


@pytest.fixture
def deployment(divided: PostgresStore, deploy: Callable[[str], None]) -> Iterator[PostgresStore]:
    """A deployment on it."""
    databases.clean(divided)
    deploy(divided.url)
    with databases.present(divided):
        yield divided
