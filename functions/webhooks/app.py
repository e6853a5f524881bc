"""Routes of webhooks, and the consumer of the queue that sends events to endpoints of users."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.api.batch import consume
from noillusion.api.paging import Page
from noillusion.api.resolver import (
    Api,
    Cursor,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    Limit,
    PathId,
    json_response,
    optional_key,
    replay,
    tagged,
    uuid_or_404,
)
from noillusion.core.preconditions import if_match, unless_known
from noillusion.webhooks import dispatch, service
from noillusion.webhooks.models import Delivery, DeliveryState, NewWebhook, RotatedSecret, Webhook, WebhookInput, WebhookPatch

api = Api()
app = api.resolver

State = Annotated[DeliveryState | None, Query(description="Return only deliveries in this state")]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an HTTP request, or send what a message of the queue names."""
    if "Records" in event:
        return consume(event, context, dispatch.from_message)
    return api.handler(event, context)


@app.get(
    "/v1/webhooks",
    operation_id="listWebhooks",
    summary="List webhooks",
    description="Oldest first, on one page.",
    tags=["webhooks"],
)
def list_webhooks() -> Page[Webhook]:
    return api.run(service.listing(api.user_id))


@app.post(
    "/v1/webhooks",
    operation_id="createWebhook",
    summary="Create a webhook",
    description=(
        "Notices are sent to the URL as signed events (Standard Webhooks) from now on. The secret is shown only in this "
        "response, and in that to a repeat with the same `Idempotency-Key` within a day."
    ),
    tags=["webhooks"],
)
def create_webhook(given: WebhookInput, idempotency_key: IdempotencyKey = None) -> Response[NewWebhook]:
    webhook, replayed = api.run(service.create(api.user_id, given, optional_key(idempotency_key)))
    headers = {"location": f"/v1/webhooks/{webhook.id}", **replay(replayed)}
    return tagged(webhook, service.tag(_plain(webhook)), 201, headers)


@app.get(
    "/v1/webhooks/<id>",
    operation_id="getWebhook",
    summary="Get a webhook",
    description="The entity tag changes with what you change, and when the webhook is disabled.",
    tags=["webhooks"],
)
def get_webhook(id: PathId, known: IfNoneMatch = None) -> Response[Webhook]:
    webhook = api.run(service.get(api.user_id, uuid_or_404(id)))
    unless_known(known, service.tag(webhook))
    return tagged(webhook, service.tag(webhook))


@app.patch(
    "/v1/webhooks/<id>",
    operation_id="updateWebhook",
    summary="Update a webhook",
    description="Changes the URL or the events, disables the webhook, or enables it again.",
    tags=["webhooks"],
)
def change_webhook(id: PathId, patch: WebhookPatch, expected: IfMatch = None) -> Response[Webhook]:
    webhook = api.run(service.change(api.user_id, uuid_or_404(id), patch, if_match(expected)))
    return tagged(webhook, service.tag(webhook))


@app.delete(
    "/v1/webhooks/<id>",
    operation_id="deleteWebhook",
    summary="Delete a webhook",
    description="Deletes its deliveries as well. What waits is not sent.",
    tags=["webhooks"],
)
def delete_webhook(id: PathId, expected: IfMatch = None) -> Response[None]:
    api.run(service.delete(api.user_id, uuid_or_404(id), if_match(expected)))
    return Response(status_code=204)


@app.post(
    "/v1/webhooks/<id>/test",
    operation_id="testWebhook",
    summary="Test a webhook",
    description="Sends the event `webhook.test` once and returns what came of it. At most 10 a minute.",
    tags=["webhooks"],
)
def test_webhook(id: PathId) -> Delivery:
    return api.run(service.test(api.user_id, uuid_or_404(id), api.deadline))


@app.post(
    "/v1/webhooks/<id>/rotate-secret",
    operation_id="rotateWebhookSecret",
    summary="Rotate the secret of a webhook",
    description="For 24 hours, requests have two signatures, one with each secret. The new one is shown only in this response.",
    tags=["webhooks"],
)
def rotate_secret(id: PathId) -> RotatedSecret:
    return api.run(service.rotate(api.user_id, uuid_or_404(id)))


@app.get(
    "/v1/webhooks/<id>/deliveries",
    operation_id="listDeliveries",
    summary="List deliveries",
    description="Newest first, for 30 days. What was sent and answered is not kept.",
    tags=["webhooks"],
)
def list_deliveries(id: PathId, state: State = None, cursor: Cursor = None, limit: Limit = 25) -> Page[Delivery]:
    return api.run(service.log(api.user_id, uuid_or_404(id), state, cursor, limit))


@app.post(
    "/v1/webhooks/<id>/deliveries/<delivery_id>/replay",
    operation_id="replayDelivery",
    summary="Send an event again",
    description="The event has the same `webhook-id` as before, so a receiver that has seen it can tell.",
    tags=["webhooks"],
)
def replay_delivery(id: PathId, delivery_id: PathId) -> Response[Delivery]:
    delivery = api.run(service.replay(api.user_id, uuid_or_404(id), uuid_or_404(delivery_id)))
    return json_response(202, delivery)


def _plain(webhook: NewWebhook) -> Webhook:
    """Return the webhook as it is read later, for its entity tag."""
    return Webhook(**webhook.model_dump(exclude={"secret"}))
