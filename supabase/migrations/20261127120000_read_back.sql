-- A commit remembers how far the platform's clock was ahead of ours, so that posts read back can be told from older ones by the
-- platform's own clock. Posts that nobody has claimed yet are looked for by account.
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS platform_ahead_ms bigint;
CREATE INDEX IF NOT EXISTS post_targets_unclaimed ON post_targets (platform, account_id)
  WHERE platform_post_id IS NULL AND committing_at IS NOT NULL;
