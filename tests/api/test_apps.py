"""The operator's apps at the platforms: how they ask for consent, and who sees that a platform refuses one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.aws import template as sam
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Answer, Client
from tests.support.filters import data_points
from tests.support.logged import logged

RESOURCES = sam.read(ROOT / "template.yaml")["Resources"]
FILTER, DIALOGS = (RESOURCES[name]["Properties"] for name in ("AppRefusedMetric", "DialogRefusedMetric"))


def connect(platforms: Platforms, platform: str) -> tuple[str, list[dict[str, Any]]]:
    """Go through the platform's dialog; the error of the callback, and what was logged."""
    with logged() as log:
        answer = platforms.consent(Client(), platform)
    return str(answer.json.get("error")), [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize("platform", ["linkedin", "tiktok"])
def test_a_wrong_client_secret_is_one_line_and_counts_for_the_alarm(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setenv(f"{platform.upper()}_CLIENT_SECRET", "another-secret")
    settings.settings.forget()
    error, lines = connect(platforms, platform)
    assert error == "app_refused"
    (line,) = (line for line in lines if line["message"] == "app_refused")
    assert (line["platform"], line["code"]) == (platform, "invalid_client")
    assert "another-secret" not in json.dumps(lines)
    assert data_points(FILTER, lines) == [({}, 1)]


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_an_app_that_meta_does_not_know_counts(platforms: Platforms, platform: str) -> None:
    body = {"error": {"message": "Error validating application.", "type": "OAuthException", "code": 101}}
    platforms.fault(platform=platform, path="access_token", status=400, body=body, times=-1)
    error, lines = connect(platforms, platform)
    assert error == "app_refused"
    assert data_points(FILTER, lines) == [({}, 1)]


@pytest.mark.parametrize(
    ("platform", "path", "status", "body"),
    [
        ("facebook", "access_token", 400, {"error": {"message": "Error validating client secret.", "code": 1}}),
        ("instagram", "api.instagram.com", 400, {"code": 400, "error_type": "", "error_message": "Invalid platform app"}),
        (
            "instagram",
            "graph.instagram.com/access_token",
            400,
            {"error": {"message": "Error validating client secret", "code": 100}},
        ),
    ],
)
def test_an_app_whose_secret_meta_refuses_in_a_sentence_counts(
    platforms: Platforms, platform: str, path: str, status: int, body: dict[str, Any]
) -> None:
    platforms.fault(platform=platform, path=path, status=status, body=body, times=-1)
    error, lines = connect(platforms, platform)
    assert error == "app_refused"
    assert data_points(FILTER, lines) == [({}, 1)], "asked once: waiting does not mend a secret"


REFUSALS = {
    "facebook": {"error_code": "1349126", "error_message": "App not active: a text of the platform"},
    "instagram": {"error": "invalid_scope", "error_description": "a text of the platform"},
    "linkedin": {"error": "unauthorized_scope_error", "error_description": 'Scope "r_basicprofile" is not authorized'},
    "tiktok": {"error": "unauthorized_client", "error_description": "a text of the platform"},
}


def refused(client: Client, platform: str, returned: dict[str, str]) -> tuple[Answer, list[dict[str, Any]]]:
    """Come back from a platform's dialog with these parameters; the answer, and what was logged."""
    begun = client.request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body={}).json
    state = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
    with logged() as log:
        path = f"/v1/oauth/{platform}/callback"
        answer = Client(None).request("connect_callback", "GET", path, query={"state": state, **returned})
    return answer, [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize(("platform", "returned"), REFUSALS.items())
def test_E8_a_dialog_that_refuses_the_app_is_one_line_and_counts_for_its_alarm(
    platforms: Platforms, platform: str, returned: dict[str, str]
) -> None:
    answer, lines = refused(Client(), platform, returned)
    assert answer.json["error"] in ("app_refused", "scope_refused", "app_unavailable")
    assert answer.json["retryable"] is False and "operator" in answer.json["advice"]
    (line,) = (line for line in lines if line["message"] == "connect_refused")
    code = returned.get("error") or returned["error_code"]
    assert (line["step"], line["platform"], line["error"], line["code"]) == ("dialog", platform, answer.json["error"], code)
    assert "text of the platform" not in json.dumps(lines) + answer.text and "r_basicprofile" not in json.dumps(lines)
    assert (data_points(DIALOGS, lines), data_points(FILTER, lines)) == ([({}, 1)], [])


@pytest.mark.parametrize("returned", [{"error": "server_error"}, {"error": "a_new_one"}, {}], ids=str)
@pytest.mark.parametrize("platform", REFUSALS)
def test_what_is_not_the_operators_matter_does_not_count(platforms: Platforms, platform: str, returned: dict[str, str]) -> None:
    answer, lines = refused(Client(), platform, returned)
    expected = {"server_error": "platform_unavailable", "a_new_one": "unrecognized", None: "no_code"}
    assert (answer.json["error"], answer.json["retryable"]) == (expected[returned.get("error")], True)
    assert data_points(DIALOGS, lines) == data_points(FILTER, lines) == []
    assert platforms.requests(platform, "token") == 0


def test_the_return_url_tells_the_error_and_whether_starting_again_can_help(platforms: Platforms) -> None:
    client, shown = Client(), []
    for returned in ({"error": "user_cancelled_login"}, {"error": "unauthorized_scope_error", "error_description": "Words"}):
        body = {"return_url": "https://app.test/connected?tab=1"}
        begun = client.request("connect_callback", "POST", "/v1/connections/linkedin/authorize", body=body).json
        state = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
        query = {"state": state, **returned}
        answer = Client(None).request("connect_callback", "GET", "/v1/oauth/linkedin/callback", query=query)
        shown.append((answer.status, answer.headers["location"]))
    back = "https://app.test/connected?tab=1&platform=linkedin&error="
    assert shown == [(303, f"{back}declined&retryable=true"), (303, f"{back}scope_refused&retryable=false")]


def test_an_app_with_facebook_login_for_business_connects(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEBOOK_CONFIG_ID", "700000000000001")
    settings.settings.forget()
    client = Client()
    begun = client.request("connect_callback", "POST", "/v1/connections/facebook/authorize", body={})
    assert "config_id=700000000000001" in begun.json["authorization_url"] and "scope" not in begun.json["authorization_url"]
    assert {connection["status"] for connection in platforms.connect(client, "facebook")} == {"active"}


def test_a_code_that_is_not_valid_does_not_count(platforms: Platforms) -> None:
    platforms.fault(platform="linkedin", path="accessToken", preset="oauth_invalid_grant", times=-1)
    error, lines = connect(platforms, "linkedin")
    assert error == "code_refused"
    assert data_points(FILTER, lines) == []


def test_an_image_of_a_host_that_is_not_the_operators_does_not_count() -> None:
    line = {"message": "app_refused", "platform": "tiktok", "status": 403, "code": "url_ownership_unverified"}
    assert data_points(FILTER, [line]) == []
    assert data_points(FILTER, [line | {"code": "invalid_client"}]) == [({}, 1)]
