"""SQL of erasure receipts: opened with a request, updated with counts, completed with its last account (workers only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.db import Query, Statement, among, query, sql
from noillusion.privacy.rows import ErasureReceipt

# A later request also covers the accounts that an earlier one is still working on.
_DONE = """NOT EXISTS (SELECT 1 FROM former_accounts f WHERE f.erasure_id = deletion_receipts.id
               OR (f.erasure_id IS NOT NULL AND f.subject_hash = deletion_receipts.user_hash))"""


def open_receipt(receipt_id: str, subject_hash: str, code_hash: str, now: datetime) -> Statement:
    """Insert the receipt of a request and begin its work (workers only)."""
    return sql(
        """INSERT INTO deletion_receipts (id, user_hash, code_hash, origin, state, counts, created_at, updated_at)
           VALUES (:id, :subject_hash, :code_hash, 'meta', 'deleting', '{}', :now, :now)""",
        id=receipt_id,
        subject_hash=subject_hash,
        code_hash=code_hash,
        now=now,
    )


def settle(work_id: str, receipt_id: str, asked_at: datetime, counts: Mapping[str, int], now: datetime) -> tuple[Statement, ...]:
    """Add the counts of an erased account to the receipt, once, and complete it with the last account (workers only).

    An account for which another request came meanwhile is left for another run.
    """
    work = {"work_id": work_id, "asked_at": asked_at}
    return (
        _add_to_receipt(
            receipt_id,
            counts,
            now,
            "AND EXISTS (SELECT 1 FROM former_accounts WHERE id = :work_id AND asked_at = :asked_at)",
            work,
        ),
        sql(
            "DELETE FROM former_accounts WHERE id = :work_id AND erasure_id = :receipt_id AND asked_at = :asked_at",
            receipt_id=receipt_id,
            **work,
        ),
        complete(receipt_id, now),
    )


def add_grants(receipt_id: str, number: int, now: datetime) -> Statement:
    """Count grants that were never confirmed (workers only)."""
    return _add_to_receipt(receipt_id, {"connection_attempts": number}, now)


def _add_to_receipt(
    receipt_id: str, counts: Mapping[str, int], now: datetime, condition: str = "", more: Mapping[str, Any] | None = None
) -> Statement:
    names = {f"number_{table}": number for table, number in counts.items()}
    pairs = ", ".join(
        f"'{table}', COALESCE(CAST(counts ->> '{table}' AS bigint), 0) + CAST(:number_{table} AS bigint)" for table in counts
    )
    return sql(
        f"""UPDATE deletion_receipts SET counts = jsonb_concat(counts, jsonb_build_object({pairs})), updated_at = :now
            WHERE id = :receipt_id {condition}""",  # noqa: S608 - names of tables
        receipt_id=receipt_id,
        now=now,
        **names,
        **(more or {}),
    )


def complete(receipt_id: str, now: datetime) -> Statement:
    """Complete the request when none of its accounts is left (workers only)."""
    return sql(
        f"""UPDATE deletion_receipts SET state = 'completed', updated_at = :now
            WHERE id = :receipt_id AND state = 'deleting' AND {_DONE}""",  # noqa: S608 - constant
        receipt_id=receipt_id,
        now=now,
    )


def complete_deserted(before: datetime, now: datetime) -> Statement:
    """Complete requests whose accounts were deleted otherwise, for example with their user (workers only)."""
    return sql(
        f"""UPDATE deletion_receipts SET state = 'completed', updated_at = :now
            WHERE origin = 'meta' AND state = 'deleting' AND created_at < :before AND {_DONE}""",  # noqa: S608 - constant
        before=before,
        now=now,
    )


def receipt(code_hashes: Sequence[str]) -> Query[ErasureReceipt]:
    """Select the receipt of a confirmation code (workers only)."""
    listed, hashes = among("code_hash", code_hashes)
    return query(
        ErasureReceipt,
        f"""SELECT {{columns}} FROM deletion_receipts
            WHERE origin = 'meta' AND code_hash IN ({listed})""",  # noqa: S608 - names of parameters
        **hashes,
    )
