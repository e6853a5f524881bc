"""Whose data a machine sees that gets its token by itself: its own."""

from __future__ import annotations

import httpx

from local.demo.tour import Tour
from local.testing import Running
from tests.support import described


def machine(runtime: Running) -> httpx.Client:
    """The API for a machine with a token by client credentials."""
    run = runtime.description
    form = {"grant_type": "client_credentials", "client_id": "local-secret-client", "client_secret": "local-secret"}
    answer = httpx.post(f"{run['issuer']}oauth/token", data={**form, "audience": run["audience"]}, trust_env=False)
    headers = {"authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
    api = httpx.Client(base_url=run["api"], headers=headers, trust_env=False, timeout=40)
    described.watch(api, run["api"])
    return api


def test_a_machine_is_a_tenant_of_its_own(runtime: Running, publisher: Tour) -> None:
    with machine(runtime) as api:
        assert api.get("/v1/profile").json()["user_id"] == "local-secret-client@clients"
        assert api.get("/v1/connections").json()["items"] == []
        theirs = next(iter(publisher.connections.values()))["id"]
        assert api.delete(f"/v1/connections/{theirs}").status_code == 404
        begun = api.post("/v1/connections/linkedin/authorize", json={})
        assert begun.json()["authorization_url"], "it can connect accounts of its own"
    assert len(publisher.call("GET", "/v1/connections")["items"]) == len(publisher.connections)
