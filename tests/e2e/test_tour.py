"""The tour in the README, as it is written there: in order, in one shell, and again after a restart."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.options import ROOT

START_S, STOP_S, TOUR_S = 300, 60, 500
TEXT = b"Hello from a laptop"
DONE = "~ done ~"
VARYING = (
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # an id
    r"\d{4}-\d\d-\d\dT[\d:.]+Z",  # a time
    r"http://127\.0\.0\.1:\d+/_media/photo\.jpg\?size=\d+x\d+",  # an image
    r"[\w+/=-]{12,}",  # a random value
)


@dataclass(frozen=True, slots=True)
class Step:
    """One command, with the result that its comment shows and the JSON that is printed below it."""

    command: str
    result: str | None
    shown: Any


def steps() -> list[Step]:
    """What the README says, in order."""
    readme = (ROOT / "README.md").read_text("utf-8")
    tour = readme[readme.index("## A tour in five minutes") : readme.index("## The API")]
    found: list[Step] = []
    for language, block in re.findall(r"```(\w+)\n(.*?)```", tour, re.DOTALL):
        if language == "json":
            found[-1] = Step(found[-1].command, found[-1].result, json.loads(block))
            continue
        for command in re.sub(r"\\\n\s*", "", block).splitlines():
            comment = command.rpartition("   # ")[2].strip() if "   # " in command else ""
            result = "" if comment == "nothing" else comment if re.fullmatch(r"\w+", comment) else None
            found.append(Step(command, result, None))
    return found


def differences(shown: Any, actual: Any, at: str = "") -> Iterator[str]:
    """Where an answer is not what the README shows. Ids, times and random values differ, but not in their form."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        if shown.keys() != actual.keys():
            yield f"{at}: {sorted(shown.keys() ^ actual.keys())}"
        for name in shown.keys() & actual.keys():
            yield from differences(shown[name], actual[name], f"{at}.{name}")
    elif isinstance(shown, list) and isinstance(actual, list) and len(shown) == len(actual):
        for number, pair in enumerate(zip(shown, actual, strict=True)):
            yield from differences(*pair, f"{at}[{number}]")
    elif shown != actual and not (
        isinstance(shown, str)
        and isinstance(actual, str)
        and any(re.fullmatch(p, shown) and re.fullmatch(p, actual) for p in VARYING)
    ):
        yield f"{at}: {actual!r}, not {shown!r}"


@contextlib.contextmanager
def instance(folder: Path, port: int) -> Iterator[dict[str, Any]]:
    """``make run`` in a folder, on a port that may be taken."""
    environment = {**os.environ, "LOCAL_DIR": str(folder / ".local"), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "local"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        description, deadline = folder / ".local" / "run.json", time.monotonic() + START_S
        while not description.exists():
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield json.loads(description.read_text())
    finally:
        process.send_signal(signal.SIGINT)
        written, _ = process.communicate(timeout=STOP_S)
    assert process.returncode == 0, written


def walk(folder: Path, tour: list[Step]) -> list[str]:
    """Run all commands in one shell; return what each has written."""
    script = "set -u\n" + "".join(f"{step.command}\necho '{DONE}'\n" for step in tour)
    done = subprocess.run(["bash"], input=script, cwd=folder, capture_output=True, text=True, check=False, timeout=TOUR_S)
    assert done.stderr == ""
    return [part.strip() for part in done.stdout.split(DONE)[:-1]]


def check(tour: list[Step], written: list[str], connected: bool) -> None:
    """Compare what was written with what the README shows."""
    assert len(written) == len(tour)
    for step, output in zip(tour, written, strict=True):
        if step.result is not None:
            assert output == step.result, step.command
        if step.shown is None:
            assert "urn:noillusion:problem" not in output, f"{step.command}\n{output}"
            continue
        actual = json.loads(output)
        if "accounts" in actual:
            assert actual["accounts"][0].pop("connected") is connected
            actual["accounts"][0]["connected"] = step.shown["accounts"][0]["connected"]
        assert list(differences(step.shown, actual)) == [], step.command


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.timeout(1_200)
def test_the_tour_works_as_written_and_again_after_a_restart_whatever_port_is_free(tmp_path: Path) -> None:
    tour = steps()
    assert len([step for step in tour if step.shown]) == 3
    assert [step.result for step in tour if step.result is not None] == ["1", "", "rate_limited", "rate_limited"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for connected in (False, True):
            with instance(tmp_path, taken.getsockname()[1]) as run:
                check(tour, walk(tmp_path, tour), connected)
                assert httpx.get(f"{run['control']}/faults", trust_env=False).json() == {"faults": []}
                assert TEXT not in files(tmp_path / ".local")
            # What the platforms hold is outside of what the service holds, and nowhere else.
            assert TEXT not in files(tmp_path / ".local")
            assert TEXT in (tmp_path / ".local-platforms").read_bytes()
            assert (tmp_path / ".local-platforms").stat().st_mode & 0o077 == 0
