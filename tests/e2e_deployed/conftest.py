"""One deployment for all tests of this folder, driven over HTTP. Every test runs twice: on the stack as created, and as updated.

They need minutes and environments of their own, so they are collected only where ``E2E`` is set: ``make e2e`` does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.demo.accounts import connect
from local.demo.samples import PHOTO, TIKTOK_OPTIONS
from local.demo.tour import Tour, wait_for
from local.options import ROOT

if not os.environ.get("E2E"):
    collect_ignore_glob = ["test_*.py"]

START_S = 540
STOP_S = 600
SLOW_S = 3_600
"""For how long TikTok works on a post that a request must not see finished. Afterwards it is finished at once."""
BUSY_S = 600
"""For how long a condition is waited for: ten times as long on a busy machine as should be needed, or longer."""
PUBLISHED = ("AWS::Lambda::Version", "AWS::Lambda::LayerVersion")
UPDATE = {"PARAMETERS": "LogRetentionDays=7 RequireScopes=true ReturnUrls=http://localhost:3000/,http://localhost:3001/"}
"""Other settings for every function, so that each is updated and starts afresh. Tokens have all scopes unless asked for fewer."""


@dataclass
class Instance:
    """``make deploy-local`` as a process, and what its run.json says."""

    process: subprocess.Popen[str]
    directory: Path
    description: dict[str, Any]
    show: Callable[[str], None]

    def update(self) -> str:
        """The same command again, while it runs; what it said."""
        process = subprocess.Popen(
            command(), cwd=ROOT, env=environment(self.directory, {**UPDATE, "END_WITH_INPUT": "1"}), text=True,
            start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        written: list[str] = []
        relayed = relay(process, self.show, written)
        try:
            code = process.wait(START_S)
        finally:
            end(process, signal.SIGTERM, relayed)
        assert code == 0, "".join(written)
        return "".join(written)

    def stack(self) -> dict[str, Any]:
        """Status, parameters and resources of the stack."""
        return dict(httpx.get(f"{self.description['control']}/stack", trust_env=False, timeout=30).raise_for_status().json())


def command() -> list[str]:
    return [sys.executable, "-m", "tools.deploy_local"]


def environment(directory: Path, extra: dict[str, str]) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])
    return {**os.environ, "LOCAL_DIR": str(directory), "PYTHONPATH": paths, **extra}


def started(process: subprocess.Popen[str], directory: Path) -> dict[str, Any]:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if (directory / "run.json").exists():
            return dict(json.loads((directory / "run.json").read_text()))
        time.sleep(0.2)
    raise AssertionError("the deployment did not start")


def family(root: int) -> set[int]:
    """A process and everything that descends from it."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    states = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    return {pid for pid, path in states.items() if path.exists() and path.read_text().rpartition(")")[2].split()[0] != "Z"}


def relay(process: subprocess.Popen[str], show: Callable[[str], None], written: list[str]) -> threading.Thread:
    """Show what a process writes, as it writes it: a deployment takes minutes."""

    def copy() -> None:
        assert process.stdout
        with process.stdout as lines:
            for line in lines:
                written.append(line)
                show(line.rstrip())

    thread = threading.Thread(target=copy, daemon=True)
    thread.start()
    return thread


def end(process: subprocess.Popen[str], number: signal.Signals, relayed: threading.Thread) -> None:
    """Have a process end, if it has not, and take leave of it."""
    process.send_signal(number)
    try:
        process.wait(STOP_S)
    finally:
        assert process.stdin
        process.stdin.close()
        relayed.join(STOP_S)


@pytest.fixture(scope="session")
def show(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Writes a line of progress past the capture."""
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")

    def line(text: str) -> None:
        if text and reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(f"  {text}")
            reporter.flush()

    return line


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory, show: Callable[[str], None]) -> Iterator[Instance]:
    directory = tmp_path_factory.mktemp("deployment")
    # In a session of its own, so that Ctrl-C reaches it once, from here; and it ends if this process is killed.
    process = subprocess.Popen(
        command(), cwd=ROOT, env=environment(directory, {"END_WITH_INPUT": "1"}), text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    written: list[str] = []
    relayed = relay(process, show, written)
    description: dict[str, Any] = {}
    try:
        description = started(process, directory)
        yield Instance(process, directory, description, show)
    finally:
        pids = family(process.pid)
        end(process, signal.SIGINT, relayed)
    output = "".join(written)
    assert process.returncode == 0, output
    assert alive(pids) == set(), output
    for address in (description["api"], description["control"]):
        with pytest.raises(httpx.ConnectError):
            httpx.get(address, trust_env=False)


@pytest.fixture(scope="session")
def resident(instance: Instance) -> Iterator[Tour]:
    """Somebody who was there before the update, with a sealed key and connected accounts."""
    with Tour(instance.description) as tour:
        tour.sign_in()
        tour.call("PUT", "/v1/profile/ai-keys/openai", {"key": f"sk-{tour.word}"})
        assert list(connect(tour))
        yield tour


@pytest.fixture(scope="session", params=["created", "updated"])
def run(instance: Instance, resident: Tour, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What run.json says, of a stack that was created or updated."""
    if request.param == "updated":
        before = kept(instance.stack())
        assert "UPDATE_COMPLETE" in instance.update()
        after = instance.stack()
        assert after["status"] == "UPDATE_COMPLETE"
        assert kept(after) == before
    return instance.description


def kept(stack: dict[str, Any]) -> dict[str, str]:
    """Ids of what an update must not replace: everything but published versions."""
    return {name: r["id"] for name, r in stack["resources"].items() if r["type"] not in PUBLISHED}


@contextmanager
def slow_post(tour: Tour) -> Iterator[str]:
    """Publish at TikTok, which does not finish before the block ends, so that the queue has to do it. Yields the post's id."""
    content = {"text": f"Slow #{tour.word}", "media": [{"url": PHOTO}]}
    target = {"connection_id": tour.connections["tiktok"]["id"], "content": content, "options": TIKTOK_OPTIONS}
    with tour.settings("tiktok", processing_s=SLOW_S):
        answer = tour.send("POST", "/v1/posts", {"targets": [target]}, {"idempotency-key": f"{tour.word}-slow"})
        assert (answer.status_code, answer.json()["status"]) == (202, "processing"), answer.text
        yield str(answer.json()["id"])


@pytest.fixture(scope="session", autouse=True)
def lost(run: dict[str, Any]) -> Iterator[tuple[Tour, str, list[str]]]:
    """Who published, the post, and the messages about it that were lost. Made first, so that no test waits for the schedule."""
    with Tour(run) as tour:
        tour.sign_in()
        assert list(connect(tour))
        bodies: list[str] = []

        def sent() -> bool:
            bodies[:] = tour.control("GET", "queues")["queues"]["PublishQueue"]["messages"]
            return bool(bodies)

        def purged() -> bool:
            # A function that has received a message sends another one, because the post is not finished.
            tour.control("POST", "queues/PublishQueue/purge")
            return tour.queues_empty("PublishQueue")

        with slow_post(tour) as post_id:
            wait_for("a message", sent, BUSY_S)
            wait_for("the message is lost", purged, BUSY_S)
        yield tour, post_id, bodies


@pytest.fixture
def scopes_required(instance: Instance, run: dict[str, Any]) -> bool:
    """Whether the stack refuses tokens without the scope of the route: as updated it does, as created it does not."""
    return bool(instance.stack()["parameters"]["RequireScopes"] == "true")


@pytest.fixture
def api(run: dict[str, Any]) -> Iterator[httpx.Client]:
    """A client of the deployed API without a token."""
    with httpx.Client(base_url=run["api"], trust_env=False, timeout=40) as client:
        yield client


@pytest.fixture
def control(run: dict[str, Any]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=run["control"], trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def person(run: dict[str, Any]) -> Iterator[Tour]:
    """Somebody new who is signed in."""
    with Tour(run) as tour:
        tour.sign_in()
        yield tour


@pytest.fixture
def publisher(person: Tour) -> Tour:
    """Somebody new with an account of each platform connected."""
    assert list(connect(person))
    return person
