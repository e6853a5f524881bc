"""Ways to do the same thing, compared by their processor time: each in a process of its own, in turns.

A worker imports nothing else of the project, because it may live in another environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

WARM_CALLS = 40


def take_turns(call_all: Callable[[range], None]) -> None:
    """Do as many calls as each line of the input says, and answer with the milliseconds of processor time per call."""
    said = os.fdopen(os.dup(1), "w")
    # Whatever else is printed must not come between the answers.
    os.dup2(2, 1)
    first = 0
    for line in sys.stdin:
        numbers = range(first, first := first + int(line))
        began = time.process_time()
        call_all(numbers)
        said.write(f"{(time.process_time() - began) * 1000 / len(numbers)}\n")
        said.flush()


class Way:
    """A worker, as its parent sees it."""

    def __init__(self, name: str, process: subprocess.Popen[str], errors: Path) -> None:
        self.name, self._process, self._errors = name, process, errors

    def take(self, calls: int) -> float:
        """Return the milliseconds of processor time per call. RuntimeError: the worker has ended."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(f"{calls}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise RuntimeError(self._told()) from None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            raise RuntimeError(self._told())
        return float(line)

    def _told(self) -> str:
        return f"{self.name} ended: {self._errors.read_text(errors='replace')[-2000:]}"


@contextmanager
def way(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Way]:
    """Start a worker; it ends with the block."""
    with tempfile.NamedTemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, **environment}
        )
        try:
            yield Way(name, process, Path(errors.name))
        finally:
            process.terminate()
            process.communicate()


def interleaved(ways: Sequence[Way], calls: int, rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds per call of each way and round. All are warm before the first round."""
    for each in ways:
        each.take(WARM_CALLS)
    taken: dict[str, list[float]] = {each.name: [] for each in ways}
    for _ in range(rounds):
        for each in ways:
            taken[each.name].append(each.take(calls))
    return taken
