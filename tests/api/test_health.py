"""Health, the description, and the answers to requests that no route serves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from noillusion import __version__
from noillusion.core import clock
from noillusion.db import sql
from tests.api.harness import ROOT, Answer, Client
from tests.support.databases import Store, fly

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOBODY = Client(sub=None)
POST = "00000000-0000-4000-8000-000000000001"

pytestmark = pytest.mark.usefixtures("deployment")


def health() -> Answer:
    """What anybody is told."""
    return NOBODY.request("health", "GET", "/v1/health")


def open_target(due: datetime, **columns: Any) -> None:
    """A publication of some user that is to be looked at when it is due."""
    values: dict[str, Any] = {"status": "processing", "lease_until": None, **columns}
    fly(
        sql(f"INSERT INTO posts (id, user_id, idempotency_key) VALUES ('{POST}', 'auth0|marker', 'k') ON CONFLICT DO NOTHING"),
        sql(
            f"""INSERT INTO post_targets (user_id, post_id, platform, account_id, position, kind, deadline_at, next_check_at,
                  status, lease_until)
                VALUES ('auth0|marker', '{POST}', 'tiktok', 'marker', 0, 'video', :due, :due, :status, :lease_until)""",
            due=due,
            **values,
        ),
    )


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_an_idle_service_is_well() -> None:
    answer = health()
    assert answer.status == 200, answer.text
    assert answer.json == {"status": "ok", "version": __version__, "database": "ok", "oldest_due_at": None, "late_s": 0}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("waiting_s", "status"), [(0, "ok"), (300, "ok"), (301, "late"), (86_400, "late")])
def test_B7_work_that_nobody_picks_up_is_told(waiting_s: int, status: str) -> None:
    due = NOW - timedelta(seconds=waiting_s)
    open_target(due)
    open_target(due + timedelta(seconds=1))
    answer = health()
    assert (answer.status, answer.json["status"], answer.json["late_s"]) == (200, status, waiting_s)
    assert datetime.fromisoformat(answer.json["oldest_due_at"]) == due


def test_work_that_is_not_due_or_in_somebodys_hands_or_done_is_not_late() -> None:
    long_ago = NOW - timedelta(hours=1)
    open_target(NOW + timedelta(seconds=1))
    open_target(long_ago, lease_until=NOW + timedelta(seconds=1))
    open_target(long_ago, status="canceled")
    assert (health().json["status"], health().json["oldest_due_at"]) == ("ok", None)
    open_target(long_ago, lease_until=NOW - timedelta(seconds=1))
    assert health().json["status"] == "late"


def test_health_tells_nothing_of_any_user() -> None:
    open_target(NOW - timedelta(hours=1))
    assert "marker" not in health().text


def test_T12_without_its_database_the_service_says_so_and_recovers_by_itself(deployment: Store) -> None:
    assert health().status == 200
    deployment.leave()
    gone = health()
    assert (gone.status, gone.headers["content-type"]) == (503, "application/problem+json")
    assert (gone.json["code"], gone.json["retry_after"], gone.headers["retry-after"]) == ("database_unavailable", 5, "5")
    assert deployment.url.rpartition("/")[2] not in gone.text
    profile = Client().request("profile", "PATCH", "/v1/profile", body={"bio": "marker"})
    assert (profile.status, "marker" in profile.text) == (503, False)
    deployment.come_back()
    assert health().status == 200
    assert Client().request("profile", "GET", "/v1/profile").json["bio"] == ""


def test_the_description_is_served_to_anybody_as_it_is_shipped() -> None:
    answer = NOBODY.request("health", "GET", "/v1/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json == json.loads((ROOT / "layers/shared/noillusion/api/openapi.json").read_text())
    assert answer.json["openapi"].startswith("3.")


def test_the_description_says_which_routes_need_no_token() -> None:
    paths = NOBODY.request("health", "GET", "/v1/openapi.json").json["paths"]
    public = {path for path, methods in paths.items() for method in methods.values() if method.get("security") == []}
    assert {"/v1/health", "/v1/openapi.json", "/v1/oauth/{platform}/callback", "/v1/callbacks/tiktok"} <= public
    assert not {"/v1/profile", "/v1/posts", "/v1/connections"} & public


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/marker"),
        ("GET", "/"),
        ("GET", "/v2/profile"),
        ("POST", "/v1/profile/ai-keys"),
        ("PUT", "/v1/profile/ai-keys/openai/marker"),
        ("GET", "/v1/profile%2Fexport"),
        ("GET", "/v1/posts/a/b"),
        ("GET", "/v1/connections/pending"),
        ("GET", "/v1/templates/a/b/marker"),
        ("GET", "/v1/generate/marker"),
    ],
)
def test_an_unknown_route_is_a_problem_that_repeats_nothing(method: str, path: str) -> None:
    answer = Client().request("health", method, path)
    assert (answer.status, answer.json["code"]) in [(404, "unknown_route"), (405, "method_not_allowed")], answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "marker" not in answer.text and answer.headers["x-correlation-id"] == answer.json["correlation_id"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/profile", "DELETE, GET, PATCH"),
        ("HEAD", "/v1/posts", "GET, POST"),
        ("DELETE", "/v1/openapi.json", "GET, HEAD"),
        ("GET", "/v1/profile/ai-keys/openai", "DELETE, PUT"),
        ("PATCH", "/v1/posts", "GET, POST"),
        ("PUT", "/v1/posts/00000000-0000-4000-8000-000000000000", "DELETE, GET, PATCH"),
        ("GET", "/v1/connections/tiktok/authorize", "POST"),
    ],
)
def test_a_wrong_method_is_told_which_ones_there_are(method: str, path: str, allowed: str) -> None:
    answer = Client().request("health", method, path)
    assert (answer.status, answer.headers["allow"]) == (405, allowed), answer.text
    assert answer.text == "" if method == "HEAD" else answer.json["code"] == "method_not_allowed"


def test_a_wrong_method_is_told_before_its_body_is_looked_at() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = Client(sub=None).request("health", "PUT", "/v1/callbacks/meta/deauthorize", raw="signed_request=", headers=form)
    assert (answer.status, answer.headers["allow"]) == (405, "POST"), answer.text


def test_the_limit_of_a_body_is_one_of_bytes() -> None:
    # 200,000 characters, 400,000 bytes.
    raw = json.dumps({"bio": "é" * 200_000}, ensure_ascii=False)
    answer = Client().request("profile", "PATCH", "/v1/profile", raw=raw)
    assert (answer.status, answer.json["code"]) == (413, "body_too_large")
