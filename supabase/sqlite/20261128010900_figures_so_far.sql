-- The same as the migration of this name does for PostgreSQL, without the security of rows.
INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at)
SELECT id, user_id, connection_id, platform, COALESCE(published_at, created_at), metrics_due_at
FROM post_targets WHERE metrics_due_at IS NOT NULL AND connection_id IS NOT NULL
ON CONFLICT (target_id) DO NOTHING;

INSERT INTO post_figures
  (target_id, user_id, read_at, reason, failures, good_at, views, reach, likes, comments, shares, saves, clicks, extra)
SELECT l.target_id, l.user_id, l.polled_at, l.reason,
  (SELECT COUNT(*) FROM post_analytics s
   WHERE s.target_id = l.target_id AND s.status <> 'ok' AND (n.good_at IS NULL OR s.polled_at > n.good_at)),
  g.polled_at, g.views, g.reach, g.likes, g.comments, g.shares, g.saves, g.clicks, COALESCE(g.extra, '{}')
FROM (
  SELECT target_id, MAX(polled_at) AS last_at, MAX(CASE WHEN status = 'ok' THEN polled_at END) AS good_at
  FROM post_analytics GROUP BY target_id
) n
JOIN post_analytics l ON l.target_id = n.target_id AND l.polled_at = n.last_at
LEFT JOIN post_analytics g ON g.target_id = n.target_id AND g.polled_at = n.good_at
WHERE l.target_id IS NOT NULL
ON CONFLICT (target_id) DO NOTHING;
