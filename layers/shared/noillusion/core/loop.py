"""The one event loop of an execution environment: HTTP and database connections live on it across invocations."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_runner: asyncio.Runner | None = None


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to completion on the environment's loop and return the result."""
    global _runner
    if _runner is None:
        _runner = asyncio.Runner()
    # Its own context would be the one of the first call; what this call's thread knows has to come along.
    return _runner.run(coroutine, context=contextvars.copy_context())


def close() -> None:
    """End the loop, for processes that go on without it."""
    global _runner
    if _runner is not None:
        _runner.close()
        _runner = None
