"""API shapes of the data map, the export and the deletion receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from noillusion.core.models import Model


class Retention(Model):
    """How long the rows of a table, or a part of them, are kept. A test executes each."""

    what: str = Field(description="The rows, or a part of them")
    until: Literal["deleted", "disconnected", "left", "time", "month", "settled", "finished", "unused", "for_good"] = Field(
        description="What ends it: your deletion, disconnecting, deleting the profile, time, a known outcome, the end "
        "of the work; `unused`: nothing is kept yet"
    )
    seconds: int | None = Field(default=None, description="With `time`: how long after `since`; it goes some minutes later")
    since: str | None = Field(default=None, description="With `time`: from when")
    by: list[str] = Field(default_factory=list, description="Routes with which you end it")

    @property
    def sentence(self) -> str:
        """The words for people."""
        by = f" ({' or '.join(self.by)})" if self.by else ""
        return (
            f"{self.what}: "
            + {
                "deleted": f"until you delete it{by} or your profile",
                "disconnected": f"until you disconnect the account{by} or delete your profile",
                "left": f"until you delete your profile{by}",
                "time": f"for {_duration(self.seconds or 0)} after {self.since}",
                "month": "until the month (UTC) is over, also after you leave",
                "settled": "until the outcome is known or given up",
                "finished": "until the work is done, mostly a moment",
                "unused": "nothing is kept here yet, no route writes it",
                "for_good": "for good",
            }[self.until]
        )


def _duration(seconds: int) -> str:
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {name}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"


class DataMapEntry(Model):
    """What one table holds about a user."""

    table: str
    holds: str
    purpose: str
    kept: str = Field(description="How long, in words")
    retention: list[Retention] = Field(description="The same as data")


class DataMap(Model):
    """What is held, why, and for how long; and what is never held."""

    never_stored: list[str]
    tables: list[DataMapEntry]


class ExportTable(Model):
    """One table of an export."""

    table: str = Field(description="Name, as in the data map")
    rows: int = Field(description="Rows when the export began")
    exact: bool = Field(description="False where there are more rows than were counted")
    withheld: list[str] = Field(
        description="Columns that are held and never given out: credentials, keyed hashes, inner workings"
    )


class ExportManifest(Model):
    """What an export consists of. Its rows come in parts; the first is `GET /v1/profile/export/{first_part}`."""

    export_id: str
    user_id: str
    started_at: datetime
    format: Literal["application/x-ndjson"] = Field(description="Media type of the parts")
    tables: list[ExportTable] = Field(description="In the order in which their rows come")
    first_part: str = Field(description="Name of the first part")


class ExportPartEnd(Model):
    """The last line of a part: what it holds, and how to tell that nothing is missing."""

    export_id: str
    number: int = Field(description="1 for the first part")
    rows: dict[str, int] = Field(description="Rows in this part by table")
    sha256: str = Field(description="SHA-256 (hex) of the lines before this one, line feeds included")
    chain_sha256: str = Field(
        description="SHA-256 (hex) of the previous part's `chain_sha256` followed by this `sha256`, both as text; "
        "before the first part stands the SHA-256 of `export_id`"
    )
    total_rows: dict[str, int] = Field(description="Rows by table in all parts so far")
    next_part: str | None = Field(description="Name of the next part; null for the last")


class ExportLine(Model):
    """A line of a part: one row of one table."""

    table: str
    row: dict[str, Any] = Field(description="The columns that are given out")


class ExportLastLine(Model):
    """The last line of a part."""

    part: ExportPartEnd


class Revocation(Model):
    """What happened to one grant at its platform."""

    connection_id: str | None = Field(default=None, description="The connection that used it, if it was confirmed")
    platform: str
    revoked: bool = Field(description="Whether the platform confirmed that the grant is withdrawn")
    advice: str | None = Field(default=None, description="What you can do at the platform, if it was not")


class DeletionReceipt(Model):
    """Proof that everything was deleted. Keep the code: nothing else can find this receipt again."""

    receipt_id: str
    code: str
    state: Literal["deleting", "completed", "partial"] = Field(
        description="`deleting`: rows are left; `partial`: all rows are deleted, but not every grant is withdrawn"
    )
    status_url: str = Field(description="Where this receipt can be read again, with no token")
    left_at: datetime = Field(
        description="What began before this instant writes nothing any more; while the deletion goes on, when it began"
    )
    deleted_at: datetime | None = Field(description="When the last row was deleted; null while that goes on")
    deleted: dict[str, int] = Field(description="Rows deleted by table, so far while that goes on")
    revocations: list[Revocation]
