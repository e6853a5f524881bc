"""Credentials travel in headers and bodies: a URL ends up in logs of servers that nobody here reads."""

from __future__ import annotations

import logging
from urllib.parse import parse_qsl

import pytest

from noillusion.catalog.platforms import PLATFORMS
from noillusion.flows import runner
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_maintain import LONG_AGO, maintain, make_due
from tests.api.test_publishing import TIKTOK
from tests.support.logged import logged

CREDENTIALS = {"access_token", "client_secret", "code", "fb_exchange_token", "input_token", "refresh_token"}
TAKES_NO_OTHER_WAY = {
    ("instagram", "/access_token", "client_secret"),
    ("instagram", "/access_token", "access_token"),
    ("instagram", "/refresh_access_token", "access_token"),
    ("facebook", "/debug_token", "input_token"),
}
"""Meta documents these calls with a query only (docs/security.md)."""


def everything(platforms: Platforms, platform: str) -> None:
    """Whatever the product asks of a platform in the life of a connection."""
    client = Client()
    connection = platforms.connect(client, platform)[0]
    if platform == "instagram":
        platforms.world.clock.offset += 2 * 86_400
    path = f"/v1/connections/{connection['id']}"
    assert client.request("connect_callback", "POST", f"{path}/test").json["ok"] is True
    media = [{"url": platforms.media("photo.jpg")}] if platform in ("instagram", "tiktok") else []
    target = {"connection_id": connection["id"], "options": TIKTOK if platform == "tiktok" else {}}
    body = {"content": {"text": "x", "media": media}, "targets": [target]}
    published = client.request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": "k"})
    assert published.status == 201, published.text
    make_due("auth0|alice", LONG_AGO)
    maintain("refresh_tokens")
    assert client.request("connect_callback", "DELETE", path).status == 200


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_credential_travels_in_a_url_where_the_platform_takes_it_otherwise(
    platforms: Platforms, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BACKOFF_S", 0.01)
    everything(platforms, platform)
    sent = [entry for entry in platforms.world.journal if entry.platform == platform and "/dialog/" not in entry.path]
    assert len(sent) >= 4
    tokens = {part for entry in sent for part in entry.headers.get("authorization", "").split()[1:]}
    assert tokens
    found = {
        (platform, entry.path.removeprefix("/v26.0"), name)
        for entry in sent
        for name, value in parse_qsl(entry.query)
        if name in CREDENTIALS or value in tokens or "-app-secret" in value
    }
    assert found <= TAKES_NO_OTHER_WAY
    assert not [entry.path for entry in sent if any(token in entry.path for token in tokens)]


def test_urls_that_carry_a_credential_reach_no_log(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runner, "BACKOFF_S", 0.01)
    caplog.set_level(logging.DEBUG)
    with logged() as text:
        platforms.fault(platform="instagram", path="/refresh_access_token$", status=500, body="<html>", times=1)
        platforms.fault(platform="instagram", path="/refresh_access_token$", drop=True, times=1)
        everything(platforms, "instagram")
    secrets = {
        value
        for entry in platforms.world.journal
        for name, value in parse_qsl(entry.query)
        if entry.platform == "instagram" and name in ("access_token", "client_secret")
    }
    assert len(secrets) >= 3
    written = text.getvalue() + caplog.text
    assert "platform_call" in written
    assert not [secret for secret in secrets if secret in written]
