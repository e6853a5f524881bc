-- The last edit of a published post: when it was sent and what came of it. The text itself is content, so it is in no column.

ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS edited_at timestamptz;
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS edit_status text CHECK (edit_status IN ('edited', 'failed', 'unknown'));
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS edit_error_class text;
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS edit_code text;
