"""A complete runtime inside a test process: on free ports, in a directory of its own, on an event loop in a thread.

Asynchronous tests can use ``LocalRuntime`` itself; this is for synchronous ones, which then talk to it over HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

from local.options import Options
from local.runtime import LocalRuntime

Result = TypeVar("Result")


class Running:
    """A started runtime and the loop it lives on."""

    def __init__(self, runtime: LocalRuntime, loop: asyncio.AbstractEventLoop) -> None:
        self.runtime, self._loop = runtime, loop

    @property
    def description(self) -> dict[str, Any]:
        """The content of run.json."""
        return self.runtime.description

    def call(self, work: Coroutine[Any, Any, Result], timeout_s: float = 60) -> Result:
        """Run a coroutine on the runtime's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)


@contextlib.contextmanager
def running(options: Options) -> Iterator[Running]:
    """Start a runtime, hand it out, stop it. Raises what ``LocalRuntime`` raises."""
    started: Future[Running] = Future()
    stop: Future[None] = Future()

    async def serve() -> None:
        async with LocalRuntime(options) as runtime:
            started.set_result(Running(runtime, asyncio.get_running_loop()))
            await asyncio.wrap_future(stop)

    def work() -> None:
        try:
            asyncio.run(serve())
        except BaseException as problem:
            if started.done():
                raise
            started.set_exception(problem)

    thread = threading.Thread(target=work, name="local-runtime")
    thread.start()
    try:
        yield started.result()
    finally:
        stop.set_result(None)
        thread.join()
