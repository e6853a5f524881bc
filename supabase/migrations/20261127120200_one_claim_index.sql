-- The index of the migration before, for the embedded engine as well, whose databases are made from nothing.
CREATE UNIQUE INDEX IF NOT EXISTS post_targets_one_claim ON post_targets (platform, account_id, platform_post_id)
  WHERE platform_post_id IS NOT NULL;
