"""A session fixture that fails, for example because a database cannot start, is reported once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
import pytest
from tests.support.session_fixtures import SessionFixtures

def pytest_configure(config):
    config.pluginmanager.register(SessionFixtures(), "session-fixtures")

@pytest.fixture(scope="session")
def server():
    raise RuntimeError("no room on the disk")

@pytest.fixture
def database(server):
    return server
"""
TESTS = """
import pytest

@pytest.mark.parametrize("n", range(20))
def test_needs_it(database, n):
    pass

def test_fails_on_its_own():
    raise RuntimeError("no room on the disk")

def test_needs_nothing():
    pass
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "side by side"])
def test_a_failing_session_fixture_is_told_once_however_many_tests_need_it(tmp_path: Path, workers: list[str]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_sample.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", *workers, "--rootdir", str(tmp_path), "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("ERROR at setup of") == 1
    assert done.stdout.count("ERROR test_sample.py::test_needs_it") == 1
    assert done.stdout.count("FAILED test_sample.py::test_fails_on_its_own") == 1
    assert "1 failed, 1 passed, 1 error, 19 blocked" in done.stdout, done.stdout[-500:]
