-- Scheduled posts without their content. A schedule is one request; its targets say where and in which way something is published; an
-- occurrence is one target at one time. Only the next occurrence of each target is a row, besides those that are over. What is due is
-- found by wake_at: when the clock has to look at an occurrence, because it is due, its lease ran out, or its outcome may be known.
--
-- No version wrote the table of schedules in its earlier form. Its columns go, but for two that older files need when they run again:
-- post_id and template_id, which nothing uses any more.

ALTER TABLE schedules DROP CONSTRAINT IF EXISTS schedules_status_check;
UPDATE schedules SET status = 'ended' WHERE status NOT IN ('active', 'paused', 'ended', 'canceled');
ALTER TABLE schedules
  DROP COLUMN IF EXISTS strategy,
  DROP COLUMN IF EXISTS connection_ids,
  DROP COLUMN IF EXISTS sealed_source,
  DROP COLUMN IF EXISTS sealing_key_id,
  DROP COLUMN IF EXISTS source_sha256,
  DROP COLUMN IF EXISTS recurrence,
  DROP COLUMN IF EXISTS grace_seconds,
  DROP COLUMN IF EXISTS error_code,
  DROP COLUMN IF EXISTS lease_owner,
  DROP COLUMN IF EXISTS lease_until,
  ADD COLUMN IF NOT EXISTS local_start text NOT NULL DEFAULT '2026-11-27T00:00:00' CHECK (local_start <> ''),
  ADD COLUMN IF NOT EXISTS rrule text CHECK (rrule <> ''),
  ADD COLUMN IF NOT EXISTS exdates jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS grace_s integer NOT NULL DEFAULT 3600 CHECK (grace_s >= 0),
  ADD COLUMN IF NOT EXISTS client_reference text CHECK (client_reference <> ''),
  ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  ADD COLUMN IF NOT EXISTS idempotency_key text CHECK (idempotency_key <> ''),
  ADD COLUMN IF NOT EXISTS request_fingerprint text,
  ALTER COLUMN status SET DEFAULT 'active',
  ADD CONSTRAINT schedules_status_check CHECK (status IN ('active', 'paused', 'ended', 'canceled'));
CREATE INDEX IF NOT EXISTS schedules_by_creation ON schedules (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS schedules_by_reference ON schedules (user_id, client_reference, created_at, id) WHERE client_reference IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedules_fingerprints ON schedules (created_at) WHERE request_fingerprint IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS schedules_key ON schedules (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE IF NOT EXISTS schedule_targets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  schedule_id uuid NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
  connection_id uuid REFERENCES platform_connections (id) ON DELETE SET NULL,
  platform text NOT NULL REFERENCES platforms (name),
  position integer NOT NULL CHECK (position >= 0),
  way text NOT NULL CHECK (way IN ('native', 'pull', 'generate', 'notify')),
  kind text CHECK (kind <> ''),
  source_hash text CHECK (source_hash <> ''),
  sealed_source text CHECK (sealed_source <> ''),
  sealing_key_id text,
  template_id uuid REFERENCES prompt_templates (id) ON DELETE SET NULL,
  template_version integer CHECK (template_version >= 1),
  post_id uuid REFERENCES posts (id) ON DELETE SET NULL,
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS schedule_targets_user ON schedule_targets (user_id, schedule_id, id);
CREATE INDEX IF NOT EXISTS schedule_targets_schedule ON schedule_targets (schedule_id, position);
CREATE INDEX IF NOT EXISTS schedule_targets_connection ON schedule_targets (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedule_targets_template ON schedule_targets (template_id) WHERE template_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedule_targets_post ON schedule_targets (post_id) WHERE post_id IS NOT NULL;
ALTER TABLE schedule_targets ENABLE ROW LEVEL SECURITY;

CREATE TABLE IF NOT EXISTS schedule_occurrences (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  schedule_id uuid NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
  target_id uuid NOT NULL REFERENCES schedule_targets (id) ON DELETE CASCADE,
  connection_id uuid REFERENCES platform_connections (id) ON DELETE SET NULL,
  due_at timestamptz NOT NULL,
  local_due text NOT NULL CHECK (local_due <> ''),
  position integer NOT NULL DEFAULT 0 CHECK (position >= 0),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN (
    'pending', 'paused', 'running', 'processing', 'notified', 'published', 'missed', 'failed', 'unknown', 'canceled', 'skipped')),
  code text CHECK (code <> ''),
  post_id uuid REFERENCES posts (id) ON DELETE SET NULL,
  lease_owner uuid,
  lease_until timestamptz,
  wake_at timestamptz,
  check_stage integer NOT NULL DEFAULT 0,
  check_due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (target_id, local_due, due_at)
);
CREATE INDEX IF NOT EXISTS schedule_occurrences_wake ON schedule_occurrences (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedule_occurrences_check ON schedule_occurrences (check_due_at) WHERE check_due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedule_occurrences_order ON schedule_occurrences (connection_id, due_at, position, created_at, id)
  WHERE state IN ('pending', 'running');
CREATE INDEX IF NOT EXISTS schedule_occurrences_user ON schedule_occurrences (user_id, due_at, id);
CREATE INDEX IF NOT EXISTS schedule_occurrences_schedule ON schedule_occurrences (schedule_id, due_at);
CREATE INDEX IF NOT EXISTS schedule_occurrences_connection ON schedule_occurrences (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedule_occurrences_post ON schedule_occurrences (post_id) WHERE post_id IS NOT NULL;
ALTER TABLE schedule_occurrences ENABLE ROW LEVEL SECURITY;
