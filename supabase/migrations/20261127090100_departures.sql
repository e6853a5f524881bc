-- A person's departure is an epoch. While their rows are being deleted, which may take more than one step, a row here says so and
-- carries what the receipt will say; the receipt then names the instant before which nothing may be written any more.

CREATE TABLE IF NOT EXISTS departures (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  code_hash text NOT NULL CHECK (code_hash <> ''),
  left_at timestamptz NOT NULL,
  grants_settled_at timestamptz,
  revocations jsonb NOT NULL DEFAULT '[]',
  counts jsonb NOT NULL DEFAULT '{}',
  lease_owner uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id),
  UNIQUE (code_hash)
);
ALTER TABLE departures ENABLE ROW LEVEL SECURITY;

ALTER TABLE deletion_receipts ADD COLUMN IF NOT EXISTS left_at timestamptz;
ALTER TABLE deletion_receipts ADD COLUMN IF NOT EXISTS revocations jsonb NOT NULL DEFAULT '[]';

-- A grant that is never confirmed is withdrawn at its platform when its attempt expires or is refused; some tries are enough. The
-- keyed hash of the person lets a platform's callbacks find it.
ALTER TABLE connection_attempts ADD COLUMN IF NOT EXISTS subject_hash text;
ALTER TABLE connection_attempts ADD COLUMN IF NOT EXISTS revoke_tries integer NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS connection_attempts_subject ON connection_attempts (subject_hash) WHERE subject_hash IS NOT NULL;
