"""API shapes of the data map, the export and the deletion receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from noillusion.models import Model


class DataMapEntry(Model):
    """What one table holds about a user."""

    table: str
    holds: str
    purpose: str
    kept: str


class DataMap(Model):
    """What is held, why, and for how long; and what is never held."""

    never_stored: list[str]
    tables: list[DataMapEntry]


class Export(Model):
    """Everything held about the user. Credentials are named but not given out, not even sealed."""

    user_id: str
    exported_at: datetime
    tables: dict[str, list[dict[str, Any]]]


class Revocation(Model):
    """What became of one grant."""

    connection_id: str
    platform: str
    revoked: bool
    advice: str | None = None


class DeletionReceipt(Model):
    """Proof that everything was deleted. Keep the code: nothing else can find this receipt again."""

    receipt_id: str
    code: str
    deleted_at: datetime
    deleted: dict[str, int] = Field(description="Rows deleted by table")
    revocations: list[Revocation]
