-- The same as the migration of this name does for PostgreSQL. Its trigger is in triggers.sqlite.sql.

UPDATE post_targets SET post_created_at = (SELECT created_at FROM posts WHERE posts.id = post_targets.post_id)
WHERE post_created_at IS NULL AND created_at <> (SELECT created_at FROM posts WHERE posts.id = post_targets.post_id);
