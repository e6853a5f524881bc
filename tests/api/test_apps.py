"""The operator's apps at the platforms: how they ask for consent, and who sees that a platform refuses one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.aws import template as sam
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Client
from tests.support.filters import data_points
from tests.support.logged import logged

FILTER = sam.read(ROOT / "template.yaml")["Resources"]["AppRefusedMetric"]["Properties"]


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
    assert error == "exchange_failed_operator"
    (line,) = (line for line in lines if line["message"] == "app_refused")
    assert (line["platform"], line["code"]) == (platform, "invalid_client")
    assert "another-secret" not in json.dumps(lines)
    assert data_points(FILTER, lines) == [({}, 1)]


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_an_app_that_meta_does_not_know_counts(platforms: Platforms, platform: str) -> None:
    body = {"error": {"message": "Error validating application.", "type": "OAuthException", "code": 101}}
    platforms.fault(platform=platform, path="access_token", status=400, body=body, times=-1)
    error, lines = connect(platforms, platform)
    assert error == "exchange_failed_operator"
    assert data_points(FILTER, lines) == [({}, 1)]


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
    assert error == "exchange_failed_reauth"
    assert data_points(FILTER, lines) == []


def test_an_image_of_a_host_that_is_not_the_operators_does_not_count() -> None:
    line = {"message": "app_refused", "platform": "tiktok", "status": 403, "code": "url_ownership_unverified"}
    assert data_points(FILTER, [line]) == []
    assert data_points(FILTER, [line | {"code": "invalid_client"}]) == [({}, 1)]
