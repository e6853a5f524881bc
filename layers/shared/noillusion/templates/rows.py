"""Rows of templates. Those with texts are never printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from noillusion.db import record
from noillusion.templates.models import Origin, Rating


@record(repr=False)
class TemplateColumns:
    """The columns that own and shared templates have in common."""

    TABLE: ClassVar = "prompt_templates"

    id: str
    name: str
    description: str
    content_mode: str
    platforms: Sequence[str]
    tags: Sequence[str]
    shared_at: datetime | None
    usage_count: int
    rating_sum: int
    rating_count: int
    created_at: datetime
    updated_at: datetime


@record(repr=False)
class SummaryRow(TemplateColumns):
    """A template without its texts, as any user can see it."""

    origin: Origin
    is_default: bool
    copied_from: str | None
    copied_version: int | None
    stars: int | None
    """The user's own."""
    version: int

    @property
    def rating(self) -> Rating:
        """Return the rating of the template."""
        average = round(self.rating_sum / self.rating_count, 2) if self.rating_count else None
        return Rating(average=average, count=self.rating_count, mine=self.stars)


@record(repr=False)
class ListedRow(SummaryRow):
    """A template of a list."""

    position: datetime | int
    """The value that the list is sorted by."""


@record(repr=False)
class TemplateRow(SummaryRow):
    """A template with the texts of one of its versions."""

    system_text: str
    user_text: str
    variables: Sequence[Mapping[str, Any]]


@record(repr=False)
class KeyedRow(TemplateRow):
    """A template that a request with an idempotency key created, within the day with the request's fingerprint."""

    request_fingerprint: str | None


@record(repr=False)
class TextsRow:
    """The texts of one version."""

    TABLE: ClassVar = "prompt_template_versions"

    system_text: str
    user_text: str
    variables: Sequence[Mapping[str, Any]]


@record(repr=False)
class ResolvedRow:
    """A template to generate with."""

    id: str
    origin: Origin
    name: str
    content_mode: str
    version: int
    system_text: str
    user_text: str
    variables: Sequence[Mapping[str, Any]]
