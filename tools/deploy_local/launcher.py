"""Launcher in MiniStack's environment: ``python launcher.py INTERPRETER``. It must not outlive the process that started it.

Functions run on ``INTERPRETER``. By default MiniStack uses its own interpreter, whose packages would hide dependencies that
are missing in the layer.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading


def _end_with_parent() -> None:
    """End the process group, including functions, when standard input closes: only the parent holds the other end of the pipe."""
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """Serve until the parent ends."""
    sys.executable = sys.argv.pop()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    importlib.import_module("ministack.app").main()


if __name__ == "__main__":
    main()
