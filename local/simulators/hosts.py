"""The hosts of the simulators: journal, latency and faults around their routes."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.simulators.control import Control
from local.simulators.world import Entry, Fault, Simulator, World

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""


def render(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A response from a JSON value, or from a string sent as it is."""
    if isinstance(body, str | bytes):
        return Response(body, status, dict(headers or {}), media_type="text/html")
    return JSONResponse(body, status, dict(headers or {}))


class _Host:
    """Serves one host: journal, latency and faults around the simulator's routes."""

    def __init__(self, world: World, simulator: Simulator, host: str, routes: Iterable[BaseRoute]) -> None:
        self.world, self.simulator, self.host = world, simulator, host
        self.router = Router(list(routes), default=self._default, redirect_slashes=False)

    async def _default(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.simulator.not_found(Request(scope, receive))(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A known path with another method gets the platform's own answer, not Starlette's 405.
        if any(route.matches(scope)[0] is Match.FULL for route in self.router.routes):
            await self.router(scope, receive, send)
        else:
            await self._default(scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        body = await Request(scope, receive).body()
        entry = self._note(scope, body)
        fault = self.world.claim_fault(self.simulator.name, entry.method, f"{self.host}{entry.path}", body)
        entry.fault = fault.id if fault else None
        answer = await self._answer(fault, scope, body)
        entry.ms = (time.perf_counter() - started) * 1000
        if answer is None:
            _abort(scope, reset=fault is not None and fault.reset)
            return
        entry.status, headers, content = answer
        await send({"type": "http.response.start", "status": entry.status, "headers": [*headers, *self._date(headers)]})
        if fault and fault.truncate:
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            _abort(scope)
            return
        await send({"type": "http.response.body", "body": content})

    def _note(self, scope: Scope, body: bytes) -> Entry:
        """Write a request into the journal before anything else happens to it."""
        entry = Entry(
            n=self.world.next_id(),
            at=self.world.clock.now(),
            platform=self.simulator.name,
            host=self.host,
            method=scope["method"],
            path=scope["path"][len(scope.get("root_path", "")) :] or "/",
            query=scope["query_string"].decode("latin-1"),
            headers={k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
            body=body.decode("utf-8", "replace") if len(body) <= 65_536 else f"<{len(body)} bytes>",
        )
        self.world.journal.append(entry)
        return entry

    async def _answer(self, fault: Fault | None, scope: Scope, body: bytes) -> Answer | None:
        """Wait, act and answer as the fault has it; ``None`` where the connection is to be cut."""
        cut = fault is not None and (fault.drop or fault.reset)
        late = fault is not None and fault.when == "after"
        if latency := self.world.latency_ms.get(self.simulator.name, 0):
            await asyncio.sleep(latency / 1000)
        if fault and not late:
            await self._wait(fault)
        response = self._replacement(fault)
        answer: Answer = (0, [], b"")
        if fault is None or fault.when == "after" or (response is None and not cut):
            answer = await self._collect(scope, body)
        if fault and late:
            await self._wait(fault)
        if cut:
            return None
        return answer if response is None else await _collect_response(response, scope)

    async def _wait(self, fault: Fault) -> None:
        if fault.delay_ms:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.hold:
            await self.world.released(fault)

    def _date(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The ``Date`` of an answer by the platform's own clock, unless the answer has one."""
        dated = any(name.lower() == b"date" for name, _ in headers)
        return [] if dated else [(b"date", formatdate(self.world.clock.now(), usegmt=True).encode())]

    def _replacement(self, fault: Fault | None) -> Response | None:
        if fault is None:
            return None
        if fault.preset:
            preset = self.simulator.presets[fault.preset]
            return render(preset.status, preset.body, {**preset.headers, **fault.headers})
        if fault.status is not None:
            return render(fault.status, {} if fault.body is None else fault.body, fault.headers)
        return None

    async def _collect(self, scope: Scope, body: bytes) -> Answer:
        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return await _run(self._serve, scope, replay)


async def _collect_response(response: Response, scope: Scope) -> Answer:
    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    return await _run(response, scope, nothing)


async def _run(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    status = 500
    headers: list[tuple[bytes, bytes]] = []
    chunks: list[bytes] = []

    async def capture(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, capture)
    return status, headers, b"".join(chunks)


TRANSPORTS: dict[tuple[str, int], asyncio.Transport] = {}
"""Client address → transport, kept by the server in ``serve.py`` so that a fault can cut the line."""


def _abort(scope: Scope, *, reset: bool = False) -> None:
    transport = TRANSPORTS.get(tuple(scope["client"]))
    if transport is None:
        raise RuntimeError("the simulators' server does not track its transports")
    if reset:
        # With no time to linger, closing sends RST instead of FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def build_app(world: World, extra: Iterable[BaseRoute] = ()) -> Starlette:
    """The ASGI application: every host of every simulator, the control API, and ``extra`` routes."""
    routes: list[BaseRoute] = [*Control(world).routes(), *extra]
    for simulator in world.simulators.values():
        for host, host_routes in simulator.hosts.items():
            routes.append(Mount(f"/{host}", app=_Host(world, simulator, host, host_routes)))
    return Starlette(routes=routes)
