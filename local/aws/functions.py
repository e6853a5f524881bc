"""All functions of a template, each in processes of its own, invokable as Lambda invokes them.

A process sees what Lambda would give it and nothing of the developer's shell, and never outlives this one.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws.environments import Environment
from local.aws.pools import Pool, Settings
from local.aws.runtime_api import InvokeResult, RuntimeApi
from local.aws.specs import REGION, FunctionSpec
from noillusion.settings.holdings import without

MAX_REQUEST = 6_291_456  # bytes of a synchronous event: 6 MB (Lambda quotas)
MAX_ASYNC_REQUEST = 1_048_576  # bytes of an asynchronous event: 1 MB (Lambda quotas)
BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
RUNTIME_PACKAGES = (
    "boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3",
    "awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py",
)  # fmt: skip
"""Packages of Lambda's Python image, which a built layer need not contain."""


class PayloadTooLarge(Exception):
    """The event is over Lambda's limit (RequestEntityTooLargeException)."""


class Closed(Exception):
    """The functions are being shut down."""


class UnknownFunction(Exception):
    """No function of that logical id."""


@dataclass(frozen=True, slots=True)
class Code:
    """Where the functions' code is: source folders, or what ``sam build`` made of them.

    With ``built``, functions run on the bare interpreter with nothing but the artifacts and what Lambda's image brings,
    so that a dependency missing from the layer is missing here too.
    """

    functions: Mapping[str, Path]
    layers: Sequence[Path]
    built: bool = False


class Functions:
    """All functions of a template, invokable. Close it to end every process."""

    def __init__(self, specs: Iterable[FunctionSpec], code: Code, settings: Settings) -> None:
        self.code, self.settings = code, settings
        self._pools = {spec.name: Pool(spec, settings, self._spawn) for spec in specs}
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

    async def _deliver(self, pool: Pool, payload: bytes, retries: int) -> InvokeResult:
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

    def _pool(self, name: str) -> Pool:
        if name not in self._pools:
            raise UnknownFunction(name)
        return self._pools[name]

    async def _spawn(self, spec: FunctionSpec) -> Environment:
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
        environment = Environment(spec, api, process, path)
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


def _encoded(event: Any, limit: int) -> bytes:
    # Half a character can only be written as JSON's escape of it, which is what "backslashreplace" makes of it.
    text = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False)
    payload = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if len(payload) > limit:
        raise PayloadTooLarge
    return payload


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
