"""A grant that waits for the person to choose accounts: sealed in the row of its attempt."""

from __future__ import annotations

import json

from noillusion.connections.rows import SealedGrant
from noillusion.core import clock
from noillusion.core.sensitive import Secret
from noillusion.flows.protocol import Tokens
from noillusion.vault.sealer import Place, sealer


def _place(user_id: str, attempt_id: str) -> Place:
    return Place("connection_attempts", "sealed_credentials", user_id, attempt_id)


def sealed(user_id: str, attempt_id: str, tokens: Tokens) -> str:
    """Return the grant sealed for its attempt's row."""
    return sealer().seal(_packed(tokens), _place(user_id, attempt_id))


def opened(row: SealedGrant) -> Tokens:
    """Return the grant of an attempt's row. ``SealBroken`` if it was altered or moved."""
    return _unpacked(sealer().open(row.sealed_credentials, _place(row.user_id, row.id)))


def _packed(tokens: Tokens) -> Secret:
    return Secret(
        json.dumps(
            {
                "access": tokens.access.reveal(),
                "refresh": tokens.refresh.reveal() if tokens.refresh else None,
                "access_expires_in": tokens.access_expires_in,
                "refresh_expires_in": tokens.refresh_expires_in,
                "scopes": list(tokens.scopes),
                "subject": tokens.subject,
                "data_access_expires_at": tokens.data_access_expires_at,
                "at": clock.now().timestamp(),
            }
        )
    )


def _unpacked(packed: Secret) -> Tokens:
    """Return the tokens with their remaining lives."""
    values = json.loads(packed.reveal())
    age = int(clock.now().timestamp() - values["at"])

    def left(seconds: int | None) -> int | None:
        return None if seconds is None else max(1, seconds - age)

    return Tokens(
        access=Secret(values["access"]),
        refresh=Secret(values["refresh"]) if values["refresh"] else None,
        access_expires_in=left(values["access_expires_in"]),
        refresh_expires_in=left(values["refresh_expires_in"]),
        scopes=tuple(values["scopes"]),
        subject=values["subject"],
        data_access_expires_at=values.get("data_access_expires_at"),
    )
