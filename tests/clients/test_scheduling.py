"""The examples that host a content document: each puts it on an object store by a presigned URL, and schedules it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest

from local.options import ROOT
from local.testing import Running
from tests.clients.conftest import PYTHON, STORE, TYPESCRIPT, VENV, execute, succeeded
from tests.support.sources import Files

TEXT = 'Umlauts äöü, a quote ", a break\nand a balloon 🎈'


QUERY = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=604800&X-Amz-Signature=0a1b2c"


class Person:
    """Somebody with one connected account."""

    def __init__(self, run: Any) -> None:
        subject = f"auth0|scheduling-{uuid4()}"
        self.token = httpx.get(run["token_url"], params={"sub": subject}, trust_env=False).json()["access_token"]
        headers = {"authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(base_url=run["api"], headers=headers, trust_env=False, timeout=60)
        begun = self.call("POST", "/v1/connections/linkedin/authorize", {})
        pending = httpx.get(begun["authorization_url"], follow_redirects=True, trust_env=False).json()["pending_id"]
        accounts = self.call("GET", f"/v1/connections/pending/{pending}")["accounts"]
        chosen = next(account["id"] for account in accounts if account["can_publish"])
        self.call("POST", f"/v1/connections/pending/{pending}/confirm", {"account_ids": [chosen]})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        answer = self.http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_the_example_hosts_a_document_and_schedules_it(
    language: str, instance: Running, store: Files, python: Path, typescript: Path
) -> None:
    with Person(instance.description) as person:
        path = f"/{uuid4()}.json"
        put, get = f"{store.base}{path}{QUERY}", f"https://{STORE}{path}{QUERY}"
        commands: dict[str, tuple[Path, list[str | Path]]] = {
            "python": (PYTHON, [VENV / "python", "examples/schedule.py"]),
            "typescript": (TYPESCRIPT, ["node", "examples/schedule.mjs"]),
        }
        folder, command = commands[language]
        environment = {"API": instance.description["api"], "TOKEN": person.token, "PYTHONPATH": str(PYTHON / "src")}
        output = succeeded(execute(*command, put, get, TEXT, cwd=folder, env=environment))
        assert output.startswith("scheduled: ") and output.rstrip().endswith("by pull")
        (schedule,) = person.call("GET", "/v1/schedules")["items"]
        # The canonical form, written by hand.
        form = '{"content":{"text":"Umlauts äöü, a quote \\", a break\\nand a balloon 🎈"},"version":1}'
        assert schedule["targets"][0]["source_sha256"] == hashlib.sha256(form.encode()).hexdigest()
        assert store.files[path].data.decode() == form
        assert "X-Amz-Signature" not in json.dumps(schedule)


@pytest.mark.parametrize("path", ["python/examples/schedule.py", "typescript/examples/schedule.mjs"])
def test_an_example_has_40_lines_at_most(path: str) -> None:
    assert len((ROOT / "clients" / path).read_text().splitlines()) <= 40
