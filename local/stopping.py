"""Requests to stop: the signals of Ctrl-C, ``kill`` and a closed terminal, also where a shell started the process without them.

Shells start background jobs of scripts with SIGINT ignored, and children inherit that. Whoever sends one means it all the same.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping

SAME_S = 3.0
"""A process group and make both pass a request on, so that one request can arrive more than once."""


def signals() -> list[signal.Signals]:
    """Return the signals that ask to stop. A hangup that is ignored stays ignored: that is what nohup is for."""
    hangup = [] if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [signal.SIGHUP]
    return [signal.SIGINT, signal.SIGTERM, *hangup]


class Stopper:
    """Calls ``stop`` at the first request. Ignores its repetitions, and ends the process at a later one, when stopping hangs."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._asked_at: float | None = None

    def __call__(self) -> None:
        """Handle one request."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            self._stop()
        elif time.monotonic() - self._asked_at > SAME_S:
            # What this process has started ends with it.
            os._exit(1)


def interrupt_on_signals() -> None:
    """Raise KeyboardInterrupt in the main thread, once, when the process is asked to stop."""
    stopper = Stopper(_interrupt)
    for number in signals():
        signal.signal(number, lambda *_: stopper())


def _interrupt() -> None:
    raise KeyboardInterrupt


def end_with_input(environment: Mapping[str, str]) -> None:
    """Stop this process when its standard input ends, if END_WITH_INPUT is set: a child that must not outlive its parent."""
    if environment.get("END_WITH_INPUT"):
        threading.Thread(target=_await_end_of_input, daemon=True).start()


def _await_end_of_input() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
