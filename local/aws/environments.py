"""Execution environments of the functions: one process each, one event at a time, more of them on concurrent demand.

A process sees what Lambda would give it and nothing of the developer's shell, and never outlives this one.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import sys
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from local.aws.runtime_api import Invocation, InvokeResult, RuntimeApi, failure
from local.aws.specs import ACCOUNT, REGION, FunctionSpec
from noillusion.settings.holdings import without

MAX_REQUEST = 6_291_456  # bytes of a synchronous event: 6 MB (Lambda quotas)
MAX_ASYNC_REQUEST = 1_048_576  # bytes of an asynchronous event: 1 MB (Lambda quotas)
BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
RUNTIME_PACKAGES = (
    "boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3",
    "awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py",
)  # fmt: skip
"""What Lambda's Python image brings along: a built layer need not contain these."""


class PayloadTooLarge(Exception):
    """The event is over Lambda's limit (RequestEntityTooLargeException)."""


class Closed(Exception):
    """The functions are being shut down."""


class UnknownFunction(Exception):
    """No function of that logical id."""


class _Gone(Exception):
    """The process ended before it had taken the event: another one may have it."""


class _InitFailed(Exception):
    def __init__(self, result: InvokeResult) -> None:
        self.result = result


@dataclass(frozen=True, slots=True)
class Code:
    """Where the functions' code is: source folders, or what ``sam build`` made of them.

    With ``built``, functions run on the bare interpreter with nothing but the artifacts and what Lambda's image brings,
    so that a dependency missing from the layer is missing here too.
    """

    functions: Mapping[str, Path]
    layers: Sequence[Path]
    built: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How environments are run. ``variables`` are added to every function's own, settings that it does not hold left out; times
    are seconds."""

    directory: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    client: Literal["bootstrap", "awslambdaric"] = "bootstrap"
    max_environments: int = 6
    init_timeout_s: float = 60.0  # Lambda allows 10; a laptop that compiles the first .pyc files is slower
    async_delays_s: Sequence[float] = (60.0, 120.0)  # Lambda guide, "How Lambda handles errors and retries (asynchronous)"


class _Environment:
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
        """Wait for the end of the init phase. Raises _InitFailed."""
        started: list[asyncio.Future[Any]] = [self.api.ready, self.api.init_error, self.exited]
        await asyncio.wait(started, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if self.api.ready.done():
            return
        if self.api.init_error.done():
            result = self.api.init_error.result()
        elif self.exited.done():
            result = failure("Runtime.ExitError", f"Error: Runtime exited with error: {_ending(self.exited.result())}")
        else:
            result = failure("Sandbox.Timedout", f"Error: Init timed out after {timeout_s:.2f} seconds")
        await self.kill()
        raise _InitFailed(result)

    async def invoke(self, payload: bytes) -> InvokeResult:
        """Send one event and wait for its outcome, at most the function's timeout. Raises _Gone."""
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
                raise _Gone
            text = f"RequestId: {request_id} Error: Runtime exited with error: {_ending(self.exited.result())}"
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


class _Pool:
    """The environments of one function: the most recently used idle one first, a new one if none is idle, else a queue."""

    def __init__(self, functions: Functions, spec: FunctionSpec) -> None:
        self.functions, self.spec = functions, spec
        self.all: set[_Environment] = set()
        self.idle: list[_Environment] = []
        self.starting = 0
        self.waiting: deque[asyncio.Future[None]] = deque()
        self.invocations = 0

    async def invoke(self, payload: bytes) -> InvokeResult:
        self.invocations += 1
        while True:
            try:
                environment = await self._acquire()
            except _InitFailed as failed:
                return failed.result
            try:
                return await environment.invoke(payload)
            except _Gone:
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
            except _InitFailed:
                return False
        return True

    async def _acquire(self) -> _Environment:
        while True:
            while self.idle:
                environment = self.idle.pop()
                if environment.alive:
                    return environment
            if len(self.all) + self.starting < self.functions.settings.max_environments:
                return await self._start()
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._next_turn()
                raise

    async def _start(self) -> _Environment:
        self.starting += 1
        try:
            environment = await self.functions._spawn(self.spec)
            self.all.add(environment)
            environment.exited.add_done_callback(lambda _: self._gone(environment))
            await environment.ready(self.functions.settings.init_timeout_s)
            return environment
        finally:
            self.starting -= 1
            self._next_turn()

    def _release(self, environment: _Environment) -> None:
        if environment.alive:
            self.idle.append(environment)
        self._next_turn()

    def _gone(self, environment: _Environment) -> None:
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


class Functions:
    """All functions of a template, invokable. Close it to end every process."""

    def __init__(self, specs: Iterable[FunctionSpec], code: Code, settings: Settings) -> None:
        self.code, self.settings = code, settings
        self._pools = {spec.name: _Pool(self, spec) for spec in specs}
        self._background: set[asyncio.Task[InvokeResult]] = set()
        self._closed = False
        self._logs = settings.directory / "logs"
        self._home = settings.directory / "tmp"
        for directory in (self._logs, self._home):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._libraries = _link_libraries(settings.directory / "image") if code.built else None
        # Only this process holds the writing end, so its death is an end of file in every environment.
        self._life_read, self._life_write = os.pipe()

    async def invoke(self, name: str, event: Any) -> InvokeResult:
        """Invoke synchronously; ``event`` is a JSON value, or bytes sent as they are.

        Raises UnknownFunction, and PayloadTooLarge over 6 MB. A failing function is a result, not an exception.
        """
        return await self._pool(name).invoke(_encoded(event, MAX_REQUEST))

    def invoke_async(self, name: str, event: Any, retries: int | None = None) -> asyncio.Task[InvokeResult]:
        """Invoke as Lambda does for ``InvocationType: Event``: at once, then again after each failure, ``retries`` times.

        The task ends with the last attempt's result; nobody needs to await it.
        Default retries: the function's EventInvokeConfig, else 2. An event older than its maximum age is dropped.
        Raises UnknownFunction, and PayloadTooLarge over 1 MB.
        """
        pool = self._pool(name)
        payload = _encoded(event, MAX_ASYNC_REQUEST)
        task = asyncio.ensure_future(self._deliver(pool, payload, pool.spec.async_retries if retries is None else retries))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _deliver(self, pool: _Pool, payload: bytes, retries: int) -> InvokeResult:
        oldest = time.monotonic() + pool.spec.async_max_age_s
        delays = self.settings.async_delays_s
        result = await pool.invoke(payload)
        for attempt in range(retries):
            delay = delays[min(attempt, len(delays) - 1)]
            if result.function_error is None or time.monotonic() + delay > oldest:
                break
            await asyncio.sleep(delay)
            result = await pool.invoke(payload)
        return result

    async def warm(self) -> list[str]:
        """Start one environment of every function; the names of those that cannot start, whose logs say why."""
        started = await asyncio.gather(*(pool.start_one() for pool in self._pools.values()))
        return [name for name, ok in zip(self._pools, started, strict=True) if not ok]

    async def kill(self, name: str | None = None) -> int:
        """SIGKILL the environments of one function, or of all; the number of processes that were ended."""
        pools = [self._pool(name)] if name else list(self._pools.values())
        found = [environment for pool in pools for environment in pool.all]
        await asyncio.gather(*(environment.kill() for environment in found))
        return len(found)

    def status(self) -> dict[str, dict[str, Any]]:
        """Per function: its processes and how many of them are idle."""
        return {
            name: {
                "environments": sorted(environment.process.pid for environment in pool.all),
                "idle": len(pool.idle),
                "invocations": pool.invocations,
            }
            for name, pool in self._pools.items()
        }

    async def close(self) -> None:
        """End every process and every pending retry; invocations under way end as if their environment had died."""
        self._closed = True
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.kill()
        os.close(self._life_write)
        os.close(self._life_read)

    def _pool(self, name: str) -> _Pool:
        if name not in self._pools:
            raise UnknownFunction(name)
        return self._pools[name]

    async def _spawn(self, spec: FunctionSpec) -> _Environment:
        if self._closed:
            raise Closed
        api = await RuntimeApi.start()
        root = self.code.functions[spec.name]
        interpreter = getattr(sys, "_base_executable", sys.executable) if self.code.built else sys.executable
        # Without what somebody installed into the interpreter itself, where a built function must not find it.
        command = [interpreter, "-P", "-s", *(["-S"] if self.code.built else []), str(BOOTSTRAP)]
        if self.settings.client != "bootstrap":
            command.append(self.settings.client)
        path = self._logs / f"{spec.name}.log"
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=root, env=self._environment(spec, root, api.address),
                stdin=self._life_read, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(log)
        environment = _Environment(spec, api, process, path)
        if self._closed:
            await environment.kill()
            raise Closed
        return environment

    def _environment(self, spec: FunctionSpec, root: Path, address: str) -> dict[str, str]:
        """The process environment from nothing (Lambda guide, "Defined runtime environment variables")."""
        packages = [root, *self.code.layers, *([self._libraries] if self._libraries else [])]
        own = {
            "_HANDLER": spec.handler,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": "local",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": spec.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": spec.log_format,
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}",
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_XRAY_SDK_ENABLED": "false",
            "LAMBDA_TASK_ROOT": str(root),
            "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP.parent),
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(map(str, packages)),
            "TZ": ":UTC",
            # Without these, libraries would read the developer's own configuration, or write where no test looks.
            "HOME": str(self._home),
            "TMPDIR": str(self._home),
        }
        if spec.log_level:
            own["AWS_LAMBDA_LOG_LEVEL"] = spec.log_level
        given = self.settings.variables
        if named := spec.environment.get("HOLDS"):
            given = without(given, *named.split(","))
        return {**own, **spec.environment, **given}


def arn(name: str) -> str:
    """The ARN that a function would have."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def _encoded(event: Any, limit: int) -> bytes:
    # Half a character can only be written as JSON's escape of it, which is what "backslashreplace" makes of it.
    text = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False)
    payload = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if len(payload) > limit:
        raise PayloadTooLarge
    return payload


def _ending(code: int) -> str:
    return f"signal: {signal.Signals(-code).name.removeprefix('SIG').lower()}" if code < 0 else f"exit status {code}"


def _link_libraries(directory: Path) -> Path:
    """A folder that holds what Lambda's image holds, as links to the installed packages."""
    directory.mkdir(parents=True, exist_ok=True)
    for package in RUNTIME_PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        target = origin.parent if spec.submodule_search_locations else origin
        link = directory / target.name
        link.unlink(missing_ok=True)
        link.symlink_to(target)
    return directory
