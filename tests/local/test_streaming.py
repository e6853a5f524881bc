"""The benchmark of streamed videos in its short form, against the sources: what it measures, and the bars that no load moves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench import streaming
from bench.process import resident, watched
from bench.report import MIB
from local.options import Options

SIZE = 64 * MIB
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process takes")
GREEDY = """
import sys, tempfile
sys.stdin.readline()
with tempfile.TemporaryFile() as file:
    held = bytearray(b"x") * (100 << 20)
    file.write(held)
    file.flush()
    print("done", flush=True)
    sys.stdin.readline()
"""


def test_videos_stream_through_the_function_without_memory_or_disk(tmp_path: Path) -> None:
    found = streaming.measure(Options(directory=tmp_path, tick=False), SIZE, rounds=1)
    assert list(found) == ["linkedin video", "tiktok video", "facebook video", "facebook reel"]
    for label, figures in found.items():
        (taken,) = figures.taken
        assert taken.memory < streaming.MEMORY_BAR_MIB * MIB, label
        assert (taken.written < streaming.WRITTEN_BAR_MIB * MIB, taken.files) == (True, 0), (label, taken)
        (read,) = figures.read
        assert read < MIB if label.startswith("facebook") else read >= SIZE, (label, read)
    assert all(len(found[name].product_s) == len(found[name].bare_s) == 1 for name in ("linkedin video", "tiktok video"))
    table = streaming.table(found)
    assert {"yes"} == {row[-1] for row in table.rows if row[-1] and "MiB/s" not in row[0]}


def test_a_process_that_holds_or_stores_a_file_is_seen(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", GREEDY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin and process.stdout
        time.sleep(0.2)
        with watched([process.pid], resident(process.pid), tmp_path) as taken:
            process.stdin.write(b"\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"done\n"
            time.sleep(0.2)
        process.stdin.close()
    assert taken.memory > 90 * MIB and taken.files == 100 * MIB
