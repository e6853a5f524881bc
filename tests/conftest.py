"""Fixtures shared by all tests: a deployment's settings on a fresh database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from local.databases.postgres import Server, temporary
from local.stopping import interrupt_on_signals
from noillusion import db
from noillusion.catalog.registrations import REGISTRATIONS
from noillusion.core import loop
from noillusion.db import sqlite
from tests.support import databases, trust_store
from tests.support.databases import PostgresStore
from tests.support.deployment import forget, key
from tests.support.serving import NOWHERE
from tests.support.session_fixtures import SessionFixtures
from tests.trust.table import pytest_terminal_summary

# How long an example takes says how busy the machine is.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")
NOT_EVERYWHERE = {"FACEBOOK_BUSINESS", "INSTAGRAM_FACEBOOK"}
"""Prefixes of apps that tests add where they need them."""
__all__ = ["pytest_terminal_summary"]


class ByFileAndEngine(LoadScopeScheduling):  # type: ignore[misc]  # xdist comes without types
    """Tests of one file share costly fixtures, so they stay together, in one group for each engine that they run on."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        parameters = test.partition("[")[2].rstrip("]").split("-")
        return "-".join([path, *(engine for engine in databases.ENGINES if engine in parameters)])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFileAndEngine:
    """How tests are spread over processes."""
    return ByFileAndEngine(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """End tests as Ctrl-C does, whichever way they are asked to stop: what fixtures have started must not be left behind."""
    interrupt_on_signals()
    trust_store.load_once()
    config.pluginmanager.register(SessionFixtures(), "session-fixtures")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real PostgreSQL for all tests, with the migrated database that theirs are copies of."""
    with temporary() as server:
        databases.migrate_template(server)
        yield server


@pytest.fixture(scope="session")
def postgres_database(postgres_server: Server) -> Iterator[PostgresStore]:
    """One migrated database; who uses it cleans it first."""
    with databases.fresh(postgres_server) as store:
        yield store


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Takes a database URL and sets up a deployment on it, as a cold start would find it."""

    def on(url: str) -> None:
        values = {
            "STAGE": "test",
            "PUBLIC_URL": "https://api.test",
            "RETURN_URLS": "https://app.test/",
            "DATABASE_URL": url,
            "SEALING_KEYS": json.dumps({"current": "k1", "keys": {"k1": key(1)}}),
            "FINGERPRINT_KEY": key(2),
            "STATE_KEY": key(3),
            "SECRETS_ARN": "",
            "ENDPOINTS": json.dumps(NOWHERE),
            "PUBLISH_QUEUE_URL": "",
            "ANALYTICS_QUEUE_URLS": "",
            "WEBHOOK_QUEUE_URL": "",
            "TIKTOK_VERIFIED_URLS": "https://cdn.example.com/",
            "TIKTOK_AUDITED": "true",
        }
        for prefix in sorted({found.prefix for found in REGISTRATIONS} - NOT_EVERYWHERE):
            app = f"{prefix.lower().replace('_', '-')}-app"
            values |= {f"{prefix}_CLIENT_ID": app, f"{prefix}_CLIENT_SECRET": f"{app}-secret"}
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sqlite, "SYNCHRONOUS", databases.UNSAFE)
        forget()

    yield on
    if db.database.cache_info().currsize:
        loop.run(db.database().close())
    loop.close()
    forget()


@pytest.fixture
def deployment(tmp_path: Path, deploy: Callable[[str], None]) -> Path:
    """Settings and an empty SQLite database; yields the database's path."""
    path = tmp_path / "test.sqlite3"
    databases.migrate_file(path)
    deploy(f"sqlite:///{path}")
    return path
