"""``/docs`` on the gateway's port."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from local.options import ROOT
from local.reference import Reference
from local.testing import Running

DOCUMENT = {"openapi": "3.1.0"}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    return tmp_path


def client(docs: Path, host: str = "127.0.0.1:8000") -> TestClient:
    return TestClient(Reference(PlainTextResponse("the gateway"), docs), base_url=f"http://{host}")


def build(docs: Path, document: bytes) -> None:
    (docs / "api.html").write_text(f'<meta name="document-sha256" content="{hashlib.sha256(document).hexdigest()}">the page')


def test_the_page_is_served_where_it_was_built_from_this_document(docs: Path) -> None:
    build(docs, (docs / "openapi.json").read_bytes())
    for path in ("/docs", "/docs/"):
        answer = client(docs).get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "the page" in answer.text


@pytest.mark.parametrize(("built", "reason"), [(None, "not part of the repository"), (b"older", "has changed since")])
def test_a_page_that_is_missing_or_outdated_says_how_to_build_it(docs: Path, built: bytes | None, reason: str) -> None:
    if built:
        build(docs, built)
    answer = client(docs).get("/docs")
    assert answer.status_code == 404
    assert reason in answer.text
    assert "make api-page" in answer.text
    assert "the page" not in answer.text.replace("reference page", "").replace("this page", "")


def test_the_document_is_beside_the_page(docs: Path) -> None:
    answer = client(docs).get("/docs/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == DOCUMENT


@pytest.mark.parametrize("path", ["/docs/other", "/v1/posts", "/docs/../docs/api.html"])
def test_everything_else_is_the_gateways(docs: Path, path: str) -> None:
    assert client(docs).get(path).text == "the gateway"


def test_other_methods_and_hosts_are_the_gateways(docs: Path) -> None:
    assert client(docs).post("/docs").text == "the gateway"
    assert client(docs, "evil.example").get("/docs").text == "the gateway"


def test_the_runtime_serves_it_on_the_port_of_the_api(stub: Running) -> None:
    answer = httpx.get(f"{stub.description['api']}/docs/openapi.json", trust_env=False)
    assert answer.json() == json.loads((ROOT / "docs" / "openapi.json").read_text())
