-- The same as the migration of this name does for PostgreSQL, without the security of rows.

UPDATE post_figures SET created_at = (SELECT MIN(a.polled_at) FROM post_analytics a WHERE a.target_id = post_figures.target_id)
WHERE created_at > (SELECT MIN(a.polled_at) FROM post_analytics a WHERE a.target_id = post_figures.target_id);

UPDATE post_figures SET expires_at = strftime('%Y-%m-%dT%H:%M:%f000Z', created_at, '+365 days')
WHERE expires_at IS NULL AND target_id IN (SELECT id FROM post_targets WHERE platform = 'linkedin');
