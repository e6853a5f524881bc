"""The collection: agrees with the document, and runs as imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from local.options import ROOT
from local.testing import Running
from tests.clients.conftest import TOOLS, changed_copy, execute, succeeded

COLLECTION = ROOT / "docs" / "collections" / "postman.json"
METHODS = ("get", "put", "post", "delete", "patch")


def folders() -> dict[str, list[Any]]:
    return {folder["name"]: folder["item"] for folder in json.loads(COLLECTION.read_text())["item"]}


def test_it_agrees_with_the_document_and_a_change_is_noticed(document: Any, tmp_path: Path) -> None:
    succeeded(execute("node", "collection.mjs", "--check", cwd=TOOLS))
    operation = document["paths"]["/v1/posts"]["post"]
    renamed = {**document["paths"]["/v1/posts"], "post": {**operation, "summary": "Something else"}}
    changed = changed_copy({**document, "paths": {**document["paths"], "/v1/posts": renamed}}, tmp_path)
    checked = execute("node", "collection.mjs", "--check", cwd=TOOLS, env=changed)
    assert checked.code == 1
    assert "make clients" in checked.output


def test_it_has_every_operation_once_except_the_callbacks_of_platforms(document: Any) -> None:
    names = [item["name"] for items in folders().values() for item in items]
    operations = [item[method] for item in document["paths"].values() for method in METHODS if method in item]
    expected = [each["summary"] for each in operations if "callbacks" not in each["tags"]]
    assert sorted(names) == sorted([*expected, "Give consent"])


def test_it_runs_as_imported(instance: Running, tmp_path: Path) -> None:
    run = instance.description
    token = httpx.get(run["token_url"], params={"sub": "auth0|collection"}, trust_env=False).json()["access_token"]
    report = tmp_path / "report.json"
    done = execute(
        "node_modules/.bin/newman", "run", COLLECTION, "--env-var", f"baseUrl={run['api']}", "--env-var", f"token={token}",
        *(part for name in folders() if name != "More" for part in ("--folder", name)),
        "--reporters", "cli,json", "--reporter-json-export", report, cwd=TOOLS,
    )  # fmt: skip
    succeeded(done)
    executed = json.loads(report.read_text())["run"]["executions"]
    assert len(executed) == sum(len(items) for name, items in folders().items() if name != "More")
