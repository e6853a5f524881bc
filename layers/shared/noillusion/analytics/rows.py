"""Rows of analytics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from noillusion.connections.rows import CredentialRow


@dataclass(frozen=True, slots=True)
class MeasuredConnection(CredentialRow):
    """A connection to measure through, and when its account is to be measured again."""

    metrics_due_at: datetime | None
