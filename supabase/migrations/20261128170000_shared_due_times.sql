-- Targets of one account that are due at the same time share a row, so a reading writes one due time for many of them. The newest is the
-- key of the row, as it was, and the others are beside it. Rows of one target, as there are now, are read and join the others by
-- themselves. The key is no reference any more: with its target, a row would lose the others.

ALTER TABLE post_polls ADD COLUMN IF NOT EXISTS other_target_ids jsonb NOT NULL DEFAULT '[]';
ALTER TABLE post_polls DROP CONSTRAINT IF EXISTS post_polls_target_id_fkey;
