"""Commands of others that are run to their end, and end with this process if it is asked to stop in between."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def output(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a command; return its exit code and what it wrote to standard output and error."""
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        written, _ = process.communicate()
    except BaseException:
        # SAM has processes of its own, which would go on working.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, written
