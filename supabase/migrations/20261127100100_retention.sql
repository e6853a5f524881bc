-- What is kept for a time goes when it is over; the record of a post can be forgotten, and receipts lose whom they were about.

-- Of a forgotten post only the keyed hash of its idempotency key is left, until the key's window is over.
ALTER TABLE posts ADD COLUMN IF NOT EXISTS forgotten_at timestamptz;
CREATE INDEX IF NOT EXISTS posts_forgotten ON posts (created_at) WHERE forgotten_at IS NOT NULL;
-- A request's fingerprint and answer go together. On a large table build the index beforehand without a lock (docs/operating.md).
CREATE INDEX IF NOT EXISTS posts_window ON posts (created_at) WHERE request_fingerprint IS NOT NULL OR answer_status IS NOT NULL;
DROP INDEX IF EXISTS posts_fingerprints;

ALTER TABLE deletion_receipts ALTER COLUMN user_hash DROP NOT NULL;
CREATE INDEX IF NOT EXISTS deletion_receipts_traceable ON deletion_receipts (created_at) WHERE user_hash IS NOT NULL;
