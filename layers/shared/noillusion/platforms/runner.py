"""Drives every flow: time-outs, bounded retries of what is safe to repeat, pacing, checkpoints, classification.

It sends a COMMIT at most once on its own. No answer to a COMMIT means its outcome is unknown, never that it failed.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

import httpx

from noillusion import clock, http, logs, outbound
from noillusion.platforms.base import Platform
from noillusion.platforms.flow import (
    Call,
    Effect,
    ErrorClass,
    Fault,
    Flow,
    MediaItem,
    OutcomeUnknown,
    PlatformError,
    Reply,
    UnexpectedShape,
    Until,
)
from noillusion.sensitive import Secret, reveal
from noillusion.settings import settings

T = TypeVar("T")

ATTEMPTS = 3
BACKOFF_S = 0.3
LONGEST_WAIT_S = 5.0
"""A wait that the platform asks for is taken inside the run only up to this long."""
MAX_MEDIA_BYTES = 64 * 1024 * 1024
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
AMBIGUOUS = frozenset({ErrorClass.TRANSIENT, ErrorClass.UNKNOWN})
"""Answers to a COMMIT after which nobody knows whether it happened (platforms.md 5.2)."""


class Suspended(Exception):
    """The time budget ended inside a wait. The flow goes on later from its handles."""

    def __init__(self, after: float) -> None:
        super().__init__("suspended")
        self.after = after
        """Seconds until asking again is worthwhile."""


class Checkpoint(Protocol):
    """Makes progress durable. Each method returns only once the record is."""

    async def committing(self) -> None:
        """The COMMIT is about to leave."""
        ...

    async def keep(self, handles: Mapping[str, str]) -> None:
        """The platform gave these handles."""
        ...


class NoCheckpoint:
    """For flows with nothing to resume: reading, connecting, measuring."""

    async def committing(self) -> None:
        """Nothing is recorded."""

    async def keep(self, handles: Mapping[str, str]) -> None:
        """Nothing is recorded."""


@dataclass(slots=True)
class Session:
    """The credential that calls are made with. ``refresh`` gets a new token, or ``None`` if the grant is dead."""

    token: Secret | None = None
    refresh: Callable[[], Awaitable[Secret | None]] | None = None
    refreshed: bool = field(default=False, init=False)
    renewed: bool = field(default=False, init=False)
    """Whether the refresh gave a new token."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    async def renew(self, refused: Secret | None) -> bool:
        """Refresh once; whether there is another token now than the one that was ``refused``."""
        async with self._turn:
            if self.token is not refused:
                # A call beside this one was refused as well and got a new token meanwhile.
                return True
            if self.refresh is None or self.refreshed:
                return False
            self.refreshed = True
            token = await self.refresh()
            if token is None:
                return False
            self.token = token
            self.renewed = True
            return True


class Runner:
    """Runs flows of one platform with one credential until ``deadline``; waits end at ``patience`` (both ``clock.monotonic``)."""

    def __init__(
        self,
        platform: Platform,
        session: Session,
        *,
        deadline: float,
        checkpoint: Checkpoint | None = None,
        patience: float | None = None,
    ) -> None:
        self.platform = platform
        self.session = session
        self.deadline = deadline
        self.patience = deadline if patience is None else min(patience, deadline)
        self.checkpoint: Checkpoint = checkpoint or NoCheckpoint()

    async def run(self, flow: Flow[T]) -> T:
        """The flow's result. Raises :class:`PlatformError`, :class:`OutcomeUnknown` or :class:`Suspended`."""
        give: Any = None
        error: PlatformError | None = None
        committed = False
        try:
            while True:
                try:
                    step = flow.throw(error) if error else flow.send(give)
                except StopIteration as stop:
                    return cast(T, stop.value)
                except UnexpectedShape as shape:
                    fault = Fault(ErrorClass.UNKNOWN, f"shape:{shape}")
                    raise (OutcomeUnknown(fault, Effect.COMMIT) if committed else PlatformError(fault)) from None
                give, error = None, None
                try:
                    give = await self._step(step)
                    committed = committed or (isinstance(step, Call) and step.effect is Effect.COMMIT)
                except PlatformError as refusal:
                    error = refusal
        finally:
            flow.close()

    async def _step(self, step: Call | Until | list[Call]) -> Reply | list[Reply]:
        if isinstance(step, Call):
            return await self._call(step)
        if isinstance(step, Until):
            return await self._until(step)
        replies = await asyncio.gather(*(self._call(call) for call in step), return_exceptions=True)
        for reply in replies:
            if isinstance(reply, BaseException):
                raise reply
        return cast("list[Reply]", replies)

    @property
    def remaining(self) -> float:
        """Seconds left of the budget."""
        return self.deadline - clock.monotonic()

    async def _until(self, wait: Until) -> Reply:
        gap, waited = wait.every, 0.0
        while True:
            reply: Reply | None = None
            try:
                reply = await self._call(wait.call)
            except PlatformError as refusal:
                if refusal.fault.error_class not in wait.tolerate | {ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT}:
                    raise
            if reply is not None:
                fault = wait.failed(reply)
                if fault is not None:
                    raise PlatformError(fault, wait.call.effect)
                if wait.done(reply):
                    return reply
            if clock.monotonic() + gap >= self.patience or waited >= wait.at_most:
                raise Suspended(gap)
            await asyncio.sleep(gap)
            waited += gap
            gap = min(gap * 1.3, 10.0)

    async def _call(self, call: Call) -> Reply:
        if call.effect is Effect.COMMIT:
            await self.checkpoint.committing()
            return await self._commit(call)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                reply = await self._once(call)
            except PlatformError as refusal:
                pause = self._pause(refusal.fault, attempt)
                if pause is None:
                    raise
                await asyncio.sleep(pause)
                continue
            await self._keep(call, reply)
            return reply
        raise AssertionError("unreachable")

    def _pause(self, fault: Fault, attempt: int) -> float | None:
        """How long to wait before repeating a READ or PREPARE; ``None`` when it is not worth it."""
        if attempt >= ATTEMPTS or fault.error_class not in (ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT):
            return None
        if fault.error_class is ErrorClass.RATE_LIMIT and fault.retry_after is None:
            return None
        pause = fault.retry_after or BACKOFF_S * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        return pause if pause <= min(LONGEST_WAIT_S, self.remaining - 1) else None

    async def _commit(self, call: Call) -> Reply:
        try:
            reply = await self._once(call)
        except OutcomeUnknown:
            raise
        except PlatformError as refusal:
            # "not_sent" is a transient fault, but nothing left this process.
            if refusal.fault.error_class in AMBIGUOUS and refusal.fault.code != "not_sent":
                raise OutcomeUnknown(refusal.fault, Effect.COMMIT) from None
            raise
        try:
            await self._keep(call, reply)
        except PlatformError as shape:
            raise OutcomeUnknown(shape.fault, Effect.COMMIT) from None
        return reply

    async def _keep(self, call: Call, reply: Reply) -> None:
        if not call.keep:
            return
        try:
            handles = {name: str(reply[path]) for name, path in call.keep.items()}
        except UnexpectedShape as missing:
            raise PlatformError(Fault(ErrorClass.UNKNOWN, f"missing:{missing}"), call.effect) from None
        await self.checkpoint.keep(handles)

    async def _once(self, call: Call) -> Reply:
        """Send once; once more with a new token if the old one was refused (refused before any work, so safe)."""
        used = self.session.token
        reply = await self._send(call)
        fault = self.platform.classify(reply)
        if fault and fault.error_class is ErrorClass.REAUTH and call.auth != "none" and await self.session.renew(used):
            reply = await self._send(call)
            fault = self.platform.classify(reply)
        if fault:
            raise PlatformError(fault, call.effect)
        return reply

    async def _send(self, call: Call) -> Reply:
        started = clock.monotonic()
        timeout = max(0.5, min(call.timeout, self.remaining))
        status: int | str = "none"
        try:
            async with asyncio.timeout(timeout), AsyncExitStack() as sources:
                request = await self._request(call, sources)
                # The client's own time-out is shorter than some calls may take.
                request.extensions["timeout"] = httpx.Timeout(timeout, connect=http.CONNECT_TIMEOUT_S).as_dict()
                response = await http.client().send(request)
            status = response.status_code
        except outbound.Refused as refused:
            status = refused.code
            raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, refused.code), Effect.PREPARE) from None
        except NOT_SENT:
            status = "not_sent"
            raise PlatformError(Fault(ErrorClass.TRANSIENT, "not_sent"), call.effect) from None
        except (httpx.HTTPError, TimeoutError, httpx.InvalidURL, httpx.StreamError) as failure:
            status = "timeout" if isinstance(failure, TimeoutError | httpx.TimeoutException) else "network"
            kind = OutcomeUnknown if call.effect is Effect.COMMIT else PlatformError
            raise kind(Fault(ErrorClass.TRANSIENT, status), call.effect) from None
        finally:
            took = round((clock.monotonic() - started) * 1000)
            logs.event("platform_call", platform=self.platform.name, effect=call.effect.value, status=status, ms=took)
        return Reply(response.status_code, {k.lower(): v for k, v in response.headers.items()}, _parsed(response))

    async def _request(self, call: Call, sources: AsyncExitStack) -> httpx.Request:
        headers = dict(call.headers)
        if call.auth != "none":
            if self.session.token is None:
                raise PlatformError(Fault(ErrorClass.REAUTH, "no_token"), call.effect)
            scheme = "OAuth" if call.auth == "oauth" else "Bearer"
            headers["authorization"] = f"{scheme} {self.session.token.reveal()}"
        parts: dict[str, Any] = {}
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
                parts["content"] = body.data
            else:
                length, stream = await _stream(body, sources)
                parts["content"] = stream
                headers["content-length"] = str(length)
            headers.setdefault("content-type", body.content_type or "application/octet-stream")
        return http.client().build_request(call.method, self._address(call.url), headers=headers, **parts)

    def _address(self, url: str) -> str:
        """Where a URL of the platform is reached. Anything that is not the platform's own is refused."""
        split = urlsplit(url)
        host = (split.hostname or "").lower()
        # The host as written, so that no user name, port or odd spelling comes between the check and the request.
        if url.startswith("https://") and split.netloc in self.platform.hosts:
            return settings().located(url)
        if split.scheme == "https" and any(host.endswith(suffix) for suffix in self.platform.capabilities.upload_hosts):
            return url
        # An upload address that an overridden host handed out is under that override.
        if any(url.startswith(base + "/") for known, base in settings().endpoints.items() if known in self.platform.hosts):
            return url
        raise PlatformError(Fault(ErrorClass.UNKNOWN, "foreign_url"), Effect.PREPARE)


async def _stream(item: MediaItem, sources: AsyncExitStack) -> tuple[int, AsyncIterator[bytes] | bytes]:
    """Length and bytes of a medium that is passed on while it is read. A source that tells no length is read first."""
    if item.url is None:
        raise PlatformError(Fault(ErrorClass.MEDIA_FETCH, "no_source"), Effect.PREPARE)
    source = await sources.enter_async_context(outbound.open_url(item.url.reveal(), limit=MAX_MEDIA_BYTES))
    if source.length is not None:
        return source.length, source.chunks()
    data = b"".join([chunk async for chunk in source.chunks()])
    return len(data), data


def _part(value: Any) -> tuple[str | None, str | bytes] | tuple[str | None, str | bytes, str]:
    """One part of a multipart body: a medium's bytes as a file, anything else as a plain field."""
    if isinstance(value, MediaItem):
        return "media", value.data or b"", value.content_type or "application/octet-stream"
    return None, str(reveal(value))


def _parsed(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
