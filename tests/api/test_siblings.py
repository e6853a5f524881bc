"""Accounts of one grant: a LinkedIn member and the member's organizations have the same tokens, renewed once for all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from noillusion.connections import credential_store, credentials
from noillusion.core import clock, loop
from noillusion.db import Actor, database
from noillusion.settings.source import settings
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, load

TOKENS = "accessToken"


@pytest.fixture
def accounts(platforms: Platforms) -> list[dict[str, Any]]:
    """A member and two organizations, connected by one grant to the Community Management app."""
    connected = platforms.connect(Client(), "linkedin", wanted=["organizations"])
    assert [account["account_kind"] for account in connected] == ["member", "organization", "organization"]
    return connected


def due(platforms: Platforms) -> None:
    platforms.database.execute("UPDATE platform_connections SET refresh_due_at = '2026-01-01T00:00:00.000000+00:00'")


def refresh() -> None:
    assert load("maintain").handler({"task": "refresh_tokens"}, Context(60))["task"] == "refresh_tokens"


def rows() -> list[Any]:
    wanted = credential_store.credentials_of(str(Client().sub))
    return loop.run(database().flight(Actor(str(Client().sub)), wanted))[wanted]


def work(accounts: list[dict[str, Any]]) -> list[bool]:
    paths = (f"/v1/connections/{account['id']}/test" for account in accounts)
    return [Client().request("connect_callback", "POST", path).json["ok"] for path in paths]


def test_a_refresh_spends_the_refresh_token_once_and_saves_the_result_to_all(
    platforms: Platforms, accounts: list[dict[str, Any]]
) -> None:
    before = platforms.requests("linkedin", TOKENS)
    due(platforms)
    refresh()
    assert platforms.requests("linkedin", TOKENS) == before + 1
    found = rows()
    assert [row.credential_version for row in found] == [2, 2, 2]
    assert len({credentials.opened(row).access.reveal() for row in found}) == 1
    assert all(row.refresh_lease_until is None and row.refresh_due_at > clock.now() for row in found)
    assert work(accounts) == [True, True, True]


def test_two_accounts_that_are_due_at_the_same_time_are_refreshed_by_one_call(
    platforms: Platforms, accounts: list[dict[str, Any]]
) -> None:
    before = platforms.requests("linkedin", TOKENS)
    due(platforms)
    platforms.fault(platform="linkedin", path=TOKENS, delay_ms=1000, times=-1)

    async def both() -> list[Any]:
        deadline = clock.monotonic() + 30
        return await asyncio.gather(*(credentials.refresh(row, deadline) for row in found))

    found = rows()
    tokens = {token.reveal() for token in loop.run(both()) if token}
    assert len(tokens) == 1
    assert platforms.requests("linkedin", TOKENS) == before + 1
    assert [row.credential_version for row in rows()] == [2, 2, 2]


def test_a_refresh_that_fails_for_a_while_is_tried_again_for_all(platforms: Platforms, accounts: list[dict[str, Any]]) -> None:
    due(platforms)
    platforms.fault(platform="linkedin", path=TOKENS, status=503, times=-1)
    refresh()
    found = rows()
    assert {row.status for row in found} == {"active"}
    assert all(row.refresh_lease_until is None and row.refresh_due_at > clock.now() for row in found)
    platforms.world.faults.clear()
    due(platforms)
    refresh()
    assert work(accounts) == [True, True, True]


def test_a_dead_grant_ends_all_its_accounts_at_once_with_one_notice_each(
    platforms: Platforms, accounts: list[dict[str, Any]]
) -> None:
    due(platforms)
    platforms.fault(platform="linkedin", path=TOKENS, preset="oauth_invalid_grant", times=-1)
    before = platforms.requests("linkedin", TOKENS)
    refresh()
    assert {row.status for row in rows()} == {"reauth_required"}
    assert platforms.requests("linkedin", TOKENS) == before + 1
    told = platforms.database.fetch("SELECT kind FROM notifications WHERE kind = 'connection_dead'")
    assert len(told) == 3


def test_reconnecting_one_account_renews_all_that_the_consent_has_cut_off(
    platforms: Platforms, accounts: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another set of permissions ends all earlier tokens of the member (platforms.md 3.2).
    monkeypatch.setenv("LINKEDIN_COMMUNITY_WITHOUT_SCOPES", "r_member_profileAnalytics")
    settings.forget()
    pending = platforms.consent(Client(), "linkedin", wanted=["organizations"]).json["pending_id"]
    body = {"account_ids": [accounts[1]["account_id"]]}
    path = f"/v1/connections/pending/{pending}/confirm"
    confirmed = Client().request("connect_callback", "POST", path, body=body)
    assert [c["id"] for c in confirmed.json["items"]] == [accounts[1]["id"]]
    assert work(accounts) == [True, True, True]
    assert "r_member_profileAnalytics" not in json.dumps([row.granted_scopes for row in rows()])


def test_the_grant_is_withdrawn_with_its_last_account(platforms: Platforms, accounts: list[dict[str, Any]]) -> None:
    revoked = []
    for number, account in enumerate(accounts):
        assert work(accounts[number:]) == [True] * (len(accounts) - number)
        revoked.append(Client().request("connect_callback", "DELETE", f"/v1/connections/{account['id']}").json["revoked"])
    assert revoked == [False, False, True]
