"""The version before reads one post of each row of due times: the guide's statements give each post a row of its own again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from noillusion.db.postgres import API_ROLE
from tests.postgres.rows import ALICE, insert, row_id
from tests.postgres.test_access import acting
from tests.support.databases import PostgresStore

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "operating.md"
DUE = datetime(2030, 1, 1, tzinfo=UTC)


def test_each_post_has_a_row_of_its_own_again(store: PostgresStore) -> None:
    tables = ("platform_connections", "posts", "post_targets", "post_polls")
    first, others = row_id(ALICE, "post_targets"), [str(uuid4()) for _ in range(3)]
    with acting(store, API_ROLE, ALICE) as connection:
        connection.execute(";".join(insert(ALICE, table) for table in tables).encode())
    named = "id, user_id, post_id, connection_id, platform, account_id, kind, deadline_at"
    for number, other in enumerate(others[:2], 1):
        store.execute(
            f"""INSERT INTO post_targets ({named}, position, published_at)
                SELECT '{other}', {named.partition(", ")[2]}, {number}, now() FROM post_targets WHERE id = '{first}'"""
        )
    # The third is of a post that is gone.
    ids = ", ".join(f"'{other}'" for other in others)
    store.execute(f"UPDATE post_polls SET other_target_ids = jsonb_build_array({ids})")
    section = GUIDE.read_text().partition("20261128170000_shared_due_times.sql")[2]
    store.execute(section.partition("```sql\n")[2].partition("```")[0])
    found = store.fetch("SELECT target_id, due_at, other_target_ids FROM post_polls")
    assert {str(target): (due, rest) for target, due, rest in found} == {target: (DUE, []) for target in (first, *others[:2])}
