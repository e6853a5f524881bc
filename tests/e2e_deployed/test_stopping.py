"""A deployment in the background of a script stops with the emulator, its functions, the database and the SAM CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.options import ROOT
from tests.support import background

MAKE = "make --silent --assume-old=.venv/.ready --assume-old=.venv-e2e/.ready --assume-old=.venv-ministack/.ready"


@pytest.mark.parametrize(("name", "receiver"), [("SIGINT", "to-group"), ("SIGTERM", "to-job")])
def test_make_deploy_local_in_the_background_stops_with_everything(tmp_path: Path, name: str, receiver: str) -> None:
    done = subprocess.run(
        [sys.executable, background.__file__, name, receiver, str(tmp_path), "] deploying", f"{MAKE} deploy-local"],
        cwd=ROOT, env={**os.environ, "LOCAL_DIR": str(tmp_path / "deployment")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert "] deploying" in found["output"], found
    # The emulator, the database server with its own processes, its pooler and guards, and SAM.
    assert found["running"] > 10
    assert found["left"] == {}, found
    assert "\nstopped\n" in found["output"], found["output"]
    assert not (tmp_path / "deployment" / "run.json").exists()
