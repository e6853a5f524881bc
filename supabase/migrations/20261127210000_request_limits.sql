-- How many posts and checks a user has requested in the current minute, in one row for each, so that no number of processes passes a
-- limit together. A row is of no use once its minute is over; workers erase it.

CREATE TABLE IF NOT EXISTS request_counts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  kind text NOT NULL CHECK (kind IN ('posts', 'checks')),
  window_start timestamptz NOT NULL,
  requests integer NOT NULL DEFAULT 0 CHECK (requests >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, kind)
);
CREATE INDEX IF NOT EXISTS request_counts_by_window ON request_counts (window_start);
ALTER TABLE request_counts ENABLE ROW LEVEL SECURITY;
