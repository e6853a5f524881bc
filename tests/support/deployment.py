"""A deployment's keys, and its cold start."""

from __future__ import annotations

import base64
import json

from noillusion import db
from noillusion.catalog import platforms
from noillusion.settings import source as settings
from noillusion.vault import sealer as crypto


def key(seed: int) -> str:
    """A 32-byte key in its settings form."""
    return base64.urlsafe_b64encode(bytes([seed]) * 32).decode()


def analytics_queues() -> str:
    """A queue for each platform, in the form of the setting."""
    return json.dumps({name: f"https://queue.test/analytics-{name}" for name in platforms.NAMES})


def forget() -> None:
    """Drop what an execution environment keeps, as a cold start would."""
    settings.settings.forget()
    crypto.sealer.cache_clear()
    db.database.cache_clear()
