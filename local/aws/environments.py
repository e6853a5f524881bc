"""Execution environments of the functions: one process each, one event at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
import uuid
from pathlib import Path
from typing import Any

from local.aws.runtime_api import Invocation, InvokeResult, RuntimeApi, failure
from local.aws.specs import ACCOUNT, REGION, FunctionSpec


class Gone(Exception):
    """The process ended before it had taken the event: another one may have it."""


class InitFailed(Exception):
    def __init__(self, result: InvokeResult) -> None:
        self.result = result


class Environment:
    """One process and its Runtime API."""

    def __init__(self, spec: FunctionSpec, api: RuntimeApi, process: asyncio.subprocess.Process, log: Path) -> None:
        self.spec, self.api, self.process, self.log = spec, api, process, log
        self.exited = asyncio.ensure_future(self._exit())

    async def _exit(self) -> int:
        code = await self.process.wait()
        await self.api.close()
        return code

    @property
    def alive(self) -> bool:
        return not self.exited.done()

    async def ready(self, timeout_s: float) -> None:
        """Wait for the end of the init phase. Raises InitFailed."""
        started: list[asyncio.Future[Any]] = [self.api.ready, self.api.init_error, self.exited]
        await asyncio.wait(started, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if self.api.ready.done():
            return
        if self.api.init_error.done():
            result = self.api.init_error.result()
        elif self.exited.done():
            result = failure("Runtime.ExitError", f"Error: Runtime exited with error: {ending(self.exited.result())}")
        else:
            result = failure("Sandbox.Timedout", f"Error: Init timed out after {timeout_s:.2f} seconds")
        await self.kill()
        raise InitFailed(result)

    async def invoke(self, payload: bytes) -> InvokeResult:
        """Send one event and wait for its outcome, at most the function's timeout. Raises Gone."""
        request_id = str(uuid.uuid4())
        now = time.time()
        done: asyncio.Future[InvokeResult] = asyncio.get_running_loop().create_future()
        invocation = Invocation(
            request_id=request_id,
            payload=payload,
            deadline_ms=int((now + self.spec.timeout_s) * 1000),
            arn=arn(self.spec.name),
            trace_id=f"Root=1-{int(now):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
            done=done,
        )
        self.api.put(invocation)
        watched: list[asyncio.Future[Any]] = [done, self.exited]
        await asyncio.wait(watched, timeout=self.spec.timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if done.done():
            return done.result()
        if self.exited.done():
            if not invocation.taken:
                raise Gone
            text = f"RequestId: {request_id} Error: Runtime exited with error: {ending(self.exited.result())}"
            return self._ended("Runtime.ExitError", text)
        await self.kill()
        text = f"RequestId: {request_id} Error: Task timed out after {self.spec.timeout_s:.2f} seconds"
        return self._ended("Sandbox.Timedout", text)

    def _ended(self, error_type: str, text: str) -> InvokeResult:
        line = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": "ERROR", "message": text}
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        return failure(error_type, text)

    async def kill(self) -> None:
        """SIGKILL, as Lambda ends an environment, and wait until the process is gone."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        await self.exited


def arn(name: str) -> str:
    """The ARN that a function would have."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def ending(code: int) -> str:
    return f"signal: {signal.Signals(-code).name.removeprefix('SIG').lower()}" if code < 0 else f"exit status {code}"
