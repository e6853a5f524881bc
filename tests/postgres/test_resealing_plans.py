"""H7: resealing costs what has to be resealed, however much is sealed, as the worker's role."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from bench import plans
from local.databases.postgres import Server
from noillusion import rotation
from noillusion.db import Statement
from noillusion.db.postgres import WORKER_ROLE
from noillusion.vault.sealer import Sealer
from tests.support import databases
from tests.support.databases import PostgresStore

CURRENT = Sealer("k2", {"k2": bytes(32)})
SEALED, OLD = 20_000, 3
BLOCKS = 100
FILL = f"""
CREATE FUNCTION sealed(n integer) RETURNS text LANGUAGE sql
  AS $$ SELECT CASE WHEN n <= {SEALED} THEN 'v2.k2.' ELSE 'v2.k1.' END || repeat(md5(n::text), 4) $$;
CREATE TABLE people AS SELECT n, 'auth0|' || n AS who FROM generate_series(1, {SEALED} + {OLD}) n;
INSERT INTO ai_provider_keys (user_id, provider, sealed_key, sealing_key_id, hint)
  SELECT who, 'openai', sealed(n), 'k2', 'h' FROM people;
INSERT INTO platform_connections
  (user_id, platform, account_id, account_kind, sealed_access_token, sealed_refresh_token, sealing_key_id, token_issued_at)
  SELECT who, 'tiktok', 'account', 'user', 'v2.k2.' || md5(n::text), sealed(n), 'k2', now() FROM people;
INSERT INTO connection_attempts
  (user_id, platform, nonce_hash, sealed_credentials, sealing_key_id, expires_at)
  SELECT who, 'tiktok', 'n' || n, sealed(n), 'k2', now() FROM people;
INSERT INTO schedules (user_id, due_at) SELECT who, now() FROM people;
INSERT INTO schedule_targets (user_id, schedule_id, connection_id, platform, position, way, sealed_source, sealing_key_id)
  SELECT s.user_id, s.id, c.id, 'tiktok', 0, 'notify', sealed(p.n), 'k2'
  FROM schedules s JOIN people p ON p.who = s.user_id JOIN platform_connections c ON c.user_id = s.user_id;
INSERT INTO webhooks (user_id, sealed_url, sealed_secret, sealed_old_secret, sealing_key_id)
  SELECT who, 'v2.k2.' || md5(n::text), 'v2.k2.' || md5(n::text), CASE WHEN n % 5 = 0 OR n > {SEALED} THEN sealed(n) END, 'k2'
  FROM people;
DROP TABLE people"""


@pytest.fixture(scope="module")
def store(postgres_server: Server) -> Iterator[PostgresStore]:
    """A database with many rows under the current key and few under another one, in each table."""
    with databases.fresh(postgres_server) as made:
        for statement in FILL.split(";\n"):
            made.execute(statement)
        made.execute("VACUUM ANALYZE")
        yield made


@pytest.mark.parametrize("table", rotation.SEALED)
def test_H7_resealing_looks_only_at_what_is_under_another_key(store: PostgresStore, table: str) -> None:
    assert store.fetch(f"SELECT count(*) FROM {table}") == [(SEALED + OLD,)]
    statements: list[Statement] = [
        rotation._to_reseal(table, CURRENT, rotation.FIRST),
        rotation._count(table, CURRENT, rotation.FIRST),
    ]
    with psycopg.connect(store.url, autocommit=True) as connection:
        for statement in statements:
            plan = plans.explain(connection, WORKER_ROLE, None, statement)
            assert plan.scanned() == set()
            assert plan.buffers <= BLOCKS, plan
        assert plans.explain(connection, WORKER_ROLE, None, statements[0]).tree["Actual Rows"] == OLD


@pytest.mark.parametrize("table", rotation.SEALED)
def test_a_key_with_a_long_id_is_compared_whole(store: PostgresStore, table: str) -> None:
    """An index holds 40 characters."""
    long = Sealer("k" * 60, {"k" * 60: bytes(32)})
    with psycopg.connect(store.url, autocommit=True) as connection:
        statement = rotation._to_reseal(table, long, rotation.FIRST)
        assert plans.explain(connection, WORKER_ROLE, None, statement).tree["Actual Rows"] == rotation.BATCH
