"""Starts functions cold, one each time a line arrives, and prints each time: run by ``versions.py`` inside each version.

It is given by its path and imports the benchmarks of the version that it runs in, so that each version measures its own build.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import platform
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from bench import cold_start


def main() -> None:
    """Build, say so, and take turns until the rounds are over."""
    said = os.fdopen(os.dup(1), "w")
    # Whatever else is printed must not come between the answers.
    os.dup2(2, 1)
    start_cold = cold_start.start_cold

    def say(what: object) -> None:
        said.write(json.dumps(what) + "\n")
        said.flush()

    async def in_turn(subject: cold_start.Subject) -> float:
        if not await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
            raise SystemExit("the other side has stopped")
        taken = await start_cold(subject)
        say([subject.label, taken])
        return taken

    def subjects(stage: cold_start.Stage) -> list[cold_start.Subject]:
        functions = stage.runtime.functions
        chores = [
            cold_start.Subject(f"{name}, {event['task']}", functions, name, event) for name, event in cold_start.CHORES.items()
        ]
        return [*cold_start.against_floors(stage), *chores]

    cold_start.start_cold = in_turn
    # By name, because versions have their build in different places and of different arguments.
    command = import_module("bench.__main__")
    given: list[Any] = [command.ARCHITECTURES[platform.machine().lower()], command.HERE, lambda _: None]
    artifacts = command.build(*given[: len(inspect.signature(command.build).parameters)])
    with tempfile.TemporaryDirectory(prefix="noillusion-bench-") as directory:
        say("ready")
        asyncio.run(cold_start.measure(artifacts, Path(directory), subjects, int(sys.argv[1])))


if __name__ == "__main__":
    main()
