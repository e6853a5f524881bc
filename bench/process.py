"""What a process takes while something is done: memory at its peak, and bytes on the disk. Linux tells both."""

from __future__ import annotations

import contextlib
import stat
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.options import ROOT

LOOK_EVERY_S = 0.02
PLACES = ("/tmp/", "/var/tmp/", "/dev/shm/")


@dataclass(slots=True)
class Taken:
    """Figures of processes, in bytes."""

    memory: int = 0
    """The peak of the resident memory above the base."""
    written: int = 0
    """Bytes that were caused to be written to a storage device, the log and the database among them."""
    files: int = 0
    """The size of the largest temporary file that was seen open, deleted ones and those in memory file systems too."""


def resident(pid: int) -> int:
    """Bytes of memory that a process has now."""
    return _figure(Path("/proc", str(pid), "status"), "VmRSS") * 1024


@contextlib.contextmanager
def watched(pids: Sequence[int], base: int, directory: Path) -> Iterator[Taken]:
    """Watch processes for the time of a block, and tell afterwards what they took: the memory of the one that took most.

    ``base``: the bytes of memory that are not counted of each. ``directory``: the place of their own files.
    """
    taken = Taken()
    with contextlib.ExitStack() as stack:
        each = [stack.enter_context(_watched(pid, base, directory)) for pid in pids]
        yield taken
    taken.memory, taken.written = max(one.memory for one in each), sum(one.written for one in each)
    taken.files = max(one.files for one in each)


@contextlib.contextmanager
def _watched(pid: int, base: int, directory: Path) -> Iterator[Taken]:
    taken, over, places = Taken(), threading.Event(), (str(directory), *PLACES)
    process = Path("/proc", str(pid))
    (process / "clear_refs").write_text("5")
    written = _figure(process / "io", "write_bytes")
    watcher = threading.Thread(target=_watch, args=(process, places, taken, over), daemon=True)
    watcher.start()
    try:
        yield taken
    finally:
        over.set()
        watcher.join()
        taken.memory = _figure(process / "status", "VmHWM") * 1024 - base
        taken.written = _figure(process / "io", "write_bytes") - written


def _figure(path: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(f"{name}:"))


def _watch(process: Path, places: tuple[str, ...], taken: Taken, over: threading.Event) -> None:
    while not over.wait(LOOK_EVERY_S):
        taken.files = max(taken.files, *_temporary(process / "fd", places), 0)


def _temporary(folder: Path, places: tuple[str, ...]) -> Iterator[int]:
    """Sizes of the temporary files that are open. The log, the database and the checkout are none."""
    for descriptor in folder.iterdir():
        with contextlib.suppress(OSError):
            name, found = str(descriptor.readlink()), descriptor.stat()
            temporary = name.endswith(" (deleted)") or name.startswith(places)
            own = name.endswith(".log") or ".sqlite3" in name or name.startswith(f"{ROOT}/")
            if temporary and stat.S_ISREG(found.st_mode) and not own:
                yield found.st_size
