-- The same as the migration of this name does for PostgreSQL, whose statement changes several tables at once.

INSERT INTO notifications (user_id, kind, subject_id, dedupe_key, data)
SELECT user_id, 'publish_unknown', id, 'publish_unknown:' || id || ':unknown', json_object('platform', platform, 'post_id', post_id,
  'status', 'unknown', 'error_class', 'unknown', 'platform_code', 'held_by_another')
FROM (
  SELECT id, user_id, platform, post_id, row_number() OVER (
    PARTITION BY platform, account_id, platform_post_id
    ORDER BY COALESCE(handles ->> 'accepted_id' = accepted_id, false) DESC, created_at, id
  ) AS place
  FROM post_targets WHERE platform_post_id IS NOT NULL
) WHERE place > 1
ON CONFLICT (user_id, dedupe_key) DO NOTHING;

DELETE FROM post_analytics WHERE target_id IN (
  SELECT id FROM (
    SELECT id, row_number() OVER (
      PARTITION BY platform, account_id, platform_post_id
      ORDER BY COALESCE(handles ->> 'accepted_id' = accepted_id, false) DESC, created_at, id
    ) AS place
    FROM post_targets WHERE platform_post_id IS NOT NULL
  ) WHERE place > 1
);

UPDATE post_targets SET status = 'unknown', accepted_id = NULL, platform_post_id = NULL, permalink = NULL, published_at = NULL,
  metrics_due_at = NULL, next_check_at = NULL, text_fingerprint = NULL, error_class = 'unknown', error_code = 'outcome_unknown',
  platform_code = 'held_by_another', updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
WHERE id IN (
  SELECT id FROM (
    SELECT id, row_number() OVER (
      PARTITION BY platform, account_id, platform_post_id
      ORDER BY COALESCE(handles ->> 'accepted_id' = accepted_id, false) DESC, created_at, id
    ) AS place
    FROM post_targets WHERE platform_post_id IS NOT NULL
  ) WHERE place > 1
);
