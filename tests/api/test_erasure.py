"""Meta asks to delete what came from a person: everything of it goes, the rest stays, and the status page says what remains."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.db import sql
from noillusion.privacy import erasure
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_connections import signed_request
from tests.api.test_departure import ALICE, BOB, leave, owned
from tests.api.test_epoch import Killed, nothing_is_left
from tests.api.test_grants import attempts, facebook_grants
from tests.api.test_maintain import maintain
from tests.api.test_publishing import Publisher
from tests.support.databases import fly
from tests.support.meanwhile import meanwhile
from tests.support.rows import insert

RECEIPT = "SELECT state, counts FROM deletion_receipts WHERE origin = 'meta'"


def asked(platforms: Platforms, platform: str, user: str = ALICE) -> str:
    """The body by which Meta asks for the deletion of what came from a user's person."""
    query = sql("SELECT grant_subject FROM platform_connections WHERE platform = :p AND user_id = :u LIMIT 1", p=platform, u=user)
    return signed_request(f"{platform}-app-secret", fly(query)[0][0]["grant_subject"])


def ask(body: str) -> Answer:
    answer = Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=body)
    assert answer.status == 200, answer.text
    return answer


def status(answer: Answer) -> dict[str, Any]:
    path = f"/v1/callbacks/meta/data-deletion/{answer.json['confirmation_code']}"
    read = Client(None).request("connect_callback", "GET", path)
    assert read.status == 200, read.text
    return dict(read.json)


def filled(platforms: Platforms, sub: str = ALICE) -> tuple[Publisher, dict[str, Any]]:
    """A user with a post on all platforms, one on Meta's two alone, figures of each and notices; the targets by platform."""
    publisher = Publisher(platforms, sub)
    targets: dict[str, Any] = {}
    for key, names in (("all", ()), ("meta", ("facebook", "instagram"))):
        for target in publisher.publish(key, publisher.body(*names, text=f"About {key}")).json["targets"]:
            targets.setdefault(target["platform"], []).append(target)
    now = clock.now()
    for target in [target for found in targets.values() for target in found]:
        fly(
            *(
                insert("post_analytics", sub, target_id=target["id"], polled_at=now + timedelta(hours=n), views=n)
                for n in range(3)
            ),
            insert("post_figures", sub, target_id=target["id"], read_at=now, good_at=now, views=2),
            insert("notifications", sub, kind="publish_finished", subject_id=target["id"], dedupe_key=target["id"]),
        )
    for name, connection in publisher.connections.items():
        fly(
            insert("account_analytics", sub, connection_id=connection, polled_at=now, followers=1),
            insert("notifications", sub, kind="connection_expiring", subject_id=connection, dedupe_key=f"c {name}"),
        )
    return publisher, targets


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_everything_that_came_from_the_person_goes_and_the_rest_stays(platforms: Platforms, platform: str) -> None:
    publisher, targets = filled(platforms)
    accounts = fly(sql("SELECT account_id FROM platform_connections WHERE platform = :p", p=platform))[0]
    platforms.consent(Client(), platform)
    answer = ask(asked(platforms, platform))
    told = status(answer)
    assert told["state"] == "completed" and told["completed_at"], told
    dump = platforms.database.dump()
    gone = [value for t in targets[platform] for value in (t["id"], t["platform_post_id"], t["permalink"]) if value]
    assert len(gone) == 6
    assert [value for value in (*gone, *(row["account_id"] for row in accounts)) if value in dump] == []
    others = [target["id"] for name, found in targets.items() if name != platform for target in found]
    assert [target_id for target_id in others if target_id not in dump] == []
    assert told["deleted"] == {
        "connection_attempts": 1,
        "platform_connections": len(accounts),
        "account_analytics": 1,
        "post_targets": 2,
        "post_analytics": 6,
        "post_figures": 2,
        "post_polls": 2,
        "posts": 0,
        # Of two targets, of what is filled in above, and that each account was connected.
        "notifications": 3 + len(accounts),
    }
    assert attempts(platforms).count(("failed", 1, False)) == 0
    posts = publisher.client.request("publish", "GET", "/v1/posts").json["items"]
    assert [sorted({t["platform"] for t in post["targets"]} & {platform}) for post in posts] == [[], []]
    replayed = publisher.publish("all", publisher.body(text="About all"))
    assert replayed.headers.get("idempotency-replayed") == "true" and len(replayed.json["targets"]) == 3, replayed.text


def test_a_post_that_was_published_nowhere_else_goes_with_its_last_target(platforms: Platforms) -> None:
    filled(platforms)
    counts = [status(ask(asked(platforms, name)))["deleted"]["posts"] for name in ("facebook", "instagram")]
    assert counts == [0, 1]
    assert owned(platforms.database, ALICE)["posts"] == 1
    assert owned(platforms.database, ALICE)["post_targets"] == 2


def test_a_pending_grant_is_withdrawn_and_cannot_be_confirmed(platforms: Platforms) -> None:
    platforms.connect(Client(), "facebook")
    body = asked(platforms, "facebook")
    handle = platforms.consent(Client(BOB), "facebook").json["pending_id"]
    ask(body)
    assert facebook_grants(platforms) == 0
    assert fly(sql("SELECT id FROM connection_attempts WHERE sealed_credentials IS NOT NULL"))[0] == []
    path = f"/v1/connections/pending/{handle}/confirm"
    assert Client(BOB).request("connect_callback", "POST", path, body={"account_ids": ["x"]}).status == 404


def test_the_permission_itself_is_withdrawn(platforms: Platforms) -> None:
    platforms.connect(Client(), "facebook")
    assert facebook_grants(platforms) == 1
    ask(asked(platforms, "facebook"))
    assert facebook_grants(platforms) == 0


def test_rows_of_others_and_of_other_persons_are_left_alone(platforms: Platforms) -> None:
    filled(platforms, ALICE)
    platforms.world.simulators["facebook"].actions["consent"]({"user": _other_person(platforms)})
    platforms.connect(Client(BOB), "linkedin")
    before = owned(platforms.database, BOB)
    ask(asked(platforms, "facebook"))
    assert owned(platforms.database, BOB) == before


def _other_person(platforms: Platforms) -> str:
    return str(platforms.world.simulators["facebook"].state()["users"][-1]["id"])


def test_an_account_that_was_disconnected_before_is_found_as_well(platforms: Platforms) -> None:
    publisher, targets = filled(platforms)
    body = asked(platforms, "facebook")
    connection = publisher.connections["facebook"]
    assert publisher.client.request("connect_callback", "DELETE", f"/v1/connections/{connection}").status == 200
    told = status(ask(body))
    assert (told["deleted"]["post_targets"], told["deleted"]["post_analytics"]) == (2, 6)
    dump = platforms.database.dump()
    assert [t["platform_post_id"] for t in targets["facebook"] if t["platform_post_id"] in dump] == []
    assert fly(sql("SELECT id FROM former_accounts WHERE platform = 'facebook'"))[0] == []


def test_whose_account_it_was_is_remembered_only_where_the_platform_may_ask(platforms: Platforms) -> None:
    publisher = Publisher(platforms)
    for connection in publisher.connections.values():
        publisher.client.request("connect_callback", "DELETE", f"/v1/connections/{connection}")
    kept = fly(sql("SELECT platform FROM former_accounts ORDER BY platform"))[0]
    assert [row["platform"] for row in kept] == ["facebook", "instagram"]
    leave()
    assert nothing_is_left(platforms.database)


def test_the_status_page_says_what_remains_and_why(platforms: Platforms) -> None:
    platforms.connect(Client(), "facebook")
    told = status(ask(asked(platforms, "facebook")))
    assert len(told["remains"]) == 2 and all(entry["what"] and entry["why"] for entry in told["remains"])
    unknown = status(ask(signed_request("facebook-app-secret", "404404")))
    assert (unknown["state"], unknown["deleted"]) == ("completed", {"connection_attempts": 0})


def test_what_does_not_fit_the_request_is_ended_by_the_chore(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, _ = filled(platforms)
    for n in range(5):
        publisher.publish(f"more {n}", publisher.body("facebook", text=f"More {n}"))
    monkeypatch.setattr(erasure, "WINDOW", 2)
    with monkeypatch.context() as hurried:
        hurried.setattr(erasure, "PATIENCE_S", -1.0)
        answer = ask(asked(platforms, "facebook"))
    told = status(answer)
    assert (told["state"], told["completed_at"]) == ("deleting", None)
    # Nobody publishes to an account that is being erased.
    assert publisher.publish("late", publisher.body("facebook")).status == 422
    # The person has two Pages.
    assert maintain("leaving")["erased"] == 2
    told = status(answer)
    assert (told["state"], told["deleted"]["post_targets"], told["deleted"]["posts"]) == ("completed", 7, 5)


@pytest.mark.parametrize("dies_at", range(4, 10))
def test_an_erasure_that_dies_at_any_step_is_ended_with_the_same_counts(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    publisher, _ = filled(platforms)
    for n in range(3):
        publisher.publish(f"more {n}", publisher.body("facebook", text=f"More {n}"))
    monkeypatch.setattr(erasure, "WINDOW", 2)
    body = asked(platforms, "facebook")

    async def dies() -> None:
        raise Killed

    with meanwhile(monkeypatch, dies, at=dies_at), pytest.raises(Killed):
        ask(body)
    platforms.database.execute("UPDATE former_accounts SET lease_until = '2026-01-01T00:00:00.000000Z'")
    platforms.database.execute("UPDATE deletion_receipts SET created_at = '2026-01-01T00:00:00.000000Z'")
    maintain("leaving")
    ((state, counts),) = platforms.database.fetch(RECEIPT)
    assert state == "completed"
    assert (counts["post_targets"], counts["post_analytics"], counts["posts"]) == (5, 6, 3)
    assert counts["platform_connections"] == 2


def test_a_request_about_somebody_who_leaves_meanwhile_ends_as_well(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(platforms)
    with monkeypatch.context() as hurried:
        hurried.setattr(erasure, "PATIENCE_S", -1.0)
        answer = ask(asked(platforms, "facebook"))
    leave()
    platforms.database.execute("UPDATE deletion_receipts SET created_at = '2026-01-01T00:00:00.000000Z'")
    assert maintain("leaving")["erased"] == 0
    assert status(answer)["state"] == "completed"
    assert nothing_is_left(platforms.database)


def test_who_connected_the_account_again_keeps_the_new_connection(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, _ = filled(platforms)
    with monkeypatch.context() as hurried:
        hurried.setattr(erasure, "PATIENCE_S", -1.0)
        ask(asked(platforms, "facebook"))
    (again,) = [c for c in platforms.connect(Client(), "facebook") if c["id"] == publisher.connections["facebook"]]
    assert again["status"] == "active"
    # The person has two Pages.
    assert maintain("leaving")["erased"] == 2
    assert Client().request("connect_callback", "POST", f"/v1/connections/{again['id']}/test").json["ok"] is True
    assert fly(sql("SELECT id FROM post_targets WHERE platform = 'facebook'"))[0] == []


def test_a_second_request_covers_what_came_after_the_first(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, _ = filled(platforms)
    with monkeypatch.context() as hurried:
        hurried.setattr(erasure, "PATIENCE_S", -1.0)
        ask(asked(platforms, "facebook"))
        platforms.connect(Client(), "facebook")
        assert publisher.publish("again", publisher.body("facebook", text="Again")).status in (200, 201, 202)
        second = ask(asked(platforms, "facebook"))
    platforms.database.execute("UPDATE deletion_receipts SET created_at = '2026-01-01T00:00:00.000000Z'")
    for _ in range(2):
        maintain("leaving")
    assert status(second)["state"] == "completed"
    assert fly(sql("SELECT id FROM post_targets WHERE platform = 'facebook'"))[0] == []
    assert fly(sql("SELECT id FROM platform_connections WHERE platform = 'facebook'"))[0] == []


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_removal_at_the_platform_forgets_pending_grants_of_the_person(platforms: Platforms, platform: str) -> None:
    platforms.connect(Client(), platform)
    body = asked(platforms, platform)
    platforms.consent(Client(BOB), platform)
    assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200
    assert fly(sql("SELECT id FROM connection_attempts WHERE sealed_credentials IS NOT NULL"))[0] == []


def test_a_removal_at_tiktok_forgets_pending_grants_of_the_person(platforms: Platforms) -> None:
    platforms.connect(Client(), "tiktok")
    (row,) = fly(sql("SELECT grant_subject FROM platform_connections"))[0]
    platforms.consent(Client(BOB), "tiktok")
    event: dict[str, Any] = {"event": "authorization.removed", "user_openid": row["grant_subject"], "content": "{}"}
    event["create_time"] = int(time.time())
    body, stamp = json.dumps(event), str(int(time.time()))
    signature = hmac.new(b"tiktok-app-secret", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t={stamp},s={signature}"}
    assert Client(None).request("connect_callback", "POST", "/v1/callbacks/tiktok", raw=body, headers=headers).status == 200
    assert fly(sql("SELECT id FROM connection_attempts WHERE sealed_credentials IS NOT NULL"))[0] == []
