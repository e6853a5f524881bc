"""MiniStack as a process: an AWS emulator that runs functions as plain processes, on loopback only and without storage."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

from local.aws.specs import REGION
from local.databases.postgres import free_port
from local.options import ROOT

ENVIRONMENT = ROOT / ".venv-ministack" / "bin" / "python"
FUNCTIONS = ROOT / ".venv-lambda" / "bin" / "python"
LAUNCHER = Path(__file__).with_name("launcher.py")
START_S = 30
STOP_S = 5
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
"""Credentials of MiniStack's root user. Nothing here sees those of the developer."""


class NotStarted(Exception):
    """The emulator cannot run; the message is for the user."""


def client(endpoint: str, service: str) -> Any:
    """Return a client of one service of the emulator, with the credentials of its root user."""
    session = boto3.session.Session(
        CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=CREDENTIALS["AWS_DEFAULT_REGION"]
    )
    make: Any = session.client
    return make(service, endpoint_url=endpoint, config=Config(proxies={}, retries={"total_max_attempts": 1}))


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """Run the emulator for the duration of the block and yield its endpoint. ``directory`` has its log. Raises NotStarted."""
    for needed in (ENVIRONMENT, FUNCTIONS):
        if not needed.exists():
            raise NotStarted(f"{needed.parent.parent.name} is missing: make deploy-local sets it up")
    temporary = directory / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    port = free_port()
    with (directory / "ministack.log").open("wb") as log:
        process = subprocess.Popen(
            [str(ENVIRONMENT), "-P", str(LAUNCHER), str(FUNCTIONS)],
            env=_environment(port, temporary), cwd=temporary,
            stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait(process, endpoint, directory)
        yield endpoint
    finally:
        _stop(process)
        shutil.rmtree(temporary, ignore_errors=True)


def _environment(port: int, temporary: Path) -> dict[str, str]:
    """Return an environment without variables of the developer's shell, because functions inherit it."""
    return {
        "PATH": os.defpath,
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        # Functions use their roles, which are enforced.
        "AUTH": "true",
        # Prevents two more ports and the search for a container engine.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{temporary}/none",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _wait(process: subprocess.Popen[bytes], endpoint: str, directory: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{endpoint}/_ministack/ready", trust_env=False, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise NotStarted(f"the emulator did not start: {directory / 'ministack.log'} says why")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the emulator and every function process in its group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
