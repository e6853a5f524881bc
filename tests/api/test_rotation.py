"""Rotation of the sealing key under traffic: everything is sealed anew, nothing is lost, nothing is overwritten (bars.md T14)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from noillusion import db
from noillusion import rotation as sealing
from noillusion.connections import credential_store, credentials, saving
from noillusion.connections import service as connections
from noillusion.connections.rows import CredentialRow, TokenExpiry
from noillusion.core import clock, loop
from noillusion.core.sensitive import Secret
from noillusion.db import WORKER, Actor, Flight, Row, Statement, sql
from noillusion.flows.protocol import Tokens
from noillusion.settings import source as settings
from noillusion.vault import sealer as crypto
from noillusion.vault.sealer import Place, SealBroken
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Client, Context, load
from tests.support.deployment import key

ALICE, BOB = "auth0|alice", "auth0|bob"
PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok")
Rotate = Callable[..., None]


@pytest.fixture
def rotate(monkeypatch: pytest.MonkeyPatch) -> Rotate:
    """Changes the key ring: the current key's id, then all ids."""

    def change(current: str, *ids: str) -> None:
        keys = {key_id: key(int(key_id[1:])) for key_id in ids}
        monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": current, "keys": keys}))
        reread()

    return change


def reread() -> None:
    """Have the settings read again."""
    settings.settings.forget()
    crypto.sealer.cache_clear()


def run(*statements: Statement, actor: Actor = WORKER) -> Flight:
    return loop.run(db.database().flight(actor, *statements))


def stored(user: str) -> list[CredentialRow]:
    """A user's connections with their sealed tokens."""
    wanted = credentials.of_user(user)
    return run(wanted, actor=Actor(user))[wanted]


def whole() -> Row:
    """Every column of the only connection."""
    (row,) = run(sql("SELECT * FROM platform_connections"))[0]
    return row


def reseal(seconds: float = 60.0) -> dict[str, Any]:
    """One run of the chore, from its sample event."""
    event = json.loads((ROOT / "events" / "maintain_reseal.json").read_text("utf-8"))
    return dict(load("maintain").handler(event, Context(seconds)))


def sealed_under(*ids: str) -> dict[str, int]:
    """How many ciphertexts there are under each key, over all tables; what the rows say must agree."""
    counts = dict.fromkeys(ids, 0)
    for table, columns in sealing.SEALED.items():
        for row in run(sql(f"SELECT {', '.join(columns)}, sealing_key_id FROM {table}"))[0]:
            for text in filter(None, (row[column] for column in columns)):
                key_id = text.split(".")[1]
                assert row["sealing_key_id"] == key_id
                counts[key_id] += 1
    return counts


def populate(platforms: Platforms) -> str:
    """Rows in every table with sealed columns, of two users; the handle of a grant whose accounts are not chosen yet."""
    for name in PLATFORMS:
        platforms.connect(Client(ALICE), name)
    platforms.connect(Client(BOB), "linkedin")
    kept = Client(ALICE).request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-alices-own-key-1234"})
    assert kept.status == 200
    for user in (ALICE, BOB):
        add_schedule_and_webhook(user)
    return str(platforms.consent(Client(BOB), "tiktok").json["pending_id"])


def add_schedule_and_webhook(user: str) -> None:
    schedule, target, webhook = str(uuid4()), str(uuid4()), str(uuid4())

    def seal(value: str, table: str, column: str, row_id: str) -> str:
        return crypto.sealer().seal(Secret(value), Place(table, column, user, row_id))

    key_id = crypto.sealer().key_id
    run(
        sql(
            "INSERT INTO schedules (id, user_id, due_at) VALUES (:id, :user_id, :now)",
            now=clock.now(),
            id=schedule,
            user_id=user,
        ),
        sql(
            """INSERT INTO schedule_targets (id, user_id, schedule_id, platform, position, way, sealed_source, sealing_key_id)
               VALUES (:id, :user_id, :schedule_id, 'tiktok', 0, 'pull', :source, :key_id)""",
            id=target,
            user_id=user,
            schedule_id=schedule,
            source=seal("https://example.com/post.json", "schedule_targets", "sealed_source", target),
            key_id=key_id,
        ),
        sql(
            """INSERT INTO webhooks (id, user_id, sealed_url, sealed_secret, sealed_old_secret, sealing_key_id)
               VALUES (:id, :user_id, :url, :secret, :old, :key_id)""",
            id=webhook,
            user_id=user,
            url=seal("https://example.com/hook", "webhooks", "sealed_url", webhook),
            secret=seal("hook-secret", "webhooks", "sealed_secret", webhook),
            old=seal("hook-old-secret", "webhooks", "sealed_old_secret", webhook),
            key_id=key_id,
        ),
        actor=Actor(user),
    )


def listed(user: str) -> list[dict[str, Any]]:
    return list(Client(user).request("connect_callback", "GET", "/v1/connections").json["items"])


def check(connection_id: str, user: str = ALICE) -> dict[str, Any]:
    answer = Client(user).request("connect_callback", "POST", f"/v1/connections/{connection_id}/test")
    assert answer.status == 200, answer.text
    return dict(answer.json)


def test_every_sealed_column_of_the_schema_is_resealed(deployment: object) -> None:
    schema = (ROOT / "layers/shared/noillusion/db/schema.sqlite.sql").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for statement in schema.split("CREATE TABLE ")[1:]:
        name = statement.removeprefix("IF NOT EXISTS ").split()[0]
        body = statement.split("\n);")[0]
        columns = [line.split()[0] for line in body.splitlines() if line.strip().startswith("sealed_")]
        if columns:
            found[name] = columns
    assert found == {table: list(columns) for table, columns in sealing.SEALED.items()}


def test_T14_rotation_under_traffic_loses_nothing_and_the_old_key_can_go(
    platforms: Platforms, rotate: Rotate, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = populate(platforms)
    before = sealed_under("k1")["k1"]
    assert before > 12
    monkeypatch.setattr(sealing, "BATCH", 2)
    rotate("k2", "k1", "k2")
    rows = {user: stored(user) for user in (ALICE, BOB)}

    async def traffic(user: str, row: CredentialRow) -> bool:
        # Tests of all connections and forced refreshes, while their rows are sealed anew.
        deadline = clock.monotonic() + 20
        found = await connections.test(user, row.id, deadline)
        if row.sealed_refresh_token is not None:
            await credentials.refresh(row, deadline)
        return found.ok

    async def everything() -> list[Any]:
        work = (traffic(user, row) for user, found in rows.items() for row in found)
        return await asyncio.gather(sealing.reseal(clock.monotonic() + 30), *work)

    report, *worked = loop.run(everything())
    assert all(worked) and report.resealed > 0 and report.unreadable == 0
    assert reseal() == {"task": "reseal", "resealed": 0, "unreadable": 0, "remaining": 0}
    assert sealed_under("k1", "k2")["k1"] == 0

    rotate("k2", "k2")
    assert all(check(row.id, user)["ok"] for user, found in rows.items() for row in found)
    pending = Client(BOB).request("connect_callback", "GET", f"/v1/connections/pending/{handle}")
    assert pending.status == 200 and pending.json["accounts"]
    usable = {p["provider"]: p for p in Client(ALICE).request("generate", "GET", "/v1/ai/providers").json["items"]}
    assert usable["openai"]["key_source"] == "stored" and usable["openai"]["available"], usable
    facebook = next(row for row in rows[ALICE] if row.platform == "facebook")
    body = {"content": {"text": "After the rotation"}, "targets": [{"connection_id": facebook.id}]}
    post = Client(ALICE).request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": "after"})
    assert [target["status"] for target in post.json["targets"]] == ["published"], post.text


def test_what_was_sealed_opens_to_the_same_and_only_in_its_place(platforms: Platforms, rotate: Rotate) -> None:
    platforms.connect(Client(ALICE), "tiktok")
    (old,), before = stored(ALICE), whole()
    tokens = credentials.opened(old)
    rotate("k2", "k1", "k2")
    assert reseal()["resealed"] == 1
    (new,) = stored(ALICE)
    assert tokens.refresh and credentials.opened(new).refresh
    opened = credentials.opened(new)
    assert opened.access.reveal() == tokens.access.reveal()
    assert opened.refresh and opened.refresh.reveal() == tokens.refresh.reveal()
    assert new.sealed_access_token != old.sealed_access_token
    changed = {*sealing.SEALED["platform_connections"], "sealing_key_id", "updated_at"}
    assert {name for name, value in whole().items() if value != before[name]} <= changed


def test_a_credential_that_changes_meanwhile_is_not_overwritten(
    platforms: Platforms, rotate: Rotate, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms.connect(Client(ALICE), "tiktok")
    (row,) = stored(ALICE)
    rotate("k2", "k1", "k2")
    now = clock.now()
    fresh = Tokens(Secret("fresh-access"), Secret("fresh-refresh"), 3600, 86400)

    class Racing:
        """Saves a refresh's tokens just before the first conditional update."""

        def __init__(self, engine: Any) -> None:
            self.engine, self.saved = engine, False

        async def flight(self, actor: Actor, *statements: Statement) -> Flight:
            if statements[0].text.startswith("UPDATE platform_connections SET sealed_access_token = :new") and not self.saved:
                self.saved = True
                version, never = row.credential_version, TokenExpiry(None, None, None)
                sealed = credentials.seal_tokens(ALICE, row.id, version + 1, fresh)
                await self.engine.flight(Actor(ALICE), credential_store.save_tokens(ALICE, row.id, version, sealed, never, now))
            flown: Flight = await self.engine.flight(actor, *statements)
            return flown

    racing = Racing(db.database())
    monkeypatch.setattr(sealing, "database", lambda: racing)
    assert reseal() == {"task": "reseal", "resealed": 0, "unreadable": 0, "remaining": 0}
    assert racing.saved
    (found,) = stored(ALICE)
    assert credentials.opened(found).access.reveal() == "fresh-access"


def write_back(row: CredentialRow, *columns: str) -> None:
    """Put an older state of a connection's columns back, as somebody with a copy of the table could."""
    values = {column: getattr(row, column) for column in columns}
    assignments = ", ".join(f"{column} = :{column}" for column in columns)
    run(sql(f"UPDATE platform_connections SET {assignments} WHERE id = :id", id=row.id, **values), actor=Actor(ALICE))


def test_an_older_ciphertext_of_the_same_row_does_not_open(platforms: Platforms) -> None:
    platforms.connect(Client(ALICE), "tiktok")
    (old,) = stored(ALICE)
    assert loop.run(credentials.refresh(old, clock.monotonic() + 20)) is not None
    (new,) = stored(ALICE)
    assert new.credential_version == old.credential_version + 1 and credentials.opened(new).refresh
    for columns in (("sealed_access_token",), ("sealed_refresh_token",), ("sealed_access_token", "sealed_refresh_token")):
        write_back(old, *columns)
        with pytest.raises(SealBroken):
            credentials.opened(stored(ALICE)[0])
        write_back(new, *columns)
    platforms.connect(Client(ALICE), "tiktok")
    (anew,) = stored(ALICE)
    assert (anew.id, anew.credential_version) == (new.id, new.credential_version + 1)
    assert credentials.opened(anew).access.reveal() != credentials.opened(new).access.reveal()
    write_back(new, "sealed_access_token")
    with pytest.raises(SealBroken):
        credentials.opened(stored(ALICE)[0])


def test_an_ai_key_that_was_replaced_does_not_open_where_the_new_one_is(platforms: Platforms) -> None:
    keys = sql("SELECT id, sealed_key FROM ai_provider_keys")
    client = Client(ALICE)
    assert client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-the-first-of-two"}).status == 200
    (old,) = run(keys, actor=Actor(ALICE))[0]
    assert client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-the-second-of-two"}).status == 200
    (new,) = run(keys, actor=Actor(ALICE))[0]
    place = Place("ai_provider_keys", "sealed_key", ALICE, new["id"])
    assert crypto.sealer().open(new["sealed_key"], place).reveal() == "sk-the-second-of-two"
    with pytest.raises(SealBroken):
        crypto.sealer().open(old["sealed_key"], place)


def test_connecting_again_while_a_refresh_renews_the_credential_saves_what_opens(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms.connect(Client(ALICE), "tiktok")
    (row,) = stored(ALICE)

    class Racing:
        """Refreshes the credential between the reading of its version and the saving of the new grant."""

        def __init__(self, engine: Any) -> None:
            self.engine, self.raced = engine, 0

        async def flight(self, actor: Actor, *statements: Statement) -> Flight:
            if any(s.text.startswith("INSERT INTO platform_connections") for s in statements) and self.raced < 2:
                self.raced += 1
                version = row.credential_version + self.raced - 1
                sealed = credentials.seal_tokens(ALICE, row.id, version + 1, Tokens(Secret("other"), Secret("other")))
                never = TokenExpiry(None, None, None)
                save = credential_store.save_tokens(ALICE, row.id, version, sealed, never, clock.now())
                assert (await self.engine.flight(Actor(ALICE), save))[0]
            flown: Flight = await self.engine.flight(actor, *statements)
            return flown

    racing = Racing(db.database())
    monkeypatch.setattr(saving, "database", lambda: racing)
    platforms.connect(Client(ALICE), "tiktok")
    (found,) = stored(ALICE)
    assert racing.raced == 2 and found.credential_version == row.credential_version + 3
    assert credentials.opened(found).access.reveal() not in ("other", credentials.opened(row).access.reveal())
    assert check(found.id)["ok"]


def test_rows_of_the_old_form_open_and_are_sealed_anew_without_a_new_version(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEALING_FORM", "v1")
    reread()
    platforms.connect(Client(ALICE), "tiktok")
    (old,) = stored(ALICE)
    assert old.sealed_access_token.startswith("v1.k1.")
    monkeypatch.delenv("SEALING_FORM")
    reread()
    assert credentials.opened(old).access.reveal()
    assert reseal() == {"task": "reseal", "resealed": 1, "unreadable": 0, "remaining": 0}
    (new,) = stored(ALICE)
    assert new.credential_version == old.credential_version
    assert credentials.opened(new).access.reveal() == credentials.opened(old).access.reveal()
    assert new.sealed_refresh_token is not None
    assert {new.sealed_access_token[:6], new.sealed_refresh_token[:6]} == {"v2.k1."}


def test_rows_under_a_removed_key_are_counted_and_do_not_stop_the_others(
    platforms: Platforms, rotate: Rotate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 1)
    for name in ("facebook", "linkedin"):
        platforms.connect(Client(ALICE), name)
    lost = sum(sealed_under("k1").values())
    rows = len(stored(ALICE))
    rotate("k2", "k2")
    platforms.connect(Client(BOB), "linkedin")
    add_schedule_and_webhook(BOB)
    rotate("k3", "k2", "k3")
    done = reseal()
    assert lost and done["unreadable"] == rows and done["remaining"] == rows
    assert done["resealed"] == len(stored(BOB)) + 2
    assert check(listed(BOB)[0]["id"], BOB)["ok"]


def test_T14_a_connection_under_a_removed_key_asks_for_consent_and_crashes_nothing(platforms: Platforms, rotate: Rotate) -> None:
    client = Client(ALICE)
    for name in PLATFORMS:
        platforms.connect(client, name)
    assert client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-alices-own-key-1234"}).status == 200
    handle = platforms.consent(client, "linkedin").json["pending_id"]
    rotate("k2", "k2")
    ids = {item["platform"]: item["id"] for item in listed(ALICE)}

    found = check(ids["facebook"])
    assert (found["ok"], found["error_class"]) == (False, "reauth")
    assert (found["connection"]["status"], found["connection"]["status_reason"]) == ("reauth_required", "seal_broken")

    body = {"content": {"text": "x"}, "targets": [{"connection_id": ids["linkedin"]}]}
    post = client.request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": "k"})
    assert [(t["status"], t["error"]["error_class"]) for t in post.json["targets"]] == [("failed", "reauth")], post.text

    due = sql("UPDATE platform_connections SET refresh_due_at = :now WHERE id = :id", now=clock.now(), id=ids["tiktok"])
    run(due, actor=Actor(ALICE))
    assert load("maintain").handler({"task": "refresh_tokens"}, Context(60))["failed"] == 1

    states = {item["platform"]: (item["status"], item["status_reason"]) for item in listed(ALICE)}
    dead = {name for name, state in states.items() if state == ("reauth_required", "seal_broken")}
    assert dead == {"facebook", "linkedin", "tiktok"} and states["instagram"][0] == "active"
    assert client.request("connect_callback", "GET", f"/v1/connections/pending/{handle}").status == 404
    assert client.request("generate", "GET", "/v1/ai/providers").status == 200
    notices = run(sql("SELECT kind, subject_id FROM notifications WHERE user_id = :u", u=ALICE), actor=Actor(ALICE))[0]
    assert sorted(n["subject_id"] for n in notices if n["kind"] == "connection_dead") == sorted(ids[name] for name in dead)
    platforms.connect(client, "facebook")
    assert check(ids["facebook"])["ok"]


def test_a_run_without_time_says_what_is_left(platforms: Platforms, rotate: Rotate, monkeypatch: pytest.MonkeyPatch) -> None:
    platforms.connect(Client(ALICE), "tiktok")
    rotate("k2", "k1", "k2")
    report = loop.run(sealing.reseal(clock.monotonic() - 1))
    assert (report.resealed, report.remaining) == (0, 1)
    assert reseal()["remaining"] == 0
