"""The runtime as a process: how it starts, says where it is, refuses, and stops without leaving anything behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.__main__ import place
from local.environment import BadOption, options_from
from local.options import ROOT

SCRIPT = """
import asyncio, sys
from pathlib import Path
from local import __main__
from tests.local.stubs import stub_options
__main__.options_from = lambda _: stub_options(Path(sys.argv[1]), port=int(sys.argv[2]), warm=True)
sys.exit(__main__.main())
"""


@contextmanager
def process(directory: Path, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCRIPT, str(directory), str(port)]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def described(directory: Path, started: subprocess.Popen[str]) -> dict[str, Any]:
    path = directory / "run.json"
    for _ in range(3_000):
        if path.exists():
            return dict(json.loads(path.read_text()))
        if started.poll() is not None:
            raise AssertionError(started.communicate()[0])
        time.sleep(0.1)
    raise AssertionError("it did not start in time")


def environments(run: dict[str, Any]) -> list[int]:
    functions = httpx.get(f"{run['control']}/functions", trust_env=False).json()["functions"]
    return [pid for function in functions.values() for pid in function["environments"]]


def gone(pids: list[int], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not [
            pid for pid in pids if Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
        ]:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    with process(tmp_path) as started:
        run = described(tmp_path, started)
        pids = environments(run)
        assert len(pids) == 2  # the third function cannot start
        started.send_signal(number)
        output, _ = started.communicate(timeout=100)
        assert started.returncode == 0
        assert "is running" in output
        assert "Broken cannot start" in output
        assert "stopped" in output
        assert "Traceback" not in output
        assert gone(pids)
        assert not (tmp_path / "run.json").exists()


def test_environments_die_with_a_killed_parent(tmp_path: Path) -> None:
    with process(tmp_path) as started:
        run = described(tmp_path, started)
        pids = environments(run)
        with pytest.raises(httpx.ReadTimeout):  # a handler that is busy when it happens
            httpx.get(f"{run['api']}/open?do=sleep&s=30", timeout=0.5, trust_env=False)
        started.kill()
        started.wait()
        assert len(pids) == 2
        assert gone(pids)
    with process(tmp_path) as again:  # what the killed one left behind does not hinder the next
        assert described(tmp_path, again)["pid"]


def test_second_instance_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    with process(tmp_path) as first:
        run = described(tmp_path, first)
        with process(tmp_path) as second:
            output, _ = second.communicate(timeout=100)
            assert second.returncode == 1
            assert f"already running at {run['api']}" in output
        assert httpx.get(f"{run['api']}/open", trust_env=False).status_code == 200


def test_taken_port_is_named_and_the_next_one_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, process(tmp_path, taken.getsockname()[1]) as started:
        port = taken.getsockname()[1]
        run = described(tmp_path, started)
        assert not run["api"].endswith(f":{port}")
        started.send_signal(signal.SIGTERM)
        output, _ = started.communicate(timeout=100)
        assert f"port {port} is taken: using {run['api'].rpartition(':')[2]}" in output


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@s3cret#w0rd@127.0.0.1/db",
        "postgresql://u:1/s3cret@127.0.0.1/db",
        "postgresql://u:p@127.0.0.1/db?s3cret=1 2",
        "postgresql://u:s3cret@127.0.0.1:1/db",
    ],
)
def test_a_database_url_that_cannot_be_used_ends_the_start_and_shows_no_part_of_a_password(tmp_path: Path, url: str) -> None:
    environment = {"PATH": os.defpath, "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "LOCAL_DIR": str(tmp_path), "PORT": "0"}
    started = subprocess.run(
        [sys.executable, "-m", "local"], cwd=ROOT, env={**environment, "DATABASE_URL": url}, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip
    written = "".join(path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file())
    assert started.returncode == 1, started.stdout
    assert "DATABASE_URL" in started.stderr or "refused" in started.stderr
    assert not [word for word in ("s3cret", "w0rd") if word in started.stdout + started.stderr + written]


def test_the_place_of_a_database_tells_neither_user_nor_password() -> None:
    assert place("postgresql://u:p%40x@db.example:6543/name?password=s3cret") == "db.example:6543/name"
    assert place("postgresql:///name?host=/run&user=u") == "/name"
    assert place("sqlite:////tmp/x.sqlite3") == "sqlite:////tmp/x.sqlite3"


def test_files_are_private_and_keys_are_kept(tmp_path: Path) -> None:
    kept = []
    for _ in range(2):
        with process(tmp_path) as started:
            run = described(tmp_path, started)
            for name in ("run.json", "secrets.json"):
                assert (tmp_path / name).stat().st_mode & 0o077 == 0
            kept.append((tmp_path / "secrets.json").read_text())
            started.send_signal(signal.SIGTERM)
            started.communicate(timeout=100)
    assert kept[0] == kept[1]
    assert set(run) >= {
        "api", "issuer", "jwks_url", "token_url", "control", "platforms", "providers", "database_url", "aws_endpoint", "pid",
        "public_media",
    }  # fmt: skip


class TestOptions:
    def test_nothing_set_means_simulators_and_sqlite(self) -> None:
        options = options_from({})
        assert (options.port, options.database_url, options.issuer_url) == (8000, None, None)
        assert not options.credentials
        assert options.database == f"sqlite:///{ROOT / '.local' / 'noillusion.sqlite3'}"

    def test_real_tenant_platform_and_provider(self) -> None:
        environment = {
            "AUTH0_DOMAIN": "tenant.eu.auth0.com", "AUTH0_AUDIENCE": "https://api", "FACEBOOK_CLIENT_ID": "1",
            "FACEBOOK_CLIENT_SECRET": "2", "REAL_PROVIDERS": "openai", "PORT": "9000", "DATABASE_URL": "postgresql://x",
        }  # fmt: skip
        options = options_from(environment)
        assert options.issuer_url == "https://tenant.eu.auth0.com/"
        assert options.credentials == {"FACEBOOK": ("1", "2")}
        assert options.real_providers == {"openai"}
        assert (options.port, options.database_url) == (9000, "postgresql://x")

    @pytest.mark.parametrize(
        "environment",
        [{"PORT": "http"}, {"AUTH0_DOMAIN": "a.b"}, {"TIKTOK_CLIENT_ID": "1"}, {"REAL_PROVIDERS": "gopher"}],
    )
    def test_senseless_values_are_refused(self, environment: dict[str, str]) -> None:
        with pytest.raises(BadOption):
            options_from(environment)


def test_only_loopback_is_listened_on(tmp_path: Path) -> None:
    with process(tmp_path) as started:
        described(tmp_path, started)
        owned = {str(link.readlink()) for link in Path(f"/proc/{started.pid}/fd").iterdir() if link.is_symlink()}
        rows = [
            row.split()
            for name in ("tcp", "tcp6")
            for row in Path(f"/proc/{started.pid}/net/{name}").read_text().splitlines()[1:]
        ]
        listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in owned]
        assert len(listening) >= 3
        assert all(address.startswith("0100007F:") for address in listening)
