"""The life of a connection: pending, active, expiring, needs_reconnect, disconnected; each change told by exactly one notice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from noillusion.connections import chores, credentials, lanes, renewal, verification
from noillusion.core import clock, loop
from noillusion.db import sql
from noillusion.flows import runner
from noillusion.platforms import catalog
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, load
from tests.api.test_maintain import connection, known
from tests.support.databases import Store, fly
from tests.support.rows import insert, rows

ALICE = "auth0|alice"
ALL = ("facebook", "instagram", "linkedin", "tiktok")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "BACKOFF_S", 0.01)


def maintain(task: str) -> dict[str, Any]:
    """One run of a chore."""
    return dict(load("maintain").handler({"task": task}, Context(60)))


def told() -> list[tuple[str, str]]:
    """The notices about connections, oldest first: their kinds, and the state before where they name it."""
    found = fly(sql("SELECT kind, data FROM notifications WHERE kind LIKE 'connection%' ORDER BY created_at"))[0]
    return [(row["kind"], row["data"].get("previous", "")) for row in found]


def listed(client: Client) -> dict[str, Any]:
    """The one connection, as its owner sees it."""
    (found,) = client.request("connect_callback", "GET", "/v1/connections").json["items"]
    return dict(found)


def change(platforms: Platforms, **columns: datetime | None) -> None:
    """Set times of all connections."""
    for name, value in columns.items():
        fly(sql(f"UPDATE platform_connections SET {name} = :value", value=value))


def test_each_change_of_state_is_told_by_one_notice(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "tiktok")
    steps = [("connection_active", "pending")]
    assert (listed(client)["state"], told()) == ("active", steps)
    platforms.connect(client, "tiktok")
    assert (listed(client)["state"], told()) == ("active", steps), "nothing changed"

    change(platforms, refresh_expires_at=clock.now() + 3 * DAY)
    for _ in range(2):
        maintain("refresh_tokens")
    steps.append(("connection_expiring", ""))
    assert (listed(client)["state"], told()) == ("expiring", steps)
    assert listed(client)["status"] == "active", "it works"
    assert datetime.fromisoformat(listed(client)["reconnect_by"]) - clock.now() < 3 * DAY

    platforms.connect(client, "tiktok")
    steps.append(("connection_active", "expiring"))
    assert (listed(client)["state"], told()) == ("active", steps)

    platforms.world.simulators["tiktok"].actions["revoke"]({})
    for _ in range(2):
        client.request("connect_callback", "POST", f"/v1/connections/{listed(client)['id']}/test")
    steps.append(("connection_dead", ""))
    assert (listed(client)["state"], listed(client)["status"], told()) == ("needs_reconnect", "reauth_required", steps)

    platforms.connect(client, "tiktok")
    steps.append(("connection_active", "needs_reconnect"))
    assert (listed(client)["state"], told()) == ("active", steps)

    path = f"/v1/connections/{listed(client)['id']}"
    assert [client.request("connect_callback", "DELETE", path).status for _ in range(2)] == [200, 404]
    steps.append(("connection_disconnected", ""))
    assert told() == steps


def test_connections_are_listed_by_state(platforms: Platforms) -> None:
    client = Client(ALICE)
    ids = {name: platforms.connect(client, name)[0]["id"] for name in ("instagram", "linkedin", "tiktok")}
    fly(sql("UPDATE platform_connections SET refresh_expires_at = :at WHERE id = :id", at=clock.now() + DAY, id=ids["tiktok"]))
    maintain("refresh_tokens")
    platforms.world.simulators["linkedin"].actions["revoke"]({})
    client.request("connect_callback", "POST", f"/v1/connections/{ids['linkedin']}/test")
    for state, platform in (("active", "instagram"), ("expiring", "tiktok"), ("needs_reconnect", "linkedin")):
        items = client.request("connect_callback", "GET", "/v1/connections", query={"state": state}).json["items"]
        assert [item["id"] for item in items] == [ids[platform]]
    both = client.request("connect_callback", "GET", "/v1/connections", query={"status": "active"}).json["items"]
    assert {item["platform"] for item in both} == {"instagram", "tiktok"}
    assert client.request("connect_callback", "GET", "/v1/connections", query={"state": "asleep"}).status == 422


def test_a_refresh_that_extends_the_grant_ends_the_warning(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "tiktok")
    soon = clock.now() + 3 * DAY
    change(platforms, refresh_expires_at=soon)
    maintain("refresh_tokens")
    change(platforms, refresh_due_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert maintain("refresh_tokens")["refreshed"] == 1
    assert (listed(client)["state"], told()[-1]) == ("active", ("connection_active", "expiring"))


def test_a_refresh_that_does_not_extend_the_grant_ends_no_warning(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "tiktok")
    maintain("refresh_tokens")
    platforms.world.clock.offset += 362 * 86_400
    change(platforms, refresh_expires_at=clock.now() + 3 * DAY)
    maintain("refresh_tokens")
    change(platforms, refresh_due_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert maintain("refresh_tokens")["refreshed"] == 1
    assert listed(client)["state"] == "expiring"
    assert [kind for kind, _ in told()] == ["connection_active", "connection_expiring"]


def test_H7_warnings_that_there_is_no_time_for_are_counted_as_left(platforms: Platforms) -> None:
    number = len(platforms.connect(Client(ALICE), "facebook"))
    change(platforms, data_access_expires_at=clock.now() + 6 * DAY)
    assert loop.run(chores.warn_expiring(clock.monotonic() - 1)) == {"left": number}
    assert loop.run(chores.warn_expiring(clock.monotonic() + 30)) == {"warned": number}
    assert loop.run(chores.warn_expiring(clock.monotonic() - 1)) == {"left": 0}


def test_C7_a_refresh_moves_no_connection_forward(platforms: Platforms) -> None:
    row = _dead(platforms)
    assert loop.run(credentials.refresh(row, clock.monotonic() + 30)) is None
    change(platforms, refresh_due_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert maintain("refresh_tokens")["refreshed"] == 0
    assert listed(Client(ALICE))["state"] == "needs_reconnect"
    pending = platforms.consent(Client(ALICE), "linkedin").json["pending_id"]
    maintain("refresh_tokens"), maintain("verify_connections")
    assert pending and listed(Client(ALICE))["platform"] == "tiktok", "a grant is no connection before its owner selects"


def _dead(platforms: Platforms) -> Any:
    """A TikTok connection that needs its owner, as it was read before."""
    platforms.connect(Client(ALICE), "tiktok")
    row = connection()
    loop.run(credentials.mark_dead(row, "token_refused"))
    return row


# -- data access ---------------------------------------------------------------------------------------------------------------


def test_the_end_of_data_access_is_stored_shown_and_warned_of_early(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "facebook")
    page = client.request("connect_callback", "GET", "/v1/connections").json["items"][0]
    ends = datetime.fromisoformat(page["data_access_expires_at"])
    assert abs(ends - clock.now() - 90 * DAY) < timedelta(minutes=5)
    assert (page["reconnect_by"], page["access_expires_at"], page["renewal"]) == (page["data_access_expires_at"], None, "static")
    maintain("refresh_tokens")
    assert {kind for kind, _ in told()} == {"connection_active"}
    change(platforms, data_access_expires_at=clock.now() + 6 * DAY)
    for _ in range(2):
        maintain("refresh_tokens")
    states = [item["state"] for item in client.request("connect_callback", "GET", "/v1/connections").json["items"]]
    assert set(states) == {"expiring"}
    assert [kind for kind, _ in told()].count("connection_expiring") == len(states)


def test_data_access_that_the_platform_does_not_tell_is_counted_from_the_consent(platforms: Platforms) -> None:
    platforms.fault(platform="facebook", path="debug_token", status=500, times=-1)
    (page, *_) = platforms.connect(Client(ALICE), "facebook")
    assert abs(datetime.fromisoformat(page["data_access_expires_at"]) - clock.now() - 90 * DAY) < timedelta(minutes=5)


def test_data_access_without_an_end_has_none(platforms: Platforms) -> None:
    platforms.fault(platform="facebook", path="debug_token", status=200, body={"data": {"data_access_expires_at": 0}}, times=-1)
    (page, *_) = platforms.connect(Client(ALICE), "facebook")
    assert (page["data_access_expires_at"], page["reconnect_by"]) == (None, None)


# -- renewal -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "refresh_token", "expected"),
    [
        ("facebook", True, "static"),
        ("facebook", False, "static"),
        ("instagram", False, "extend"),
        ("linkedin", True, "renewable"),
        ("linkedin", False, "reconnect"),
        ("tiktok", True, "rotating"),
        ("tiktok", False, "reconnect"),
    ],
)
def test_C10_renewal_follows_from_what_a_credential_has(platform: Any, refresh_token: bool, expected: str) -> None:
    assert renewal.of_tokens(catalog.get(platform), refresh_token=refresh_token) == expected


TOKEN_STATES: dict[str, dict[str, Any]] = {
    "fresh": {},
    "due": {"refresh_due_at": datetime(2020, 1, 1, tzinfo=UTC)},
    "expired": {"refresh_due_at": datetime(2020, 1, 1, tzinfo=UTC), "access_expires_at": datetime(2020, 1, 2, tzinfo=UTC)},
}


@pytest.mark.parametrize("state", TOKEN_STATES)
@pytest.mark.parametrize("platform", [*ALL, "linkedin with refresh tokens"])
def test_C10_each_platform_in_each_state_of_its_token_works_without_its_owner(
    platforms: Platforms, platform: str, state: str
) -> None:
    name = platform.split()[0]
    platforms.world.simulators["linkedin"].actions["settings"]({"share_refresh_tokens": " " in platform})
    platforms.connect(Client(ALICE), name)
    platforms.world.clock.offset += 2 * 86_400 if name == "instagram" else 0
    refreshes = [n for n, row in enumerate(_times(), 1) if row["refresh_due_at"]]
    if refreshes:
        change(platforms, token_issued_at=datetime(2020, 1, 1, tzinfo=UTC), **TOKEN_STATES[state])
    done = maintain("refresh_tokens")
    expected = len(refreshes) if state != "fresh" else 0
    assert (done["refreshed"], done["failed"]) == (expected, 0)
    for item in Client(ALICE).request("connect_callback", "GET", "/v1/connections").json["items"]:
        tested = Client(ALICE).request("connect_callback", "POST", f"/v1/connections/{item['id']}/test").json
        assert tested["ok"], tested
    assert bool(refreshes) == (name in ("tiktok", "instagram") or " " in platform)


def _times() -> list[dict[str, Any]]:
    return list(fly(sql("SELECT refresh_due_at FROM platform_connections"))[0])


@pytest.mark.usefixtures("deployment")
def test_C11_a_token_that_could_not_be_extended_for_days_is_warned_of() -> None:
    model = catalog.get("instagram").capabilities.refresh
    assert timedelta(seconds=model.margin_s) >= renewal.WARN_BEFORE + 2 * DAY, "there is time to try before the warning"
    made = {**rows()["platform_connections"], "platform": "instagram", "sealed_refresh_token": None}
    due = {"refresh_due_at": clock.now() + timedelta(minutes=9), "access_expires_at": clock.now() + 6 * DAY}
    fly(insert("platform_connections", ALICE, **{**made, **due}))
    maintain("refresh_tokens")
    assert [kind for kind, _ in told()] == ["connection_expiring"]
    assert listed(Client(ALICE))["reconnect_by"] == listed(Client(ALICE))["access_expires_at"]


@pytest.mark.usefixtures("deployment")
def test_every_connection_that_ends_is_warned_of_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "BATCH", 2)
    made = rows()["platform_connections"]
    for number in range(5):
        own = {"id": f"00000000-0000-4000-8000-00000000000{number}", "account_id": str(number)}
        fly(insert("platform_connections", ALICE, **{**made, **own, "access_expires_at": clock.now() + DAY}))
    maintain("refresh_tokens")
    assert len(told()) == 5


# -- verification --------------------------------------------------------------------------------------------------------------


def checks(platforms: Platforms) -> int:
    """How many cheap reads TikTok got."""
    return platforms.requests("tiktok", "user/info")


@pytest.mark.parametrize("platform", ALL)
def test_C11_a_connection_that_died_at_its_platform_is_found_within_a_day(platforms: Platforms, platform: str) -> None:
    client = Client(ALICE)
    platforms.connect(client, platform)
    assert maintain("verify_connections") == {"task": "verify_connections"}, "it was connected just now"
    platforms.world.simulators[platform].actions["revoke"]({})
    change(platforms, verify_at=clock.now())
    done = maintain("verify_connections")
    items = client.request("connect_callback", "GET", "/v1/connections").json["items"]
    assert done == {"task": "verify_connections", "dead": len(items)}
    assert {item["state"] for item in items} == {"needs_reconnect"}
    assert [kind for kind, _ in told()].count("connection_dead") == len(items)
    assert maintain("verify_connections") == {"task": "verify_connections"}


def test_C11_an_account_with_something_due_is_verified_early(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "tiktok")
    row = connection()
    post = rows()["posts"]
    target = {**rows()["post_targets"], "post_id": post["id"], "connection_id": row.id, "status": "processing"}
    fly(
        insert("posts", ALICE, **post),
        insert("post_targets", ALICE, **{**target, "next_check_at": clock.now() + timedelta(hours=71)}),
    )
    before = checks(platforms)
    maintain("verify_connections")
    assert checks(platforms) == before, "it was connected just now"
    change(platforms, token_issued_at=clock.now() - timedelta(hours=7))
    for _ in range(2):
        maintain("verify_connections")
    assert checks(platforms) == before + 1
    assert known(connection().checked_at) <= clock.now()
    change(platforms, checked_at=clock.now() - timedelta(hours=7))
    fly(sql("UPDATE post_targets SET next_check_at = :at", at=clock.now() + timedelta(hours=73)))
    maintain("verify_connections")
    assert checks(platforms) == before + 1, "nothing is due within 72 hours"


def test_an_outage_while_verifying_changes_nothing_and_is_looked_at_again(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "tiktok")
    change(platforms, verify_at=clock.now())
    before = listed(client)
    platforms.fault(platform="tiktok", path="user/info", status=503, times=-1)
    assert maintain("verify_connections") == {"task": "verify_connections", "failed": 1}
    assert listed(client) == before and [kind for kind, _ in told()] == ["connection_active"]
    (row,) = fly(sql("SELECT verify_at FROM platform_connections"))[0]
    assert timedelta() < row["verify_at"] - clock.now() <= verification.AGAIN


def test_a_connection_past_its_end_is_verified_at_once(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(ALICE)
    platforms.connect(client, "linkedin")
    assert listed(client)["renewal"] == "reconnect"
    later = datetime.now(UTC) + 61 * DAY
    platforms.world.clock.offset += 61 * 86_400
    monkeypatch.setattr(clock, "now", lambda: later)
    change(platforms, verify_at=later + timedelta(hours=5))
    assert maintain("verify_connections") == {"task": "verify_connections", "dead": 1}
    assert listed(client)["state"] == "needs_reconnect"


def test_verifying_is_no_change_that_a_precondition_of_its_owner_sees(platforms: Platforms) -> None:
    client = Client(ALICE)
    platforms.connect(client, "tiktok")
    change(platforms, verify_at=clock.now())
    before = listed(client)["updated_at"]
    maintain("verify_connections")
    assert listed(client)["updated_at"] == before and listed(client)["checked_at"]


def test_a_platform_that_hangs_holds_no_other_up(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert deployment.engine
    worked: list[str] = []

    async def batches(platform: str, last: Any) -> list[Any]:
        return [] if last else [f"{platform} {number}" for number in range(lanes.AT_ONCE + 2)]

    async def work(row: Any) -> str:
        import asyncio

        if row.startswith("facebook"):
            await asyncio.sleep(3600)
        worked.append(row)
        return "done"

    async def go() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(lanes.run(batches, work, clock.monotonic() + 60), 0.5)

    loop.run(go())
    assert len(worked) == 3 * (lanes.AT_ONCE + 2)


I6 = {"error": {"message": "Unsupported request - method type: get", "type": "IGApiException", "code": 100, "error_subcode": 33}}


@pytest.mark.parametrize(
    ("platform", "path", "answer"),
    [
        ("instagram", "refresh_access_token", {"status": 400, "body": I6}),
        ("instagram", "refresh_access_token", {"status": 400, "body": {"error": {"code": 190, "type": "OAuthException"}}}),
        ("linkedin", "accessToken", {"status": 400, "body": {"error": "invalid_grant"}}),
        ("tiktok", "oauth/token", {"status": 200, "body": {"error": "invalid_grant", "log_id": "1"}}),
        ("tiktok", "oauth/token", {"status": 401, "body": {"error": {"code": "access_token_invalid", "log_id": "1"}}}),
    ],
    ids=str,
)
def test_I6_a_token_endpoint_that_says_the_grant_is_no_good_ends_it_at_once(
    platforms: Platforms, platform: str, path: str, answer: dict[str, Any]
) -> None:
    platforms.world.simulators["linkedin"].actions["settings"]({"share_refresh_tokens": True})
    client = Client(ALICE)
    platforms.connect(client, platform)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    change(platforms, token_issued_at=long_ago, refresh_due_at=long_ago)
    platforms.fault(platform=platform, path=path, times=-1, **answer)
    maintain("refresh_tokens")
    assert (listed(client)["state"], listed(client)["status_reason"]) == ("needs_reconnect", "grant_refused")
    assert [kind for kind, _ in told()] == ["connection_active", "connection_dead"]
