-- Idempotency keys of two more routes: creating a webhook, and publishing what waits of a schedule now. The latter has a row of its own,
-- because what it hastens may be over and never changes then. Tests of webhooks are counted like posts and checks. An occurrence knows the problems
-- that the last look found and how often they changed, so that each change is told, also when a problem comes back.

ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS idempotency_key text CHECK (idempotency_key <> '');
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS request_fingerprint text;
CREATE UNIQUE INDEX IF NOT EXISTS webhooks_key ON webhooks (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhooks_window ON webhooks (created_at) WHERE request_fingerprint IS NOT NULL;

CREATE TABLE IF NOT EXISTS schedule_requests (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  schedule_id uuid NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
  idempotency_key text NOT NULL CHECK (idempotency_key <> ''),
  request_fingerprint text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, idempotency_key)
);
CREATE INDEX IF NOT EXISTS schedule_requests_user ON schedule_requests (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS schedule_requests_schedule ON schedule_requests (schedule_id);
CREATE INDEX IF NOT EXISTS schedule_requests_window ON schedule_requests (created_at) WHERE request_fingerprint IS NOT NULL;
ALTER TABLE schedule_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE request_counts DROP CONSTRAINT IF EXISTS request_counts_kind_check;
ALTER TABLE request_counts ADD CONSTRAINT request_counts_kind_check CHECK (kind IN ('posts', 'checks', 'webhook_tests'));

ALTER TABLE schedule_occurrences ADD COLUMN IF NOT EXISTS check_codes text CHECK (check_codes <> '');
ALTER TABLE schedule_occurrences ADD COLUMN IF NOT EXISTS check_changes integer NOT NULL DEFAULT 0;
