"""The profile routes."""

from __future__ import annotations

import pytest

from tests.api.harness import Client
from tests.support.databases import Store

pytestmark = pytest.mark.usefixtures("deployment")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (1.23456, "decimal_max_places"),
        ("1.23456", "decimal_max_places"),
        (1234.56789012345, "decimal_max_digits"),
        ("many", "decimal_parsing"),
        ([], "decimal_type"),
    ],
)
def test_an_amount_that_cannot_be_kept_is_refused_by_a_code_of_its_own(amount: object, code: str) -> None:
    answer = Client().request("profile", "PATCH", "/v1/profile", body={"ai_preferences": {"monthly_budget_usd": amount}})
    assert (answer.status, [error["code"] for error in answer.json["errors"]]) == (422, [code])


def test_first_login_creates_the_profile_once() -> None:
    first, second = (Client().request("profile", "GET", "/v1/profile") for _ in range(2))
    assert first.status == second.status == 200
    assert first.json["user_id"] == "auth0|alice"
    assert first.json == second.json
    assert [k["stored"] for k in first.json["ai_keys"]] == [False, False, False]


def test_a_patch_changes_only_what_it_names() -> None:
    client = Client()
    answer = client.request(
        "profile", "PATCH", "/v1/profile", body={"display_name": "Ada", "skills": ["a", "b"], "time_zone": "Europe/Berlin"}
    )
    assert answer.status == 200, answer.text
    assert (answer.json["display_name"], answer.json["skills"], answer.json["bio"]) == ("Ada", ["a", "b"], "")
    again = client.request("profile", "PATCH", "/v1/profile", body={"bio": "x"}).json
    assert (again["display_name"], again["bio"], again["time_zone"]) == ("Ada", "x", "Europe/Berlin")


@pytest.mark.parametrize(("given", "shown"), [("1e3", "1000"), (2.5, "2.5"), ("0.10", "0.10"), (None, None)])
def test_a_budget_is_shown_as_a_plain_number(given: object, shown: str | None) -> None:
    answer = Client().request("profile", "PATCH", "/v1/profile", body={"ai_preferences": {"monthly_budget_usd": given}})
    assert (answer.status, answer.json["ai_preferences"]["monthly_budget_usd"]) == (200, shown)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"display_name": 3}, "display_name", "string_type"),
        ({"display_name": None}, "display_name", "null"),
        ({"content_mode": "marker-value"}, "content_mode", "literal_error"),
        ({"nickname": "marker-value"}, "*", "extra_forbidden"),
        ({"bio": "marker-value" * 500}, "bio", "string_too_long"),
        ({"time_zone": "marker-value"}, "time_zone", "time_zone"),
        ({"bio": "a\x00marker-value"}, "bio", "nul_character"),
        ({"skills": ["marker-value", "marker-value"]}, "skills", "duplicates"),
        (
            {"ai_preferences": {"providers": [{"provider": "marker-value"}]}},
            "ai_preferences.providers.0.provider",
            "literal_error",
        ),
    ],
)
def test_bad_values_name_the_field_and_never_repeat_the_value(body: dict[str, object], field: str, code: str) -> None:
    answer = Client().request("profile", "PATCH", "/v1/profile", body=body)
    assert answer.status == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [(field, code)]
    assert "marker-value" not in answer.text


@pytest.mark.parametrize(
    ("raw", "headers", "status", "code"),
    [
        ("{", {}, 400, "malformed_json"),
        ("[" * 100_000, {}, 400, "malformed_json"),
        ('{"bio": NaN}', {}, 400, "malformed_json"),
        ("x" * 300_000, {}, 413, "body_too_large"),
        ("{}", {"content-type": "text/plain"}, 415, "unsupported_media_type"),
        ("[]", {}, 422, "validation_failed"),
        ('{"bio": "\\ud800"}', {}, 422, "validation_failed"),
    ],
)
def test_bodies_that_cannot_be_read_are_refused_as_problems(raw: str, headers: dict[str, str], status: int, code: str) -> None:
    answer = Client().request("profile", "PATCH", "/v1/profile", raw=raw, headers=headers)
    assert (answer.status, answer.json["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_request_without_an_identity_is_refused() -> None:
    assert Client(sub=None).request("profile", "GET", "/v1/profile").status == 401


def test_unknown_routes_are_problems() -> None:
    answer = Client().request("profile", "GET", "/v1/nothing")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def test_an_ai_key_is_sealed_at_rest_and_never_returned(deployment: Store) -> None:
    client = Client()
    put = client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-secret-marker-1234"})
    assert put.status == 200, put.text
    assert put.json["hint"] == "1234"
    assert "secret-marker" not in put.text + client.request("profile", "GET", "/v1/profile").text
    (row,) = deployment.fetch("SELECT sealed_key, sealing_key_id FROM ai_provider_keys")
    assert row[0].startswith("v2.k1.") and "secret-marker" not in row[0]


def test_an_ai_key_can_be_replaced_and_forgotten() -> None:
    client = Client()
    for key in ("sk-first-key-0001", "sk-second-key-0002"):
        assert client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": key}).status == 200
    assert client.request("profile", "GET", "/v1/profile").json["ai_keys"][0]["hint"] == "0002"
    assert client.request("profile", "DELETE", "/v1/profile/ai-keys/openai").status == 204
    assert client.request("profile", "DELETE", "/v1/profile/ai-keys/openai").status == 404
    assert client.request("profile", "PUT", "/v1/profile/ai-keys/mistral", body={"key": "sk-first-key-0001"}).status == 422


def test_one_users_profile_is_not_anothers() -> None:
    Client("auth0|alice").request("profile", "PATCH", "/v1/profile", body={"display_name": "Alice"})
    assert Client("auth0|bob").request("profile", "GET", "/v1/profile").json["display_name"] == ""
