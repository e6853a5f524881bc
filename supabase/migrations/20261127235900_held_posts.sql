-- The time at which a platform publishes a post that it holds until then.
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS publish_at timestamptz;
