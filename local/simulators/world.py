"""What every simulator shares: hosts as paths, a clock that can be moved, fault injection, a request journal in memory.

A real host is the first path segment, so ``https://graph.facebook.com/v26.0/me`` is ``{base}/graph.facebook.com/v26.0/me``.
Nothing here writes to disk: what clients send lives in this process's memory until it is reset.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from email.utils import formatdate
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.simulators.lists import Lists

Json = dict[str, Any]
JOURNAL_LENGTH = 20_000


class Clock:
    """Simulated time: the real clock, what has been added to it, and by how much the platforms' clocks are wrong.

    ``offset`` is time that passed, for everybody who plays along; ``skew`` is a difference that stays between the platforms and
    their clients. Posts, tokens and the ``Date`` of every answer go by the sum.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self.skew = 0.0

    def now(self) -> float:
        """Seconds since the epoch, as the simulated platforms see them."""
        return time.time() + self.offset + self.skew


@dataclass(slots=True)
class Fault:
    """One injected fault. It applies to requests that match every given field, ``times`` times (-1: until removed).

    ``when`` says whether the platform has acted: ``before`` answers instead of the simulator, ``after`` lets the simulator
    act and replaces the answer. ``drop`` closes the connection without an answer, ``reset`` does so with a TCP reset.
    ``truncate`` sends only the first half of the answer. ``delay_ms`` waits in addition to any other effect: before the
    simulator acts, or with ``after`` between its act and the answer.
    """

    id: int = 0
    platform: str | None = None  # simulator name: facebook, instagram, linkedin, tiktok, openai, anthropic, google
    method: str | None = None
    path: str | None = None  # regular expression searched in host + path, e.g. "media_publish$"
    contains: str | None = None  # text that must occur in the request body
    times: int = 1
    skip: int = 0  # let this many matching requests pass first
    when: str = "before"  # before | after
    delay_ms: int = 0
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # a JSON value, or a string sent as it is
    preset: str | None = None  # a named fault of the simulator: GET /_control/ lists them
    drop: bool = False
    reset: bool = False
    truncate: bool = False
    hits: int = 0

    def matches(self, platform: str, method: str, path: str, body: bytes) -> bool:
        """Whether this fault applies to a request that is about to be served."""
        if self.times == 0 or (self.platform and self.platform != platform):
            return False
        if self.method and self.method.upper() != method:
            return False
        if self.path and not re.search(self.path, path):
            return False
        return not (self.contains and self.contains.encode() not in body)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named answer in the platform's own error envelope."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


class Simulator(Protocol):
    """One platform or provider."""

    name: str
    base_host: str
    """The host that this simulator's base URL stands for, e.g. ``graph.facebook.com``."""
    hosts: Mapping[str, list[BaseRoute]]
    presets: Mapping[str, Preset]
    actions: Mapping[str, Callable[[Json], Awaitable[Any] | Any]]
    """``POST /_control/{name}/{action}`` with a JSON object: what a person or the platform does behind the API's back."""
    notes: list[str]

    def state(self) -> Json:
        """What the platform holds now, as JSON (posts, users, counters), for assertions and curiosity."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...

    def not_found(self, request: Request) -> Response:
        """The platform's own answer to an unknown path or method."""
        ...


@dataclass(slots=True)
class Entry:
    """One request as it arrived and what was answered."""

    n: int
    at: float
    platform: str
    host: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    status: int | None = None
    fault: int | None = None
    ms: float = 0.0


class World:
    """The state shared by all simulators of one process."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.clock = Clock()
        self.faults: list[Fault] = []
        self.latency_ms: dict[str, int] = {}
        self.lists: dict[str, Lists] = {}
        self.journal: deque[Entry] = deque(maxlen=JOURNAL_LENGTH)
        self.simulators: dict[str, Simulator] = {}
        self._ids = itertools.count(1)

    def url(self, host: str, path: str = "") -> str:
        """The address under which this process serves ``https://{host}{path}``."""
        return f"{self.base}/{host}{path}"

    def add(self, simulator: Simulator) -> None:
        """Serve one more simulator."""
        self.simulators[simulator.name] = simulator
        self.lists[simulator.name] = Lists()

    def lists_of(self, host: str) -> Lists:
        """How the lists of a simulated host behave."""
        return next(self.lists[name] for name, simulator in self.simulators.items() if host in simulator.hosts)

    def claim_fault(self, platform: str, method: str, path: str, body: bytes) -> Fault | None:
        """The first fault that applies, with its counter used up by one."""
        for fault in self.faults:
            if not fault.matches(platform, method, path, body):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.times > 0:
                fault.times -= 1
            return fault
        return None

    def reset(self) -> None:
        """Back to the first second: no faults, no latency, plain lists, empty platforms."""
        self.clock.offset = self.clock.skew = 0.0
        self.lists = {name: Lists() for name in self.simulators}
        self.faults.clear()
        self.latency_ms.clear()
        self.journal.clear()
        for simulator in self.simulators.values():
            simulator.reset()


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
        request = Request(scope, receive)
        body = await request.body()
        path = scope["path"][len(scope.get("root_path", "")) :] or "/"
        full = f"{self.host}{path}"
        entry = Entry(
            n=next(self.world._ids),
            at=self.world.clock.now(),
            platform=self.simulator.name,
            host=self.host,
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers={k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
            body=body.decode("utf-8", "replace") if len(body) <= 65_536 else f"<{len(body)} bytes>",
        )
        self.world.journal.append(entry)
        fault = self.world.claim_fault(self.simulator.name, scope["method"], full, body)
        entry.fault = fault.id if fault else None
        cut = fault is not None and (fault.drop or fault.reset)
        late = fault.delay_ms if fault and fault.when == "after" else 0
        delay = self.world.latency_ms.get(self.simulator.name, 0) + (fault.delay_ms if fault and not late else 0)
        if delay:
            await asyncio.sleep(delay / 1000)
        response = self._replacement(fault)
        acts = fault is None or fault.when == "after" or (response is None and not cut)
        status, content = 0, b""
        headers: list[tuple[bytes, bytes]] = []
        if acts:
            status, headers, content = await self._collect(scope, body)
        if late:
            await asyncio.sleep(late / 1000)
        if fault and cut:
            entry.status, entry.ms = None, (time.perf_counter() - started) * 1000
            _abort(scope, reset=fault.reset)
            return
        if response is not None:
            status, headers, content = await _collect_response(response, scope)
        entry.status, entry.ms = status, (time.perf_counter() - started) * 1000
        headers = [*headers, *self._date(headers)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if fault and fault.truncate:
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            _abort(scope)
            return
        await send({"type": "http.response.body", "body": content})

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

    async def _collect(self, scope: Scope, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return await _run(self._serve, scope, replay)


async def _collect_response(response: Response, scope: Scope) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    return await _run(response, scope, nothing)


async def _run(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
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
    routes: list[BaseRoute] = [*_control_routes(world), *extra]
    for simulator in world.simulators.values():
        for host, host_routes in simulator.hosts.items():
            routes.append(Mount(f"/{host}", app=_Host(world, simulator, host, host_routes)))
    return Starlette(routes=routes)


def _control_routes(world: World) -> list[Route]:
    async def describe(_: Request) -> Response:
        return JSONResponse(
            {
                "about": "Control of the simulators. Nothing here exists on the real platforms.",
                "hosts": {
                    simulator.name: {
                        "base": world.url(simulator.base_host),
                        "hosts": {host: world.url(host) for host in simulator.hosts},
                        "presets": {name: p.note or p.status for name, p in simulator.presets.items()},
                        "actions": sorted(simulator.actions),
                        "notes": simulator.notes,
                    }
                    for simulator in world.simulators.values()
                },
                "control": {
                    "GET /faults": "faults that are set",
                    "POST /faults": "add one: " + ", ".join(f for f in Fault.__dataclass_fields__ if f not in ("id", "hits")),
                    "DELETE /faults": "remove all",
                    "GET /requests?platform=&path=&method=": "requests as they arrived, oldest first (memory only)",
                    "DELETE /requests": "forget them",
                    "GET /state/{platform}": "what the platform holds",
                    "POST /latency": '{"platform": ms, …}: added to every answer',
                    "POST /clock": '{"advance_s": n}: move simulated time; {"skew_s": n}: how wrong the platforms\' clocks are',
                    "POST /lists": "{platform: {…}}: " + ", ".join(f for f in Lists.__dataclass_fields__),
                    "POST /reset": "forget everything",
                    "POST /{platform}/{action}": "what happens behind the API's back",
                },
            }
        )

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear()
        elif request.method == "POST":
            given = await request.json()
            try:
                fault = Fault(**given)
            except TypeError as unexpected:
                return JSONResponse({"error": str(unexpected)}, 400)
            if fault.preset and fault.platform not in world.simulators:
                return JSONResponse({"error": "a preset needs its platform"}, 400)
            if fault.preset and fault.platform and fault.preset not in world.simulators[fault.platform].presets:
                return JSONResponse({"error": f"no preset {fault.preset!r}"}, 400)
            fault.id = next(world._ids)
            world.faults.append(fault)
            return JSONResponse(asdict(fault), 201)
        return JSONResponse({"faults": [asdict(f) for f in world.faults]})

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            world.journal.clear()
            return JSONResponse({})
        want = request.query_params
        rows = [
            asdict(e)
            for e in world.journal
            if (not want.get("platform") or e.platform == want["platform"])
            and (not want.get("method") or e.method == want["method"].upper())
            and (not want.get("path") or re.search(want["path"], e.host + e.path))
        ]
        return JSONResponse({"requests": rows})

    async def state(request: Request) -> Response:
        simulator = world.simulators.get(request.path_params["platform"])
        if simulator is None:
            return JSONResponse({"error": "no such simulator"}, 404)
        return JSONResponse(simulator.state())

    async def latency(request: Request) -> Response:
        world.latency_ms.update({str(k): int(v) for k, v in (await request.json()).items()})
        return JSONResponse(world.latency_ms)

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            given = await request.json()
            world.clock.offset += float(given.get("advance_s", 0))
            world.clock.skew = float(given.get("skew_s", world.clock.skew))
        return JSONResponse({"now": world.clock.now(), "offset_s": world.clock.offset, "skew_s": world.clock.skew})

    async def lists(request: Request) -> Response:
        given = await request.json()
        if unknown := set(given) - set(world.lists):
            return JSONResponse({"error": f"no such simulators: {sorted(unknown)}"}, 400)
        try:
            for platform, behaviour in given.items():
                world.lists[platform].change(behaviour)
        except ValueError as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse({name: asdict(kept) for name, kept in world.lists.items()})

    async def reset(_: Request) -> Response:
        world.reset()
        return JSONResponse({})

    async def act(request: Request) -> Response:
        simulator = world.simulators.get(request.path_params["platform"])
        action = simulator.actions.get(request.path_params["action"]) if simulator else None
        if action is None:
            return JSONResponse({"error": "no such action"}, 404)
        raw = await request.body()
        result = action(json.loads(raw) if raw else {})
        if isinstance(result, Awaitable):
            result = await result
        return JSONResponse({} if result is None else result)

    prefix = "/_control"
    return [
        Route(f"{prefix}", describe),
        Route(f"{prefix}/", describe),
        Route(f"{prefix}/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route(f"{prefix}/requests", requests, methods=["GET", "DELETE"]),
        Route(f"{prefix}/state/{{platform}}", state),
        Route(f"{prefix}/latency", latency, methods=["POST"]),
        Route(f"{prefix}/clock", clock, methods=["GET", "POST"]),
        Route(f"{prefix}/lists", lists, methods=["POST"]),
        Route(f"{prefix}/reset", reset, methods=["POST"]),
        Route(f"{prefix}/{{platform}}/{{action}}", act, methods=["POST"]),
    ]


def bearer(headers: Headers) -> str | None:
    """The token of an ``Authorization: Bearer`` (or ``OAuth``) header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") and token.strip() else None
