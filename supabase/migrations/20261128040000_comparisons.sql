-- What posts are compared by, besides kind, platform and hour: the length of the text in four steps, and the generation behind it. On a
-- large table the check is added without looking at the rows there are, which have no length.

ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS text_length text
  CHECK (text_length IN ('none', 'short', 'medium', 'long', 'very_long'));
ALTER TABLE posts ADD COLUMN IF NOT EXISTS generation_id uuid;

-- Which attempt wrote the text of a generation. On a large table build it beforehand without a lock (docs/operating.md).
CREATE INDEX IF NOT EXISTS ai_usage_tracking_written ON ai_usage_tracking (user_id, request_id) WHERE outcome = 'ok';
