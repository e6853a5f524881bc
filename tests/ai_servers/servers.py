"""Two servers that stand for the AI providers, told over HTTP what to answer: ``llmock`` (PyPI) and ``@copilotkit/aimock`` (npm).

What they do not do as the providers do is listed in ai-providers.md section 11.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import httpx

from local.options import ROOT
from noillusion.catalog.providers import PROVIDERS, Provider

STARTED_S = 90
HERE = Path(__file__).parent
MODELS = {provider: found.models[0] for provider, found in PROVIDERS.items()}


class LLMock:
    """Julien Rabault's server. It answers from the schema of a request, where nothing is told."""

    name = "llmock"
    names: ClassVar = {"openai": "openai", "anthropic": "anthropic", "google": "gemini"}
    command = (ROOT / ".venv-ai-servers" / "bin" / "llmock", "serve", "--port")
    health = "/health"
    paths: ClassVar = {"openai": "", "anthropic": "/anthropic", "google": "/gemini"}

    def __init__(self, base: str) -> None:
        self.control = httpx.Client(base_url=base, trust_env=False, timeout=30)

    def reset(self) -> None:
        """Forget what was told and asked."""
        self.control.post("/_llmock/reset").raise_for_status()

    def answers(self, provider: Provider, text: str, finish: str = "stop") -> None:
        """Answer every request with a text. ``finish``: the reason to end, in the words of Chat Completions."""
        self._behave(provider, type="reply", text=text, finish_reason=finish)

    def refuses(self, provider: Provider, status: int) -> None:
        """Refuse every request."""
        self._behave(provider, type="fail", status=status, retry_after=7)

    def _behave(self, provider: Provider, **behavior: Any) -> None:
        behavior |= {"times": None, "match": {"provider": self.names[provider]}}
        self.control.post("/_llmock/scenario", json={"behaviors": [behavior]}).raise_for_status()

    def asked(self) -> list[str]:
        """Return the bodies that arrived at the models."""
        rows = self.control.get("/_llmock/requests").json()["requests"]
        return [json.dumps(row["body"], ensure_ascii=False) for row in rows if row["method"] == "POST"]

    def faults(self) -> list[str]:
        """Return what the server thinks that its client has done wrong."""
        found = self.control.get("/_llmock/verdict").json()["findings"]
        return [json.dumps(each) for each in found if each["severity"] == "error"]


class AIMock:
    """CopilotKit's server. It answers nothing that it was not told."""

    name = "aimock"
    command = (HERE / "node_modules" / ".bin" / "llmock", "-f", HERE / "fixtures", "--log-level", "silent", "--port")
    health = "/__aimock/health"
    paths: ClassVar = dict.fromkeys(PROVIDERS, "")

    def __init__(self, base: str) -> None:
        self.control = httpx.Client(base_url=base, trust_env=False, timeout=30)

    def reset(self) -> None:
        """Forget what was told and asked."""
        self.control.delete("/__aimock/chaos").raise_for_status()
        self.control.post("/__aimock/reset").raise_for_status()

    def answers(self, provider: Provider, text: str, finish: str = "stop") -> None:
        """Answer every request with a text, and with the same number of tokens."""
        counts = {"prompt_tokens": 210, "completion_tokens": 40, "input_tokens": 210, "output_tokens": 40, "total_tokens": 250}
        self._add(provider, {"content": text, "finishReason": finish, "usage": counts})

    def refuses(self, provider: Provider, status: int) -> None:
        """Refuse every request."""
        self._add(provider, {"error": {"message": "refused by the test", "type": "test_error"}, "status": status})

    def breaks(self, **chaos: float) -> None:
        """Break every answer, of all providers."""
        self.control.post("/__aimock/chaos", json=chaos).raise_for_status()

    def _add(self, provider: Provider, response: dict[str, Any]) -> None:
        fixtures = [{"match": {"model": MODELS[provider]}, "response": response}]
        self.control.post("/__aimock/fixtures", json={"fixtures": fixtures}).raise_for_status()

    def asked(self) -> list[str]:
        """Return what arrived at the models, as this server understood it."""
        return [json.dumps(row["body"], ensure_ascii=False) for row in self.control.get("/__aimock/journal").json()]


Server = LLMock | AIMock


@contextmanager
def started(kind: type[LLMock] | type[AIMock]) -> Iterator[tuple[str, Server]]:
    """Start a server on a free port of this machine; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [*map(str, kind.command), str(port)]
    process = subprocess.Popen(command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    server: Server = kind(base)
    try:
        _wait(server, process)
        yield base, server
    finally:
        server.control.close()
        process.terminate()
        process.wait(10)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTED_S
    while time.monotonic() < until:
        assert process.poll() is None, f"{server.name} ended"
        try:
            server.control.get(server.health).raise_for_status()
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{server.name} did not start")
