-- Webhooks: notices wait in an outbox if their user has an endpoint, and become deliveries, one for each endpoint and notice. An endpoint is
-- worked on by one process at a time, which its lease says; `proven` ones have answered fast, and the others never hold those up.

ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS sealed_old_secret text CHECK (sealed_old_secret <> '');
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS old_secret_until timestamptz;
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS disabled_reason text CHECK (disabled_reason IN ('paused', 'failing', 'gone'));
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS failing_since timestamptz;
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS proven boolean NOT NULL DEFAULT false;
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS lease_owner uuid;
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS lease_until timestamptz;
CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (proven, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhooks_old_secret ON webhooks (old_secret_until) WHERE old_secret_until IS NOT NULL;

ALTER TABLE notifications ADD COLUMN IF NOT EXISTS outbox boolean NOT NULL DEFAULT false;
CREATE INDEX IF NOT EXISTS notifications_outbox ON notifications (user_id, created_at, id) WHERE outbox = true;

CREATE TABLE IF NOT EXISTS webhook_deliveries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  notice_id uuid REFERENCES notifications (id) ON DELETE CASCADE,
  event text NOT NULL,
  subject_id uuid,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'canceled')),
  attempts integer NOT NULL DEFAULT 0,
  status integer,
  code text,
  duration_ms integer,
  queued_at timestamptz NOT NULL,
  next_at timestamptz,
  expires_at timestamptz NOT NULL,
  attempted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (webhook_id, notice_id)
);
CREATE INDEX IF NOT EXISTS webhook_deliveries_user ON webhook_deliveries (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS webhook_deliveries_log ON webhook_deliveries (webhook_id, created_at, id);
CREATE INDEX IF NOT EXISTS webhook_deliveries_notice ON webhook_deliveries (notice_id) WHERE notice_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhook_deliveries_waiting ON webhook_deliveries (webhook_id, subject_id, queued_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS webhook_deliveries_age ON webhook_deliveries (created_at);
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
