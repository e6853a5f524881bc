"""API models of the data map, the export and the deletion receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from noillusion.catalog.platforms import PlatformName
from noillusion.core.models import Model, Uuid

RetentionEnd = Literal["deleted", "disconnected", "left", "time", "month", "settled", "finished", "unused", "for_good"]
ReceiptState = Literal["deleting", "completed", "partial"]


class Retention(Model):
    """Retention of the records of a table, or of a part of them. Tests verify each rule."""

    what: str = Field(description="The records, or a part of them")
    until: RetentionEnd = Field(
        description="What ends it: `deleted` (you delete it), `disconnected`, `left` (you delete your profile), `time`, `month`, "
        "`settled` (the outcome is known), `finished` (the work is done), `unused` (nothing is stored yet) or `for_good`"
    )
    seconds: int | None = Field(
        default=None, description="With `time`: seconds after `since`; the data is deleted within minutes"
    )
    since: str | None = Field(default=None, description="With `time`: when the time starts")
    by: list[str] = Field(default_factory=list, description="Routes that end it")

    @property
    def sentence(self) -> str:
        """The rule as a phrase."""
        by = f" ({' or '.join(self.by)})" if self.by else ""
        return (
            f"{self.what}: "
            + {
                "deleted": f"until you delete it{by} or your profile",
                "disconnected": f"until you disconnect the account{by} or delete your profile",
                "left": f"until you delete your profile{by}",
                "time": f"for {_duration(self.seconds or 0)} after {self.since}",
                "month": "until the end of the month (UTC), even after you delete your profile",
                "settled": "until the outcome is known, or is given up as unknown",
                "finished": "until the work is done, usually a few seconds",
                "unused": "nothing is stored here yet",
                "for_good": "permanently",
            }[self.until]
        )


def _duration(seconds: int) -> str:
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {name}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"


class DataMapEntry(Model):
    """Data about you in one table."""

    table: str
    holds: str
    purpose: str
    kept: str = Field(description="How long it is stored, in words")
    retention: list[Retention] = Field(description="How long it is stored, as data")


class DataMap(Model):
    """The data map: what is stored about you, why, and for how long; and what is never stored."""

    never_stored: list[str]
    tables: list[DataMapEntry]


class ExportTable(Model):
    """One table of an export."""

    table: str = Field(description="Name, as in the data map")
    rows: int = Field(description="Number of records when the export started")
    exact: bool = Field(description="False if there are more records than were counted")
    withheld: list[str] = Field(
        description="Columns that are stored but not exported: credentials, keyed hashes and internal state"
    )


class ExportManifest(Model):
    """Manifest of an export. Its records come in parts; get the first with `GET /v1/profile/export/{first_part}`."""

    export_id: Uuid
    user_id: str
    started_at: datetime
    format: Literal["application/x-ndjson"] = Field(description="Media type of the parts")
    tables: list[ExportTable] = Field(description="Tables in the order of the export")
    first_part: str = Field(description="Name of the first part")


class ExportPartEnd(Model):
    """Counts and checksums of a part, to verify that nothing is missing."""

    export_id: Uuid
    number: int = Field(description="1 for the first part")
    rows: dict[str, int] = Field(description="Number of records in this part, by table")
    sha256: str = Field(description="SHA-256 (hex) of all lines before this one, including line feeds")
    chain_sha256: str = Field(
        description="SHA-256 (hex) of the previous part's `chain_sha256` followed by this `sha256`, both as text. "
        "The first part uses the SHA-256 of `export_id` as the previous value"
    )
    total_rows: dict[str, int] = Field(description="Number of records in all parts so far, by table")
    next_part: str | None = Field(description="Name of the next part; null for the last")


class ExportLine(Model):
    """A line of a part: one record of one table."""

    table: str
    row: dict[str, Any] = Field(description="Exported columns")


class ExportLastLine(Model):
    """The last line of a part."""

    part: ExportPartEnd


class Revocation(Model):
    """Result of revoking one grant at its platform."""

    connection_id: Uuid | None = Field(default=None, description="Connection that used the grant, if it was confirmed")
    platform: PlatformName
    revoked: bool = Field(description="The platform confirmed that the grant was revoked")
    advice: str | None = Field(default=None, description="What you can do on the platform if it was not")
    removed_posts: int = Field(
        default=0, description="Number of scheduled posts that the platform held and removed, so that they are not published"
    )
    held_posts: int = Field(
        default=0,
        description="Number of scheduled posts that the platform may still hold and publish: remove them in its planner",
    )


class DeletionReceipt(Model):
    """Proof that all data was deleted. Keep the code: the receipt cannot be found without it."""

    receipt_id: Uuid
    code: str
    state: ReceiptState = Field(
        description="`deleting`: in progress; `completed`; `partial`: all data was deleted, but not every grant could be revoked"
    )
    status_url: str = Field(description="URL of this receipt; it needs no access token")
    left_at: datetime = Field(
        description="Requests that started before this time can no longer write. While the deletion is in progress: its start"
    )
    deleted_at: datetime | None = Field(description="When the last record was deleted; null while the deletion is in progress")
    deleted: dict[str, int] = Field(description="Number of records deleted (so far), by table")
    revocations: list[Revocation]
