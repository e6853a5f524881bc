-- The life of a connection: until when the platform lets the person's data be read, since when the connection is about to end, and
-- when it is looked at next. An attempt may be made to renew one connection, and then serves no other account.

ALTER TABLE platform_connections ADD COLUMN IF NOT EXISTS data_access_expires_at timestamptz;
ALTER TABLE platform_connections ADD COLUMN IF NOT EXISTS expiring_since timestamptz;
ALTER TABLE platform_connections ADD COLUMN IF NOT EXISTS verify_at timestamptz NOT NULL DEFAULT '2026-11-27T00:00:00.000000Z';
CREATE INDEX IF NOT EXISTS platform_connections_grant_ends ON platform_connections (refresh_expires_at) WHERE status = 'active' AND refresh_due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS platform_connections_data_ends ON platform_connections (data_access_expires_at) WHERE status = 'active' AND data_access_expires_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS platform_connections_verify ON platform_connections (platform, verify_at) WHERE status = 'active';
ALTER TABLE connection_attempts ADD COLUMN IF NOT EXISTS connection_id uuid REFERENCES platform_connections (id) ON DELETE SET NULL;
CREATE INDEX IF NOT EXISTS connection_attempts_connection ON connection_attempts (connection_id) WHERE connection_id IS NOT NULL;
