"""Routes from which platforms fetch the files of posts. They need no access token: whoever has a ticket may fetch its file.

A ticket stands in the path, so the path is in no log here, nor in the gateway's (see the template).
"""

from __future__ import annotations

import base64
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from noillusion.api.resolver import Api
from noillusion.core import logs
from noillusion.media import ranges
from noillusion.publishing import pulls
from noillusion.settings.source import settings

# Platforms may add parameters of their own.
api = Api(open_queries=("/v1/media/", "/robots.txt"))
app = api.resolver
handler = api.handler

Ticket = Annotated[str, Path(description="Ticket of the URL that the platform was given")]
FILE = {"schema": {"type": "string", "format": "binary"}}
PROOF = {"schema": {"type": "string"}}
FILES: dict[int, Any] = {
    200: {"description": "The file", "content": {**dict.fromkeys(sorted(pulls.TYPES), FILE), "text/plain": PROOF}}
}
HEADS: dict[int, Any] = {200: {"description": "OK, without a body"}}
TEXT: dict[int, Any] = {200: {"description": "The rules for crawlers", "content": {"text/plain": {"schema": {"type": "string"}}}}}
GUARDED = {
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}
"""The file comes from a user and is served under the domain of the API."""
PLAIN = "text/plain; charset=utf-8"
ROBOTS = """User-agent: facebookexternalhit
User-agent: meta-externalfetcher
Allow: /v1/media/
Disallow: /

User-agent: *
Allow: /v1/media/
Disallow: /
"""


@app.get(
    "/v1/media/<ticket>",
    operation_id="getMedia",
    summary="Fetch a file of a post",
    description=(
        "Called by platforms that fetch images by URL. The URL is given to one platform for one post. It is valid for an hour, "
        "and no longer once the outcome of the post is known; anything else is answered with 404. A part of the file can be "
        "asked for with `Range`. The file that proves to a platform whose domain this is has its name in place of a ticket."
    ),
    tags=["media"],
    security=[],
    responses=FILES,
)
def get_media(ticket: Ticket) -> Response[str]:
    return _media(ticket, api.header("range"))


@app.head(
    "/v1/media/<ticket>",
    operation_id="checkMedia",
    summary="Get the type and size of a file of a post",
    description="The same as the GET request for the whole file, without a body.",
    tags=["media"],
    security=[],
    responses=HEADS,
)
def head_media(ticket: Ticket) -> Response[str]:
    return _media(ticket, "")


@app.get(
    "/robots.txt",
    operation_id="getRobots",
    summary="Get the rules for crawlers",
    description="Lets the crawlers of platforms fetch media, and nothing else.",
    tags=["media"],
    security=[],
    responses=TEXT,
)
def robots() -> Response[str]:
    return Response(200, PLAIN, ROBOTS, {"cache-control": "public, max-age=3600"})


def _media(ticket: str, asked: str) -> Response[str]:
    if (proof := settings().media_verification.get(ticket)) is not None:
        return Response(200, PLAIN, proof)
    found = api.run(pulls.fetch(ticket))
    size = len(found.data)
    # Without a validator in the response, no condition of If-Range can hold, and the whole file is sent.
    part = None if api.header("if-range") else ranges.part(asked, size)
    logs.event("media_fetched", target_id=found.target_id, part=part is not None)
    if part is None:
        return _binary(200, found.content_type, found.data, {})
    first, last = part
    return _binary(206, found.content_type, found.data[first : last + 1], {"content-range": f"bytes {first}-{last}/{size}"})


def _binary(status: int, content_type: str, data: bytes, headers: dict[str, str]) -> Response[str]:
    """Return a response with a body of bytes. The validation of responses takes text only."""
    response = Response(status, content_type, base64.b64encode(data).decode(), {**headers, **GUARDED})
    response.base64_encoded = True
    return response
