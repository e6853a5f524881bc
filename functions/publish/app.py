"""Routes of posts (check, publish, follow, retry, cancel, delete) and the queue consumer that finishes slow publications."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.api.batch import consume
from noillusion.api.limits import REQUEST_S, Limited
from noillusion.api.paging import Page
from noillusion.api.resolver import (
    Api,
    Cursor,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    Limit,
    PathId,
    Prefer,
    json_response,
    optional_key,
    prefers,
    replay,
    require_key,
    tagged,
    uuid_or_404,
)
from noillusion.catalog.platforms import PlatformName
from noillusion.core import clock
from noillusion.core.fields import ClientReference, Id, UsedKey
from noillusion.core.instants import Instant
from noillusion.core.preconditions import if_match, unless_known
from noillusion.publishing import advance, background, forgetting, going_on, service
from noillusion.publishing.content import MAX_INLINE_BYTES
from noillusion.publishing.filters import Filters
from noillusion.publishing.models import (
    CheckRequest,
    CheckResult,
    PostRequest,
    PostStatus,
    Removal,
    RetryRequest,
)
from noillusion.publishing.views import EditRequest, Post, PostEdit, PostRefresh

RESPOND_ASYNC = "respond-async"
DEFERRED_S = 2
"""Seconds after which a post that was handed over is worth a look."""
POST_LIMIT = MAX_INLINE_BYTES * 4 // 3 + 256 * 1024

AcceptUnknown = Annotated[
    bool,
    Query(description="Delete the record even if the outcome of a target is unknown. It can then no longer be determined"),
]
Status = Annotated[PostStatus | None, Query(description="Return only posts with this status")]
Platform = Annotated[PlatformName | None, Query(description="Return only posts with a target on this platform")]
ConnectionId = Annotated[Id | None, Query(description="Return only posts with a target on this connection")]
Reference = Annotated[ClientReference | None, Query(description="Return only posts with this `client_reference`")]
Key = Annotated[
    UsedKey | None,
    Query(description="Return only the post that was published under this Idempotency-Key, as long as its record exists"),
]
From = Annotated[Instant | None, Query(alias="from", description="Return only posts created at this time or later")]
To = Annotated[Instant | None, Query(alias="to", description="Return only posts created before this time")]

WITH_MEDIA = ("POST /v1/posts", "POST /v1/posts/check", "POST /v1/posts/{id}/retry")

api = Api(forms=WITH_MEDIA, body_limits=dict.fromkeys(WITH_MEDIA, POST_LIMIT))
app = api.resolver


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an HTTP request, process a batch of the queue of slow publications, or publish what a request handed over.

    Only the last one has all the time of the function.
    """
    if background.MEMBER in event:
        return going_on.handle(event, context)
    limited = Limited(context, REQUEST_S)
    if "Records" in event:
        return consume(event, limited, advance.from_message)
    return api.handler(event, limited)


@app.post(
    "/v1/posts/check",
    operation_id="checkPost",
    summary="Check a post without publishing it",
    description=(
        "Reports all problems of all targets at once, by the rules of each platform. Media files are fetched to look at "
        "them. With `live`, the platforms are also asked what the accounts can publish at the moment. Nothing is stored. "
        "Files of more than 48 MB together that have to be uploaded from URLs are no problem, but published after the response."
    ),
    tags=["posts"],
)
def check(request: CheckRequest) -> CheckResult:
    return api.run(service.check(api.user_id, request, api.deadline))


@app.post(
    "/v1/posts",
    operation_id="publishPost",
    summary="Publish a post",
    description=(
        "Checks all targets first and publishes nothing if one has a problem. The targets are then published at the same "
        "time, each with its own result. Answers with 201 if all have their final status, and with 202 if some are still "
        "being published. With `Prefer: respond-async` it answers with 202 as soon as all is checked and recorded, and so it "
        "does without it if more than 48 MB have to be uploaded from URLs (LinkedIn, videos on TikTok); the upload then has "
        "up to 15 minutes."
    ),
    tags=["posts"],
)
def create(request: PostRequest, idempotency_key: IdempotencyKey = None, prefer: Prefer = None) -> Response[Post]:
    key = require_key(idempotency_key)
    later = _later(prefer)
    answer = api.run(service.create(api.user_id, key, request, api.deadline, later))
    headers = {"location": f"/v1/posts/{answer.body['id']}", **replay(answer.replayed)}
    if answer.status == 202:
        wait = DEFERRED_S if answer.deferred else service.retry_after(answer.body, clock.now())
        headers["retry-after"] = str(wait)
    if answer.deferred:
        headers |= _applied(later)
    return json_response(answer.status, answer.body, headers)


def _later(prefer: str | None) -> background.Later:
    return background.Later(api.function, prefers(prefer, RESPOND_ASYNC))


def _applied(later: background.Later) -> dict[str, str]:
    """Return the header of a response that came first, if the client preferred that."""
    return {"preference-applied": RESPOND_ASYNC} if later.preferred else {}


@app.get("/v1/posts", operation_id="listPosts", summary="List posts", description="Newest first.", tags=["posts"])
def list_posts(
    status: Status = None,
    platform: Platform = None,
    connection_id: ConnectionId = None,
    start: From = None,
    end: To = None,
    client_reference: Reference = None,
    idempotency_key: Key = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[Post]:
    filters = Filters(status, platform, connection_id, start, end, client_reference)
    return api.run(service.listing(api.user_id, filters, cursor, limit, idempotency_key))


@app.get(
    "/v1/posts/<post_id>",
    operation_id="getPost",
    summary="Get a post",
    description="Returns the post with the status of each target. The content itself is not stored, so it is not returned.",
    tags=["posts"],
)
def get_post(post_id: PathId, known: IfNoneMatch = None) -> Response[Post]:
    post = api.run(service.get_post(api.user_id, uuid_or_404(post_id)))
    unless_known(known, service.tag(post))
    return tagged(post, service.tag(post))


@app.patch(
    "/v1/posts/<post_id>",
    operation_id="editPost",
    summary="Change the text of a published post",
    description=(
        "Replaces the text on every platform that allows it: Facebook Pages and LinkedIn. The result says for each target "
        "whether it was changed, and otherwise why not. Checks the text for all targets first and sends nothing if one has a "
        "problem. The text is not stored."
    ),
    tags=["posts"],
)
def edit_post(post_id: PathId, request: EditRequest, expected: IfMatch = None) -> PostEdit:
    return api.run(service.edit(api.user_id, uuid_or_404(post_id), request, if_match(expected), api.deadline))


@app.delete(
    "/v1/posts/<post_id>",
    operation_id="deletePost",
    summary="Delete a post from its platforms",
    description=(
        "Deletes what was published, at every platform that allows it. The result says for each target whether it was "
        "deleted, and otherwise why not."
    ),
    tags=["posts"],
)
def delete_post(post_id: PathId) -> Removal:
    return api.run(service.delete(api.user_id, uuid_or_404(post_id), api.deadline))


@app.delete(
    "/v1/posts/<post_id>/record",
    operation_id="deletePostRecord",
    summary="Delete the record of a post",
    description=(
        "Deletes its targets, figures and notices here. A published post stays on the platforms and can no longer be deleted or "
        "measured through this API. Its Idempotency-Key cannot be used again for 24 hours after the request."
    ),
    tags=["posts"],
)
def forget_post(post_id: PathId, accept_unknown: AcceptUnknown = False) -> Response[None]:
    api.run(forgetting.forget_record(api.user_id, uuid_or_404(post_id), accept_unknown))
    return Response(status_code=204)


@app.post(
    "/v1/posts/<post_id>/retry",
    operation_id="retryPost",
    summary="Retry failed targets",
    description=(
        "Makes a new attempt for failed targets; published ones are never touched. Send the content again, because it is "
        "not stored. A target with an unknown outcome needs `accept_duplicate_risk`. What a platform was to hold until a later "
        "time is handed over for that time. With `Prefer: respond-async` it answers with 202 as soon as all is checked and "
        "recorded, and so it does without it for long uploads, as `POST /v1/posts` does."
    ),
    tags=["posts"],
)
def retry(
    post_id: PathId, request: RetryRequest, idempotency_key: IdempotencyKey = None, prefer: Prefer = None
) -> Response[Post]:
    key, later = optional_key(idempotency_key), _later(prefer)
    done = api.run(service.retry(api.user_id, uuid_or_404(post_id), request, key, api.deadline, later))
    headers = replay(done.replayed)
    if not done.deferred:
        return json_response(200, done.post, headers)
    return json_response(202, done.post, {**headers, "retry-after": str(DEFERRED_S), **_applied(later)})


@app.post(
    "/v1/posts/<post_id>/cancel",
    operation_id="cancelPost",
    summary="Cancel a post",
    description="Cancels every target that has not been sent yet.",
    tags=["posts"],
)
def cancel(post_id: PathId) -> Post:
    return api.run(service.cancel(api.user_id, uuid_or_404(post_id)))


@app.post(
    "/v1/posts/<post_id>/refresh",
    operation_id="refreshPost",
    summary="Read the ids and links of a post again",
    description=(
        "Asks the platforms for the public id and the link of every published target: TikTok can tell an id hours later, and a "
        "link can be missing after an outage. The status of a target does not change, whatever the platform answers."
    ),
    tags=["posts"],
)
def refresh(post_id: PathId) -> PostRefresh:
    return api.run(service.refresh(api.user_id, uuid_or_404(post_id), api.deadline))
