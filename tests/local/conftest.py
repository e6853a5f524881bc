"""One runtime with stub functions for all tests of this folder: no simulators, no database, schedules only when fired."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from local.testing import Running, running
from tests.local.stubs import stub_options


@pytest.fixture(scope="session")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("local")
    os.environ["OPENAI_API_KEY"] = "sk-of-the-developer"
    with running(stub_options(directory, async_delays_s=(0.1, 0.1))) as started:
        yield started
    del os.environ["OPENAI_API_KEY"]


@pytest.fixture
def api(stub: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stub.description["api"], trust_env=False, timeout=15) as client:
        yield client


@pytest.fixture
def control(stub: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stub.description["control"], trust_env=False, timeout=15) as client:
        yield client


@pytest.fixture
def received(stub: Running) -> Callable[[], list[dict[str, Any]]]:
    """What the worker function has received since the test began."""
    path = stub.runtime.directory / "tmp" / "received.jsonl"
    path.unlink(missing_ok=True)

    def read() -> list[dict[str, Any]]:
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    return read
