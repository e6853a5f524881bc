-- Accounts that were disconnected, where their platform may ask for the deletion of everything that came from a person: which accounts
-- were theirs is otherwise forgotten with the connection, while posts published to them are still recorded. With an erasure_id the row
-- is work to do: what came from the account is deleted, piece by piece, and then the row itself.

CREATE TABLE IF NOT EXISTS former_accounts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  platform text NOT NULL CHECK (platform IN ('facebook', 'instagram', 'linkedin', 'tiktok')),
  account_id text NOT NULL CHECK (account_id <> ''),
  connection_id uuid NOT NULL,
  subject_hash text NOT NULL CHECK (subject_hash <> ''),
  erasure_id uuid,
  asked_at timestamptz,
  counts jsonb NOT NULL DEFAULT '{}',
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (connection_id),
  CHECK (erasure_id IS NULL OR asked_at IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS former_accounts_user ON former_accounts (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS former_accounts_subject ON former_accounts (subject_hash);
CREATE INDEX IF NOT EXISTS deletion_receipts_open ON deletion_receipts (created_at) WHERE state = 'deleting';
CREATE INDEX IF NOT EXISTS former_accounts_erasure ON former_accounts (erasure_id) WHERE erasure_id IS NOT NULL;
ALTER TABLE former_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE deletion_receipts DROP CONSTRAINT IF EXISTS deletion_receipts_state_check;
ALTER TABLE deletion_receipts ADD CONSTRAINT deletion_receipts_state_check CHECK (state IN ('deleting', 'completed', 'partial'));

-- Steps of a departure are told apart by the departure itself, so nobody needs to be named as their owner.
ALTER TABLE departures DROP COLUMN IF EXISTS lease_owner;
