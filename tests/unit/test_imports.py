"""Who may import whom (architecture.md section 1). The contracts are in pyproject.toml; what they cannot say is said here."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "layers" / "shared"
APPS = sorted((ROOT / "functions").glob("*/app.py"))
RUNNERS = {"readings", "runner", "sources", "transport"}
"""The modules of ``flows`` that do what a flow only describes."""
BRINGS_IO = ("asyncio", "httpx", "httpcore", "http.client", "socket", "ssl", "select", "sqlite3", "urllib.request", "subprocess")
HEAVY = ("boto3", "botocore.session", "openai", "anthropic", "google.genai", "httpx", "httpx2", "psycopg", "cryptography", "jose")


def imported(path: Path) -> Iterator[str]:
    """Every module and name that a file imports, dotted, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def loaded_by(code: str, names: tuple[str, ...]) -> list[str]:
    """Which of the named modules a fresh interpreter has after running ``code``."""
    return run(f"import sys\n{code}\nprint(*[name for name in {names!r} if name in sys.modules])").split()


def run(script: str) -> str:
    """What a script prints in a fresh interpreter."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SHARED)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_contracts_are_kept() -> None:
    # In a process of its own: the linter switches off the loggers that it finds.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers" / "shared")}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout


def test_every_store_is_protected_by_a_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    protected = {name for contract in settings["contracts"] for name in contract.get("protected_modules", [])}
    files = [path for name in ("*store", "queries") for path in (SHARED / "noillusion").glob(f"*/{name}.py")]
    stores = {f"noillusion.{path.parent.name}.{path.stem}" for path in files}
    assert len(stores) > 5 and protected == stores


def test_every_flow_module_is_under_the_contract_of_flows() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = next(c for c in settings["contracts"] if "do no I/O" in c["name"])
    assert "noillusion.platforms" in contract["source_modules"]
    modules = {path.stem for path in (SHARED / "noillusion" / "flows").glob("*.py")} - {"__init__", *RUNNERS}
    assert {name for name in contract["source_modules"] if ".flows." in name} == {f"noillusion.flows.{name}" for name in modules}


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.parent.name)
def test_a_handler_knows_services_and_nothing_below_them(app: Path) -> None:
    foreign = ("local", "tools", "tests", "bench", "sqlite3", "psycopg", "httpx", "boto3")
    below = (
        "noillusion.db",
        "noillusion.net.client",
        "noillusion.vault.sealer",
        "noillusion.net.guarded",
        "noillusion.platforms",
    )
    names = sorted(imported(app))
    assert any(name.startswith("noillusion.") for name in names)
    assert [name for name in names if name.split(".")[0] in foreign] == []
    assert [name for name in names if name.startswith(below) or ".store" in name] == []


def test_nothing_deployed_imports_what_is_not() -> None:
    files = [*(ROOT / "functions").rglob("*.py"), *SHARED.rglob("*.py")]
    found = {
        str(path.relative_to(ROOT)): name
        for path in files
        for name in imported(path)
        if name.split(".")[0] in ("local", "tools", "tests", "bench")
    }
    assert len(files) > 50 and found == {}


def test_importing_every_platform_touches_neither_network_nor_disk() -> None:
    guard = """
def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "sqlite3.")):
        raise RuntimeError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise RuntimeError(event)
"""
    code = f"{guard}sys.dont_write_bytecode = True\nsys.addaudithook(refuse)\n"
    files = [path for room in ("flows", "platforms") for path in (SHARED / "noillusion" / room).rglob("*.py")]
    modules = [
        ".".join(path.relative_to(SHARED).with_suffix("").parts) for path in files if path.stem not in (*RUNNERS, "__init__")
    ]
    assert len(modules) > 10
    code += "\n".join(f"import {module}" for module in modules)
    code += "\nfrom noillusion.platforms import catalog\n[catalog.get(name) for name in catalog.NAMES]"
    ours = (
        "noillusion.net.client",
        "noillusion.db",
        "noillusion.core.logs",
        "noillusion.settings.values",
        "noillusion.core.clock",
        "noillusion.net.guarded",
    )
    watched = (*BRINGS_IO, *ours, "logging", "aws_lambda_powertools")
    # Up to Python 3.12 pydantic reads its plugins through importlib.metadata, which brings e-mail and with it sockets.
    brought = loaded_by("from pydantic import BaseModel\nclass Shape(BaseModel): pass", watched)
    assert set(loaded_by(code, watched)) <= set(brought) <= {"socket", "select"}


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.parent.name)
def test_J8_importing_a_handler_loads_nothing_heavy(app: Path) -> None:
    code = f"import runpy\nrunpy.run_path({str(app)!r})"
    assert loaded_by(code, HEAVY) == []


# What each start builds, although it may use little of it. One class is some tenths of a millisecond.
MOST_MODELS = {
    "analytics": 26, "analytics_poll": 22, "calendar": 22, "connect_callback": 37, "generate": 57, "health": 5,
    "maintain": 110, "media": 5, "profile": 30, "publish": 47, "schedule_run": 89, "schedules": 98, "templates": 45,
    "webhooks": 18,
}  # fmt: skip
MOST_DATACLASSES = 29
COUNT = """
classes = {
    value for name, module in list(sys.modules.items()) if name.startswith("noillusion")
    for value in vars(module).values() if isinstance(value, type) and value.__module__.startswith("noillusion")
}
for member in ("__pydantic_fields__", "__dataclass_params__"):
    print(sorted(each.__qualname__ for each in classes if member in vars(each)))
"""


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.parent.name)
def test_importing_a_handler_builds_few_classes(app: Path) -> None:
    lines = run(f"import runpy, sys\nrunpy.run_path({str(app)!r})\n{COUNT}").splitlines()
    models, dataclasses = (ast.literal_eval(line) for line in lines)
    assert len(models) <= MOST_MODELS[app.parent.name], models
    assert len(dataclasses) <= MOST_DATACLASSES, dataclasses


def test_health_loads_neither_the_models_of_posts_nor_platforms() -> None:
    features = ("noillusion.publishing.models", "noillusion.platforms", "noillusion.flows.protocol", "noillusion.idempotency")
    assert loaded_by(f"import runpy\nrunpy.run_path({str(ROOT / 'functions' / 'health' / 'app.py')!r})", features) == []
