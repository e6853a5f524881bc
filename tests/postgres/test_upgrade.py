"""From the schema of the first release with data in it to the newest: every row survives, what was sealed in the first form opens
and is sealed anew in the background, and the key can be rotated afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from noillusion import rotation as sealing
from noillusion.connections import credential_store
from noillusion.connections import service as connections
from noillusion.core import loop
from noillusion.db import Actor, database
from noillusion.db import sql as query
from noillusion.settings import source as settings
from noillusion.templates import service as templates
from noillusion.vault import sealer as crypto
from noillusion.vault.sealer import Place
from tests.api.harness import Context, load
from tests.support.databases import PostgresStore
from tests.support.deployment import key
from tools import migrate
from tools.migrate import ensure, migrations

FIRST_RELEASE = "20261126090000"
"""The last migration of the first release."""
USERS = [f"auth0|user {number}" for number in range(100)]
PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok")
PROVIDERS = ("openai", "anthropic", "google")
SYSTEM_TEMPLATE = "7e3a1c00-0001-4000-8000-000000000001"
AT = "2026-11-25T12:00:00Z"
LATER = "2030-01-01T00:00:00Z"
MIGRATED: dict[str, set[str]] = {
    # That release wrote no schedules, so nothing in them had a meaning yet.
    "schedules": {
        *("strategy", "connection_ids", "sealed_source", "sealing_key_id", "source_sha256", "recurrence", "grace_seconds"),
        *("status", "error_code", "lease_owner", "lease_until", "updated_at"),
    },
}
"""Columns whose values a later migration changes or drops on purpose."""
OWN_TEMPLATES = {"version", "updated_at"}
"""Columns of the product's own templates that change when a release brings a new version of them."""
RESEALED: dict[str, set[str]] = {
    "ai_provider_keys": {"sealed_key"},
    "platform_connections": {"sealed_access_token", "sealed_refresh_token"},
    "connection_attempts": {"sealed_credentials"},
    "webhooks": {"sealed_url", "sealed_secret"},
}
"""Columns that the chore seals anew."""
Rows = dict[str, list[dict[str, Any]]]


def sealed(value: str, table: str, column: str, user: str, row: str) -> str:
    """A ciphertext as the first release made it."""
    bound = b"v1.k1" + json.dumps([table, column, user, row], separators=(",", ":")).encode()
    nonce = os.urandom(12)
    return f"v1.k1.{crypto._b64(nonce)}.{crypto._b64(AESGCM(bytes([1]) * 32).encrypt(nonce, value.encode(), bound))}"


def row_id(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))


def plain(table: str, column: str, row: str) -> str:
    """What is sealed in a column of a row."""
    return f"{table} {column} {row}"


def old_rows() -> Rows:
    """Rows of the first release, 900 of them with something sealed, parents before their children."""
    rows: Rows = {}

    def add(table: str, user: str, *name: str, seals: tuple[str, ...] = (), **columns: Any) -> str:
        made = row_id(table, user, *name)
        secrets = {column: sealed(plain(table, column, made), table, column, user, made) for column in seals}
        key_id = {"sealing_key_id": "k1"} if seals else {}
        rows.setdefault(table, []).append({"id": made, "user_id": user, **columns, **secrets, **key_id})
        return made

    for user in USERS:
        add("profiles", user, display_name="Ada", bio="a bio", skills='["C++"]', ai_preferences='{"monthly_budget_usd":5}')
        for provider in PROVIDERS:
            add("ai_provider_keys", user, provider, seals=("sealed_key",), provider=provider, hint="1234")
        attempt = {"platform": "tiktok", "state": "authorised", "nonce_hash": "n", "handle_hash": user, "expires_at": LATER}
        add("connection_attempts", user, seals=("sealed_credentials",), **attempt)
        for platform in PLATFORMS:
            account = {"platform": platform, "account_id": f"{platform} {user}", "account_kind": "user", "token_issued_at": AT}
            more = {"granted_scopes": '["a"]', "credential_version": 1 + len(platform) % 3, "display_name": "Ada"}
            tokens = ("sealed_access_token", *(("sealed_refresh_token",) if platform in ("facebook", "tiktok") else ()))
            connection = add("platform_connections", user, platform, seals=tokens, **account, **more)
            add("account_analytics", user, platform, connection_id=connection, polled_at=AT, followers=7)
        for number in ("1", "2"):
            post = add("posts", user, number, idempotency_key=number, request_fingerprint="ab" * 32, created_at=AT)
            target: dict[str, Any] = {
                "post_id": post,
                "connection_id": connection,
                "platform": "tiktok",
                "account_id": f"tiktok {user}",
            }
            ended = {"status": "published", "accepted_id": "7", "platform_post_id": f"7{number}", "published_at": AT}
            open_ = {"status": "unknown", "text_fingerprint": "cd" * 32, "committing_at": AT}
            state: dict[str, Any] = ended if number == "1" else open_
            made = add("post_targets", user, number, **target, **state, position=0, kind="video", deadline_at=LATER)
            add("post_analytics", user, number, target_id=made, polled_at=AT, views=7)
        usage: dict[str, Any] = {
            "request_id": post,
            "task": "ideas",
            "attempt": 1,
            "provider": "openai",
            "model": "m",
            "key_source": "stored",
        }
        add("ai_usage_tracking", user, **usage, outcome="ok", cost_nanousd=5, created_at=AT)
        add("ai_provider_state", user, provider="google", model="m", outcome="rate_limited", cooldown_until=LATER)
        template = add("prompt_templates", user, name="mine", content_mode="personal", usage_count=3, shared_at=AT)
        add("prompt_template_versions", user, template_id=template, version=1, user_text="{topic}")
        add("prompt_template_ratings", user, template_id=SYSTEM_TEMPLATE, stars=4)
        add("schedules", user, strategy="pull", due_at=LATER)
        add("notifications", user, kind="connection_dead", dedupe_key="d")
        add("webhooks", user, seals=("sealed_url", "sealed_secret"))
    return rows


@pytest.fixture
def first_release(empty: PostgresStore) -> Iterator[tuple[PostgresStore, Rows]]:
    """A database that the first release made and filled."""
    empty.execute((migrate.SUPABASE / "shim.sql").read_text())
    for migration in migrations():
        if migration.version <= FIRST_RELEASE:
            empty.execute(migration.text)
    rows = old_rows()
    assert sum(any(name.startswith("sealed_") for name in row) for found in rows.values() for row in found) == 900
    with psycopg.connect(empty.url) as connection, connection.cursor() as cursor:
        for table, found in rows.items():
            for columns in {tuple(row) for row in found}:
                marks = sql.SQL(", ").join(map(sql.Placeholder, columns))
                names = sql.SQL(", ").join(map(sql.Identifier, columns))
                insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, marks)
                cursor.executemany(insert, [row for row in found if tuple(row) == columns])
        cursor.execute("UPDATE prompt_templates SET rating_sum = 400, rating_count = 100 WHERE id = %s", (SYSTEM_TEMPLATE,))
        cursor.execute("INSERT INTO deletion_receipts (user_hash, code_hash, origin) VALUES ('h', 'c', 'user')")
    yield empty, rows


def contents(store: PostgresStore) -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of every table by its id."""
    return {
        table: {row[0]["id"]: row[0] for row in store.fetch(f'SELECT row_to_json(t) FROM "{table}" t')}
        for table in store.tables()
    }


def sizes(rows: dict[str, dict[str, dict[str, Any]]]) -> dict[str, int]:
    """The number of rows of each table that are not the product's own, which a release may add to."""
    return {table: sum(row.get("user_id") != "system" for row in found.values()) for table, found in rows.items()}


def lost(before: dict[str, Any], after: dict[str, Any], *changed: dict[str, set[str]]) -> list[tuple[str, str, str]]:
    """What is no longer there, or no longer the same, as table, row and column."""
    found = []
    for table, rows in before.items():
        for row, columns in rows.items():
            now = after.get(table, {}).get(row, {})
            kept = columns.keys() - set().union(*(columns_of.get(table, set()) for columns_of in changed))
            if table == "prompt_templates" and columns["user_id"] == "system":
                kept -= OWN_TEMPLATES
            found += [(table, row, column) for column in kept if column not in now or now[column] != columns[column]]
    return found


def opened() -> tuple[dict[str, int], list[tuple[str, str, str]]]:
    """How many ciphertexts there are by form and key, and those that do not open to what was sealed, read by the product."""
    forms: dict[str, int] = {}
    wrong = []
    for table, columns in sealing.SEALED.items():
        for user in USERS:
            rows = loop.run(database().flight(Actor(user), query(f"SELECT * FROM {table} WHERE user_id = :u", u=user)))[0]
            for row in rows:
                version = row["credential_version"] if table == "platform_connections" else None
                for column in (name for name in columns if row[name] is not None):
                    form = ".".join(row[column].split(".")[:2])
                    forms[form] = forms.get(form, 0) + 1
                    value = crypto.sealer().open(row[column], Place(table, column, user, row["id"], version)).reveal()
                    if value != plain(table, column, row["id"]):
                        wrong.append((table, row["id"], column))
    return forms, wrong


def reseal() -> dict[str, Any]:
    return dict(load("maintain").handler({"task": "reseal"}, Context(120)))


def rotate(monkeypatch: pytest.MonkeyPatch, current: str, *ids: str) -> None:
    ring = {"current": current, "keys": {key_id: key(int(key_id[1:])) for key_id in ids}}
    monkeypatch.setenv("SEALING_KEYS", json.dumps(ring))
    settings.settings.forget()
    crypto.sealer.cache_clear()


CIPHERTEXTS = 900 + 2 * len(USERS) + len(USERS)
"""Connections at two platforms have a second token, webhooks a second secret."""


def test_a_filled_database_of_the_first_release_is_brought_up_to_date_and_sealed_anew(
    first_release: tuple[PostgresStore, Rows], deploy: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = first_release
    before = contents(store)
    newer = [migration for migration in migrations() if migration.version > FIRST_RELEASE]
    # Pasted one after the other, as into the dashboard, and all of them once more.
    for migration in (*newer, *newer):
        store.execute(migration.text)
    assert {table: size for table, size in sizes(contents(store)).items() if table in before} == sizes(before)
    assert lost(before, contents(store), MIGRATED) == []

    deploy(store.url)
    assert opened() == ({"v1.k1": CIPHERTEXTS}, [])
    assert reseal() == {"task": "reseal", "resealed": 900, "unreadable": 0, "remaining": 0}
    assert opened() == ({"v2.k1": CIPHERTEXTS}, [])
    assert lost(before, contents(store), MIGRATED, RESEALED) == []
    assert reseal()["resealed"] == 0

    rotate(monkeypatch, "k2", "k1", "k2")
    assert opened() == ({"v2.k1": CIPHERTEXTS}, [])
    assert reseal() == {"task": "reseal", "resealed": 900, "unreadable": 0, "remaining": 0}
    rotate(monkeypatch, "k2", "k2")
    assert opened() == ({"v2.k2": CIPHERTEXTS}, [])
    assert reseal()["remaining"] == 0


def test_the_runner_brings_a_filled_database_up_to_date_and_what_was_counted_goes_on(
    first_release: tuple[PostgresStore, Rows], deploy: Callable[[str], None]
) -> None:
    store, _ = first_release
    before = contents(store)
    # The first release's own runner had recorded its files.
    store.execute(migrate.LEDGER)
    recorded = ", ".join(f"('{migration.version}')" for migration in migrations() if migration.version <= FIRST_RELEASE)
    store.execute(f"INSERT INTO supabase_migrations.schema_migrations (version) VALUES {recorded}")
    assert ensure(store.url) == [migration.label for migration in migrations() if migration.version > FIRST_RELEASE]
    assert ensure(store.url) == []
    assert lost(before, contents(store), MIGRATED) == []

    deploy(store.url)
    user = USERS[0]
    found = loop.run(templates.get(user, SYSTEM_TEMPLATE))
    assert (found.rating.average, found.rating.count, found.rating.mine) == (4.0, 100, 4)
    loop.run(templates.withdraw_rating(user, SYSTEM_TEMPLATE))
    found = loop.run(templates.get(user, SYSTEM_TEMPLATE))
    assert (found.rating.average, found.rating.count, found.rating.mine) == (4.0, 99, None)
    theirs = loop.run(templates.get(user, row_id("prompt_templates", USERS[1])))
    assert (theirs.origin, theirs.user_text, theirs.usage_count) == ("community", "{topic}", 3)
    wanted = credential_store.credential(user, row_id("platform_connections", user, "tiktok"))
    assert connections.to_connection(loop.run(database().flight(Actor(user), wanted)).one(wanted)).status == "active"


def test_a_ciphertext_that_the_first_release_made_opens() -> None:
    """Not one that these tests made."""
    made = "v1.k1.1wgLj72jH6B5RdUD.ui62nxarbPeAURSdvwwk6VPB34gq9YIAnx7Rk-TSF79etJZ6rn29-iZKBQ"
    place = Place("platform_connections", "sealed_access_token", 'auth0|ü"1', "7e3a1c00-0001-4000-8000-000000000001", 5)
    assert crypto.Sealer("k1", {"k1": bytes([1]) * 32}).open(made, place).reveal() == "a token of an older version"
