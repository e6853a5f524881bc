-- The posts of a platform and of a connection, in the order of the list. On a large table build these beforehand without a lock
-- (docs/operating.md); this file then finds them. Under row-level security COALESCE would keep a cursor out of the index.

CREATE INDEX IF NOT EXISTS post_targets_by_platform ON post_targets
  (user_id, platform, (CASE WHEN post_created_at IS NULL THEN created_at ELSE post_created_at END), post_id);
CREATE INDEX IF NOT EXISTS post_targets_by_connection ON post_targets
  (user_id, connection_id, (CASE WHEN post_created_at IS NULL THEN created_at ELSE post_created_at END), post_id) WHERE connection_id IS NOT NULL;
