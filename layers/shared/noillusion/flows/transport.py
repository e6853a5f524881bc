"""Sends one call of a flow: the platform's request from the flow's description, and a fault for whatever is no answer.

The runner imports it when a flow really calls. No answer to a COMMIT is :class:`OutcomeUnknown`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from noillusion.core import clock, logs
from noillusion.core.sensitive import Secret, reveal
from noillusion.core.urls import is_folded
from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import TIMED_OUT, ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Call, Reply
from noillusion.flows.service import Service
from noillusion.flows.sources import Sources
from noillusion.net import client as http
from noillusion.net import guarded as outbound
from noillusion.settings.source import settings

MAX_READ_BYTES = 64 * 1024 * 1024
"""A file whose source tells no length is held in memory, so it may be no larger."""
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


async def send(platform: Service, token: Secret | None, call: Call, *, sources: Sources, seconds: float) -> Reply:
    """The platform's answer, whatever its status, within ``seconds``. Raises :class:`PlatformError`."""
    started = clock.monotonic()
    status: int | str = "none"
    try:
        async with asyncio.timeout(seconds), AsyncExitStack() as opened:
            request = await _request(platform, token, call, sources, opened)
            # The client's own time-out is shorter than some calls may take.
            request.extensions["timeout"] = httpx.Timeout(seconds, connect=http.CONNECT_TIMEOUT_S).as_dict()
            response = await http.client().send(request)
        status = response.status_code
    except outbound.Refused as refused:
        status = refused.code
        raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, refused.code), Effect.PREPARE) from None
    except NOT_SENT:
        status = "not_sent"
        raise PlatformError(Fault(ErrorClass.TRANSIENT, "not_sent", certain=True), call.effect) from None
    except (httpx.HTTPError, TimeoutError, httpx.InvalidURL, httpx.StreamError) as failure:
        status = TIMED_OUT if isinstance(failure, TimeoutError | httpx.TimeoutException) else "network"
        kind = OutcomeUnknown if call.effect in (Effect.COMMIT, Effect.FOLLOW_UP) else PlatformError
        raise kind(Fault(ErrorClass.TRANSIENT, status), call.effect) from None
    finally:
        took = round((clock.monotonic() - started) * 1000)
        logs.event("platform_call", platform=platform.name, effect=call.effect.value, status=status, ms=took)
    return Reply(response.status_code, {k.lower(): v for k, v in response.headers.items()}, _parsed(response))


async def _request(
    platform: Service, token: Secret | None, call: Call, sources: Sources, opened: AsyncExitStack
) -> httpx.Request:
    headers = reveal(dict(call.headers))
    parts: dict[str, Any] = {}
    if call.auth != "none":
        if token is None:
            raise PlatformError(Fault(ErrorClass.REAUTH, "no_token", certain=True), call.effect)
        if call.batch:
            parts["data"] = _batched(call, token)
        else:
            scheme = "OAuth" if call.auth == "oauth" else "Bearer"
            headers["authorization"] = f"{scheme} {token.reveal()}"
    if call.query:
        parts["params"] = reveal(dict(call.query))
    if call.form is not None:
        parts["data"] = reveal(dict(call.form))
    elif call.multipart is not None:
        parts["files"] = {name: _part(value) for name, value in call.multipart.items()}
    elif call.json is not None:
        # Written here so that non-ASCII text travels as UTF-8 and the media type is the plain one.
        parts["content"] = json.dumps(reveal(call.json), ensure_ascii=False).encode()
        headers.setdefault("content-type", "application/json; charset=UTF-8")
    elif call.body is not None:
        body = call.body
        if body.data is not None:
            parts["content"] = _spanned(body.data, call.span)
        else:
            length, stream = await _stream(call, body, sources, opened)
            parts["content"] = stream
            headers["content-length"] = str(length)
        headers.setdefault("content-type", body.content_type or "application/octet-stream")
    return http.client().build_request(call.method, _address(platform, call.url), headers=headers, **parts)


def _batched(call: Call, token: Secret) -> dict[str, str]:
    """Return the form of a batch of the Graph API. The token of its calls is a field of the form (platforms.md 0.1)."""
    items = []
    for each in call.batch:
        path = urlsplit(each.url).path.lstrip("/")
        items.append({"method": each.method, "relative_url": f"{path}?{urlencode(reveal(dict(each.query)))}"})
    return {"batch": json.dumps(items), "include_headers": "false", "access_token": token.reveal()}


def _address(platform: Service, url: str) -> str:
    """Return where a URL of the platform is reached. Anything that is not the platform's own is refused."""
    split = urlsplit(url)
    host = (split.hostname or "").lower()
    # The host as written, so that no user name, port or odd spelling comes between the check and the request.
    if url.startswith("https://") and split.netloc in platform.hosts:
        return settings().located(url)
    if split.scheme == "https" and any(host.endswith(suffix) for suffix in platform.upload_hosts):
        return url
    # An upload URL that an overridden host handed out is under that override.
    bases = (base for known, base in settings().endpoints.items() if known in platform.hosts)
    if is_folded(url) and any(url.startswith(base + "/") for base in bases):
        return url
    raise PlatformError(Fault(ErrorClass.UNKNOWN, "foreign_url", certain=True), Effect.PREPARE)


async def size(item: MediaItem, *, sources: Sources, seconds: float) -> int:
    """Return the number of bytes of a media file, read from the answer's header. Raises :class:`PlatformError`."""
    if item.data is not None:
        return len(item.data)
    try:
        async with asyncio.timeout(seconds), sources.opened(_url(item)) as source:
            length = source.length
    except outbound.Refused as refused:
        raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, refused.code), Effect.PREPARE) from None
    except TimeoutError:
        raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, "unreachable"), Effect.PREPARE) from None
    if not length:
        raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, "no_length"), Effect.PREPARE)
    return length


def _url(item: MediaItem) -> str:
    if item.url is None:
        raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, "no_source"), Effect.PREPARE)
    return item.url.reveal()


async def _stream(
    call: Call, item: MediaItem, sources: Sources, opened: AsyncExitStack
) -> tuple[int, AsyncIterator[bytes] | bytes]:
    """Return length and bytes of a media file or of a part of it, which are streamed. Without a told length it is read first."""
    if call.span is not None:
        return call.span[1], await opened.enter_async_context(sources.part(_url(item), call.span, call.following))
    source = await opened.enter_async_context(sources.opened(_url(item)))
    if source.length is not None:
        return source.length, source.chunks()
    data = bytearray()
    async for chunk in source.chunks():
        data += chunk
        if len(data) > MAX_READ_BYTES:
            raise outbound.Refused("too_large")
    return len(data), bytes(data)


def _spanned(data: bytes, span: tuple[int, int] | None) -> bytes:
    return data if span is None else data[span[0] : span[0] + span[1]]


def _part(value: Any) -> tuple[str | None, str | bytes] | tuple[str | None, str | bytes, str]:
    """One part of a multipart body: the bytes of a media file as a file, anything else as a plain field."""
    if isinstance(value, MediaItem):
        return "media", value.data or b"", value.content_type or "application/octet-stream"
    return None, str(reveal(value))


_BROKEN = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]")
"""NUL and halves of surrogate pairs as they travel in JSON. Whole characters in two escapes look alike, so the text decides."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _parsed(response: httpx.Response) -> Any:
    try:
        data = response.json()
        return _whole(data) if _BROKEN.search(response.content) else data
    except (ValueError, RecursionError):
        return None


def _whole(value: Any) -> Any:
    """``value`` without what no database takes: a platform that cuts a name short can cut a character in two."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def ahead(reply: Reply, known: float | None) -> float | None:
    """Return the seconds by which the platform's clock is ahead of ours, read from a new answer; ``known`` without a date."""
    try:
        # A stored answer tells the time at which it was stored.
        said = None if "age" in reply.headers else parsedate_to_datetime(reply.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        return known
    # Dates are whole seconds, cut off: on average half a second has passed since.
    return known if said is None else said + 0.5 - clock.now().timestamp()
