"""The Python client: is typed strictly, is built into a wheel, and does the whole flow."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.clients.conftest import STEPS, VENV, execute, succeeded, without_field


def test_it_handles_answers_as_its_documentation_says(python: Path) -> None:
    succeeded(execute(VENV / "pytest", cwd=python))


def test_what_is_generated_and_what_is_written_by_hand_is_typed_strictly(python: Path) -> None:
    succeeded(execute(VENV / "mypy", cwd=python))


def test_a_field_that_the_document_drops_is_an_error_of_types(python: Path, document: Any, tmp_path: Path) -> None:
    copy = tmp_path / "python"
    shutil.copytree(python, copy, ignore=shutil.ignore_patterns("core", "dist"))
    (tmp_path / "openapi.json").write_text(json.dumps(without_field(document, "Post", "status")))
    succeeded(execute(VENV / "python", "generate.py", tmp_path / "openapi.json", cwd=copy))
    checked = execute(VENV / "mypy", "examples", cwd=copy)
    assert checked.code != 0
    assert '"Post" has no attribute "status"' in checked.output


def test_a_part_of_the_document_that_the_generator_cannot_read_is_an_error(python: Path, document: Any, tmp_path: Path) -> None:
    copy = tmp_path / "python"
    shutil.copytree(python, copy, ignore=shutil.ignore_patterns("core", "dist"))
    schemas = {**document["components"]["schemas"]}
    del schemas["Post"]
    (tmp_path / "openapi.json").write_text(json.dumps({**document, "components": {**document["components"], "schemas": schemas}}))
    generated = execute(VENV / "python", "generate.py", tmp_path / "openapi.json", cwd=copy)
    assert generated.code != 0
    assert "does not understand the document" in generated.output


def test_the_wheel_contains_what_it_needs_and_does_the_whole_flow(
    python: Path, wheel: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    assert (wheel / "noillusion_client" / "py.typed").exists()
    assert (wheel / "noillusion_client" / "core" / "operations.py").exists()
    shutil.copy(python / "examples" / "demo.py", tmp_path)
    output = succeeded(execute(VENV / "python", "demo.py", cwd=tmp_path, env={**environment, "PYTHONPATH": str(wheel)}))
    said = [line.partition(":")[0] for line in output.splitlines()]
    assert sorted(said) == sorted([*STEPS, "listed with asyncio"])
