"""The TypeScript client: agrees with the document, compiles strictly, is packed completely, and does the whole flow."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from tests.clients.conftest import STEPS, TYPESCRIPT, changed_copy, execute, succeeded, without_field

PACKED = re.compile(r"package\.json|README\.md|dist/(client|index|operations|problems|retries|schema|types)\.(js|d\.ts)")


def test_it_handles_answers_as_its_documentation_says(typescript: Path) -> None:
    succeeded(execute("node", "--test", cwd=typescript))


def test_the_declarations_agree_with_the_document_and_a_change_is_noticed(document: Any, tmp_path: Path) -> None:
    check = ("node", "scripts/generate.mjs", "--check")
    succeeded(execute(*check, cwd=TYPESCRIPT))
    changed = execute(*check, cwd=TYPESCRIPT, env=changed_copy(without_field(document, "Post", "status"), tmp_path))
    assert changed.code == 1
    assert "make clients" in changed.output
    succeeded(execute(*check, cwd=TYPESCRIPT))


def test_a_field_that_the_document_drops_does_not_compile(typescript: Path, document: Any, tmp_path: Path) -> None:
    copy = tmp_path / "typescript"
    shutil.copytree(typescript, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (copy / "node_modules").symlink_to(typescript / "node_modules")
    environment = changed_copy(without_field(document, "Post", "status"), tmp_path)
    built = execute("npm", "run", "--silent", "build", cwd=copy, env=environment)
    assert built.code != 0
    assert "Property 'status' does not exist" in built.output


def test_the_package_contains_what_it_needs_and_does_the_whole_flow(
    typescript: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    (packed,) = json.loads(succeeded(execute("npm", "pack", "--json", "--pack-destination", tmp_path, cwd=typescript)))
    names = [file["path"] for file in packed["files"]]
    assert [name for name in names if not PACKED.fullmatch(name)] == []
    installed = tmp_path / "node_modules" / "@noillusion" / "client"
    shutil.unpack_archive(tmp_path / packed["filename"], tmp_path / "unpacked", filter="data")
    shutil.copytree(tmp_path / "unpacked" / "package", installed)
    for name in json.loads((installed / "package.json").read_text())["dependencies"]:
        (tmp_path / "node_modules" / name).symlink_to(typescript / "node_modules" / name)
    shutil.copy(typescript / "examples" / "demo.mjs", tmp_path)
    output = succeeded(execute("node", "demo.mjs", cwd=tmp_path, env=environment))
    assert [line.partition(":")[0] for line in output.splitlines()] == list(STEPS)
