"""Accounts of one grant: where they have the same tokens, these are renewed once and saved to all of them.

A LinkedIn member and the member's organizations are such accounts (platforms.md 3.2).
"""

from __future__ import annotations

from datetime import datetime

from noillusion.connections import credential_store
from noillusion.connections.rows import CredentialRow
from noillusion.db import Actor, Statement, database
from noillusion.platforms import catalog


async def of(row: CredentialRow) -> list[CredentialRow]:
    """Return the other working accounts with the tokens of this one."""
    if not _share(row):
        return []
    others = credential_store.siblings(row)
    return (await database().flight(Actor(row.user_id), others))[others]


def leased(row: CredentialRow, lease: Statement, until: datetime) -> list[Statement]:
    """Return the statements that take the right to refresh an account, and with it all accounts that have its tokens.

    With the first one all who want to refresh one of them wait in turn: nobody holds one and waits for another.
    """
    if not _share(row):
        return [lease]
    return [credential_store.wait_for_grant(row), lease, credential_store.lease_siblings(row, until)]


def released(row: CredentialRow, release: Statement, retry_at: datetime) -> list[Statement]:
    """Return the statements that release a refresh that failed, to retry later."""
    return [release, credential_store.release_siblings(row, retry_at)] if _share(row) else [release]


def _share(row: CredentialRow) -> bool:
    """Return whether the account has its tokens in common with others of its grant, if there are any."""
    return catalog.get(row.platform, row.registration).capabilities.refresh.shared and bool(row.grant_subject)
