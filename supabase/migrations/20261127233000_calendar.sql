-- The calendar: at which times of the week an account publishes, and the token of a feed for calendar programs, of which only the hash
-- is stored. A slot is given away once: an index, not a check beforehand, decides between two requests at the same time.

CREATE TABLE IF NOT EXISTS slot_plans (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  connection_id uuid NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
  time_zone text NOT NULL CHECK (time_zone <> ''),
  paused boolean NOT NULL DEFAULT false,
  slots jsonb NOT NULL DEFAULT '[]',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (connection_id)
);
CREATE INDEX IF NOT EXISTS slot_plans_user ON slot_plans (user_id, connection_id);
ALTER TABLE slot_plans ENABLE ROW LEVEL SECURITY;

CREATE TABLE IF NOT EXISTS calendar_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  token_hash text NOT NULL CHECK (token_hash <> ''),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id),
  UNIQUE (token_hash)
);
CREATE INDEX IF NOT EXISTS calendar_tokens_by_creation ON calendar_tokens (user_id, created_at, id);
ALTER TABLE calendar_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE schedule_occurrences ADD COLUMN IF NOT EXISTS slot boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX IF NOT EXISTS schedule_occurrences_one_slot ON schedule_occurrences (connection_id, due_at)
  WHERE slot AND state IN ('pending', 'paused');
CREATE INDEX IF NOT EXISTS post_targets_by_publication ON post_targets (user_id, published_at, id) WHERE published_at IS NOT NULL;
