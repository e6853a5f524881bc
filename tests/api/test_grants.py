"""A grant that nobody confirmed is withdrawn at its platform: when it expires, when it is refused, and when its user leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from noillusion.connections import expiry, messages
from noillusion.core import clock
from noillusion.db import sql
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_departure import ALICE, BOB, leave
from tests.api.test_epoch import nothing_is_left, working_tokens
from tests.api.test_maintain import maintain, notices
from tests.support.databases import fly

WITHDRAWABLE = ("linkedin", "tiktok")
ALL = ("facebook", "instagram", *WITHDRAWABLE)


def attempts(platforms: Platforms) -> list[tuple[Any, ...]]:
    return platforms.database.fetch("SELECT state, revoke_tries, sealed_credentials IS NULL FROM connection_attempts")


def pass_time(platforms: Platforms) -> None:
    """Every attempt is past its time."""
    platforms.database.execute("UPDATE connection_attempts SET expires_at = '2026-01-01T00:00:00.000000Z'")


def facebook_grants(platforms: Platforms) -> int:
    return sum(bool(user["granted"]) for user in platforms.world.simulators["facebook"].state()["users"])


def working(platforms: Platforms, platform: str) -> int:
    return facebook_grants(platforms) if platform == "facebook" else working_tokens(platforms, platform)


@pytest.mark.parametrize("platform", ["facebook", *WITHDRAWABLE])
def test_an_expired_grant_is_withdrawn_within_minutes(platforms: Platforms, platform: str) -> None:
    platforms.consent(Client(), platform)
    assert working(platforms, platform) > 0
    assert maintain("leaving")["task"] == "leaving"
    assert working(platforms, platform) > 0, "it has not expired yet"
    pass_time(platforms)
    done = maintain("leaving")
    assert (done["withdrawn"], attempts(platforms), working(platforms, platform)) == (1, [], 0)


def test_a_grant_where_the_platform_lets_nobody_withdraw_it_is_erased_and_its_user_told(platforms: Platforms) -> None:
    platforms.consent(Client(), "instagram")
    pass_time(platforms)
    assert maintain("leaving")["given_up"] == 1
    assert attempts(platforms) == [] and notices() == ["grant_not_withdrawn"]


def test_a_grant_that_is_not_withdrawn_is_tried_again_some_times_and_then_dropped_and_counted(platforms: Platforms) -> None:
    platforms.consent(Client(), "tiktok")
    platforms.fault(platform="tiktok", path="/oauth/revoke/", status=503, times=-1)
    outcomes = []
    for tried in range(1, expiry.TRIES + 1):
        pass_time(platforms)
        outcomes.append({name: number for name, number in maintain("leaving").items() if name in ("postponed", "given_up")})
        left = attempts(platforms)
        assert left == ([] if tried == expiry.TRIES else [("failed", tried, False)])
    assert outcomes == [*[{"postponed": 1}] * (expiry.TRIES - 1), {"given_up": 1}]
    assert notices() == ["grant_not_withdrawn"]


def test_a_grant_that_waits_to_be_withdrawn_cannot_be_confirmed(platforms: Platforms) -> None:
    handle = platforms.consent(Client(), "tiktok").json["pending_id"]
    platforms.fault(platform="tiktok", path="/oauth/revoke/", status=503, times=-1)
    pass_time(platforms)
    maintain("leaving")
    assert attempts(platforms) == [("failed", 1, False)]
    path = f"/v1/connections/pending/{handle}"
    assert Client().request("connect_callback", "GET", path).status == 404
    confirmed = Client().request("connect_callback", "POST", f"{path}/confirm", body={"account_ids": ["x"]})
    assert confirmed.status == 404


@pytest.mark.parametrize("other", [ALICE, BOB])
def test_an_expired_grant_of_a_person_whose_account_is_connected_is_erased_and_not_withdrawn(
    platforms: Platforms, other: str
) -> None:
    (connection,) = platforms.connect(Client(other), "tiktok")
    platforms.consent(Client(), "tiktok")
    pass_time(platforms)
    assert maintain("leaving")["in_use"] == 1
    assert attempts(platforms) == []
    assert Client(other).request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test").json["ok"] is True


def test_a_run_withdraws_no_more_than_its_share_and_the_next_goes_on(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "PER_RUN", 2)
    monkeypatch.setattr(expiry, "BATCH", 2)
    for _ in range(3):
        platforms.consent(Client(), "linkedin")
        Client().request("connect_callback", "POST", "/v1/connections/linkedin/authorize", body={})
    pass_time(platforms)
    first = maintain("leaving")
    assert (first["forgotten"], len(attempts(platforms))) == (3, 1)
    maintain("leaving")
    assert attempts(platforms) == []


def test_a_completed_attempt_is_forgotten_when_its_time_is_over(platforms: Platforms) -> None:
    platforms.connect(Client(), "linkedin")
    assert attempts(platforms) == [("completed", 0, True)]
    pass_time(platforms)
    before = working_tokens(platforms, "linkedin")
    assert maintain("leaving")["forgotten"] == 1
    assert attempts(platforms) == [] and working_tokens(platforms, "linkedin") == before > 0


@pytest.mark.parametrize("platform", ["facebook", *WITHDRAWABLE])
def test_a_refused_grant_is_withdrawn_at_once(platforms: Platforms, platform: str) -> None:
    handle = platforms.consent(Client(), platform).json["pending_id"]
    path = f"/v1/connections/pending/{handle}"
    assert Client(BOB).request("connect_callback", "DELETE", path).status == 404
    answer = Client().request("connect_callback", "DELETE", path)
    assert (answer.status, answer.json) == (200, {"platform": platform, "revoked": True, "advice": None})
    assert working(platforms, platform) == 0 and attempts(platforms) == []
    assert Client().request("connect_callback", "DELETE", path).status == 404


def test_a_refused_grant_that_the_platform_does_not_withdraw_is_tried_again(platforms: Platforms) -> None:
    handle = platforms.consent(Client(), "tiktok").json["pending_id"]
    platforms.fault(platform="tiktok", path="/oauth/revoke/", status=503, times=3)
    answer = Client().request("connect_callback", "DELETE", f"/v1/connections/pending/{handle}")
    assert (answer.json["revoked"], answer.json["advice"]) == (False, messages.POSTPONED)
    pass_time(platforms)
    assert maintain("leaving")["withdrawn"] == 1
    assert working_tokens(platforms, "tiktok") == 0


@pytest.mark.parametrize("platform", ALL)
def test_a_grant_that_was_never_confirmed_is_withdrawn_when_its_user_leaves_and_is_in_the_receipt(
    platforms: Platforms, platform: str
) -> None:
    platforms.consent(Client(), platform)
    receipt = leave().json
    can = platform != "instagram"
    assert [(r["connection_id"], r["platform"], r["revoked"]) for r in receipt["revocations"]] == [(None, platform, can)]
    assert nothing_is_left(platforms.database)
    assert not can or working(platforms, platform) == 0


@pytest.mark.parametrize("platform", WITHDRAWABLE)
def test_every_grant_of_a_person_is_withdrawn_whichever_row_it_is_in(platforms: Platforms, platform: str) -> None:
    platforms.connect(Client(), platform)
    platforms.consent(Client(), platform)
    receipt = leave().json
    assert [r["revoked"] for r in receipt["revocations"]] == [True, True]
    assert working_tokens(platforms, platform) == 0


def test_a_grant_is_confirmed_once_however_often_it_is_asked_for(platforms: Platforms) -> None:
    handle = platforms.consent(Client(), "linkedin").json["pending_id"]
    account = Client().request("connect_callback", "GET", f"/v1/connections/pending/{handle}").json["accounts"][0]["id"]
    path = f"/v1/connections/pending/{handle}/confirm"
    first, asked = (
        Client().request("connect_callback", "POST", path, body={"account_ids": [account]}),
        len(platforms.world.journal),
    )
    again = Client().request("connect_callback", "POST", path, body={"account_ids": [account]})
    assert (first.status, again.status, again.json) == (200, 200, first.json)
    assert len(platforms.world.journal) == asked
    assert Client().request("connect_callback", "GET", f"/v1/connections/pending/{handle}").status == 404


def test_expiry_is_judged_by_the_clock(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    platforms.consent(Client(), "linkedin")
    now = clock.now()
    for minutes, left in ((29, 1), (31, 0)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        maintain("leaving")
        assert len(fly(sql("SELECT id FROM connection_attempts"))[0]) == left
