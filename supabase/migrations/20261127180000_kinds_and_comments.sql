-- Posts of the kind poll, and the state of a post's first comment. The comment itself is content, so it is in no column.

ALTER TABLE post_targets DROP CONSTRAINT IF EXISTS post_targets_kind_check;
ALTER TABLE post_targets ADD CONSTRAINT post_targets_kind_check
  CHECK (kind IN ('text', 'link', 'image', 'images', 'video', 'reel', 'story', 'document', 'poll'));

ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS first_comment text
  CHECK (first_comment IN ('pending', 'posted', 'failed', 'unknown', 'not_sent'));
