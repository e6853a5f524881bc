"""Publishing: check, publish, follow, retry, cancel, delete; and the queue consumer that finishes slow publications."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.api.batch import consume
from noillusion.api.paging import Page
from noillusion.api.resolver import Api, Cursor, IdempotencyKey, Limit, PathId, json_response, require_key, uuid_or_404
from noillusion.publishing import advance, forgetting, service
from noillusion.publishing.models import MAX_INLINE_BYTES, CheckResult, Post, PostRequest, Removal, RetryRequest

POST_LIMIT = MAX_INLINE_BYTES * 4 // 3 + 256 * 1024

AcceptUnknown = Annotated[
    bool, Query(description="Forget it although the outcome of a target is not known: nobody can find it out any more")
]

api = Api(body_limits={"POST /v1/posts": POST_LIMIT, "POST /v1/posts/check": POST_LIMIT, "POST /v1/posts/{id}/retry": POST_LIMIT})
app = api.resolver


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """HTTP requests, and batches of the queue of slow publications."""
    if "Records" in event:
        return consume(event, context, advance.from_message)
    return api.handler(event, context)


@app.post("/v1/posts/check", summary="Everything that stands against a publication", tags=["posts"])
def check(request: PostRequest) -> CheckResult:
    return api.run(service.check(api.user_id, request))


@app.post("/v1/posts", summary="Publish", tags=["posts"])
def create(request: PostRequest, idempotency_key: IdempotencyKey = None) -> Response[Post]:
    key = require_key(idempotency_key)
    status, body, replayed = api.run(service.create(api.user_id, key, request, api.deadline))
    headers = {"location": f"/v1/posts/{body['id']}", "idempotency-replayed": "true" if replayed else "false"}
    return json_response(status, body, headers)


@app.get("/v1/posts", summary="List posts, newest first", tags=["posts"])
def list_posts(cursor: Cursor = None, limit: Limit = 25) -> Page[Post]:
    return api.run(service.listing(api.user_id, cursor, limit))


@app.get("/v1/posts/<post_id>", summary="Read a post with every target", tags=["posts"])
def get_post(post_id: PathId) -> Post:
    return api.run(service.get_post(api.user_id, uuid_or_404(post_id)))


@app.delete("/v1/posts/<post_id>", summary="Delete a post at the platforms", tags=["posts"])
def delete_post(post_id: PathId) -> Removal:
    return api.run(service.delete(api.user_id, uuid_or_404(post_id), api.deadline))


@app.delete(
    "/v1/posts/<post_id>/record",
    summary="Forget what is kept about a post",
    description=(
        "Its targets, figures and notices are deleted here. Nothing happens at the platforms: a published post stays there, and "
        "can be neither deleted nor measured from here any more. Its Idempotency-Key stays used up until its day is over."
    ),
    tags=["posts"],
)
def forget_post(post_id: PathId, accept_unknown: AcceptUnknown = False) -> Response[None]:
    api.run(forgetting.forget_record(api.user_id, uuid_or_404(post_id), accept_unknown))
    return Response(status_code=204)


@app.post("/v1/posts/<post_id>/retry", summary="Try failed targets again", tags=["posts"])
def retry(post_id: PathId, request: RetryRequest) -> Post:
    return api.run(service.retry(api.user_id, uuid_or_404(post_id), request, api.deadline))


@app.post("/v1/posts/<post_id>/cancel", summary="Cancel what has not been sent", tags=["posts"])
def cancel(post_id: PathId) -> Post:
    return api.run(service.cancel(api.user_id, uuid_or_404(post_id)))
