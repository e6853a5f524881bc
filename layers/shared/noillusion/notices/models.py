"""API models of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from noillusion.core.models import Model


class Notice(Model):
    """Something that happened without a request of the user: ids, codes and times, never content."""

    id: str
    kind: str = Field(description="For example `publish_failed`, `publish_unknown`, `connection_dead`, `connection_expiring`")
    subject_id: str | None = Field(description="Id of the target or connection concerned")
    data: dict[str, Any] = Field(description="Ids, codes and times, depending on the kind")
    created_at: datetime
