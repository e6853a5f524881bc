-- Tables of No iLLusion Social. Nothing in here may hold what a person writes, publishes or generates:
-- ids, states, times, counts, codes, sealed credentials, and keyed fingerprints while an outcome is open.

CREATE TABLE IF NOT EXISTS profiles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  display_name text NOT NULL DEFAULT '',
  bio text NOT NULL DEFAULT '',
  skills jsonb NOT NULL DEFAULT '[]',
  mission_statement text NOT NULL DEFAULT '',
  content_mode text NOT NULL DEFAULT 'personal' CHECK (content_mode IN ('business', 'influencer', 'personal')),
  time_zone text NOT NULL DEFAULT 'UTC',
  locale text NOT NULL DEFAULT 'en',
  ai_preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id)
);

CREATE TABLE IF NOT EXISTS ai_provider_keys (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  provider text NOT NULL CHECK (provider IN ('openai', 'anthropic', 'google')),
  sealed_key text NOT NULL CHECK (sealed_key <> ''),
  sealing_key_id text NOT NULL,
  hint text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, provider)
);

CREATE TABLE IF NOT EXISTS platform_connections (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  platform text NOT NULL CHECK (platform IN ('facebook', 'instagram', 'linkedin', 'tiktok')),
  account_id text NOT NULL CHECK (account_id <> ''),
  account_kind text NOT NULL,
  display_name text NOT NULL DEFAULT '',
  username text NOT NULL DEFAULT '',
  label text NOT NULL DEFAULT '',
  grant_subject text NOT NULL DEFAULT '',
  granted_scopes jsonb NOT NULL DEFAULT '[]',
  details jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'reauth_required')),
  status_reason text NOT NULL DEFAULT '',
  sealed_access_token text NOT NULL CHECK (sealed_access_token <> ''),
  sealed_refresh_token text CHECK (sealed_refresh_token <> ''),
  sealing_key_id text NOT NULL,
  credential_version integer NOT NULL DEFAULT 1,
  token_issued_at timestamptz NOT NULL,
  access_expires_at timestamptz,
  refresh_expires_at timestamptz,
  refresh_due_at timestamptz,
  refresh_lease_until timestamptz,
  checked_at timestamptz,
  metrics_due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, platform, account_id)
);
CREATE INDEX IF NOT EXISTS platform_connections_refresh_due ON platform_connections (refresh_due_at) WHERE status = 'active' AND refresh_due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS platform_connections_metrics_due ON platform_connections (metrics_due_at) WHERE status = 'active' AND metrics_due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS platform_connections_expiring ON platform_connections (access_expires_at) WHERE status = 'active' AND refresh_due_at IS NULL;
CREATE INDEX IF NOT EXISTS platform_connections_grant ON platform_connections (platform, grant_subject);

CREATE TABLE IF NOT EXISTS connection_attempts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  platform text NOT NULL CHECK (platform IN ('facebook', 'instagram', 'linkedin', 'tiktok')),
  state text NOT NULL DEFAULT 'started' CHECK (state IN ('started', 'exchanging', 'authorised', 'completed', 'failed')),
  nonce_hash text NOT NULL CHECK (nonce_hash <> ''),
  handle_hash text,
  return_url text NOT NULL DEFAULT '',
  requested_scopes jsonb NOT NULL DEFAULT '[]',
  sealed_credentials text CHECK (sealed_credentials <> ''),
  sealing_key_id text,
  error_code text,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS connection_attempts_user ON connection_attempts (user_id, created_at);
CREATE INDEX IF NOT EXISTS connection_attempts_expiry ON connection_attempts (expires_at);
CREATE UNIQUE INDEX IF NOT EXISTS connection_attempts_handle ON connection_attempts (handle_hash) WHERE handle_hash IS NOT NULL;

CREATE TABLE IF NOT EXISTS posts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  idempotency_key text NOT NULL CHECK (idempotency_key <> ''),
  request_fingerprint text,
  repost_of uuid,
  answer jsonb,
  answer_status integer,
  lease_owner uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, idempotency_key)
);
CREATE INDEX IF NOT EXISTS posts_user_created ON posts (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS posts_fingerprints ON posts (created_at) WHERE request_fingerprint IS NOT NULL;

CREATE TABLE IF NOT EXISTS post_targets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  connection_id uuid REFERENCES platform_connections (id) ON DELETE SET NULL,
  platform text NOT NULL CHECK (platform IN ('facebook', 'instagram', 'linkedin', 'tiktok')),
  account_id text NOT NULL,
  position integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('text', 'link', 'image', 'images', 'video', 'reel', 'story', 'document')),
  attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  retry_of uuid REFERENCES post_targets (id) ON DELETE CASCADE,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN (
    'scheduled', 'pending', 'preparing', 'committing', 'processing',
    'published', 'delivered_to_inbox', 'failed', 'unknown', 'canceled', 'missed')),
  handles jsonb NOT NULL DEFAULT '{}',
  accepted_id text CHECK (accepted_id <> ''),
  platform_post_id text CHECK (platform_post_id <> ''),
  permalink text,
  text_fingerprint text,
  error_class text,
  error_code text,
  platform_code text,
  retry_after_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz,
  committing_at timestamptz,
  published_at timestamptz,
  deadline_at timestamptz NOT NULL,
  next_check_at timestamptz,
  checks integer NOT NULL DEFAULT 0,
  deleted_at timestamptz,
  metrics_due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (retry_of),
  CHECK (status NOT IN ('published', 'delivered_to_inbox') OR accepted_id IS NOT NULL),
  CHECK (status <> 'failed' OR error_class IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS post_targets_post ON post_targets (user_id, post_id, position, attempt);
CREATE INDEX IF NOT EXISTS post_targets_connection ON post_targets (user_id, connection_id);
CREATE INDEX IF NOT EXISTS post_targets_open ON post_targets (next_check_at)
  WHERE status IN ('pending', 'preparing', 'committing', 'processing', 'unknown') AND next_check_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS post_targets_accepted ON post_targets (platform, accepted_id) WHERE accepted_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS post_targets_metrics_due ON post_targets (metrics_due_at) WHERE metrics_due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS post_analytics (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  target_id uuid NOT NULL REFERENCES post_targets (id) ON DELETE CASCADE,
  polled_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'unavailable')),
  reason text,
  views bigint,
  reach bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  saves bigint,
  clicks bigint,
  extra jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (target_id, polled_at),
  CHECK (status = 'ok' OR reason IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS post_analytics_user ON post_analytics (user_id, target_id, polled_at);

CREATE TABLE IF NOT EXISTS account_analytics (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  connection_id uuid NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
  polled_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'unavailable')),
  reason text,
  followers bigint,
  following bigint,
  posts bigint,
  views bigint,
  reach bigint,
  engagements bigint,
  profile_views bigint,
  extra jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (connection_id, polled_at),
  CHECK (status = 'ok' OR reason IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS account_analytics_user ON account_analytics (user_id, connection_id, polled_at);

CREATE TABLE IF NOT EXISTS ai_usage_tracking (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  request_id uuid NOT NULL,
  idempotency_key text,
  task text NOT NULL CHECK (task IN ('generate', 'improve', 'ideas')),
  attempt integer NOT NULL,
  provider text NOT NULL CHECK (provider IN ('openai', 'anthropic', 'google', 'static')),
  model text NOT NULL,
  served_model text,
  key_source text NOT NULL CHECK (key_source IN ('stored', 'header', 'operator', 'none')),
  outcome text NOT NULL,
  input_tokens bigint,
  cached_tokens bigint,
  output_tokens bigint,
  reasoning_tokens bigint,
  cost_nanousd bigint,
  price_version text,
  duration_ms integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS ai_usage_tracking_user ON ai_usage_tracking (user_id, created_at);
CREATE UNIQUE INDEX IF NOT EXISTS ai_usage_tracking_key ON ai_usage_tracking (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE IF NOT EXISTS ai_provider_state (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  provider text NOT NULL CHECK (provider IN ('openai', 'anthropic', 'google')),
  model text NOT NULL,
  outcome text NOT NULL,
  cooldown_until timestamptz,
  remaining_requests bigint,
  remaining_tokens bigint,
  limit_requests bigint,
  limit_tokens bigint,
  resets_at timestamptz,
  succeeded_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, provider, model)
);

CREATE TABLE IF NOT EXISTS prompt_templates (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  idempotency_key text,
  name text NOT NULL CHECK (name <> ''),
  description text NOT NULL DEFAULT '',
  content_mode text NOT NULL CHECK (content_mode IN ('business', 'influencer', 'personal')),
  platforms jsonb NOT NULL DEFAULT '[]',
  tags jsonb NOT NULL DEFAULT '[]',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  is_default boolean NOT NULL DEFAULT false,
  copied_from uuid REFERENCES prompt_templates (id) ON DELETE SET NULL,
  copied_version integer,
  shared_at timestamptz,
  usage_count bigint NOT NULL DEFAULT 0,
  rating_sum bigint NOT NULL DEFAULT 0,
  rating_count bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS prompt_templates_user ON prompt_templates (user_id, created_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS prompt_templates_default ON prompt_templates (user_id, content_mode) WHERE is_default;
CREATE UNIQUE INDEX IF NOT EXISTS prompt_templates_key ON prompt_templates (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS prompt_templates_shared ON prompt_templates (shared_at, id) WHERE shared_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS prompt_template_versions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  template_id uuid NOT NULL REFERENCES prompt_templates (id) ON DELETE CASCADE,
  version integer NOT NULL CHECK (version >= 1),
  system_text text NOT NULL DEFAULT '',
  user_text text NOT NULL CHECK (user_text <> ''),
  variables jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (template_id, version)
);
CREATE INDEX IF NOT EXISTS prompt_template_versions_user ON prompt_template_versions (user_id, template_id, version);

CREATE TABLE IF NOT EXISTS prompt_template_ratings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  template_id uuid NOT NULL REFERENCES prompt_templates (id) ON DELETE CASCADE,
  stars integer NOT NULL CHECK (stars >= 1 AND stars <= 5),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, template_id)
);
CREATE INDEX IF NOT EXISTS prompt_template_ratings_template ON prompt_template_ratings (template_id);

CREATE TABLE IF NOT EXISTS schedules (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  post_id uuid REFERENCES posts (id) ON DELETE SET NULL,
  template_id uuid REFERENCES prompt_templates (id) ON DELETE SET NULL,
  strategy text NOT NULL CHECK (strategy IN ('native', 'pull', 'generate', 'notify')),
  connection_ids jsonb NOT NULL DEFAULT '[]',
  sealed_source text CHECK (sealed_source <> ''),
  sealing_key_id text,
  source_sha256 text,
  due_at timestamptz NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC',
  recurrence text,
  grace_seconds integer NOT NULL DEFAULT 900 CHECK (grace_seconds >= 0),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'missed', 'failed', 'canceled')),
  error_code text,
  lease_owner uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS schedules_user ON schedules (user_id, due_at);
CREATE INDEX IF NOT EXISTS schedules_due ON schedules (due_at) WHERE status = 'waiting';

CREATE TABLE IF NOT EXISTS notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  kind text NOT NULL,
  subject_id uuid,
  dedupe_key text NOT NULL CHECK (dedupe_key <> ''),
  data jsonb NOT NULL DEFAULT '{}',
  read_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, dedupe_key)
);
CREATE INDEX IF NOT EXISTS notifications_user ON notifications (user_id, created_at);

CREATE TABLE IF NOT EXISTS webhooks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  sealed_url text NOT NULL CHECK (sealed_url <> ''),
  sealed_secret text NOT NULL CHECK (sealed_secret <> ''),
  sealing_key_id text NOT NULL,
  events jsonb NOT NULL DEFAULT '[]',
  active boolean NOT NULL DEFAULT true,
  failures integer NOT NULL DEFAULT 0,
  due_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS webhooks_user ON webhooks (user_id, created_at);

CREATE TABLE IF NOT EXISTS deletion_receipts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_hash text NOT NULL CHECK (user_hash <> ''),
  code_hash text NOT NULL CHECK (code_hash <> ''),
  origin text NOT NULL CHECK (origin IN ('user', 'meta')),
  state text NOT NULL DEFAULT 'completed' CHECK (state IN ('completed', 'partial')),
  counts jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (code_hash)
);
CREATE INDEX IF NOT EXISTS deletion_receipts_user ON deletion_receipts (user_hash, created_at);

-- A Supabase project lets its web roles into every new table. Until policies say otherwise, nobody but the owner gets in.
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_provider_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_connections ENABLE ROW LEVEL SECURITY;
ALTER TABLE connection_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_usage_tracking ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_provider_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompt_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompt_template_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompt_template_ratings ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE deletion_receipts ENABLE ROW LEVEL SECURITY;
