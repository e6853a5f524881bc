"""Disconnecting: the last account of a grant revokes it, one of several does not, and a failure says what to do (K7)."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.connections import grants, messages
from noillusion.connections.models import GrantOutcome
from noillusion.connections.rows import CredentialRow
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_connection_tests import connected_by

ALICE, BOB = "auth0|alice", "auth0|bob"
REVOKES = {"facebook": "me/permissions", "linkedin": "/oauth/v2/revoke", "tiktok": "/oauth/revoke/"}


def disconnect(connection: dict[str, Any], sub: str = ALICE) -> dict[str, Any]:
    answer = Client(sub).request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}")
    assert answer.status == 200, answer.text
    return {name: answer.json[name] for name in ("revoked", "grant", "advice")}


def works(connection: dict[str, Any], sub: str = ALICE) -> bool:
    answer = Client(sub).request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test")
    return bool(answer.json["ok"])


def revocations(platforms: Platforms, platform: str) -> int:
    journal = platforms.world.journal
    if platform == "instagram":
        # Of Facebook Login, which is Facebook's.
        platform = "facebook"
    method = "DELETE" if platform == "facebook" else "POST"
    return sum(e.platform == platform and REVOKES[platform] in e.path and e.method == method for e in journal)


REVOKED = {"revoked": True, "grant": "revoked", "advice": None}
KEPT = {"revoked": False, "grant": "kept", "advice": messages.KEPT}


@pytest.mark.parametrize(
    ("platform", "registration"),
    [("facebook", "login"), ("instagram", "facebook"), ("linkedin", "share"), ("linkedin", "community"), ("tiktok", "login")],
)
def test_the_last_account_of_a_grant_revokes_it(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str, registration: str
) -> None:
    *others, last = connected_by(platforms, monkeypatch, platform, registration, ALICE)
    assert others or (platform, registration) not in {("facebook", "login"), ("linkedin", "community")}
    for connection in others:
        assert disconnect(connection) == KEPT
        assert works(last) and revocations(platforms, platform) == 0
    assert disconnect(last) == REVOKED
    assert revocations(platforms, platform) == 1


def test_one_of_several_pages_keeps_the_grant(platforms: Platforms) -> None:
    connected = platforms.connect(Client(ALICE), "facebook")
    assert len(connected) > 1
    assert disconnect(connected[0]) == KEPT
    assert all(works(connection) for connection in connected[1:])


def test_an_account_of_another_platform_keeps_the_grant_of_the_same_app(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = platforms.connect(Client(ALICE), "facebook")
    linked = connected_by(platforms, monkeypatch, "instagram", "facebook", ALICE)
    assert [disconnect(page) for page in pages] == [KEPT for _ in pages]
    assert all(works(account) for account in linked)
    assert [disconnect(account) for account in linked][-1] == REVOKED


def test_an_account_of_somebody_else_keeps_the_grant_of_the_same_person(platforms: Platforms) -> None:
    (ours,), (theirs,) = (platforms.connect(Client(sub), "tiktok") for sub in (ALICE, BOB))
    assert disconnect(ours) == KEPT
    assert works(theirs, BOB)
    assert disconnect(theirs, BOB) == REVOKED


def test_accounts_that_are_disconnected_at_the_same_time_leave_no_grant(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    *others, last = platforms.connect(Client(ALICE), "facebook")
    looked: list[GrantOutcome] = []
    look = grants.withdraw_of_last

    async def meanwhile(row: CredentialRow, deadline: float) -> GrantOutcome:
        looked.append(await look(row, deadline))
        if len(looked) == 1:
            # The others were disconnected right after this look, and each of them saw this account.
            for other in others:
                platforms.database.execute(f"DELETE FROM platform_connections WHERE id = '{other['id']}'")
        return looked[-1]

    monkeypatch.setattr(grants, "withdraw_of_last", meanwhile)
    assert disconnect(last) == REVOKED
    assert looked == ["kept", "revoked"] and revocations(platforms, "facebook") == 1


@pytest.mark.parametrize("platform", REVOKES)
@pytest.mark.parametrize("status", [503, 400])
def test_a_grant_that_the_platform_does_not_revoke_is_told_with_what_to_do(
    platforms: Platforms, platform: str, status: int
) -> None:
    *others, last = platforms.connect(Client(ALICE), platform)
    for connection in others:
        disconnect(connection)
    method = "DELETE" if platform == "facebook" else "POST"
    platforms.fault(platform=platform, path=REVOKES[platform], method=method, status=status, body="", times=-1)
    told = disconnect(last)
    assert (told["revoked"], told["grant"]) == (False, "not_revoked")
    assert told["advice"] == messages.remove_by_hand(platform) and "Settings" in told["advice"]
    assert Client(ALICE).request("connect_callback", "GET", "/v1/connections").json["items"] == []


def test_a_platform_without_a_call_for_it_is_told_as_such(platforms: Platforms) -> None:
    (connection,) = platforms.connect(Client(ALICE), "instagram")
    told = disconnect(connection)
    assert told == {"revoked": False, "grant": "not_supported", "advice": messages.remove_by_hand("instagram")}


@pytest.mark.parametrize("platform", ["linkedin", "tiktok"])
def test_accounts_of_a_grant_whose_person_is_unknown_are_told_by_their_token(platforms: Platforms, platform: str) -> None:
    (connection,) = platforms.connect(Client(ALICE), platform)
    platforms.database.execute("UPDATE platform_connections SET grant_subject = ''")
    assert disconnect(connection) == REVOKED
