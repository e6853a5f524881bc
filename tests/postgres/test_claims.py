"""One post of a platform under one target: the database refuses a second, and existing databases get there with their rows."""

from __future__ import annotations

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import psycopg
import pytest

from tests.postgres.rows import ALICE, BOB
from tests.support.databases import PostgresStore
from tools.migrate import ensure, migrations

FIRST = "20261127120100"
ANSWERED, FOUND = '{"accepted_id": "101_9"}', "{}"


def target(
    store: PostgresStore,
    name: str,
    user: str,
    post: str | None,
    *,
    handles: str = ANSWERED,
    minute: int = 0,
    account: str = "101",
) -> str:
    """A published target with a reading, written as an earlier version left it."""
    post_id, target_id = (str(uuid5(NAMESPACE_URL, f"{kind}:{name}")) for kind in ("post", "target"))
    store.execute(
        f"""INSERT INTO posts (id, user_id, idempotency_key) VALUES ('{post_id}', '{user}', '{name}');
            INSERT INTO post_targets (id, user_id, post_id, platform, account_id, position, kind, status, handles, accepted_id,
              platform_post_id, permalink, published_at, deadline_at, metrics_due_at, created_at)
            VALUES ('{target_id}', '{user}', '{post_id}', 'facebook', '{account}', 0, 'text', 'published', '{handles}', '101_9',
              {f"'{post}'" if post else "NULL"}, 'https://www.facebook.com/101_9', now(), now(), now(),
              '2026-11-20T10:0{minute}:00Z');
            INSERT INTO post_analytics (user_id, target_id, polled_at, views) VALUES ('{user}', '{target_id}', now(), 7)"""
    )
    return target_id


def test_a_second_target_cannot_hold_a_post_whoever_owns_it(store: PostgresStore) -> None:
    target(store, "first", ALICE, "101_9")
    for user in (ALICE, BOB):
        with pytest.raises(psycopg.errors.UniqueViolation):
            target(store, f"second of {user}", user, "101_9")
    target(store, "another post", ALICE, "101_8")
    target(store, "another account", ALICE, "101_9", account="102")
    target(store, "no id yet", ALICE, None)
    target(store, "no id yet either", ALICE, None)


def test_an_existing_database_gives_a_post_to_one_target_and_says_so_to_the_others(
    empty: PostgresStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    everything = migrations()
    for migration in everything:
        if migration.version < FIRST:
            (tmp_path / f"{migration.label}.sql").write_text(migration.text)
    monkeypatch.setattr("tools.migrate.migrations", lambda: migrations(tmp_path))
    ensure(empty.url)
    found = target(empty, "found by its text", ALICE, "101_9", handles=FOUND, minute=1)
    answered = target(empty, "named in the answer", BOB, "101_9", minute=2)
    other = target(empty, "named as well", ALICE, "101_9", minute=3)
    earliest = target(empty, "found first", ALICE, "101_7", handles=FOUND, minute=1)
    later = target(empty, "found later", ALICE, "101_7", handles=FOUND, minute=2)
    alone = target(empty, "alone", ALICE, "101_5")
    monkeypatch.setattr("tools.migrate.migrations", lambda: everything)
    assert ensure(empty.url) == [migration.label for migration in everything if migration.version >= FIRST]
    kept = (
        "SELECT id::text FROM post_targets WHERE status = 'published' AND platform_post_id IS NOT NULL AND permalink IS NOT NULL"
    )
    assert {row[0] for row in empty.fetch(kept)} == {answered, earliest, alone}
    assert {row[0] for row in empty.fetch("SELECT target_id::text FROM post_analytics")} == {answered, earliest, alone}
    demoted = empty.fetch(
        """SELECT id::text, accepted_id, platform_post_id, permalink, metrics_due_at, next_check_at, error_class, platform_code
           FROM post_targets WHERE status = 'unknown'"""
    )
    nothing = (None,) * 5
    assert set(demoted) == {(name, *nothing, "unknown", "held_by_another") for name in (found, other, later)}
    told = empty.fetch("SELECT subject_id::text, user_id, kind, data ->> 'platform_code' FROM notifications")
    assert set(told) == {(name, ALICE, "publish_unknown", "held_by_another") for name in (found, other, later)}
    # The walls stand as before.
    with pytest.raises(psycopg.errors.CheckViolation, match="a finished target does not change"):
        empty.execute(f"UPDATE post_targets SET platform_post_id = NULL WHERE id = '{alone}'")
    forced = (
        "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('post_targets', 'post_analytics', 'notifications')"
    )
    assert empty.fetch(forced) == [(True,)]
