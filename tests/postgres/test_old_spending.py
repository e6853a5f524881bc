"""A month that began before there were rows for what it cost: the migration brings them, whoever owns the tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.postgres.rows import ALICE, BOB
from tests.support.databases import PostgresStore
from tools import migrate
from tools.migrate import migrations

FIRST = "20261127130000"
"""The migration that makes the rows."""
COLUMNS = "user_id, request_id, task, attempt, provider, model, key_source, outcome, cost_nanousd, created_at"


@pytest.fixture(params=["superuser", "bound by row-level security"])
def before(request: pytest.FixtureRequest, empty: PostgresStore) -> Iterator[PostgresStore]:
    """The schema of the version before, made and migrated by such a role."""
    empty.execute((migrate.SUPABASE / "shim.sql").read_text())
    bound = request.param != "superuser"
    if bound:
        empty.execute("CREATE ROLE bound_owner CREATEROLE")
    try:
        if bound:
            empty.execute("GRANT noillusion_api, noillusion_worker, noillusion_health TO bound_owner WITH ADMIN OPTION")
            empty.execute("GRANT CREATE ON SCHEMA public TO bound_owner")
            empty.execute("GRANT USAGE ON SCHEMA auth TO bound_owner")
            empty.execute("SET ROLE bound_owner")
        for migration in migrations():
            if migration.version < FIRST:
                empty.execute(migration.text)
        yield empty
    finally:
        empty.execute("RESET ROLE")
        if bound:
            empty.execute("DROP OWNED BY bound_owner CASCADE")
            empty.execute("DROP ROLE bound_owner")


def test_what_this_month_has_cost_so_far_counts_after_the_migration(before: PostgresStore) -> None:
    before.execute("RESET ROLE")
    # A role that row-level security binds could not write for others.
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for user, source, cost, at in (
        (ALICE, "stored", 700, month),
        (ALICE, "operator", 30, month),
        (ALICE, "stored", "NULL", month),
        (BOB, "operator", 5, month),
        (BOB, "stored", 10_000, f"{month:%Y-%m-%d}T00:00:00Z'::timestamptz - interval '1 second"),
    ):
        values = f"'{user}', gen_random_uuid(), 'ideas', 1, 'openai', 'm', '{source}', 'ok', {cost}, '{at}'"
        before.execute(f"INSERT INTO ai_usage_tracking ({COLUMNS}) VALUES ({values})")
    owner = before.fetch("SELECT tableowner FROM pg_tables WHERE tablename = 'ai_usage_tracking'")[0][0]
    before.execute(f"SET ROLE {owner}")
    for _ in range(2):
        for migration in migrations():
            if migration.version >= FIRST:
                before.execute(migration.text)
    before.execute("RESET ROLE")
    name = f"{month:%Y-%m}"
    assert before.fetch("SELECT user_id, month, spent_nanousd, reserved_nanousd FROM ai_spending ORDER BY user_id") == [
        (ALICE, name, 730, 0),
        (BOB, name, 5, 0),
    ]
    assert before.fetch("SELECT user_hash, month, spent_nanousd FROM ai_operator_spending") == [("total", name, 35)]
    forced = """SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class
        WHERE relname LIKE 'ai\\_%' AND relname <> 'ai_providers' AND relkind = 'r'"""
    assert before.fetch(forced) == [(True,)]
