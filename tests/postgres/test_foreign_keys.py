"""A parent row goes without reading its children's table in full: the catalog has an index for every foreign key."""

from __future__ import annotations

from tests.support.databases import PostgresStore

UNINDEXED = """
SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k
-- No row of a reference table ever goes.
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
  AND k.confrelid::regclass::text NOT IN ('platforms', 'ai_providers') AND NOT EXISTS (
  SELECT 1 FROM pg_index x WHERE x.indrelid = k.conrelid AND x.indisvalid
    AND (x.indkey::int2[])[0:cardinality(k.conkey) - 1] = k.conkey
    -- A look-up by the key's value implies that there is one, and nothing else.
    AND (x.indpred IS NULL OR cardinality(k.conkey) = 1 AND pg_get_expr(x.indpred, x.indrelid) = format('(%I IS NOT NULL)', (
      SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]))))
ORDER BY 1, 2"""


def test_every_foreign_key_has_an_index_that_begins_with_its_columns(store: PostgresStore) -> None:
    assert store.fetch("SELECT count(*) > 8 FROM pg_constraint WHERE contype = 'f'") == [(True,)]
    assert store.fetch(UNINDEXED) == []


def test_a_foreign_key_without_an_index_is_found(own: PostgresStore) -> None:
    own.execute("DROP INDEX post_targets_post_id")
    own.execute("CREATE INDEX only_some ON post_targets (post_id) WHERE status = 'failed'")
    own.execute("CREATE INDEX other_order ON post_targets (user_id, post_id)")
    assert own.fetch(UNINDEXED) == [("post_targets", "post_targets_post_id_fkey")]
