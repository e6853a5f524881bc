"""Additions to deletion receipts after they were written."""

from __future__ import annotations

from datetime import datetime

from noillusion import epoch
from noillusion.db import Json, Statement, among, sql


def add_revocation(
    user_id: str, platform: str, *, revoked: bool, advice: str | None, now: datetime
) -> tuple[Statement, Statement]:
    """Add a grant that arrived during the deletion to the receipt, or to the deletion in progress (workers only).

    The request for it began before the deletion; otherwise its tokens would have been stored.
    """
    listed, hashes = among("user_hash", epoch.traces(user_id))
    named = {"connection_id": None, "platform": platform, "revoked": revoked, "advice": advice}
    params = {"named": Json([named]), "now": now}
    return (
        sql(
            f"""UPDATE deletion_receipts SET revocations = jsonb_concat(revocations, :named), updated_at = :now,
                  state = CASE WHEN :revoked THEN state ELSE 'partial' END
                WHERE origin = 'user' AND user_hash IN ({listed}) AND left_at > :began""",  # noqa: S608 - names of parameters
            began=epoch.began(),
            revoked=revoked,
            **hashes,
            **params,
        ),
        sql(
            "UPDATE departures SET revocations = jsonb_concat(revocations, :named), updated_at = :now WHERE user_id = :user_id",
            user_id=user_id,
            **params,
        ),
    )
