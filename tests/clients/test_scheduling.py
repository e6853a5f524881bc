"""The examples that host a content document: each puts it on the instance's S3 by a presigned URL, and schedules it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import boto3
import httpx
import pytest
from botocore.config import Config

from local.options import ROOT
from local.testing import Running
from local.variables import OBJECT_HOST
from tests.clients.conftest import PYTHON, TYPESCRIPT, VENV, execute, succeeded

TEXT = 'Umlauts äöü, a quote ", a break\nand a balloon 🎈'


def presigned(endpoint: str) -> tuple[str, str, str]:
    """Presigned URLs to put and to get an object of a new bucket, and the bucket's name. The public host is the service's."""
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="local", aws_secret_access_key="local",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    bucket = f"posts-{uuid4()}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    named = {"Bucket": bucket, "Key": "post.json"}
    put, get = (client.generate_presigned_url(f"{verb}_object", Params=named, ExpiresIn=86_400) for verb in ("put", "get"))
    client.close()
    return put, get.replace(endpoint.rstrip("/"), f"https://{OBJECT_HOST}"), bucket


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
def test_the_example_hosts_a_document_and_schedules_it(language: str, instance: Running, python: Path, typescript: Path) -> None:
    with Person(instance.description) as person:
        put, get, _ = presigned(instance.description["aws_endpoint"])
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
        assert httpx.get(get.replace(f"https://{OBJECT_HOST}", instance.description["aws_endpoint"].rstrip("/"))).text == form
        assert "X-Amz-Signature" not in json.dumps(schedule)


@pytest.mark.parametrize("path", ["python/examples/schedule.py", "typescript/examples/schedule.mjs"])
def test_an_example_has_40_lines_at_most(path: str) -> None:
    assert len((ROOT / "clients" / path).read_text().splitlines()) <= 40
