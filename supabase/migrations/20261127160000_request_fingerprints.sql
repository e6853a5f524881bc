-- A template, a generation and the attempts of a retry keep a fingerprint of the keyed request that made them, for a day. Until now it
-- was part of their ids and stayed with them. A retry gets a key of its own: its first attempt has it.
-- On a large post_targets add the columns and build the indexes beforehand without a lock (docs/operating.md); this file then finds them.

ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS idempotency_key text;
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS request_fingerprint text;
ALTER TABLE prompt_templates ADD COLUMN IF NOT EXISTS request_fingerprint text;
ALTER TABLE ai_usage_tracking ADD COLUMN IF NOT EXISTS request_fingerprint text;

CREATE UNIQUE INDEX IF NOT EXISTS post_targets_key ON post_targets (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What is past its window is found by age.
CREATE INDEX IF NOT EXISTS post_targets_window ON post_targets (created_at) WHERE request_fingerprint IS NOT NULL;
CREATE INDEX IF NOT EXISTS prompt_templates_window ON prompt_templates (created_at) WHERE request_fingerprint IS NOT NULL;
CREATE INDEX IF NOT EXISTS ai_usage_tracking_window ON ai_usage_tracking (created_at) WHERE request_fingerprint IS NOT NULL;
