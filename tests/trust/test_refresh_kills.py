"""A function is killed (SIGKILL) while it refreshes a credential, at every instant that the outside world can tell apart.

Afterwards the connection works, or its owner is asked to reconnect with one notice as soon as the dead holder's lease is over.
"""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.connections import credentials
from tests.api.harness import FUNCTIONS, Context, load
from tests.trust import LONG
from tests.trust.rig import ALICE, Rig
from tests.trust.test_kills import victims

pytestmark = pytest.mark.timeout(900)

TASK = {"task": "refresh_tokens"}
LEASE_OVER_S = credentials.LEASE.total_seconds() + 1
PLATFORMS = ("tiktok", "linkedin") if LONG else ("tiktok",)
assert "maintain" in FUNCTIONS


def make_due(rig: Rig) -> None:
    """The connection is due for a refresh, as it was before anything happened."""
    past = "'2026-01-01T00:00:00.000000Z'"
    rig.platforms.database.execute(f"UPDATE platform_connections SET refresh_due_at = {past}, token_issued_at = {past}")


def state(rig: Rig) -> dict[str, Any]:
    """The connection as its owner sees it."""
    (found,) = rig.client.request("connect_callback", "GET", "/v1/connections").json["items"]
    return dict(found)


def works(rig: Rig) -> bool:
    """Whether the platform takes what the connection has."""
    path = f"/v1/connections/{state(rig)['id']}/test"
    return bool(rig.client.request("connect_callback", "POST", path).json["ok"])


def dead(rig: Rig) -> int:
    """How many notices say that the connection must be made again."""
    return rig.notices().count("connection_dead")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_T3_a_refresh_that_is_killed_at_any_instant_leaves_a_connection_that_works_or_says_at_once_that_it_does_not(
    rig: Rig, platform: str
) -> None:
    rig.world.simulators["linkedin"].actions["settings"]({"share_refresh_tokens": True})
    rig.platforms.connect(rig.client, platform)
    assert rig.client.sub == ALICE
    with victims("maintain") as hire:
        make_due(rig)
        undisturbed = hire()
        undisturbed.begin(TASK)
        said = undisturbed.end()
        assert said and works(rig)
        instants = said["instants"]
        assert {"answer", "landing"} <= set(instants)
        received = instants.index("answer")
        saved = received + 2
        lost = []
        for at in range(1, len(instants) + 1):
            rig.at(0)
            make_due(rig)
            victim = hire()
            victim.begin(TASK, die_at=at)
            assert victim.end() is None, "it was killed"
            before = dead(rig)
            rig.at(LEASE_OVER_S)
            load("maintain").handler(TASK, Context(60))
            found = state(rig)
            if found["state"] == "active":
                assert works(rig) and dead(rig) == before, f"killed at instant {at} of {instants}"
                continue
            assert (found["state"], found["status_reason"]) == ("needs_reconnect", "refresh_interrupted")
            assert dead(rig) == before + 1, "told once"
            load("maintain").handler(TASK, Context(60))
            assert dead(rig) == before + 1
            lost.append(at - 1)
            rig.platforms.connect(rig.client, platform)
            assert state(rig)["state"] == "active" and works(rig)
        # Only there the platform's answer was the only copy: LinkedIn's refresh token stays as it is, TikTok's does not.
        assert set(lost) <= set(range(received, saved)) and bool(lost) == (platform == "tiktok")
