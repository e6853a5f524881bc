-- What AI attempts may cost is reserved before they are sent, in one row per user and month, so that no number of processes passes a
-- budget together. An attempt has its row from then on: a process that dies leaves it, with its reservation.

CREATE TABLE IF NOT EXISTS ai_spending (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  month text NOT NULL CHECK (length(month) = 7),
  spent_nanousd bigint NOT NULL DEFAULT 0 CHECK (spent_nanousd >= 0),
  reserved_nanousd bigint NOT NULL DEFAULT 0 CHECK (reserved_nanousd >= 0),
  last_attempt uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, month)
);

-- The operator's keys: one row per user, who goes by a keyed hash of their own for each month, and one for all of them ('total').
CREATE TABLE IF NOT EXISTS ai_operator_spending (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_hash text NOT NULL CHECK (user_hash <> ''),
  month text NOT NULL CHECK (length(month) = 7),
  spent_nanousd bigint NOT NULL DEFAULT 0 CHECK (spent_nanousd >= 0),
  reserved_nanousd bigint NOT NULL DEFAULT 0 CHECK (reserved_nanousd >= 0),
  last_attempt uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_hash, month)
);

-- What counts for an attempt whose cost is not known; and the input tokens of one that is in flight.
ALTER TABLE ai_usage_tracking ADD COLUMN IF NOT EXISTS reserved_nanousd bigint NOT NULL DEFAULT 0;
ALTER TABLE ai_usage_tracking ADD COLUMN IF NOT EXISTS reserved_tokens bigint NOT NULL DEFAULT 0;
ALTER TABLE ai_provider_state ADD COLUMN IF NOT EXISTS tokens_reset_at timestamptz;
CREATE INDEX IF NOT EXISTS ai_usage_tracking_open ON ai_usage_tracking (user_id, created_at) WHERE outcome IN ('started', 'in_flight');

ALTER TABLE ai_spending ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_operator_spending ENABLE ROW LEVEL SECURITY;
