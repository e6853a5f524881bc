"""The edge of the deployed API: CORS, unknown routes and methods, and what platforms call back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local.demo.tour import Tour, wait_for
from tests.e2e_deployed.conftest import BUSY_S

FRONTEND = "http://localhost:3000"


def preflight(api: httpx.Client, origin: str) -> httpx.Response:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,idempotency-key"}
    return api.options("/v1/posts", headers={"origin": origin, **asked})


def listed(answer: httpx.Response, name: str) -> set[str]:
    return {part.strip().lower() for part in answer.headers[name].split(",")}


def test_the_frontend_may_ask(api: httpx.Client) -> None:
    answer = preflight(api, FRONTEND)
    assert answer.status_code in (200, 204)
    assert answer.headers["access-control-allow-origin"] == FRONTEND
    assert {"get", "post", "put", "patch", "delete"} <= listed(answer, "access-control-allow-methods")
    assert {"authorization", "content-type", "idempotency-key"} <= listed(answer, "access-control-allow-headers")
    assert "access-control-allow-credentials" not in answer.headers


def test_other_origins_may_not(api: httpx.Client) -> None:
    for origin in ("https://evil.example", "http://localhost:3000.evil.example", "null"):
        assert "access-control-allow-origin" not in preflight(api, origin).headers
        assert "access-control-allow-origin" not in api.get("/v1/health", headers={"origin": origin}).headers


def test_the_frontend_may_read_what_it_needs_of_answers(api: httpx.Client) -> None:
    answer = api.get("/v1/health", headers={"origin": FRONTEND})
    assert answer.headers["access-control-allow-origin"] == FRONTEND
    assert {"location", "retry-after", "idempotency-replayed", "x-correlation-id"} <= listed(
        answer, "access-control-expose-headers"
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("DELETE", "/v2/posts", 404), ("PUT", "/v1/posts", 405), ("DELETE", "/v1/generate", 405)],
)
def test_unknown_routes_and_methods_are_problems(person: Tour, method: str, path: str, status: int) -> None:
    answer = person.send(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {"type", "title", "status", "code"} <= set(answer.json())
    assert answer.json()["status"] == status


def test_malformed_requests_are_problems_that_do_not_echo(person: Tour) -> None:
    wrong = person.send("PATCH", "/v1/profile", {"display_name": ["very private"]})
    assert wrong.status_code in (400, 422)
    assert wrong.headers["content-type"].startswith("application/problem+json")
    assert "very private" not in wrong.text
    assert "display_name" in wrong.text


def statuses(tour: Tour) -> dict[str, str]:
    return {c["platform"]: c["status"] for c in tour.call("GET", "/v1/connections")["items"]}


def user_of(tour: Tour, platform: str) -> str:
    """The person that the tour has just been at a simulated platform: the newest one."""
    if platform == "tiktok":
        return str(tour.control("POST", "tiktok/consent", {})["user"])
    return str(tour.state(platform)["users" if platform == "facebook" else "accounts"][-1]["id"])


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_meta_says_that_a_person_removed_the_app(publisher: Tour, platform: str) -> None:
    url = f"{publisher.run['api']}/v1/callbacks/meta/deauthorize"
    body = {"signed_request": "Zm9yZ2Vk.eyJ1c2VyX2lkIjoiMSJ9"}
    assert publisher.http.post(url, data=body).json()["code"] == "invalid_signature"
    publisher.control("POST", f"{platform}/deauthorize", {"url": url, "user": user_of(publisher, platform)})
    found = statuses(publisher)
    assert found.pop(platform) == "reauth_required"
    assert set(found.values()) == {"active"}


def test_meta_asks_for_deletion_and_gets_a_page_that_shows_it(publisher: Tour) -> None:
    url = f"{publisher.run['api']}/v1/callbacks/meta/data-deletion"
    person = {"url": url, "user": user_of(publisher, "facebook")}
    accepted = publisher.control("POST", "facebook/data_deletion", person)["body"]
    assert accepted["url"] == f"{url}/{accepted['confirmation_code']}"

    def completed() -> bool:
        page = publisher.http.get(accepted["url"])
        assert page.status_code == 200 and page.json()["state"] in ("deleting", "completed"), page.text
        return bool(page.json()["state"] == "completed")

    # A busy machine may leave the rest to the schedule.
    wait_for("the data is deleted", completed, BUSY_S)
    assert "facebook" not in statuses(publisher)


def test_tiktok_says_that_a_person_withdrew(publisher: Tour) -> None:
    url = f"{publisher.run['api']}/v1/callbacks/tiktok"
    forged = publisher.http.post(url, json={"event": "authorization.removed"}, headers={"tiktok-signature": "t=1,s=00"})
    assert forged.json()["code"] == "invalid_signature"
    event = {"event": "authorization.removed", "url": url, "user": user_of(publisher, "tiktok"), "content": {"reason": 1}}
    publisher.control("POST", "tiktok/webhook", event)
    assert statuses(publisher)["tiktok"] == "reauth_required"


def test_addresses_given_to_platforms_lead_back_to_the_deployed_api(person: Tour, run: dict[str, Any]) -> None:
    begun = person.call("POST", "/v1/connections/linkedin/authorize", {})
    query = httpx.URL(begun["authorization_url"]).params
    assert query["redirect_uri"] == f"{run['api']}/v1/oauth/linkedin/callback"
    assert urlsplit(begun["authorization_url"]).hostname == "127.0.0.1"
