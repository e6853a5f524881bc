-- Whether a stored AI key works, and which key left a cooldown; which template a generation used.

ALTER TABLE ai_provider_keys ADD COLUMN IF NOT EXISTS state text NOT NULL DEFAULT 'unverified'
  CHECK (state IN ('unverified', 'working', 'needs_attention'));
ALTER TABLE ai_provider_keys ADD COLUMN IF NOT EXISTS state_at timestamptz;
ALTER TABLE ai_provider_keys ADD COLUMN IF NOT EXISTS last_used_at timestamptz;
ALTER TABLE ai_provider_keys ADD COLUMN IF NOT EXISTS last_error text;

-- The id of a stored key, "operator", or a keyed hash of a key that a request brought. Empty: from before keys were told apart.
ALTER TABLE ai_provider_state ADD COLUMN IF NOT EXISTS key_mark text NOT NULL DEFAULT '';

-- A template can be deleted and its use stays in the record, so this is no foreign key. NULL: the built-in template, or unknown.
ALTER TABLE ai_usage_tracking ADD COLUMN IF NOT EXISTS template_id uuid;
