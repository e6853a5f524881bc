"""The clients, the reference page and the collection against one local instance.

They need Node, Chromium and an environment of their own, so they are collected only where ``CLIENTS`` is set, as by
``make test-clients``.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from local.options import ROOT, Options
from local.testing import Running, running
from tests.support.sources import Files, files

if not os.environ.get("CLIENTS"):
    collect_ignore_glob = ["test_*.py"]

TYPESCRIPT = ROOT / "clients" / "typescript"
PYTHON = ROOT / "clients" / "python"
TOOLS = ROOT / "tools" / "node"
VENV = ROOT / ".venv-clients" / "bin"
DOCUMENT = ROOT / "docs" / "openapi.json"
STORE = "bucket.example.com"
STEPS = ("connected", "published", "listed", "generated", "analytics", "template", "refused", "exported", "deleted")
"""What both examples print, one line for each step."""


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    output: str


def execute(
    *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 240, given: str | None = None
) -> Done:
    """Run a command without this environment's modules. ``given``: its input."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | dict(env or {})
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Done(done.returncode, done.stdout + done.stderr)


def succeeded(done: Done) -> str:
    """Return what a command printed, which must have succeeded."""
    assert done.code == 0, done.output
    return done.output


def changed_copy(document: Any, directory: Path) -> dict[str, str]:
    """Write a changed document and return the variable that names it."""
    path = directory / "openapi.json"
    path.write_text(json.dumps(document))
    return {"DOCUMENT": str(path)}


def without_field(document: Any, schema: str, field: str) -> Any:
    """Return the document with a schema that lacks a field."""
    described = document["components"]["schemas"][schema]
    required = [name for name in described["required"] if name != field]
    properties = {name: value for name, value in described["properties"].items() if name != field}
    schemas = {**document["components"]["schemas"], schema: {**described, "required": required, "properties": properties}}
    return {**document, "components": {**document["components"], "schemas": schemas}}


@dataclass(frozen=True)
class Frontend:
    """A web server for pages that use the instance."""

    directory: Path
    origin: str


class Silent(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="session")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontend]:
    """A directory that is served at an origin of its own."""
    directory = tmp_path_factory.mktemp("frontend")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(directory))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Frontend(directory, f"http://localhost:{server.server_port}")
        server.shutdown()


@pytest.fixture(scope="session")
def store() -> Iterator[Files]:
    """An object store that takes what is put at presigned URLs. The instance reaches it as ``STORE``."""
    with files() as served:
        yield served


@pytest.fixture(scope="session")
def instance(frontend: Frontend, store: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A local instance on free ports, which ends with the tests."""
    options = Options(
        directory=tmp_path_factory.mktemp("instance"), allowed_origins=(frontend.origin,), endpoints={STORE: store.base}
    )
    with running(options) as started:
        yield started


@pytest.fixture(scope="session")
def environment(instance: Running) -> dict[str, str]:
    """What tells an example where the instance is."""
    return {"LOCAL_DIR": str(instance.runtime.directory)}


@pytest.fixture(scope="session")
def typescript() -> Path:
    """The built TypeScript client."""
    succeeded(execute("node", "scripts/generate.mjs", "--check", cwd=TYPESCRIPT))
    succeeded(execute("npm", "run", "--silent", "compile", cwd=TYPESCRIPT))
    return TYPESCRIPT


@pytest.fixture(scope="session")
def python() -> Path:
    """The generated Python client."""
    succeeded(execute(VENV / "python", "generate.py", cwd=PYTHON))
    return PYTHON


@pytest.fixture(scope="session")
def wheel(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel of the Python client is unpacked into."""
    built, unpacked = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    succeeded(execute(VENV / "hatchling", "build", "--target", "wheel", "--directory", built, cwd=python))
    (found,) = built.glob("*.whl")
    succeeded(execute(VENV / "python", "-m", "zipfile", "-e", found, unpacked, cwd=built))
    return unpacked


@pytest.fixture(scope="session")
def document() -> Any:
    """Return the OpenAPI document."""
    return json.loads(DOCUMENT.read_text())
