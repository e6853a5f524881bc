"""The simulators in a process of their own, and clients whose requests go there instead of to the platforms.

The clients are used as they are: only the transport below them is replaced. They have an environment of their own, so these
tests are collected only where ``SDKS`` is set, as by ``make test-sdks``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

ROOT = Path(__file__).parents[2]
REDIRECT = "http://127.0.0.1:9/callback"

if not os.environ.get("SDKS"):
    collect_ignore_glob = ["test_*.py"]


@dataclass(frozen=True)
class Platforms:
    """The simulated platforms, as a person at the controls sees them."""

    base: str

    def act(self, platform: str, action: str, **options: Any) -> Any:
        """Do what a person or the platform does behind the API's back."""
        return requests.post(f"{self.base}/_control/{platform}/{action}", json=options, timeout=10).json()

    def posts(self, platform: str) -> list[dict[str, Any]]:
        """Return what the public or the author sees, oldest first."""
        found: list[dict[str, Any]] = self.state(platform)["posts"]
        return found

    def state(self, platform: str) -> dict[str, Any]:
        """Return all that a platform holds."""
        answer: dict[str, Any] = requests.get(f"{self.base}/_control/state/{platform}", timeout=10).json()
        return answer

    def pass_time(self, seconds: float) -> None:
        """Move the platforms' clocks."""
        requests.post(f"{self.base}/_control/clock", json={"advance_s": seconds}, timeout=10)

    def media(self, name: str) -> str:
        """Return the URL of a sample file."""
        return f"{self.base}/_media/{name}"

    def journal(self, path: str) -> list[dict[str, Any]]:
        """Return the requests whose host and path match an expression."""
        rows: list[dict[str, Any]] = requests.get(f"{self.base}/_control/requests", params={"path": path}, timeout=10).json()[
            "requests"
        ]
        return rows

    def consent(self, url: str, **params: str) -> dict[str, str]:
        """Open a dialog as a browser does and return what came back to the application."""
        answer = requests.get(url, params=params, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@pytest.fixture(scope="session")
def simulators() -> Iterator[str]:
    """The base URL of the simulators, which run in the product's environment and end with the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [ROOT / ".venv" / "bin" / "python", "-m", "local.simulators.serve", str(port)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'shared'}"}
    server = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=environment)
    try:
        yield _started(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(10)


def _started(server: subprocess.Popen[bytes], base: str) -> str:
    for _ in range(600):
        assert server.poll() is None, "the simulators ended"
        try:
            requests.get(f"{base}/_control/", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
            continue
        return base
    raise AssertionError("the simulators did not start")


@pytest.fixture
def platforms(simulators: str, monkeypatch: pytest.MonkeyPatch) -> Platforms:
    """Platforms without a past. Whatever a client sends to a public host goes to the simulator of that host."""
    sent: Callable[..., requests.Response] = HTTPAdapter.send

    def redirected(self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        asked = request.url or ""
        if asked.startswith("https://"):
            request.url = f"{simulators}/{asked.removeprefix('https://')}"
        assert (request.url or "").startswith(f"{simulators}/"), asked
        answer = sent(self, request, *args, **options)
        answer.url = asked
        return answer

    monkeypatch.setattr(HTTPAdapter, "send", redirected)
    requests.post(f"{simulators}/_control/reset", timeout=10)
    return Platforms(simulators)
