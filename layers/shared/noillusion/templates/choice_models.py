"""API models of versions of templates, and of what users decide about templates of others."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from noillusion.core.fields import WHOLE
from noillusion.core.models import Model, Strict
from noillusion.templates.models import VersionRating

ReportReason = Literal["spam", "harmful", "misleading", "illegal", "other"]
VersionNumber = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), WHOLE]


class TemplateVersion(Model):
    """One version of a template. Its texts: ``GET /v1/templates/{id}?version=``."""

    version: int
    created_at: datetime
    is_current: bool
    is_shared: bool = Field(description="Others can read this version while the template is shared")
    rating: VersionRating


class PinInput(Strict):
    """The version of somebody else's template that your generations use."""

    version: VersionNumber | None = Field(description="Null: follow the author, and use whatever version is current")


class ReportInput(Strict):
    """Your report of a shared template."""

    reason: ReportReason
