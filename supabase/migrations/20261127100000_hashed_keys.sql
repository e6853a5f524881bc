-- Idempotency keys are stored as keyed hashes, which begin with "hmac:". Those from before are hashed in the background, which needs the
-- key of the fingerprints and so cannot be done here; these indexes find them, and are empty afterwards.

CREATE INDEX IF NOT EXISTS posts_plain_keys ON posts (user_id, id) WHERE substr(idempotency_key, 1, 5) <> 'hmac:';
CREATE INDEX IF NOT EXISTS prompt_templates_plain_keys ON prompt_templates (user_id, id) WHERE substr(idempotency_key, 1, 5) <> 'hmac:';
CREATE INDEX IF NOT EXISTS ai_usage_tracking_plain_keys ON ai_usage_tracking (user_id, id) WHERE substr(idempotency_key, 1, 5) <> 'hmac:';
