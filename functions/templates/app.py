"""Routes of prompt templates (own, built-in and shared ones), ratings and the template preview."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from noillusion.api.paging import Page
from noillusion.api.resolver import (
    Api,
    Cursor,
    IdempotencyKey,
    IfMatch,
    Limit,
    PathId,
    optional_key,
    replay,
    tagged,
    uuid_or_404,
)
from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import SearchText, TagFilter
from noillusion.core.preconditions import if_match
from noillusion.profiles.models import ContentMode
from noillusion.templates import choices, documents, service
from noillusion.templates.choice_models import PinInput, ReportInput, TemplateVersion
from noillusion.templates.documents import TemplateDocumentInput, TemplateExport, TemplateImport
from noillusion.templates.lint import LintRequest, LintResponse
from noillusion.templates.models import (
    CopyInput,
    Filters,
    Preview,
    PreviewRequest,
    Rating,
    RatingInput,
    Scope,
    Sort,
    Template,
    TemplateInput,
    TemplatePut,
    TemplateSummary,
)

api = Api()
app = api.resolver
handler = api.handler

Search = Annotated[SearchText | None, Query(description="Words of name and description, whatever their case and accents")]
TagQuery = Annotated[TagFilter | None, Query(description="Templates with this tag")]
Version = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="An earlier version. Of others' templates, only versions that were shared")
]
PathVersion = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of an earlier version")]


@app.get(
    "/v1/templates",
    operation_id="listTemplates",
    summary="List templates",
    description="Lists your own templates, those that others share, or those of the system, without their texts.",
    tags=["templates"],
)
def list_templates(
    scope: Annotated[
        Scope, Query(description="Your own templates, shared ones of the community, or those of the system")
    ] = "mine",
    sort: Annotated[Sort, Query(description="Newest, highest rated or most used first")] = "new",
    q: Search = None,
    mode: Annotated[ContentMode | None, Query(description="Templates for this content mode")] = None,
    platform: Annotated[PlatformName | None, Query(description="Templates that fit this platform")] = None,
    tag: TagQuery = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[TemplateSummary]:
    filters = Filters(q=q, mode=mode, platform=platform, tag=tag)
    return api.run(service.browse(api.user_id, scope, sort, filters, cursor, limit))


@app.post(
    "/v1/templates",
    operation_id="createTemplate",
    summary="Create a template",
    description=(
        "Creates version 1. `{name}` in a text is a variable; those that are not built in must be declared in `variables`."
    ),
    tags=["templates"],
)
def create_template(given: TemplateInput, idempotency_key: IdempotencyKey = None) -> Response[Template]:
    template, replayed = api.run(service.create(api.user_id, given, optional_key(idempotency_key)))
    return tagged(template, service.tag(template), 201, replay(replayed))


@app.post(
    "/v1/templates/preview",
    operation_id="previewTemplate",
    summary="Preview a template",
    description="Fills in the values. Nothing is stored or sent.",
    tags=["templates"],
)
def preview_template(request: PreviewRequest) -> Preview:
    return api.run(service.preview(api.user_id, request))


@app.post(
    "/v1/templates/lint",
    operation_id="checkTemplate",
    summary="Check a template",
    description=(
        "Returns remarks about variables, braces and texts, and the size and the highest cost with the longest values. "
        "Nothing is stored or sent."
    ),
    tags=["templates"],
)
def lint_template(request: LintRequest) -> LintResponse:
    # Prices and prompts are needed for nothing else here.
    from noillusion.ai import linting

    return api.run(linting.check(api.user_id, request))


@app.post(
    "/v1/templates/import",
    operation_id="importTemplate",
    summary="Import a template",
    description="Creates a template of your own from an exported document, with its lineage, and returns remarks on its texts.",
    tags=["templates"],
)
def import_template(given: TemplateDocumentInput, idempotency_key: IdempotencyKey = None) -> Response[TemplateImport]:
    imported, replayed = api.run(documents.take(api.user_id, given, optional_key(idempotency_key)))
    return tagged(imported, service.tag(imported.template), 201, replay(replayed))


@app.get(
    "/v1/templates/export",
    operation_id="exportTemplates",
    summary="Export your templates",
    description="Returns your own templates in their current versions as documents that can be imported, the newest first.",
    tags=["templates"],
)
def export_templates(cursor: Cursor = None, limit: Limit = 25) -> Page[TemplateExport]:
    return api.run(documents.export_all(api.user_id, cursor, limit))


@app.get(
    "/v1/templates/<id>/export",
    operation_id="exportTemplate",
    summary="Export a template",
    description="Returns a document that can be imported, with where it comes from: ids and versions, and no authors.",
    tags=["templates"],
)
def export_template(id: PathId, version: Version = None) -> TemplateExport:
    return api.run(documents.export(api.user_id, uuid_or_404(id), version))


@app.get(
    "/v1/templates/<id>",
    operation_id="getTemplate",
    summary="Get a template",
    description="The entity tag changes with whatever the owner changes, not with uses and ratings.",
    tags=["templates"],
)
def get_template(id: PathId, version: Version = None) -> Response[Template]:
    template = api.run(service.get(api.user_id, uuid_or_404(id), version))
    return tagged(template, service.tag(template))


@app.put(
    "/v1/templates/<id>",
    operation_id="updateTemplate",
    summary="Update a template",
    description="Every update creates a new version.",
    tags=["templates"],
)
def change_template(id: PathId, given: TemplatePut, expected: IfMatch = None) -> Response[Template]:
    template = api.run(service.change(api.user_id, uuid_or_404(id), given, if_match(expected)))
    return tagged(template, service.tag(template))


@app.delete(
    "/v1/templates/<id>",
    operation_id="deleteTemplate",
    summary="Delete a template",
    description="Deletes all its versions.",
    tags=["templates"],
)
def delete_template(id: PathId, expected: IfMatch = None) -> Response[None]:
    api.run(service.delete(api.user_id, uuid_or_404(id), if_match(expected)))
    return Response(status_code=204)


@app.get(
    "/v1/templates/<id>/versions",
    operation_id="listTemplateVersions",
    summary="List the versions of a template",
    description="The newest first: all versions of your own templates, and of others' those that were shared.",
    tags=["templates"],
)
def list_versions(id: PathId, cursor: Cursor = None, limit: Limit = 25) -> Page[TemplateVersion]:
    return api.run(choices.versions(api.user_id, uuid_or_404(id), cursor, limit))


@app.post(
    "/v1/templates/<id>/versions/<version>/restore",
    operation_id="restoreTemplateVersion",
    summary="Restore a version of a template",
    description="Creates a new version of your own template with the texts of an earlier one. Name and tags stay as they are.",
    tags=["templates"],
)
def restore_version(id: PathId, version: PathVersion, expected: IfMatch = None) -> Response[Template]:
    template = api.run(choices.restore(api.user_id, uuid_or_404(id), version, if_match(expected)))
    return tagged(template, service.tag(template))


@app.post(
    "/v1/templates/<id>/copy",
    operation_id="copyTemplate",
    summary="Copy a template",
    description="Creates a template of your own from one that you can see. It remembers its source.",
    tags=["templates"],
)
def copy_template(id: PathId, given: CopyInput | None = None, idempotency_key: IdempotencyKey = None) -> Response[Template]:
    template, replayed = api.run(service.copy(api.user_id, uuid_or_404(id), given, optional_key(idempotency_key)))
    return tagged(template, service.tag(template), 201, replay(replayed))


@app.post(
    "/v1/templates/<id>/share",
    operation_id="shareTemplate",
    summary="Share a template",
    description="Everybody can then see, copy, use and rate its current and future versions. Nobody can see whose it is.",
    tags=["community"],
)
def share_template(id: PathId) -> Template:
    return api.run(service.share(api.user_id, uuid_or_404(id)))


@app.delete(
    "/v1/templates/<id>/share",
    operation_id="unshareTemplate",
    summary="Stop sharing a template",
    description="Others can no longer see the template. Their copies remain.",
    tags=["community"],
)
def unshare_template(id: PathId) -> Response[None]:
    api.run(service.unshare(api.user_id, uuid_or_404(id)))
    return Response(status_code=204)


@app.put(
    "/v1/templates/<id>/rating",
    operation_id="rateTemplate",
    summary="Rate a shared template",
    description="1 to 5 stars. A new rating replaces your earlier one. You cannot rate your own template.",
    tags=["community"],
)
def rate_template(id: PathId, given: RatingInput) -> Rating:
    return api.run(service.rate(api.user_id, uuid_or_404(id), given))


@app.delete(
    "/v1/templates/<id>/rating",
    operation_id="deleteRating",
    summary="Delete your rating",
    description="Also possible when the template is no longer shared.",
    tags=["community"],
)
def withdraw_rating(id: PathId) -> Response[None]:
    api.run(service.withdraw_rating(api.user_id, uuid_or_404(id)))
    return Response(status_code=204)


@app.put(
    "/v1/templates/<id>/pin",
    operation_id="pinTemplate",
    summary="Choose the version of somebody else's template",
    description=(
        "Your generations go on using the version that you used first. Choose another version, or null to follow the author."
    ),
    tags=["community"],
)
def pin_template(id: PathId, given: PinInput) -> Template:
    return api.run(choices.pin(api.user_id, uuid_or_404(id), given))


@app.delete(
    "/v1/templates/<id>/pin",
    operation_id="unpinTemplate",
    summary="Delete your choice of a version",
    description="The next generation uses the current version and keeps it.",
    tags=["community"],
)
def unpin_template(id: PathId) -> Response[None]:
    api.run(choices.unpin(api.user_id, uuid_or_404(id)))
    return Response(status_code=204)


@app.put(
    "/v1/templates/<id>/report",
    operation_id="reportTemplate",
    summary="Report a shared template",
    description="Hides the template from you, and counts for the operator. Its author is not told.",
    tags=["community"],
)
def report_template(id: PathId, given: ReportInput) -> Response[None]:
    api.run(choices.report(api.user_id, uuid_or_404(id), given))
    return Response(status_code=204)


@app.delete(
    "/v1/templates/<id>/report",
    operation_id="withdrawReport",
    summary="Withdraw your report of a template",
    description="The template is shown to you again, if it is still shared.",
    tags=["community"],
)
def withdraw_report(id: PathId) -> Response[None]:
    api.run(choices.withdraw_report(api.user_id, uuid_or_404(id)))
    return Response(status_code=204)
