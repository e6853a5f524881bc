"""Rows of departures and erasures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar

from noillusion.db import record


@record()
class DepartureRow:
    """A departure in progress."""

    TABLE: ClassVar = "departures"

    id: str
    user_id: str
    code_hash: str = field(repr=False)
    left_at: datetime
    grants_settled_at: datetime | None
    revocations: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    reached: Mapping[str, Any]


@record()
class DueDeparture:
    """A departure that nobody works on."""

    TABLE: ClassVar = "departures"

    user_id: str


@record()
class DepartureReceipt:
    """The receipt of a completed departure."""

    TABLE: ClassVar = "deletion_receipts"
    NOT_NULL: ClassVar = ("left_at",)

    id: str
    left_at: datetime
    revocations: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    created_at: datetime


@record()
class WindowEnd:
    """The key of a window's last row, with as many columns as the table's key."""

    first: Any
    second: Any


@record()
class DueErasure:
    """An account to erase."""

    TABLE: ClassVar = "former_accounts"

    id: str
    user_id: str


@record()
class ErasureRow(DueErasure):
    """The erasure of an account that this process works on."""

    TABLE: ClassVar = "former_accounts"
    NOT_NULL: ClassVar = ("erasure_id", "asked_at")

    platform: str
    account_id: str
    connection_id: str
    erasure_id: str
    asked_at: datetime


@record()
class ErasureCounts:
    """The rows of an account that were deleted, by table."""

    TABLE: ClassVar = "former_accounts"

    counts: Mapping[str, int]


@record()
class PostOfTarget:
    """The post of a target."""

    TABLE: ClassVar = "post_targets"

    post_id: str


@record()
class TargetId:
    """A target, and when it is to be looked at again."""

    TABLE: ClassVar = "post_targets"

    id: str
    next_check_at: datetime | None


@record()
class AnswerRow:
    """A post with the response stored for repeats of its request."""

    TABLE: ClassVar = "posts"
    NOT_NULL: ClassVar = ("answer",)

    id: str
    answer: Mapping[str, Any]


@record()
class ErasureReceipt:
    """The receipt of a request to erase accounts."""

    TABLE: ClassVar = "deletion_receipts"

    state: str
    counts: Mapping[str, int]
    created_at: datetime
    updated_at: datetime
