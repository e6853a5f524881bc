"""A function's environment that can be killed: one event from stdin through the real handler, in a process of its own.

Between any two steps that the outside world can tell apart, before and after each call to a platform and each flight to the
database, it can kill itself; how many such instants there were is told with the answer.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from noillusion.db import database
from noillusion.flows import transport
from tests.api.harness import Context, load

CALLS: list[str] = []


def instant(what: str, die_at: int) -> None:
    """One instant; the last one if it is the chosen."""
    CALLS.append(what)
    if len(CALLS) == die_at:
        os.kill(os.getpid(), signal.SIGKILL)


def watch(die_at: int) -> None:
    """Count instants, and die at the chosen one (0: never)."""
    send, engine = transport.send, type(database())
    flight = engine.flight

    async def sent(*args: Any, **more: Any) -> Any:
        instant("call", die_at)
        answer = await send(*args, **more)
        instant("answer", die_at)
        return answer

    async def flown(self: Any, *args: Any, **more: Any) -> Any:
        instant("flight", die_at)
        results = await flight(self, *args, **more)
        instant("landing", die_at)
        return results

    transport.send = sent
    engine.flight = flown  # type: ignore[method-assign]


def main() -> None:
    """Load everything, say so, and serve one event."""
    handler = load(sys.argv[1] if len(sys.argv) > 1 else "publish").handler
    print("ready", flush=True)
    asked = json.loads(sys.stdin.readline())
    watch(asked["die_at"])
    print("begun", flush=True)
    answer = handler(asked["event"], Context(asked["seconds"]))
    print(json.dumps({"status": answer.get("statusCode"), "instants": CALLS}), flush=True)


if __name__ == "__main__":
    main()
