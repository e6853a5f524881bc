"""Routes of platforms, of connections (OAuth, account selection, test, disconnect), and the callbacks of the platforms."""

from __future__ import annotations

import base64
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from noillusion.api.paging import Page
from noillusion.api.resolver import Api, Cursor, IfMatch, IfNoneMatch, Limit, PathId, json_response, tagged, uuid_or_404
from noillusion.catalog.accounts import ConnectionState, ConnectionStatus
from noillusion.catalog.platforms import PlatformName
from noillusion.connections import callbacks, connecting, service
from noillusion.connections.models import (
    AuthorizeRequest,
    AuthorizeResponse,
    CallbackResult,
    ConfirmRequest,
    Connection,
    ConnectionPatch,
    ConnectionTest,
    DeletionAccepted,
    DeletionStatus,
    Disconnected,
    PendingConnection,
    Refused,
)
from noillusion.core.preconditions import if_match, unless_known
from noillusion.privacy import erasure
from noillusion.publishing import events
from noillusion.publishing.offer_models import PlatformOffers, PublishingOptions

CACHED = {"cache-control": "private, max-age=300"}
FORM_CALLBACKS = ("/v1/callbacks/meta/deauthorize", "/v1/callbacks/meta/data-deletion", "/v1/callbacks/tiktok")

# Platforms add parameters of their own.
api = Api(raw_bodies=FORM_CALLBACKS, open_queries=("/v1/oauth/", "/v1/callbacks/"))
app = api.resolver
handler = api.handler

PlatformPath = Annotated[PlatformName, Path(description="Platform")]
PlatformFilter = Annotated[PlatformName | None, Query(description="Return only accounts on this platform")]
StatusFilter = Annotated[ConnectionStatus | None, Query(description="Return only accounts with this status")]
StateFilter = Annotated[ConnectionState | None, Query(description="Return only accounts in this state")]
Handle = Annotated[str, Path(description="`pending` parameter of the URL that the browser returned to")]
Code = Annotated[str, Path(description="Confirmation code of the deletion request")]


def _raw_body() -> str:
    event = app.current_event
    text = event.body or ""
    return base64.b64decode(text).decode("utf-8", "replace") if event.is_base64_encoded else text


@app.get(
    "/v1/platforms",
    operation_id="listPlatforms",
    summary="List the platforms and what they offer",
    description=(
        "Kinds of posts with their parts, limits, rules of media files and options, as far as they are known without asking an "
        "account. Send the entity tag in `If-None-Match` to get 304 while nothing has changed."
    ),
    tags=["platforms"],
)
def list_platforms(known: IfNoneMatch = None) -> Response[PlatformOffers]:
    # The rules of publishing come with it, which no other route here needs.
    from noillusion.publishing import offers

    found, tag = offers.offers()
    unless_known(known, tag, CACHED)
    return tagged(found, tag, headers=CACHED)


@app.get(
    "/v1/connections/<connection_id>/publishing-options",
    operation_id="getPublishingOptions",
    summary="Get what an account can publish now",
    description=(
        "Asks the platform about the account: whether it may publish at the moment, its audiences, quota, roles and limits. "
        "Publishing goes by the same answer. Nothing of it is stored."
    ),
    tags=["platforms"],
)
def get_publishing_options(connection_id: PathId) -> PublishingOptions:
    from noillusion.publishing import live

    return api.run(live.publishing_options(api.user_id, uuid_or_404(connection_id), api.deadline))


@app.get(
    "/v1/connections",
    operation_id="listConnections",
    summary="List connected accounts",
    description="Newest first. Tokens are never returned.",
    tags=["connections"],
)
def list_connections(
    platform: PlatformFilter = None,
    status: StatusFilter = None,
    state: StateFilter = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[Connection]:
    filters = {"platform": platform, "status": status, "state": state}
    return api.run(service.listing(api.user_id, filters, cursor, limit))


@app.post(
    "/v1/connections/<platform>/authorize",
    operation_id="authorizePlatform",
    summary="Start connecting a platform",
    description=(
        "Returns the URL of the platform's dialog. Send the browser to it within ten minutes; it works once. Every "
        "request returns a new URL, so it takes no `Idempotency-Key`."
    ),
    tags=["connections"],
)
def authorize(platform: PlatformPath, request: AuthorizeRequest) -> AuthorizeResponse:
    return api.run(connecting.authorize(api.user_id, platform, request))


@app.get(
    "/v1/oauth/<platform>/callback",
    operation_id="completeAuthorization",
    summary="Receive the browser from a platform",
    description=(
        "The redirect URI to register at the platform. Redirects to the return URL with `pending`, or with `error` and "
        "`retryable`; without a return URL, answers with JSON, which has words for the person too (`advice`)."
    ),
    tags=["connections"],
    security=[],
)
def oauth_callback(platform: PlatformPath) -> Response[CallbackResult]:
    query = {key: str(value) for key, value in (app.current_event.query_string_parameters or {}).items()}
    location, result = api.run(connecting.callback(platform, query, api.deadline))
    if location is None:
        return json_response(200, result)
    return json_response(303, result, {"location": location, "referrer-policy": "no-referrer"})


@app.get(
    "/v1/connections/pending/<handle>",
    operation_id="getPendingConnection",
    summary="List the accounts of a new grant",
    description=(
        "Asks the platform for the accounts that the grant gives access to. Only the user who started to connect can see "
        "them, for as long as the grant waits (`expires_at`)."
    ),
    tags=["connections"],
)
def pending(handle: Handle) -> PendingConnection:
    return api.run(connecting.pending(api.user_id, handle, api.deadline))


@app.post(
    "/v1/connections/pending/<handle>/confirm",
    operation_id="confirmPendingConnection",
    summary="Connect the selected accounts",
    description=(
        "Connects the accounts in `account_ids`. Sending it again for accounts that are connected returns the same connections."
    ),
    tags=["connections"],
)
def confirm(handle: Handle, request: ConfirmRequest) -> Page[Connection]:
    return Page[Connection](items=api.run(connecting.confirm(api.user_id, handle, request, api.deadline)))


@app.delete(
    "/v1/connections/pending/<handle>",
    operation_id="declinePendingConnection",
    summary="Decline and revoke a grant",
    description=(
        "Withdraws a grant that is not wanted, at the platform as well where it can be revoked. It cannot be confirmed "
        "afterwards."
    ),
    tags=["connections"],
)
def refuse(handle: Handle) -> Refused:
    return api.run(connecting.refuse(api.user_id, handle, api.deadline))


@app.post(
    "/v1/connections/<connection_id>/test",
    operation_id="testConnection",
    summary="Test a connection",
    description=(
        "Asks the platform which account the connection reaches, and where it tells, for the granted permissions, the ends of "
        "access and the quota. A refused token is reported in the connection's status."
    ),
    tags=["connections"],
)
def test(connection_id: PathId) -> ConnectionTest:
    return api.run(service.test(api.user_id, uuid_or_404(connection_id), api.deadline))


@app.get(
    "/v1/connections/<connection_id>",
    operation_id="getConnection",
    summary="Get a connection",
    description="Returns one connection with its granted scopes and what each missing one costs.",
    tags=["connections"],
)
def get_connection(connection_id: PathId, known: IfNoneMatch = None) -> Response[Connection]:
    connection = api.run(service.get(api.user_id, uuid_or_404(connection_id)))
    unless_known(known, service.tag(connection))
    return tagged(connection, service.tag(connection))


@app.patch(
    "/v1/connections/<connection_id>",
    operation_id="updateConnection",
    summary="Update a connection",
    description="JSON Merge Patch (RFC 7396): absent members stay as they are.",
    tags=["connections"],
)
def change(connection_id: PathId, patch: ConnectionPatch, expected: IfMatch = None) -> Response[Connection]:
    connection = api.run(service.change(api.user_id, uuid_or_404(connection_id), patch, if_match(expected)))
    return tagged(connection, service.tag(connection))


@app.delete(
    "/v1/connections/<connection_id>",
    operation_id="disconnectAccount",
    summary="Disconnect an account and revoke its grant",
    description=(
        "Deletes the connection and its tokens. The grant is revoked at the platform if no other connection, also of another "
        "user, lives on it. Scheduled posts that the platform holds are removed there before, as far as it allows within some "
        "seconds. Posts that are public remain."
    ),
    tags=["connections"],
)
def disconnect(connection_id: PathId, expected: IfMatch = None) -> Disconnected:
    # Loads all of publishing, which no other route of this function needs.
    from noillusion.scheduling import disconnecting

    return api.run(disconnecting.disconnect(api.user_id, uuid_or_404(connection_id), if_match(expected), api.deadline))


@app.post(
    "/v1/callbacks/meta/deauthorize",
    operation_id="receiveMetaDeauthorization",
    summary="Receive a deauthorization from Meta",
    description=(
        "Called by Meta with a `signed_request` when a person removes the app. Ends the connections of this person that "
        "are older than the request."
    ),
    tags=["callbacks"],
    security=[],
)
def meta_deauthorize() -> dict[str, str]:
    api.run(callbacks.deauthorize(_raw_body()))
    return {}


@app.post(
    "/v1/callbacks/meta/data-deletion",
    operation_id="receiveMetaDataDeletion",
    summary="Receive a data deletion request from Meta",
    description=(
        "Called by Meta with a `signed_request` when a person asks Meta for the deletion of their data. Deletes what came"
        " from this person and answers with the URL of its status page."
    ),
    tags=["callbacks"],
    security=[],
)
def meta_data_deletion() -> DeletionAccepted:
    return api.run(erasure.request(*callbacks.asked_deletion(_raw_body()), api.deadline))


@app.get(
    "/v1/callbacks/meta/data-deletion/<code>",
    operation_id="getMetaDataDeletion",
    summary="Get the status of a data deletion request",
    description="The status page that Meta shows to the person. Nobody can learn from it whose data it was.",
    tags=["callbacks"],
    security=[],
)
def meta_deletion_status(code: Code) -> DeletionStatus:
    return api.run(erasure.status(code))


@app.post(
    "/v1/callbacks/tiktok",
    operation_id="receiveTikTokWebhook",
    summary="Receive a webhook from TikTok",
    description=(
        "Called by TikTok, signed with `tiktok-signature`. A removed authorization ends its connections; the status of a "
        "publication continues the post."
    ),
    tags=["callbacks"],
    security=[],
)
def tiktok_webhook() -> dict[str, str]:
    event = callbacks.tiktok_event(_raw_body(), app.current_event.headers)
    if event.get("event") == "authorization.removed":
        api.run(callbacks.tiktok_removed(event))
    else:
        api.run(events.tiktok(event))
    return {}
