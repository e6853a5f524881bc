"""Runs inside MiniStack's own environment: ``python launcher.py INTERPRETER``. It must not outlive the process that started it.

``INTERPRETER`` is what functions run on. Left alone MiniStack uses its own interpreter, whose packages would hide that a
dependency is missing in the layer.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading


def _end_with_parent() -> None:
    """Standard input is a pipe whose other end only the parent holds: at its end the whole process group goes, functions too."""
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """Serve until the parent is gone."""
    sys.executable = sys.argv.pop()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    importlib.import_module("ministack.app").main()


if __name__ == "__main__":
    main()
