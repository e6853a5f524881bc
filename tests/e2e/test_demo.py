"""The demo as an end-to-end test, and its verdict: it must fail when a step does not do what it should."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.demo import __main__ as demo
from local.demo.steps import STEPS
from local.demo.tour import WIDTH, Table, Tour, expect
from local.options import ROOT
from local.testing import Running

LINES = (
    "401 Unauthorized",
    r"openai +gpt-6-luna +rate_limited",
    r"anthropic +claude-haiku-5-5 +ok .* 0\.\d{6} USD",
    r"sent: hash [0-9a-f]{64}\n +byte for byte what the preview showed",
    "answer: 202 processing",
    r"tiktok +processing",
    "idempotency_key_reused",
    "dead letters: none",
    "answer: partially_published",
    r"instagram +published +2 ",
    "source: static",
    r"receipt [0-9a-f-]{36}",
    f"All {len(STEPS)} steps succeeded.",
)


def run_demo(directory: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LOCAL_DIR": str(directory), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'layers' / 'shared'}"}
    command = [sys.executable, "-m", "local.demo"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False)


def assert_complete(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    missing = [line for line in LINES if not re.search(line, done.stdout)]
    assert missing == [], done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert done.stderr == ""


def test_the_demo_passes_on_an_instance_of_its_own_and_leaves_nothing_running(tmp_path: Path) -> None:
    done = run_demo(tmp_path)
    assert_complete(done)
    started = re.search(r"Started at (http://\S+)\.", done.stdout)
    assert started
    with pytest.raises(httpx.ConnectError):
        httpx.get(started[1], trust_env=False)


@pytest.mark.timeout(1_200)
def test_the_demo_passes_again_and_again_on_a_running_instance_and_leaves_it_as_it_was(runtime: Running) -> None:
    before = settings(runtime)
    for _ in range(2):
        done = run_demo(runtime.runtime.directory)
        assert f"Using the instance at {runtime.description['api']}." in done.stdout
        assert_complete(done)
    assert httpx.get(f"{runtime.description['control']}/faults", trust_env=False).json() == {"faults": []}
    assert settings(runtime) == before


def settings(runtime: Running) -> list[Any]:
    control = runtime.description["control"]
    answers = [httpx.post(f"{control}/{name}/settings", json={}, trust_env=False).json() for name in ("facebook", "tiktok")]
    return [*answers, httpx.post(f"{control}/linkedin/consent", json={}, trust_env=False).json()]


def test_a_step_that_goes_wrong_is_named_with_what_was_expected(
    runtime: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(_: Tour) -> Iterator[Table]:
        yield Table(("figure",), [(1,)])
        expect("the figure", 1, 2)

    monkeypatch.setenv("LOCAL_DIR", str(runtime.runtime.directory))
    monkeypatch.setattr(demo, "STEPS", (("Count", wrong), *STEPS))
    assert demo.main() == 1
    printed = capsys.readouterr().out
    assert re.search(r"FAILED: the figure\n +expected +2\n +actual +1\n", printed)
    assert "steps succeeded" not in printed


@pytest.mark.parametrize(
    ("change", "word"),
    [({"token_url": None}, "Auth0"), ({"platforms": {"tiktok": "https://open.tiktokapis.com"}}, "real tiktok")],
)
def test_an_instance_with_anything_real_is_refused(
    runtime: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    change: dict[str, Any], word: str,
) -> None:  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps({**runtime.description, **change}))
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    assert demo.main() == 1
    captured = capsys.readouterr()
    assert word in captured.err
    assert "Sign in" not in captured.out


def test_tables_fit_and_keep_every_column() -> None:
    table = str(Table(("name", "wide", "wider"), [("a", "x" * 80, "y\n" * 90), ("b", None, True)]))
    lines = table.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) == 4
    assert "…" in lines[2]
    assert lines[3].split() == ["b", "-", "yes"]
