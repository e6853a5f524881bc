"""Jobs in the background of a script, where shells ignore Ctrl-C: they stop when they are asked to, with all they started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from local.options import ROOT
from tests.support import background

# The virtual environment is there, or these tests would not run.
MAKE = "make --silent --assume-old=.venv/.ready"
SERVERS = """
import sys, time
from local.databases import pooler, postgres
with postgres.temporary() as server, pooler.temporary(server):
    print(server.directory, flush=True)
    time.sleep(60)
"""
CONFTEST = "from tests.conftest import postgres_server, pytest_configure, pytest_xdist_make_scheduler"
TESTS = """
import time
import pytest

@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_waits(postgres_server, engine):
    with open("OUTPUT", "a") as file:
        print("waiting in", postgres_server.directory, file=file)
    time.sleep(100)
"""


def stopped(folder: Path, name: str, receiver: str, text: str, command: str) -> dict[str, Any]:
    """Start a job, send the signal after it has written ``text``, and return what is left of it."""
    done = subprocess.run(
        [sys.executable, background.__file__, name, receiver, str(folder), text, command],
        cwd=ROOT, env={**os.environ, "LOCAL_DIR": str(folder / "instance"), "PORT": "0", "TMPDIR": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert text in found["output"], found
    assert found["left"] == {}, found
    assert "Traceback" not in found["output"], found["output"]
    return found


@pytest.mark.parametrize(("name", "receiver"), [("SIGINT", "to-group"), ("SIGTERM", "to-job"), ("SIGHUP", "to-group")])
def test_make_run_in_the_background_stops_with_everything(tmp_path: Path, name: str, receiver: str) -> None:
    found = stopped(tmp_path, name, receiver, "is running", f"{MAKE} run")
    assert found["running"] > 10
    assert "stopped" in found["output"]
    assert not (tmp_path / "instance" / "run.json").exists()


def test_make_demo_in_the_background_stops_with_everything(tmp_path: Path) -> None:
    found = stopped(tmp_path, "SIGTERM", "to-job", "1. Sign in", f"{MAKE} demo")
    assert found["running"] > 10
    # Its instance has a folder of its own.
    assert list(tmp_path.glob("noillusion-demo-*")) == []


@pytest.mark.parametrize(("name", "receiver"), [("SIGINT", "to-group"), ("SIGKILL", "to-job")])
def test_tests_in_the_background_leave_no_database_server(tmp_path: Path, name: str, receiver: str) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_sample.py").write_text(TESTS.replace("OUTPUT", str(tmp_path / "job.output")))
    command = f"{sys.executable} -m pytest -q -p no:cacheprovider -n 2 --dist loadscope --rootdir {tmp_path} {tmp_path}"
    found = stopped(tmp_path, name, receiver, "waiting in", command)
    folders = [Path(line.partition("waiting in ")[2]) for line in found["output"].splitlines() if "waiting in" in line]
    assert [folder for folder in folders if folder.exists()] == []


def test_a_server_and_its_pooler_end_with_a_killed_process(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", SERVERS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    directory = Path(process.stdout.readline().strip())
    assert (directory / "postmaster.pid").exists()
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not directory.exists()
