"""The demo on the deployed stack, and what an update must leave as it was."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from local.demo.steps import STEPS
from local.demo.tour import Tour
from local.options import ROOT
from tests.e2e_deployed.conftest import Instance, environment


def test_the_demo_passes_on_the_deployed_stack(run: dict[str, Any], instance: Instance) -> None:
    command = [sys.executable, "-m", "local.demo"]
    done = subprocess.run(command, cwd=ROOT, env=environment(instance.directory, {}), capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert f"Using the instance at {run['api']}." in done.stdout
    assert f"All {len(STEPS)} steps succeeded." in done.stdout


@pytest.mark.parametrize("run", ["updated"], indirect=True)
def test_an_update_keeps_users_their_sealed_keys_and_their_connections(run: dict[str, Any], resident: Tour) -> None:
    keys = {key["provider"]: key["stored"] for key in resident.call("GET", "/v1/profile")["ai_keys"]}
    assert keys["openai"] is True
    connections = resident.call("GET", "/v1/connections")["items"]
    assert len(connections) == 4
    for connection in connections:
        assert resident.call("POST", f"/v1/connections/{connection['id']}/test")["ok"] is True
    generated = resident.call(
        "POST", "/v1/generate", {"task": "generate", "platforms": ["linkedin"], "topic": "After the update"}
    )
    assert generated["transparency"]["provider"] == "openai"


@pytest.mark.parametrize("run", ["updated"], indirect=True)
def test_an_update_reaches_the_resources(run: dict[str, Any], instance: Instance) -> None:
    assert instance.stack()["parameters"]["LogRetentionDays"] == "7"
