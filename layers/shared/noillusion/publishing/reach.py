"""The connection by which a target's post is reached, also after its account was disconnected and connected again."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.connections.rows import CredentialRow
from noillusion.platforms.catalog import get
from noillusion.publishing.rows import TargetRow
from noillusion.settings.source import settings


def connection_of(row: TargetRow, connected: Sequence[CredentialRow]) -> CredentialRow | None:
    """Return the target's connection; if that was removed, the one that its account has now, by any registration."""
    return next((c for c in connected if c.id == row.connection_id), None) or next(
        (c for c in connected if (c.platform, c.account_id) == (row.platform, row.account_id)), None
    )


def deletes(row: TargetRow, connection: CredentialRow | None) -> bool:
    """Return whether posts can be deleted by a connection, or without one: by a registration that this deployment offers."""
    names = [connection.registration] if connection else [found.name for found in settings().apps.offered[row.platform]]
    return any(get(row.platform, name).capabilities.deletes for name in names)
