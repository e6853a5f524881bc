"""Export and import of templates as JSON documents: texts, variables and where they come from, without whose they are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from noillusion.api import paging
from noillusion.api.paging import Page
from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import WHOLE, Id
from noillusion.core.models import Model, Strict
from noillusion.db import Actor, database
from noillusion.profiles.models import ContentMode
from noillusion.templates import lint, queries, service
from noillusion.templates.choice_models import VersionNumber
from noillusion.templates.lint import Finding
from noillusion.templates.models import LineageEntry, Template, TemplateContentInput, Variable
from noillusion.templates.rows import TemplateRow

FORMAT_VERSION = 1
_IMPORTED = "import"
"""Stands for the source of a template that is no copy and comes from a document."""
MOST_STEPS = 20
"""Steps of a lineage that are kept."""


class LineageStep(Strict):
    """A version of a template from which a document comes, directly or through others."""

    template_id: Id
    version: VersionNumber


class TemplateDocumentInput(Strict):
    """A template outside of an account. Documents can be imported into any account, on any installation."""

    format: Literal["noillusion-template"]
    format_version: Annotated[int, Field(strict=True, ge=1, le=FORMAT_VERSION), WHOLE]
    template: TemplateContentInput
    lineage: list[LineageStep] = Field(
        default_factory=list, max_length=MOST_STEPS, description="Where the texts come from, the nearest first"
    )


class ExportedTemplate(Model):
    """What a template says, and what it is for."""

    name: str
    description: str
    content_mode: ContentMode
    platforms: list[PlatformName]
    tags: list[str]
    system_text: str
    user_text: str
    variables: list[Variable]


class TemplateExport(Model):
    """The document of a template, which can be imported."""

    format: Literal["noillusion-template"]
    format_version: int
    template: ExportedTemplate
    lineage: list[LineageEntry] = Field(
        description="This template, and those it comes from, the nearest first: ids and versions, and no authors"
    )


class TemplateImport(Model):
    """A template that was imported, and what is to be said about it."""

    template: Template
    findings: list[Finding]


async def export(user_id: str, template_id: str, version: int | None = None) -> TemplateExport:
    """Return the document of a version of a template that the user can see. Raises :class:`NotFound`."""
    template = queries.one(user_id, template_id, version)
    row = (await database().flight(Actor(user_id), template)).first(template)
    service.shown(row)
    assert row is not None
    return _document(row)


async def export_all(user_id: str, cursor: str | None, limit: int) -> Page[TemplateExport]:
    """Return one page of the documents of the user's own templates, the newest first."""
    place = paging.Listing("template_documents", user_id, {})
    page = queries.documents(user_id, place.position(cursor, 2), limit + 1)
    rows = (await database().flight(Actor(user_id), page))[page]
    return Page[TemplateExport](
        items=[_document(row) for row in rows[:limit]],
        next_cursor=place.cursor(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None,
    )


async def take(user_id: str, document: TemplateDocumentInput, key: str | None) -> tuple[TemplateImport, bool]:
    """Store a document as a new template of the user's. A repeat with the same key gets the first one, and true."""
    lineage = [step.model_dump() for step in document.lineage]
    template, replayed = await service.add(user_id, document.template, key, _IMPORTED, document, lineage)
    return TemplateImport(template=template, findings=lint.findings(document.template)), replayed


def _document(row: TemplateRow) -> TemplateExport:
    steps: list[dict[str, Any]] = [{"template_id": row.id, "version": row.version}]
    if row.copied_from is not None:
        steps.append({"template_id": row.copied_from, "version": row.copied_version})
    steps += [dict(step) for step in row.lineage if step not in steps]
    return TemplateExport(
        format="noillusion-template",
        format_version=FORMAT_VERSION,
        template=ExportedTemplate.of(row),
        lineage=[LineageEntry.model_validate(step) for step in steps[:MOST_STEPS]],
    )
