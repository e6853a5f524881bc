"""Every module of what is deployed, and of the laptop's runtime, can be imported on the Python that runs this."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "layers" / "shared"
APPS = sorted((ROOT / "functions").glob("*/app.py"))
PACKAGES = {"noillusion": 100, "local": 50, "tools": 10}
"""Package → the least number of modules that it has."""
SCRIPT = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
found = [module.name for module in pkgutil.walk_packages(package.__path__, f"{sys.argv[1]}.")]
names = [name for name in found if not name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
print(json.dumps(names))
"""


def run(*arguments: str, cwd: Path = ROOT) -> str:
    """What a fresh interpreter prints that has nothing of this process."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(ROOT), str(SHARED)])}
    command = [sys.executable, "-W", "error::SyntaxWarning", "-c", *arguments]
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_of_a_package_can_be_imported(package: str) -> None:
    names = json.loads(run(SCRIPT, package))
    assert len(names) >= PACKAGES[package]


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.parent.name)
def test_every_function_can_be_loaded(app: Path) -> None:
    assert run("import app; print(callable(app.handler))", cwd=app.parent) == "True\n"
