"""Fixtures shared by all tests: a deployment's settings on a fresh database."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from noillusion import crypto, db, loop, settings
from noillusion.db.migrate import ensure


def key(seed: int) -> str:
    """A 32-byte key in its settings form."""
    return base64.urlsafe_b64encode(bytes([seed]) * 32).decode()


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings and an empty SQLite database; yields the database's path."""
    path = tmp_path / "test.sqlite3"
    values = {
        "STAGE": "test",
        "PUBLIC_URL": "https://api.test",
        "RETURN_URLS": "https://app.test/",
        "DATABASE_URL": f"sqlite:///{path}",
        "SEALING_KEYS": json.dumps({"current": "k1", "keys": {"k1": key(1)}}),
        "FINGERPRINT_KEY": key(2),
        "STATE_KEY": key(3),
        "SECRETS_ARN": "",
        "PUBLISH_QUEUE_URL": "",
        "ANALYTICS_QUEUE_URL": "",
    }
    for platform in settings.PLATFORMS:
        values[f"{platform.upper()}_CLIENT_ID"] = f"{platform}-app"
        values[f"{platform.upper()}_CLIENT_SECRET"] = f"{platform}-app-secret"
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    ensure(values["DATABASE_URL"])
    forget()
    yield path
    loop.run(db.database().close())
    loop.close()
    forget()


def forget() -> None:
    """Drop what an execution environment keeps, as a cold start would."""
    settings.settings.cache_clear()
    crypto.sealer.cache_clear()
    db.database.cache_clear()
