"""``python background.py SIGNAL to-group|to-job FOLDER TEXT COMMAND``: run a job in the background of a script and stop it.

The script is not interactive, so its shell starts the job with SIGINT ignored. Once the job has written the text, it gets the
signal: alone, or with its process group. Every process that descends from the script is counted, whatever session it moved to,
because orphans come to this process. Prints JSON.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
START_S, STOP_S = 540, 45


def descendants() -> dict[int, str]:
    """Return the command lines of all processes below this one, by process id, after taking leave of those that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    parents, commands = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (path / "cmdline").read_text("utf-8", "replace").replace("\0", " ").strip()
            if state != "Z":
                parents[int(path.name)], commands[int(path.name)] = int(parent), command
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: commands[pid] for pid in found - {os.getpid()}}


def main() -> None:
    """Run, stop, look."""
    number, receiver, folder, text, command = signal.Signals[sys.argv[1]], sys.argv[2], Path(sys.argv[3]), *sys.argv[4:6]
    # Under nohup, hangups are ignored, and that is inherited.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    output = folder / "job.output"
    output.touch()
    shell = subprocess.Popen(
        ["bash", "-c", f"{command} >>{output} 2>&1 & echo $! >{folder}/job.pid; wait"], start_new_session=True
    )
    deadline = time.monotonic() + START_S
    while text not in output.read_text("utf-8", "replace") and time.monotonic() < deadline and descendants():
        time.sleep(0.1)
    running = descendants()
    if receiver == "to-group":
        os.killpg(shell.pid, number)
    else:
        os.kill(int((folder / "job.pid").read_text()), number)
    stopped = time.monotonic()
    while (left := descendants()) and time.monotonic() - stopped < STOP_S:
        time.sleep(0.1)
    seconds = round(time.monotonic() - stopped, 1)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    written = output.read_text("utf-8", "replace")
    print(json.dumps({"running": len(running), "left": left, "seconds": seconds, "output": written}))


if __name__ == "__main__":
    main()
