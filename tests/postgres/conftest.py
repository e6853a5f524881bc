"""PostgreSQL as it is in production: a database of its own for each test, directly and through a transaction-mode pooler."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local import wire
from local.databases import pooler as poolers
from local.databases.pooler import Pooler
from local.databases.postgres import Server
from local.wire import Proxy
from tests.support import databases
from tests.support.databases import PostgresStore


@contextmanager
def pooling(server: Server) -> Iterator[Pooler]:
    """A pooler with two connections to the server for each database, so that clients have to share them.

    Who may install it never goes without.
    """
    try:
        with poolers.temporary(server, pool_size=2) as running:
            yield running
    except poolers.PoolerMissing as missing:
        if os.geteuid() == 0:
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def pooler(postgres_server: Server) -> Iterator[Pooler]:
    """A pooler in front of the server that all tests share."""
    with pooling(postgres_server) as running:
        yield running


@pytest.fixture
def store(postgres_database: PostgresStore) -> PostgresStore:
    """A migrated database with nothing in it but what the migrations put there."""
    databases.clean(postgres_database)
    return postgres_database


@pytest.fixture
def own(postgres_server: Server) -> Iterator[PostgresStore]:
    """The same, for tests that change the schema or who may connect."""
    with databases.fresh(postgres_server) as fresh:
        yield fresh


@pytest.fixture
def empty(postgres_server: Server) -> Iterator[PostgresStore]:
    """A database with nothing in it."""
    with databases.fresh(postgres_server, "template0") as fresh:
        yield fresh


@pytest.fixture
def direct(postgres_server: Server) -> Iterator[Proxy]:
    """A counting proxy in front of the server."""
    with wire.counting(postgres_server.port) as proxy:
        yield proxy


@pytest.fixture
def pooled(pooler: Pooler) -> Iterator[Proxy]:
    """A counting proxy in front of the pooler."""
    with wire.counting(pooler.port) as proxy:
        yield proxy
