"""Routes of health and the OpenAPI document, and the answer to unknown routes: everything that needs no access token.

Requests that match no route end here, so this function serves nothing that a token protects and holds no credentials of users.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from noillusion import health
from noillusion.api import openapi
from noillusion.api.resolver import Api, json_response
from noillusion.core.preconditions import unless_known
from noillusion.health import Health

api = Api()
app = api.resolver
handler = api.handler

CACHED = {"cache-control": "public, max-age=300"}
HEAD: dict[int, Any] = {200: {"description": "OK, without a body"}}
DOCUMENT: dict[int, Any] = {
    200: {"description": "OK", "content": {"application/json": {"schema": {"type": "object", "additionalProperties": True}}}},
    304: {"description": "The document has the entity tag of `If-None-Match`"},
}
DOCUMENT_HEAD = {**HEAD, 304: DOCUMENT[304]}


@app.get(
    "/v1/health",
    operation_id="getHealth",
    summary="Get the health of the service",
    description=(
        "Reports that the database can be reached, and how long the oldest due publication has been waiting. `late` means"
        " more than five minutes."
    ),
    tags=["service"],
    security=[],
)
def get_health() -> Health:
    return api.run(health.check())


@app.head(
    "/v1/health",
    operation_id="checkHealth",
    summary="Get the status of the service",
    description="The same as the GET request, without a body.",
    tags=["service"],
    security=[],
    responses=HEAD,
)
def head_health() -> Health:
    return get_health()


@app.get(
    "/v1/openapi.json",
    operation_id="getOpenApiDocument",
    summary="Get the OpenAPI document",
    description="This document. Send its entity tag in `If-None-Match` to get 304 while it is unchanged.",
    tags=["service"],
    security=[],
    responses=DOCUMENT,
)
def get_openapi() -> Response[dict[str, Any]]:
    unless_known(api.header("if-none-match") or None, openapi.etag(), CACHED)
    return json_response(200, openapi.document(), {"etag": openapi.etag(), **CACHED})


@app.head(
    "/v1/openapi.json",
    operation_id="checkOpenApiDocument",
    summary="Get the entity tag of the OpenAPI document",
    description="The same as the GET request, without a body.",
    tags=["service"],
    security=[],
    responses=DOCUMENT_HEAD,
)
def head_openapi() -> Response[dict[str, Any]]:
    return get_openapi()
