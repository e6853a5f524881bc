"""Commands of others that are run to their end, and end with this process if it is asked to stop in between."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def quiet(_: str) -> None:
    """Show nothing."""


def output(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], each: Callable[[str], None] = quiet
) -> tuple[int, str]:
    """Run a command; return its exit code and what it wrote to standard output and error. ``each`` gets every line at once."""
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: list[str] = []
    try:
        for line in process.stdout or ():
            lines.append(line)
            each(line.rstrip())
        process.communicate()
    except BaseException:
        # SAM has processes of its own, which would go on working.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, "".join(lines)
