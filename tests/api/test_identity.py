"""Who is somebody: subjects that no row may belong to are refused before anything is done, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.harness import Client
from tests.support.databases import Store

NOBODY: dict[str, Any] = {
    "system": "system",
    "empty": "",
    "absent": None,
    "NUL": "auth0|\0",
    "half a character": "auth0|\ud83d",
    "control character": "auth0|\x1b[2J",
    "line separator": "auth0|\u2028",
    "too long": "x" * 256,
    "list": ["auth0|alice"],
    "a list as text": "[auth0|alice auth0|bob]",
    "an object as text": '{"sub":"auth0|alice"}',
    "number": 7,
}
ROUTES = [
    ("profile", "GET", "/v1/profile"),
    ("profile", "GET", "/v1/privacy"),
    ("connect_callback", "GET", "/v1/connections"),
    ("templates", "GET", "/v1/templates"),
    ("generate", "GET", "/v1/ai/providers"),
    ("publish", "GET", "/v1/posts"),
    ("analytics", "GET", "/v1/analytics/summary"),
]


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_refused_by_every_function_and_leaves_nothing(deployment: Store, name: str) -> None:
    before = deployment.dump()
    client = Client()
    nobody: Any = NOBODY[name] if NOBODY[name] is not None else {}  # claims without a text
    client.sub = nobody
    for function, method, path in ROUTES:
        answer = client.request(function, method, path)
        assert (answer.status, answer.json["code"]) == (401, "unauthorized"), (function, answer.text)
    assert deployment.dump() == before


@pytest.mark.parametrize("path", ["", "/share", "/rating"])
def test_the_products_templates_are_nobodys_to_edit(deployment: Store, path: str) -> None:
    before = deployment.dump()
    method = {"": "DELETE", "/share": "POST", "/rating": "DELETE"}[path]
    url = f"/v1/templates/7e3a1c00-0001-4000-8000-000000000001{path}"
    assert Client("system").request("templates", method, url).status == 401
    assert deployment.dump() == before


@pytest.mark.parametrize("state", ["[" * 100_000, "é", "\ud800"], ids=["nested", "no JSON", "half a character"])
def test_a_state_with_a_hostile_header_is_refused(deployment: Store, state: str) -> None:
    import base64

    head = base64.urlsafe_b64encode(state.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()
    query = {"state": f"{head}.e30.AAAA", "code": "x"}
    answer = Client(sub=None).request("connect_callback", "GET", "/v1/oauth/linkedin/callback", query=query)
    assert (answer.status, answer.json["code"]) == (400, "invalid_state"), answer.text
