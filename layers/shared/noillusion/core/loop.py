"""The event loop of an execution environment. HTTP and database connections on it survive between invocations."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_runner: asyncio.Runner | None = None


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to completion on the environment's loop and return its result."""
    global _runner
    if _runner is None:
        _runner = asyncio.Runner()
    # The loop would otherwise use the context of its first call instead of that of this call.
    return _runner.run(coroutine, context=contextvars.copy_context())


def close() -> None:
    """Close the loop, in processes that continue without it."""
    global _runner
    if _runner is not None:
        _runner.close()
        _runner = None
