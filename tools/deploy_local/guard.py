"""``python guard.py DIRECTORY``: wait until the process at the other end of standard input has ended in any way, then stop the
PostgreSQL server of the directory and its pooler.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

POOLER = "pgbouncer"
STOP_S = 5.0


def poolers() -> dict[int, int]:
    """Return the parents of all running poolers."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = path.read_text().partition("(")[2].rpartition(")")
            if name == POOLER:
                found[int(path.parent.name)] = int(rest.split()[1])
    return found


def main() -> None:
    """Wait for the end of standard input, then clean up."""
    directory = Path(sys.argv[1])
    siblings = {pooler for pooler, parent in poolers().items() if parent == os.getppid()}
    while os.read(0, 1024):
        pass
    for pooler in siblings & set(poolers()):
        os.kill(pooler, signal.SIGKILL)
    with contextlib.suppress(OSError, ValueError):
        server = int((directory / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGQUIT)
        deadline = time.monotonic() + STOP_S
        while Path(f"/proc/{server}").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
