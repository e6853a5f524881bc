"""SQL of a platform's fetch of a file. It is apart from the ledger's, because each fetch is a request of its own."""

from __future__ import annotations

from noillusion.db import Query, query
from noillusion.publishing.rows import DueTarget


def open_target(user_id: str, target_id: str) -> Query[DueTarget]:
    """Select a target whose outcome is not settled. One whose outcome is given up as unknown is."""
    return query(
        DueTarget,
        """SELECT {columns} FROM post_targets WHERE user_id = :user_id AND id = :id AND next_check_at IS NOT NULL
             AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')""",
        user_id=user_id,
        id=target_id,
    )
