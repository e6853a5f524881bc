-- engine: postgresql
-- A platform's post belongs to one target. Where an earlier version credited one post to several, the target to which the platform gave
-- it in its answer keeps it, else the earliest. The others are what they always were: outcomes that nobody knows. Their readings were
-- of a post that is not theirs, so they go, and each owner is told.

-- The owner must see every row, and a finished target must move this once.
ALTER TABLE post_targets NO FORCE ROW LEVEL SECURITY;
ALTER TABLE post_analytics NO FORCE ROW LEVEL SECURITY;
ALTER TABLE notifications NO FORCE ROW LEVEL SECURITY;
ALTER TABLE post_targets DISABLE TRIGGER guard_finished_target;

WITH claims AS (
  SELECT id, row_number() OVER (
      PARTITION BY platform, account_id, platform_post_id
      ORDER BY COALESCE(handles ->> 'accepted_id' = accepted_id, false) DESC, created_at, id
    ) AS place
  FROM post_targets WHERE platform_post_id IS NOT NULL
), demoted AS (
  UPDATE post_targets t SET status = 'unknown', accepted_id = NULL, platform_post_id = NULL, permalink = NULL, published_at = NULL,
    metrics_due_at = NULL, next_check_at = NULL, text_fingerprint = NULL, error_class = 'unknown', error_code = 'outcome_unknown',
    platform_code = 'held_by_another', updated_at = now()
  FROM claims c WHERE c.id = t.id AND c.place > 1
  RETURNING t.id, t.user_id, t.platform, t.post_id
), told AS (
  INSERT INTO notifications (user_id, kind, subject_id, dedupe_key, data)
  SELECT user_id, 'publish_unknown', id, 'publish_unknown:' || id || ':unknown', jsonb_build_object('platform', platform,
    'post_id', post_id::text, 'status', 'unknown', 'error_class', 'unknown', 'platform_code', 'held_by_another')
  FROM demoted ON CONFLICT (user_id, dedupe_key) DO NOTHING
)
DELETE FROM post_analytics WHERE target_id IN (SELECT id FROM demoted);

ALTER TABLE post_targets ENABLE TRIGGER guard_finished_target;
CREATE UNIQUE INDEX IF NOT EXISTS post_targets_one_claim ON post_targets (platform, account_id, platform_post_id)
  WHERE platform_post_id IS NOT NULL;
ALTER TABLE post_targets FORCE ROW LEVEL SECURITY;
ALTER TABLE post_analytics FORCE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
