"""Shared parts of all simulators: hosts as paths, a clock that can be moved, fault injection, a request journal in memory.

A real host is the first path segment, so ``https://graph.facebook.com/v26.0/me`` is ``{base}/graph.facebook.com/v26.0/me``.
Requests live in this process's memory until it is reset; ``kept.py`` writes what platforms hold where a run asks for it.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from local.simulators.lists import Lists

Json = dict[str, Any]
JOURNAL_LENGTH = 20_000
AVATAR = "photo.jpg"
HELD_S = 0.05
"""Gap between two looks at a fault that holds a request."""


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


@dataclass(frozen=True, slots=True)
class Pulled:
    """One file that a platform fetched from a URL: who fetched it, and what came."""

    user_agent: str
    url: str
    content_type: str
    """As the server said."""
    size: int
    sha256: str


@dataclass(slots=True)
class Fault:
    """One injected fault. It applies to requests that match every given field, ``times`` times (-1: until removed).

    ``when`` says whether the platform has acted: ``before`` answers instead of the simulator, ``after`` lets the simulator
    act and replaces the answer. ``drop`` closes the connection without an answer, ``reset`` does so with a TCP reset.
    ``truncate`` sends only the first half of the answer. ``delay_ms`` waits in addition to any other effect: before the
    simulator acts, or with ``after`` between its act and the answer. ``hold`` waits there until the fault is removed.
    """

    id: int = 0
    platform: str | None = None  # the simulator's name, as in the registry
    method: str | None = None
    path: str | None = None  # regular expression searched in host + path, e.g. "media_publish$"
    contains: str | None = None  # text that must occur in the request body
    times: int = 1
    skip: int = 0  # let this many matching requests pass first
    when: str = "before"  # before | after
    delay_ms: int = 0
    hold: bool = False
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # a JSON value, or a string sent as it is
    preset: str | None = None  # a named fault of the simulator: GET /_control/ lists them
    drop: bool = False
    reset: bool = False
    truncate: bool = False
    hits: int = 0

    def matches(self, platform: str, method: str, path: str, body: bytes) -> bool:
        """Tell whether this fault applies to a request that is about to be served."""
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
        """Return the platform's present state as JSON (posts, users, counters), for assertions and curiosity."""
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
        self.pulled: deque[Pulled] = deque(maxlen=JOURNAL_LENGTH)
        self.avatar = AVATAR
        """The file that is everybody's image, on the host of the sample media."""
        self.verified: tuple[str, ...] = ()
        """Prefixes of URLs that are verified where a platform demands it."""
        self.simulators: dict[str, Simulator] = {}
        self.resumed: list[Callable[[], None]] = []
        """Called after the platforms were restored to what an earlier process left."""
        self._ids = itertools.count(1)

    def next_id(self) -> int:
        """Return the next number of a request or fault."""
        return next(self._ids)

    def url(self, host: str, path: str = "") -> str:
        """Return the URL under which this process serves ``https://{host}{path}``."""
        return f"{self.base}/{host}{path}"

    def image(self, size: str) -> str:
        """Return the URL of the image of a person, Page or organization."""
        return f"{self.base}/_media/{self.avatar}?size={size}"

    def add(self, simulator: Simulator) -> None:
        """Serve one more simulator."""
        self.simulators[simulator.name] = simulator
        self.lists[simulator.name] = Lists()

    def lists_of(self, host: str) -> Lists:
        """Return the list behaviour of a simulated host."""
        return self.lists[self._at(host).name]

    def claim_fault(self, platform: str, method: str, path: str, body: bytes, *, in_batch: bool = False) -> Fault | None:
        """The first fault that applies, with its counter used up by one."""
        for fault in self.faults:
            if (in_batch and not fault.path) or not fault.matches(platform, method, path, body):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.times > 0:
                fault.times -= 1
            return fault
        return None

    def _at(self, host: str) -> Simulator:
        return next(simulator for simulator in self.simulators.values() if host in simulator.hosts)

    def fault_of_part(self, host: str, method: str, path: str) -> Fault | None:
        """The first fault that applies to one call of a batch. A fault without a path is of whole requests."""
        if not any(fault.path for fault in self.faults):
            return None
        return self.claim_fault(self._at(host).name, method, path, b"", in_batch=True)

    def preset_of(self, host: str, fault: Fault) -> Preset:
        """The answer that a fault puts in the place of the platform's."""
        if fault.preset:
            return self._at(host).presets[fault.preset]
        return Preset(fault.status or 500, {} if fault.body is None else fault.body)

    async def released(self, fault: Fault) -> None:
        """Wait until a fault is removed."""
        while any(each is fault for each in self.faults):  # noqa: ASYNC110 - the list has many ways to change
            await asyncio.sleep(HELD_S)

    def reset(self) -> None:
        """Back to the first second: no faults, no latency, plain lists, empty platforms."""
        self.clock.offset = self.clock.skew = 0.0
        self.lists = {name: Lists() for name in self.simulators}
        self.avatar = AVATAR
        self.faults.clear()
        self.latency_ms.clear()
        self.journal.clear()
        self.pulled.clear()
        for simulator in self.simulators.values():
            simulator.reset()


def bearer(headers: Headers) -> str | None:
    """The token of an ``Authorization: Bearer`` (or ``OAuth``) header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") and token.strip() else None
