"""What was deployed runs from itself alone: every module imports, from the bytecode that was shipped, and nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from local.aws.template import names, read
from tests.e2e_deployed.conftest import Instance
from tools.build.artifacts import Artifacts, built, verify
from tools.deploy_local.ministack import FUNCTIONS
from tools.deploy_local.stack import architecture

ROOT = Path(__file__).resolve().parents[2]
NAMES = names(read(ROOT / "template.yaml"), "AWS::Serverless::Function")
SDKS = {"GenerateFunction": ("openai", "anthropic", "google.genai")}
SCRIPT = """
import importlib, importlib.machinery, json, pkgutil, sys
compiled, loader = [], importlib.machinery.SourceFileLoader
source_to_code = loader.source_to_code
def compiling(self, data, path, **more):
    compiled.append(str(path))
    return source_to_code(self, data, path, **more)
loader.source_to_code = compiling
import app, noillusion, zoneinfo
assert zoneinfo.ZoneInfo("Europe/Berlin") and "Asia/Kolkata" in zoneinfo.available_timezones()
modules = [found.name for found in pkgutil.walk_packages(noillusion.__path__, "noillusion.")] + sys.argv[1:]
for name in modules:
    importlib.import_module(name)
print(json.dumps({"compiled": compiled, "imported": len(modules)}))
"""


@pytest.fixture
def artifacts(instance: Instance) -> Artifacts:
    return built(architecture(), instance.directory / "build")


@pytest.mark.parametrize("name", NAMES)
def test_every_module_comes_from_the_bytecode_in_the_artifacts(artifacts: Artifacts, name: str) -> None:
    folder = artifacts.functions[name]
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join([str(folder), str(artifacts.layer)]),
        # As on Lambda's image, as far as this package goes: no zones but those that the layer brings.
        "PYTHONTZPATH": "",
    }
    command = [str(FUNCTIONS), "-P", "-s", "-c", SCRIPT, *SDKS.get(name, ())]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    shipped = (str(folder), str(artifacts.layer))
    assert [path for path in said["compiled"] if path.startswith(shipped)] == []
    assert said["imported"] > 50


def test_running_changed_nothing_in_the_artifacts(artifacts: Artifacts) -> None:
    verify(artifacts)
