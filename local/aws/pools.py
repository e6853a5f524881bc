"""The environments of one function: more of them on concurrent demand."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from local.aws.environments import Environment, Gone, InitFailed
from local.aws.runtime_api import InvokeResult
from local.aws.specs import FunctionSpec


@dataclass(frozen=True, slots=True)
class Settings:
    """Environment settings. ``variables`` are added to every function's own, settings that it does not hold left out; times
    are seconds."""

    directory: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    client: Literal["bootstrap", "awslambdaric"] = "bootstrap"
    max_environments: int = 6
    init_timeout_s: float = 60.0  # Lambda allows 10; a laptop that compiles the first .pyc files is slower
    async_delays_s: Sequence[float] = (60.0, 120.0)  # Lambda guide, "How Lambda handles errors and retries (asynchronous)"


Spawn = Callable[[FunctionSpec], Awaitable[Environment]]
"""A function that starts a process for a Lambda function."""


class Pool:
    """The environments of one function: the most recently used idle one first, a new one if none is idle, else a queue."""

    def __init__(self, spec: FunctionSpec, settings: Settings, spawn: Spawn) -> None:
        self.spec, self.settings, self.spawn = spec, settings, spawn
        self.all: set[Environment] = set()
        self.idle: list[Environment] = []
        self.starting = 0
        self.waiting: deque[asyncio.Future[None]] = deque()
        self.invocations = 0

    async def invoke(self, payload: bytes) -> InvokeResult:
        """Send one event to a free environment; a failed start is a result too."""
        self.invocations += 1
        while True:
            try:
                environment = await self._acquire()
            except InitFailed as failed:
                return failed.result
            try:
                return await environment.invoke(payload)
            except Gone:
                continue
            except asyncio.CancelledError:
                await asyncio.shield(environment.kill())
                raise
            finally:
                self._release(environment)

    async def start_one(self) -> bool:
        """Have at least one warm environment; False if the function cannot start."""
        if not self.all and not self.starting:
            try:
                self._release(await self._start())
            except InitFailed:
                return False
        return True

    async def _acquire(self) -> Environment:
        while True:
            while self.idle:
                environment = self.idle.pop()
                if environment.alive:
                    return environment
            if len(self.all) + self.starting < self.settings.max_environments:
                return await self._start()
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._next_turn()
                raise

    async def _start(self) -> Environment:
        self.starting += 1
        try:
            environment = await self.spawn(self.spec)
            self.all.add(environment)
            environment.exited.add_done_callback(lambda _: self._gone(environment))
            await environment.ready(self.settings.init_timeout_s)
            return environment
        finally:
            self.starting -= 1
            self._next_turn()

    def _release(self, environment: Environment) -> None:
        if environment.alive:
            self.idle.append(environment)
        self._next_turn()

    def _gone(self, environment: Environment) -> None:
        self.all.discard(environment)
        if environment in self.idle:
            self.idle.remove(environment)
        self._next_turn()

    def _next_turn(self) -> None:
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
