"""Rows of templates. Those with texts are never printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from noillusion.db import record
from noillusion.templates.hidden import hidden_characters
from noillusion.templates.models import Origin, Pin, Rating, TemplateHiddenCharacter, VersionRating


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
    stars_version: int | None
    version: int

    @property
    def rating(self) -> Rating:
        """Return the rating of the template."""
        average = mean(self.rating_sum, self.rating_count)
        return Rating(average=average, count=self.rating_count, mine=self.stars, mine_version=self.stars_version)


@record(repr=False)
class ListedRow(SummaryRow):
    """A template of a list."""

    position: datetime | int
    """The value that the list is sorted by."""


def mean(total: int, count: int) -> float | None:
    """Return the average of ratings with two decimals."""
    return round(total / count, 2) if count else None


@record(repr=False)
class TemplateRow(SummaryRow):
    """A template with the texts of one of its versions."""

    lineage: Sequence[Mapping[str, Any]]
    """Empty for those of others."""
    version_rating_sum: int | None
    version_rating_count: int | None
    pinned: int | None
    follows: bool | None
    """``None`` if the user has made no choice about the template."""
    system_text: str
    user_text: str
    variables: Sequence[Mapping[str, Any]]

    @property
    def hidden_characters(self) -> list[TemplateHiddenCharacter]:
        """Return the hidden characters of the template."""
        return hidden_characters(self)

    @property
    def version_rating(self) -> VersionRating:
        """Return the rating of the version."""
        total, count = self.version_rating_sum or 0, self.version_rating_count or 0
        return VersionRating(average=mean(total, count), count=count)

    @property
    def pin(self) -> Pin | None:
        """Return the user's choice of a version."""
        if self.follows is None or (self.pinned is None and not self.follows):
            return None
        return Pin(version=None if self.follows else self.pinned, follows=self.follows)


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
class VersionRow:
    """One version of a template, without its texts."""

    version: int
    created_at: datetime
    is_current: bool
    is_shared: bool
    rating_sum: int | None
    rating_count: int | None

    @property
    def rating(self) -> VersionRating:
        """Return the rating of the version."""
        total, count = self.rating_sum or 0, self.rating_count or 0
        return VersionRating(average=mean(total, count), count=count)


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
