"""The user leaves: grants withdrawn, every row deleted, a receipt returned."""

from __future__ import annotations

import secrets
from uuid import uuid4

from noillusion import clock, logs
from noillusion.crypto import fingerprint
from noillusion.db import Actor, database
from noillusion.privacy import data_map, store
from noillusion.privacy.models import DeletionReceipt, Revocation


async def delete_everything(user_id: str, deadline: float) -> DeletionReceipt:
    """Withdraw every grant, delete every row, and return a receipt. The rows go even where a platform does not answer."""
    # A whole feature, wanted once in a user's life, would start with every request of the profile.
    from noillusion.connections import service as connections

    rows = await connections.rows(user_id)
    revoked = await connections.revoke_all(rows, deadline)
    revocations = [
        Revocation(
            connection_id=row["id"], platform=row["platform"], revoked=done, advice=None if done else connections.REMOVE_BY_HAND
        )
        for row, done in zip(rows, revoked, strict=True)
    ]
    receipt_id, code, now = str(uuid4()), secrets.token_urlsafe(18), clock.now()
    state = "completed" if all(revoked) else "partial"
    user_hash, code_hash = fingerprint("deleted-user", user_id), fingerprint("deletion-code", code)
    # One transaction: there is no deletion without its receipt, and no receipt without the deletion.
    results = await database().flight(
        Actor(user_id),
        store.counts(user_id),
        store.receipt(user_id, receipt_id, user_hash, code_hash, state, now),
        *(store.delete(user_id, entry.table) for entry in data_map.TABLES),
    )
    counts = results[0][0]
    logs.event("user_deleted", rows=sum(counts.values()), revoked=sum(revoked))
    return DeletionReceipt(receipt_id=receipt_id, code=code, deleted_at=now, deleted=counts, revocations=revocations)
