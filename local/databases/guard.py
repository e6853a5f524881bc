"""``python guard.py DIRECTORY``: when the process at the other end of standard input has ended in any way, stop what runs there.

It stops the PostgreSQL server or pooler of the directory and removes the directory. Its parent ends it where it is not needed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

SIGNALS = {"postmaster.pid": signal.SIGQUIT, "pooler.pid": signal.SIGKILL}
"""File with a process id in its first line → the signal that ends the process at once."""
STOP_S = 5.0


@contextlib.contextmanager
def guarded(directory: Path) -> Iterator[None]:
    """Stop what runs in ``directory``, and remove it, if this process ends during the block: even if it is killed."""
    command = [sys.executable, "-I", "-S", __file__, str(directory)]
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        guard.kill()
        guard.communicate()


def main() -> None:
    """Wait for the end of standard input, then clean up."""
    directory = Path(sys.argv[1])
    while os.read(0, 1024):
        pass
    for name, number in SIGNALS.items():
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((directory / name).read_text().splitlines()[0])
            os.kill(pid, number)
            deadline = time.monotonic() + STOP_S
            while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
