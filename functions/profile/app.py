"""Routes of the profile, AI keys, export, deletion, data map and notices."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from noillusion.ai import keys as ai_keys
from noillusion.api.paging import Page
from noillusion.api.resolver import (
    Api,
    Cursor,
    IfMatch,
    IfNoneMatch,
    Limit,
    PathId,
    json_response,
    tagged,
    uuid_or_404,
)
from noillusion.catalog.providers import Provider
from noillusion.core.fields import Id
from noillusion.core.instants import Instant
from noillusion.core.models import RangeDeletion
from noillusion.core.preconditions import if_match, unless_known
from noillusion.notices import service as notices
from noillusion.notices.models import MarkedNotices, Notice, NoticeChange, NoticeKind, NoticesChange, UnreadNotices
from noillusion.privacy import departure, export
from noillusion.privacy import service as privacy
from noillusion.privacy.models import DataMap, DeletionReceipt, ExportManifest
from noillusion.profiles import service
from noillusion.profiles.models import AIKeyInput, AIKeyStatus, Profile, ProfilePatch

api = Api()
app = api.resolver
handler = api.handler

Code = Annotated[str, Path(description="Code of the deletion receipt")]
ProviderPath = Annotated[Provider, Path(description="AI provider")]
Before = Annotated[Instant, Query(description="Date and time with a UTC offset. Notices created before it are deleted")]
Kind = Annotated[NoticeKind | None, Query(description="Return only notices of this kind")]
Unread = Annotated[bool | None, Query(description="Return only unread notices, or only those that were read")]
Subject = Annotated[Id | None, Query(description="Return only notices about this target, connection or other subject")]
From = Annotated[Instant | None, Query(alias="from", description="Return only notices created at this time or later")]
To = Annotated[Instant | None, Query(alias="to", description="Return only notices created before this time")]
PartName = Annotated[str, Path(description="`first_part` of the export, or `next_part` of the previous part")]


@app.get(
    "/v1/profile",
    operation_id="getProfile",
    summary="Get the profile",
    description="The first request of a user creates the profile.",
    tags=["profile"],
)
def get_profile(known: IfNoneMatch = None) -> Response[Profile]:
    profile = api.run(service.get(api.user_id))
    unless_known(known, service.tag(profile))
    return tagged(profile, service.tag(profile))


@app.patch(
    "/v1/profile",
    operation_id="updateProfile",
    summary="Update the profile",
    description=(
        "JSON Merge Patch (RFC 7396) at every depth: absent members stay as they are, and lists are replaced as a whole."
    ),
    tags=["profile"],
)
def change_profile(patch: ProfilePatch, expected: IfMatch = None) -> Response[Profile]:
    profile = api.run(service.change(api.user_id, patch, if_match(expected)))
    return tagged(profile, service.tag(profile))


@app.put(
    "/v1/profile/ai-keys/<provider>",
    operation_id="storeAiKey",
    summary="Store an AI key",
    description=(
        "The provider is asked whether it knows the key, by a call that costs nothing; if it does not, the key is refused "
        "(`ai_key_rejected`). The key is stored encrypted and never returned."
    ),
    tags=["profile"],
)
def put_ai_key(provider: ProviderPath, given: AIKeyInput) -> AIKeyStatus:
    return api.run(ai_keys.store(api.user_id, provider, given))


@app.delete(
    "/v1/profile/ai-keys/<provider>",
    operation_id="deleteAiKey",
    summary="Delete a stored AI key",
    description="Deletes the stored key. Keys sent in a header are never stored.",
    tags=["profile"],
)
def delete_ai_key(provider: ProviderPath) -> Response[None]:
    api.run(service.delete_key(api.user_id, provider))
    return Response(status_code=204)


@app.get(
    "/v1/profile/export",
    operation_id="startExport",
    summary="Start an export",
    description="Returns a manifest of everything stored about the user.",
    tags=["privacy"],
)
def begin_export() -> ExportManifest:
    return api.run(export.manifest(api.user_id))


@app.get(
    "/v1/profile/export/<part>",
    operation_id="getExportPart",
    summary="Get one part of an export",
    description=(
        "JSON lines: an `ExportLine` for each row, then one `ExportLastLine` with counts, checksums and the next part. "
        "Every row that existed when the export started is in exactly one part, unless it has been deleted since. If the part "
        "is not found, start a new export."
    ),
    tags=["privacy"],
    responses={200: {"description": "OK", "content": {export.MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
def get_export_part(part: PartName) -> Response[str]:
    lines = api.run(export.part(api.user_id, part, api.deadline))
    return Response(status_code=200, content_type=export.MEDIA_TYPE, body=lines)


@app.delete(
    "/v1/profile",
    operation_id="deleteAccount",
    summary="Delete the account",
    description="Deletes all data, revokes all grants at the platforms and returns a receipt.",
    tags=["privacy"],
)
def delete_everything(expected: IfMatch = None) -> Response[DeletionReceipt]:
    api.run(service.require(api.user_id, if_match(expected)))
    receipt = api.run(departure.leave(api.user_id, api.deadline))
    if receipt.state == "deleting":
        return json_response(202, receipt, {"location": f"/v1/profile/deletion/{receipt.code}", "retry-after": "5"})
    return json_response(200, receipt)


@app.get(
    "/v1/profile/deletion/<code>",
    operation_id="getDeletionReceipt",
    summary="Get a deletion receipt",
    description=(
        "The receipt of a deleted account, available to whoever has its code, since there is no account to log in to any more."
    ),
    tags=["privacy"],
    security=[],
)
def deletion_receipt(code: Code) -> DeletionReceipt:
    return api.run(departure.status(code))


@app.get(
    "/v1/notifications",
    operation_id="listNotices",
    summary="List notices",
    description="Unread ones first, then newest first. There is one notice for each subject and change of state.",
    tags=["notifications"],
)
def list_notices(
    kind: Kind = None,
    unread: Unread = None,
    subject_id: Subject = None,
    start: From = None,
    end: To = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[Notice]:
    filters = {"kind": kind, "unread": unread, "subject": subject_id, "start": start, "end": end}
    return api.run(notices.listing(api.user_id, filters, cursor, limit))


@app.get(
    "/v1/notifications/unread",
    operation_id="countUnreadNotices",
    summary="Count unread notices",
    description=(
        "The number is also in the header `x-unread-count`. The entity tag changes with the number and the newest notice, so a "
        "client that asks again with `If-None-Match` gets a 304 as long as nothing has changed."
    ),
    tags=["notifications"],
)
def count_unread(known: IfNoneMatch = None) -> Response[UnreadNotices]:
    return _unread(known)


@app.head(
    "/v1/notifications/unread",
    operation_id="checkUnreadNotices",
    summary="Count unread notices in a header",
    description="The same as the GET request, without a body.",
    tags=["notifications"],
)
def check_unread(known: IfNoneMatch = None) -> Response[UnreadNotices]:
    return _unread(known)


def _unread(known: str | None) -> Response[UnreadNotices]:
    found = api.run(notices.unread(api.user_id))
    headers = {"x-unread-count": str(found.unread)}
    unless_known(known, notices.tag(found), headers)
    return tagged(found, notices.tag(found), headers=headers)


@app.patch(
    "/v1/notifications",
    operation_id="markNotices",
    summary="Mark all notices up to a time",
    description="Marks them as read, or as unread. Those that arrived in the meantime stay as they are.",
    tags=["notifications"],
)
def mark_notices(change: NoticesChange) -> MarkedNotices:
    return api.run(notices.mark_all(api.user_id, change.unread, change.until, api.deadline))


@app.patch(
    "/v1/notifications/<id>",
    operation_id="markNotice",
    summary="Mark a notice",
    description="Marks it as read, or as unread.",
    tags=["notifications"],
)
def mark_notice(id: PathId, change: NoticeChange) -> Notice:
    return api.run(notices.mark(api.user_id, uuid_or_404(id), change.unread))


@app.delete(
    "/v1/notifications/<id>",
    operation_id="deleteNotice",
    summary="Delete a notice",
    description="It is not created again for the same change, except for a warning about a lasting condition.",
    tags=["notifications"],
)
def delete_notice(id: PathId) -> Response[None]:
    api.run(notices.delete_one(api.user_id, uuid_or_404(id)))
    return Response(status_code=204)


@app.delete(
    "/v1/notifications",
    operation_id="deleteNotices",
    summary="Delete old notices",
    description="Warnings about a lasting condition, such as a connection that is about to expire, are created again.",
    tags=["notifications"],
)
def delete_notices(before: Before) -> RangeDeletion:
    return api.run(notices.delete(api.user_id, before, api.deadline))


@app.get(
    "/v1/privacy",
    operation_id="getDataMap",
    summary="Get the data map",
    description="What is stored about you, why, and for how long.",
    tags=["privacy"],
)
def data_map() -> DataMap:
    return privacy.describe()
