"""The ports of a running instance, as a web page in the browser of the same machine finds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local.loopback import SECRET_HEADER, is_loopback, is_program
from local.testing import Running

EVIL = "https://evil.example"
PAGE = {"origin": EVIL, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty"}
IMAGE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
NEIGHBOUR = {"origin": "http://localhost:3000", "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}
TYPED = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
INVOKE = "/_lambda/2015-03-31/functions/Echo/invocations"
CHANGES = (INVOKE, "/_control/functions/Echo/invoke", "/_control/environments/kill", "/_control/queues/Work/send")
READS = ("/_control/functions", "/_control/queues", "/_identity/token?sub=auth0|victim")


@pytest.fixture
def port(stub: Running) -> Iterator[httpx.Client]:
    """The port of control, identity and simulators."""
    with httpx.Client(base_url=stub.description["control"].removesuffix("/_control"), trust_env=False, timeout=15) as client:
        yield client


def invoked(stub: Running) -> dict[str, Any]:
    return {name: function["invocations"] for name, function in stub.runtime.functions.status().items()}


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"]
)
@pytest.mark.parametrize(
    "headers", [PAGE, NEIGHBOUR, IMAGE, {"origin": "null"}], ids=["foreign", "neighbour", "no origin", "null"]
)
def test_no_page_changes_anything(
    stub: Running, port: httpx.Client, path: str, content_type: str, headers: dict[str, str]
) -> None:
    before = invoked(stub)
    answer = port.post(path, content="{}", headers={**headers, "content-type": content_type})
    assert (answer.status_code, invoked(stub)) == (403, before)


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("headers", [PAGE, IMAGE, NEIGHBOUR], ids=["foreign", "image", "neighbour"])
def test_no_page_gets_a_token_or_reads_the_state(port: httpx.Client, path: str, headers: dict[str, str]) -> None:
    answer = port.get(path, headers=headers)
    assert answer.status_code == 403 and "access_token" not in answer.text


@pytest.mark.parametrize("path", [*READS, "/_identity/.well-known/jwks.json", "/"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost.evil.example", ""])
def test_a_name_that_was_rebound_to_this_machine_reaches_nothing(port: httpx.Client, path: str, host: str) -> None:
    assert port.get(path, headers={"host": host}).status_code == 403


def test_a_plain_text_is_no_request_even_of_a_program(stub: Running, port: httpx.Client) -> None:
    before = invoked(stub)
    assert port.post(INVOKE, content="{}", headers={"content-type": "text/plain"}).status_code == 403
    assert invoked(stub) == before


def test_a_program_needs_nothing(port: httpx.Client) -> None:
    assert port.get("/_identity/token?sub=auth0|me").json()["access_token"]
    assert port.get("/_control/functions").status_code == 200
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        answer = port.post("/_control/functions/Echo/invoke", content="{}", headers={"content-type": content_type})
        assert answer.status_code == 200
    assert port.post(INVOKE, content="{}").status_code == 200


def test_what_a_person_types_is_shown_and_keys_are_public(port: httpx.Client) -> None:
    assert port.get("/_control/functions", headers=TYPED).status_code == 200
    assert port.get("/_identity/.well-known/jwks.json", headers=NEIGHBOUR).status_code == 200


def test_a_browser_with_the_secret_of_this_run_may(stub: Running, port: httpx.Client) -> None:
    secret = json.loads((stub.runtime.directory / "run.json").read_text())["secret"]
    assert len(secret) >= 32
    for given, status in ((secret, 200), (secret[:-1], 403), ("", 403)):
        headers = {**NEIGHBOUR, SECRET_HEADER: given}
        assert port.get("/_identity/token", headers=headers).status_code == status
        assert port.post("/_control/functions/Echo/invoke", json={}, headers=headers).status_code == status
    assert port.post(INVOKE, content="{}", headers={**PAGE, SECRET_HEADER: secret}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "api.evil.example:8000", "127.0.0.1.evil.example"])
def test_the_gateway_knows_its_own_names_only(stub: Running, api: httpx.Client, host: str) -> None:
    before = invoked(stub)
    answer = api.get("/open", headers={"host": host})
    assert (answer.status_code, answer.json(), invoked(stub)) == (403, {"message": "Forbidden"}, before)
    port = urlsplit(str(api.base_url)).port
    for own in (f"localhost:{port}", f"[::1]:{port}", "127.0.0.1"):
        assert api.get("/open", headers={"host": own}).status_code == 200


@pytest.mark.parametrize("headers", [PAGE, NEIGHBOUR, {"host": "evil.example"}], ids=["foreign", "neighbour", "rebound"])
def test_no_page_reaches_the_queues(stub: Running, headers: dict[str, str]) -> None:
    body = "Action=ListQueues&Version=2012-11-05"
    endpoint = stub.description["aws_endpoint"]
    answer = httpx.post(endpoint, content=body, headers={**headers, "content-type": "text/plain"}, trust_env=False)
    assert answer.status_code == 403


def test_no_page_takes_an_event_from_a_function(stub: Running) -> None:
    pool = next(pool for pool in stub.runtime.functions._pools.values() if pool.all)
    address = next(iter(pool.all)).api.address
    for headers in (PAGE, NEIGHBOUR, {"host": "evil.example"}):
        answer = httpx.get(f"http://{address}/2018-06-01/runtime/invocation/next", headers=headers, trust_env=False, timeout=5)
        assert answer.status_code == 403


def test_a_host_is_this_machine_by_name_or_number() -> None:
    assert all(map(is_loopback, ["localhost", "localhost:1", "127.0.0.1", "127.0.0.2:80", "[::1]", "[::1]:80"]))
    assert not any(
        map(is_loopback, ["", "::1", "127.0.0.1.example", "localhost.example", "0.0.0.0", "10.0.0.1", "[::1", "user@evil"])
    )
    assert is_program({"host": "127.0.0.1:1"}) and not is_program({"host": "127.0.0.1:1", "sec-fetch-mode": "cors"})
