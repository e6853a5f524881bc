-- Generated from supabase/migrations by tools/sqlite_schema.py. Do not edit.
-- Migrations: c0b0a5529aed4afa2ee9734cd59d47b67014df85e64648a6207d4c5eaa5db095

CREATE TABLE IF NOT EXISTS profiles (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  display_name TEXT NOT NULL DEFAULT '',
  bio TEXT NOT NULL DEFAULT '',
  skills JSONB NOT NULL DEFAULT '[]',
  mission_statement TEXT NOT NULL DEFAULT '',
  content_mode TEXT NOT NULL DEFAULT 'personal' CHECK (content_mode IN ('business', 'influencer', 'personal')),
  time_zone TEXT NOT NULL DEFAULT 'UTC',
  locale TEXT NOT NULL DEFAULT 'en',
  ai_preferences JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id
  )
);

CREATE TABLE IF NOT EXISTS ai_provider_keys (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  provider TEXT NOT NULL,
  sealed_key TEXT NOT NULL CHECK (sealed_key <> ''),
  sealing_key_id TEXT NOT NULL,
  hint TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  state TEXT NOT NULL DEFAULT 'unverified' CHECK (state IN ('unverified', 'working', 'needs_attention')),
  state_at TIMESTAMPTZ,
  last_used_at TIMESTAMPTZ,
  last_error TEXT,
  UNIQUE (
    user_id,
    provider
  ),
  CONSTRAINT ai_provider_keys_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (
    name
  ),
  CONSTRAINT ai_provider_keys_no_static CHECK (provider <> 'static')
);

CREATE TABLE IF NOT EXISTS platform_connections (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  platform TEXT NOT NULL,
  account_id TEXT NOT NULL CHECK (account_id <> ''),
  account_kind TEXT NOT NULL,
  display_name TEXT NOT NULL DEFAULT '',
  username TEXT NOT NULL DEFAULT '',
  label TEXT NOT NULL DEFAULT '',
  grant_subject TEXT NOT NULL DEFAULT '',
  granted_scopes JSONB NOT NULL DEFAULT '[]',
  details JSONB NOT NULL DEFAULT '{}',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'reauth_required')),
  status_reason TEXT NOT NULL DEFAULT '',
  sealed_access_token TEXT NOT NULL CHECK (sealed_access_token <> ''),
  sealed_refresh_token TEXT CHECK (sealed_refresh_token <> ''),
  sealing_key_id TEXT NOT NULL,
  credential_version INT NOT NULL DEFAULT 1,
  token_issued_at TIMESTAMPTZ NOT NULL,
  access_expires_at TIMESTAMPTZ,
  refresh_expires_at TIMESTAMPTZ,
  refresh_due_at TIMESTAMPTZ,
  refresh_lease_until TIMESTAMPTZ,
  checked_at TIMESTAMPTZ,
  metrics_due_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  posts_paused_until TIMESTAMPTZ,
  calls_paused_until TIMESTAMPTZ,
  registration TEXT NOT NULL DEFAULT '',
  data_access_expires_at TIMESTAMPTZ,
  expiring_since TIMESTAMPTZ,
  verify_at TIMESTAMPTZ NOT NULL DEFAULT '2026-11-27T00:00:00.000000Z',
  UNIQUE (
    user_id,
    platform,
    account_id
  ),
  CONSTRAINT platform_connections_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  )
);

CREATE INDEX IF NOT EXISTS platform_connections_refresh_due ON platform_connections(refresh_due_at)
WHERE
  status = 'active' AND refresh_due_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS platform_connections_metrics_due ON platform_connections(metrics_due_at)
WHERE
  status = 'active' AND metrics_due_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS platform_connections_expiring ON platform_connections(access_expires_at)
WHERE
  status = 'active' AND refresh_due_at IS NULL;

CREATE INDEX IF NOT EXISTS platform_connections_grant ON platform_connections(platform, grant_subject);

CREATE INDEX IF NOT EXISTS platform_connections_grant_ends ON platform_connections(refresh_expires_at)
WHERE
  status = 'active' AND refresh_due_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS platform_connections_data_ends ON platform_connections(data_access_expires_at)
WHERE
  status = 'active' AND data_access_expires_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS platform_connections_verify ON platform_connections(platform, verify_at)
WHERE
  status = 'active';

CREATE UNIQUE INDEX IF NOT EXISTS platform_connections_owner ON platform_connections(user_id, id);

CREATE TABLE IF NOT EXISTS connection_attempts (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  platform TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'started' CHECK (state IN ('started', 'exchanging', 'authorised', 'completed', 'failed')),
  nonce_hash TEXT NOT NULL CHECK (nonce_hash <> ''),
  handle_hash TEXT,
  return_url TEXT NOT NULL DEFAULT '',
  requested_scopes JSONB NOT NULL DEFAULT '[]',
  sealed_credentials TEXT CHECK (sealed_credentials <> ''),
  sealing_key_id TEXT,
  error_code TEXT,
  expires_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  subject_hash TEXT,
  revoke_tries INT NOT NULL DEFAULT 0,
  registration TEXT NOT NULL DEFAULT '',
  connection_id UUID REFERENCES platform_connections (
    id
  ) ON DELETE SET NULL,
  CONSTRAINT connection_attempts_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  )
);

CREATE INDEX IF NOT EXISTS connection_attempts_user ON connection_attempts(user_id, created_at);

CREATE INDEX IF NOT EXISTS connection_attempts_expiry ON connection_attempts(expires_at);

CREATE UNIQUE INDEX IF NOT EXISTS connection_attempts_handle ON connection_attempts(handle_hash)
WHERE
  handle_hash IS NOT NULL;

CREATE INDEX IF NOT EXISTS connection_attempts_subject ON connection_attempts(subject_hash)
WHERE
  subject_hash IS NOT NULL;

CREATE INDEX IF NOT EXISTS connection_attempts_connection ON connection_attempts(connection_id)
WHERE
  connection_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS posts (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  idempotency_key TEXT NOT NULL CHECK (idempotency_key <> ''),
  request_fingerprint TEXT,
  repost_of UUID,
  answer JSONB,
  answer_status INT,
  lease_owner UUID,
  lease_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  forgotten_at TIMESTAMPTZ,
  client_reference TEXT CHECK (LENGTH(client_reference) <= 64),
  generation_id UUID,
  UNIQUE (
    user_id,
    idempotency_key
  )
);

CREATE INDEX IF NOT EXISTS posts_user_created ON posts(user_id, created_at, id);

CREATE INDEX IF NOT EXISTS posts_plain_keys ON posts(user_id, id)
WHERE
  SUBSTRING(idempotency_key, 1, 5) <> 'hmac:';

CREATE INDEX IF NOT EXISTS posts_forgotten ON posts(created_at)
WHERE
  forgotten_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS posts_window ON posts(created_at)
WHERE
  request_fingerprint IS NOT NULL OR answer_status IS NOT NULL;

CREATE INDEX IF NOT EXISTS posts_by_reference ON posts(user_id, client_reference, created_at, id)
WHERE
  client_reference IS NOT NULL;

CREATE TABLE IF NOT EXISTS post_targets (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  post_id UUID NOT NULL REFERENCES posts (
    id
  ) ON DELETE CASCADE,
  connection_id UUID REFERENCES platform_connections (
    id
  ) ON DELETE SET NULL,
  platform TEXT NOT NULL,
  account_id TEXT NOT NULL,
  position INT NOT NULL,
  kind TEXT NOT NULL,
  attempt INT NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  retry_of UUID REFERENCES post_targets (
    id
  ) ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN (
    'scheduled',
    'pending',
    'preparing',
    'committing',
    'processing',
    'published',
    'delivered_to_inbox',
    'failed',
    'unknown',
    'canceled',
    'missed'
  )),
  handles JSONB NOT NULL DEFAULT '{}',
  accepted_id TEXT CHECK (accepted_id <> ''),
  platform_post_id TEXT CHECK (platform_post_id <> ''),
  permalink TEXT,
  text_fingerprint TEXT,
  error_class TEXT,
  error_code TEXT,
  platform_code TEXT,
  retry_after_at TIMESTAMPTZ,
  lease_owner UUID,
  lease_until TIMESTAMPTZ,
  committing_at TIMESTAMPTZ,
  published_at TIMESTAMPTZ,
  deadline_at TIMESTAMPTZ NOT NULL,
  next_check_at TIMESTAMPTZ,
  checks INT NOT NULL DEFAULT 0,
  deleted_at TIMESTAMPTZ,
  metrics_due_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  platform_ahead_ms BIGINT,
  idempotency_key TEXT,
  request_fingerprint TEXT,
  post_created_at TIMESTAMPTZ,
  first_comment TEXT CHECK (first_comment IN ('pending', 'posted', 'failed', 'unknown', 'not_sent')),
  edited_at TIMESTAMPTZ,
  edit_status TEXT CHECK (edit_status IN ('edited', 'failed', 'unknown')),
  edit_error_class TEXT,
  edit_code TEXT,
  publish_at TIMESTAMPTZ,
  text_length TEXT CHECK (text_length IN ('none', 'short', 'medium', 'long', 'very_long')),
  UNIQUE (
    retry_of
  ),
  CHECK (NOT status IN ('published', 'delivered_to_inbox') OR accepted_id IS NOT NULL),
  CHECK (status <> 'failed' OR error_class IS NOT NULL),
  CONSTRAINT post_targets_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  ),
  CONSTRAINT post_targets_kind_check CHECK (kind IN ('text', 'link', 'image', 'images', 'video', 'reel', 'story', 'document', 'poll'))
);

CREATE INDEX IF NOT EXISTS post_targets_post ON post_targets(user_id, post_id, position, attempt);

CREATE INDEX IF NOT EXISTS post_targets_open ON post_targets(next_check_at)
WHERE
  status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
  AND next_check_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_accepted ON post_targets(platform, accepted_id)
WHERE
  accepted_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_metrics_due ON post_targets(metrics_due_at)
WHERE
  metrics_due_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_post_id ON post_targets(post_id);

CREATE INDEX IF NOT EXISTS post_targets_connection_id ON post_targets(connection_id, id)
WHERE
  connection_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_unclaimed ON post_targets(platform, account_id)
WHERE
  platform_post_id IS NULL AND committing_at IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS post_targets_one_claim ON post_targets(platform, account_id, platform_post_id)
WHERE
  platform_post_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_unsettled ON post_targets(user_id, post_id, status, id)
WHERE
  NOT status IN ('published', 'delivered_to_inbox');

CREATE UNIQUE INDEX IF NOT EXISTS post_targets_key ON post_targets(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_window ON post_targets(created_at)
WHERE
  request_fingerprint IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_by_platform ON post_targets(user_id, platform, (
  CASE WHEN post_created_at IS NULL THEN created_at ELSE post_created_at END
), post_id);

CREATE INDEX IF NOT EXISTS post_targets_by_connection ON post_targets(user_id, connection_id, (
  CASE WHEN post_created_at IS NULL THEN created_at ELSE post_created_at END
), post_id)
WHERE
  connection_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS post_targets_by_publication ON post_targets(user_id, published_at, id)
WHERE
  published_at IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS post_targets_owner ON post_targets(user_id, id);

CREATE TABLE IF NOT EXISTS post_analytics (
  id UUID DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))) NOT NULL,
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  target_id UUID NOT NULL,
  polled_at TIMESTAMPTZ NOT NULL,
  status TEXT NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'unavailable')),
  reason TEXT,
  views BIGINT,
  reach BIGINT,
  likes BIGINT,
  comments BIGINT,
  shares BIGINT,
  saves BIGINT,
  clicks BIGINT,
  extra JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  CHECK (status = 'ok' OR reason IS NOT NULL),
  CONSTRAINT post_analytics_pkey PRIMARY KEY (user_id, target_id, polled_at)
);

CREATE TABLE IF NOT EXISTS account_analytics (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  connection_id UUID NOT NULL REFERENCES platform_connections (
    id
  ) ON DELETE CASCADE,
  polled_at TIMESTAMPTZ NOT NULL,
  status TEXT NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'unavailable')),
  reason TEXT,
  followers BIGINT,
  following BIGINT,
  posts BIGINT,
  views BIGINT,
  reach BIGINT,
  engagements BIGINT,
  profile_views BIGINT,
  extra JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    connection_id,
    polled_at
  ),
  CHECK (status = 'ok' OR reason IS NOT NULL)
);

CREATE INDEX IF NOT EXISTS account_analytics_user ON account_analytics(user_id, connection_id, polled_at);

CREATE TABLE IF NOT EXISTS ai_usage_tracking (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  request_id UUID NOT NULL,
  idempotency_key TEXT,
  task TEXT NOT NULL CHECK (task IN ('generate', 'improve', 'ideas')),
  attempt INT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  served_model TEXT,
  key_source TEXT NOT NULL CHECK (key_source IN ('stored', 'header', 'operator', 'none')),
  outcome TEXT NOT NULL,
  input_tokens BIGINT,
  cached_tokens BIGINT,
  output_tokens BIGINT,
  reasoning_tokens BIGINT,
  cost_nanousd BIGINT,
  price_version TEXT,
  duration_ms INT NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  reserved_nanousd BIGINT NOT NULL DEFAULT 0,
  reserved_tokens BIGINT NOT NULL DEFAULT 0,
  request_fingerprint TEXT,
  template_id UUID,
  CONSTRAINT ai_usage_tracking_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (
    name
  )
);

CREATE INDEX IF NOT EXISTS ai_usage_tracking_user ON ai_usage_tracking(user_id, created_at);

CREATE UNIQUE INDEX IF NOT EXISTS ai_usage_tracking_key ON ai_usage_tracking(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;

CREATE INDEX IF NOT EXISTS ai_usage_tracking_plain_keys ON ai_usage_tracking(user_id, id)
WHERE
  SUBSTRING(idempotency_key, 1, 5) <> 'hmac:';

CREATE INDEX IF NOT EXISTS ai_usage_tracking_open ON ai_usage_tracking(user_id, created_at)
WHERE
  outcome IN ('started', 'in_flight');

CREATE INDEX IF NOT EXISTS ai_usage_tracking_window ON ai_usage_tracking(created_at)
WHERE
  request_fingerprint IS NOT NULL;

CREATE INDEX IF NOT EXISTS ai_usage_tracking_written ON ai_usage_tracking(user_id, request_id)
WHERE
  outcome = 'ok';

CREATE TABLE IF NOT EXISTS ai_provider_state (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  cooldown_until TIMESTAMPTZ,
  remaining_requests BIGINT,
  remaining_tokens BIGINT,
  limit_requests BIGINT,
  limit_tokens BIGINT,
  resets_at TIMESTAMPTZ,
  succeeded_at TIMESTAMPTZ,
  failed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  tokens_reset_at TIMESTAMPTZ,
  key_mark TEXT NOT NULL DEFAULT '',
  UNIQUE (
    user_id,
    provider,
    model
  ),
  CONSTRAINT ai_provider_state_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (
    name
  ),
  CONSTRAINT ai_provider_state_no_static CHECK (provider <> 'static')
);

CREATE TABLE IF NOT EXISTS prompt_templates (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  idempotency_key TEXT,
  name TEXT NOT NULL CHECK (name <> ''),
  description TEXT NOT NULL DEFAULT '',
  content_mode TEXT NOT NULL CHECK (content_mode IN ('business', 'influencer', 'personal')),
  platforms JSONB NOT NULL DEFAULT '[]',
  tags JSONB NOT NULL DEFAULT '[]',
  version INT NOT NULL DEFAULT 1 CHECK (version >= 1),
  is_default BOOLEAN NOT NULL DEFAULT FALSE,
  copied_from UUID REFERENCES prompt_templates (
    id
  ) ON DELETE SET NULL,
  copied_version INT,
  shared_at TIMESTAMPTZ,
  usage_count BIGINT NOT NULL DEFAULT 0,
  rating_sum BIGINT NOT NULL DEFAULT 0,
  rating_count BIGINT NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  request_fingerprint TEXT,
  report_count BIGINT NOT NULL DEFAULT 0,
  search_text TEXT NOT NULL DEFAULT '',
  is_searchable BOOLEAN NOT NULL DEFAULT FALSE,
  lineage JSONB NOT NULL DEFAULT '[]'
);

CREATE INDEX IF NOT EXISTS prompt_templates_user ON prompt_templates(user_id, created_at, id);

CREATE UNIQUE INDEX IF NOT EXISTS prompt_templates_default ON prompt_templates(user_id, content_mode)
WHERE
  is_default;

CREATE UNIQUE INDEX IF NOT EXISTS prompt_templates_key ON prompt_templates(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;

CREATE INDEX IF NOT EXISTS prompt_templates_shared ON prompt_templates(shared_at, id)
WHERE
  shared_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS prompt_templates_copied_from ON prompt_templates(copied_from)
WHERE
  copied_from IS NOT NULL;

CREATE INDEX IF NOT EXISTS prompt_templates_plain_keys ON prompt_templates(user_id, id)
WHERE
  SUBSTRING(idempotency_key, 1, 5) <> 'hmac:';

CREATE INDEX IF NOT EXISTS prompt_templates_window ON prompt_templates(created_at)
WHERE
  request_fingerprint IS NOT NULL;

CREATE INDEX IF NOT EXISTS prompt_templates_unsearchable ON prompt_templates(user_id, id)
WHERE
  NOT is_searchable;

CREATE TABLE IF NOT EXISTS prompt_template_versions (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  template_id UUID NOT NULL REFERENCES prompt_templates (
    id
  ) ON DELETE CASCADE,
  version INT NOT NULL CHECK (version >= 1),
  system_text TEXT NOT NULL DEFAULT '',
  user_text TEXT NOT NULL CHECK (user_text <> ''),
  variables JSONB NOT NULL DEFAULT '[]',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  shared_at TIMESTAMPTZ,
  UNIQUE (
    template_id,
    version
  )
);

CREATE INDEX IF NOT EXISTS prompt_template_versions_user ON prompt_template_versions(user_id, template_id, version);

CREATE TABLE IF NOT EXISTS prompt_template_ratings (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  template_id UUID NOT NULL REFERENCES prompt_templates (
    id
  ) ON DELETE CASCADE,
  stars INT NOT NULL CHECK (stars >= 1 AND stars <= 5),
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  version INT CHECK (version >= 1),
  UNIQUE (
    user_id,
    template_id
  )
);

CREATE INDEX IF NOT EXISTS prompt_template_ratings_template ON prompt_template_ratings(template_id);

CREATE TABLE IF NOT EXISTS schedules (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  post_id UUID REFERENCES posts (
    id
  ) ON DELETE SET NULL,
  template_id UUID REFERENCES prompt_templates (
    id
  ) ON DELETE SET NULL,
  due_at TIMESTAMPTZ NOT NULL,
  time_zone TEXT NOT NULL DEFAULT 'UTC',
  status TEXT NOT NULL DEFAULT 'active',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  local_start TEXT NOT NULL DEFAULT '2026-11-27T00:00:00' CHECK (local_start <> ''),
  rrule TEXT CHECK (rrule <> ''),
  exdates JSONB NOT NULL DEFAULT '[]',
  grace_s INT NOT NULL DEFAULT 3600 CHECK (grace_s >= 0),
  client_reference TEXT CHECK (client_reference <> ''),
  version INT NOT NULL DEFAULT 1 CHECK (version >= 1),
  idempotency_key TEXT CHECK (idempotency_key <> ''),
  request_fingerprint TEXT,
  CONSTRAINT schedules_status_check CHECK (status IN ('active', 'paused', 'ended', 'canceled'))
);

CREATE INDEX IF NOT EXISTS schedules_user ON schedules(user_id, due_at);

CREATE INDEX IF NOT EXISTS schedules_due ON schedules(due_at)
WHERE
  status = 'waiting';

CREATE INDEX IF NOT EXISTS schedules_post_id ON schedules(post_id)
WHERE
  post_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedules_template_id ON schedules(template_id)
WHERE
  template_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedules_by_creation ON schedules(user_id, created_at, id);

CREATE INDEX IF NOT EXISTS schedules_by_reference ON schedules(user_id, client_reference, created_at, id)
WHERE
  client_reference IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedules_fingerprints ON schedules(created_at)
WHERE
  request_fingerprint IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS schedules_key ON schedules(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;

CREATE TABLE IF NOT EXISTS notifications (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  kind TEXT NOT NULL,
  subject_id UUID,
  dedupe_key TEXT NOT NULL CHECK (dedupe_key <> ''),
  data JSONB NOT NULL DEFAULT '{}',
  read_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  unread BOOLEAN NOT NULL DEFAULT TRUE,
  outbox BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE (
    user_id,
    dedupe_key
  )
);

CREATE INDEX IF NOT EXISTS notifications_user ON notifications(user_id, created_at);

CREATE INDEX IF NOT EXISTS notifications_unread ON notifications(user_id, unread, created_at, id);

CREATE INDEX IF NOT EXISTS notifications_by_kind ON notifications(user_id, kind, unread, created_at, id);

CREATE INDEX IF NOT EXISTS notifications_by_subject ON notifications(user_id, subject_id, unread, created_at, id);

CREATE INDEX IF NOT EXISTS notifications_outbox ON notifications(user_id, created_at, id)
WHERE
  outbox = TRUE;

CREATE TABLE IF NOT EXISTS webhooks (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  sealed_url TEXT NOT NULL CHECK (sealed_url <> ''),
  sealed_secret TEXT NOT NULL CHECK (sealed_secret <> ''),
  sealing_key_id TEXT NOT NULL,
  events JSONB NOT NULL DEFAULT '[]',
  active BOOLEAN NOT NULL DEFAULT TRUE,
  failures INT NOT NULL DEFAULT 0,
  due_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  sealed_old_secret TEXT CHECK (sealed_old_secret <> ''),
  old_secret_until TIMESTAMPTZ,
  disabled_reason TEXT CHECK (disabled_reason IN ('paused', 'failing', 'gone')),
  failing_since TIMESTAMPTZ,
  proven BOOLEAN NOT NULL DEFAULT FALSE,
  lease_owner UUID,
  lease_until TIMESTAMPTZ,
  idempotency_key TEXT CHECK (idempotency_key <> ''),
  request_fingerprint TEXT
);

CREATE INDEX IF NOT EXISTS webhooks_user ON webhooks(user_id, created_at);

CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks(proven, due_at)
WHERE
  due_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS webhooks_old_secret ON webhooks(old_secret_until)
WHERE
  old_secret_until IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS webhooks_key ON webhooks(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;

CREATE INDEX IF NOT EXISTS webhooks_window ON webhooks(created_at)
WHERE
  request_fingerprint IS NOT NULL;

CREATE INDEX IF NOT EXISTS webhooks_unknown ON webhooks(due_at)
WHERE
  due_at IS NOT NULL AND proven = FALSE AND failures = 0;

CREATE TABLE IF NOT EXISTS deletion_receipts (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_hash TEXT CHECK (user_hash <> ''),
  code_hash TEXT NOT NULL CHECK (code_hash <> ''),
  origin TEXT NOT NULL CHECK (origin IN ('user', 'meta')),
  state TEXT NOT NULL DEFAULT 'completed',
  counts JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  left_at TIMESTAMPTZ,
  revocations JSONB NOT NULL DEFAULT '[]',
  UNIQUE (
    code_hash
  ),
  CONSTRAINT deletion_receipts_state_check CHECK (state IN ('deleting', 'completed', 'partial'))
);

CREATE INDEX IF NOT EXISTS deletion_receipts_user ON deletion_receipts(user_hash, created_at);

CREATE INDEX IF NOT EXISTS deletion_receipts_open ON deletion_receipts(created_at)
WHERE
  state = 'deleting';

CREATE INDEX IF NOT EXISTS deletion_receipts_traceable ON deletion_receipts(created_at)
WHERE
  user_hash IS NOT NULL;

CREATE TABLE IF NOT EXISTS departures (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  code_hash TEXT NOT NULL CHECK (code_hash <> ''),
  left_at TIMESTAMPTZ NOT NULL,
  grants_settled_at TIMESTAMPTZ,
  revocations JSONB NOT NULL DEFAULT '[]',
  counts JSONB NOT NULL DEFAULT '{}',
  lease_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  reached JSONB NOT NULL DEFAULT '{}',
  UNIQUE (
    user_id
  ),
  UNIQUE (
    code_hash
  )
);

CREATE TABLE IF NOT EXISTS former_accounts (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  platform TEXT NOT NULL,
  account_id TEXT NOT NULL CHECK (account_id <> ''),
  connection_id UUID NOT NULL,
  subject_hash TEXT NOT NULL CHECK (subject_hash <> ''),
  erasure_id UUID,
  asked_at TIMESTAMPTZ,
  counts JSONB NOT NULL DEFAULT '{}',
  lease_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    connection_id
  ),
  CHECK (erasure_id IS NULL OR asked_at IS NOT NULL),
  CONSTRAINT former_accounts_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  )
);

CREATE INDEX IF NOT EXISTS former_accounts_user ON former_accounts(user_id, created_at, id);

CREATE INDEX IF NOT EXISTS former_accounts_subject ON former_accounts(subject_hash);

CREATE INDEX IF NOT EXISTS former_accounts_erasure ON former_accounts(erasure_id)
WHERE
  erasure_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS ai_spending (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  month TEXT NOT NULL CHECK (LENGTH(month) = 7),
  spent_nanousd BIGINT NOT NULL DEFAULT 0 CHECK (spent_nanousd >= 0),
  reserved_nanousd BIGINT NOT NULL DEFAULT 0 CHECK (reserved_nanousd >= 0),
  last_attempt UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    month
  )
);

CREATE TABLE IF NOT EXISTS ai_operator_spending (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_hash TEXT NOT NULL CHECK (user_hash <> ''),
  month TEXT NOT NULL CHECK (LENGTH(month) = 7),
  spent_nanousd BIGINT NOT NULL DEFAULT 0 CHECK (spent_nanousd >= 0),
  reserved_nanousd BIGINT NOT NULL DEFAULT 0 CHECK (reserved_nanousd >= 0),
  last_attempt UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_hash,
    month
  )
);

CREATE TABLE IF NOT EXISTS platforms (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> '')
);

CREATE TABLE IF NOT EXISTS ai_providers (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> '')
);

CREATE TABLE IF NOT EXISTS request_counts (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  kind TEXT NOT NULL,
  window_start TIMESTAMPTZ NOT NULL,
  requests INT NOT NULL DEFAULT 0 CHECK (requests >= 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    kind
  ),
  CONSTRAINT request_counts_kind_check CHECK (kind IN ('posts', 'checks', 'webhook_tests'))
);

CREATE INDEX IF NOT EXISTS request_counts_by_window ON request_counts(window_start);

CREATE TABLE IF NOT EXISTS schedule_targets (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  schedule_id UUID NOT NULL REFERENCES schedules (
    id
  ) ON DELETE CASCADE,
  connection_id UUID REFERENCES platform_connections (
    id
  ) ON DELETE SET NULL,
  platform TEXT NOT NULL REFERENCES platforms (
    name
  ),
  position INT NOT NULL CHECK (position >= 0),
  way TEXT NOT NULL CHECK (way IN ('native', 'pull', 'generate', 'notify')),
  kind TEXT CHECK (kind <> ''),
  source_hash TEXT CHECK (source_hash <> ''),
  sealed_source TEXT CHECK (sealed_source <> ''),
  sealing_key_id TEXT,
  template_id UUID REFERENCES prompt_templates (
    id
  ) ON DELETE SET NULL,
  template_version INT CHECK (template_version >= 1),
  post_id UUID REFERENCES posts (
    id
  ) ON DELETE SET NULL,
  ended_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
);

CREATE INDEX IF NOT EXISTS schedule_targets_user ON schedule_targets(user_id, schedule_id, id);

CREATE INDEX IF NOT EXISTS schedule_targets_schedule ON schedule_targets(schedule_id, position);

CREATE INDEX IF NOT EXISTS schedule_targets_connection ON schedule_targets(connection_id)
WHERE
  connection_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedule_targets_template ON schedule_targets(template_id)
WHERE
  template_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedule_targets_post ON schedule_targets(post_id)
WHERE
  post_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS schedule_occurrences (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  schedule_id UUID NOT NULL REFERENCES schedules (
    id
  ) ON DELETE CASCADE,
  target_id UUID NOT NULL REFERENCES schedule_targets (
    id
  ) ON DELETE CASCADE,
  connection_id UUID REFERENCES platform_connections (
    id
  ) ON DELETE SET NULL,
  due_at TIMESTAMPTZ NOT NULL,
  local_due TEXT NOT NULL CHECK (local_due <> ''),
  position INT NOT NULL DEFAULT 0 CHECK (position >= 0),
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN (
    'pending',
    'paused',
    'running',
    'processing',
    'notified',
    'published',
    'missed',
    'failed',
    'unknown',
    'canceled',
    'skipped'
  )),
  code TEXT CHECK (code <> ''),
  post_id UUID REFERENCES posts (
    id
  ) ON DELETE SET NULL,
  lease_owner UUID,
  lease_until TIMESTAMPTZ,
  wake_at TIMESTAMPTZ,
  check_stage INT NOT NULL DEFAULT 0,
  check_due_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  slot BOOLEAN NOT NULL DEFAULT FALSE,
  check_codes TEXT CHECK (check_codes <> ''),
  check_changes INT NOT NULL DEFAULT 0,
  UNIQUE (
    target_id,
    local_due,
    due_at
  )
);

CREATE INDEX IF NOT EXISTS schedule_occurrences_wake ON schedule_occurrences(wake_at)
WHERE
  wake_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedule_occurrences_check ON schedule_occurrences(check_due_at)
WHERE
  check_due_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedule_occurrences_order ON schedule_occurrences(connection_id, due_at, position, created_at, id)
WHERE
  state IN ('pending', 'running');

CREATE INDEX IF NOT EXISTS schedule_occurrences_user ON schedule_occurrences(user_id, due_at, id);

CREATE INDEX IF NOT EXISTS schedule_occurrences_schedule ON schedule_occurrences(schedule_id, due_at);

CREATE INDEX IF NOT EXISTS schedule_occurrences_connection ON schedule_occurrences(connection_id)
WHERE
  connection_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS schedule_occurrences_post ON schedule_occurrences(post_id)
WHERE
  post_id IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS schedule_occurrences_one_slot ON schedule_occurrences(connection_id, due_at)
WHERE
  slot AND state IN ('pending', 'paused');

CREATE INDEX IF NOT EXISTS schedule_occurrences_creation ON schedule_occurrences(user_id, created_at, id);

CREATE TABLE IF NOT EXISTS slot_plans (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  connection_id UUID NOT NULL REFERENCES platform_connections (
    id
  ) ON DELETE CASCADE,
  time_zone TEXT NOT NULL CHECK (time_zone <> ''),
  paused BOOLEAN NOT NULL DEFAULT FALSE,
  slots JSONB NOT NULL DEFAULT '[]',
  version INT NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    connection_id
  )
);

CREATE INDEX IF NOT EXISTS slot_plans_user ON slot_plans(user_id, connection_id);

CREATE TABLE IF NOT EXISTS calendar_tokens (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  token_hash TEXT NOT NULL CHECK (token_hash <> ''),
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id
  ),
  UNIQUE (
    token_hash
  )
);

CREATE INDEX IF NOT EXISTS calendar_tokens_by_creation ON calendar_tokens(user_id, created_at, id);

CREATE TABLE IF NOT EXISTS webhook_deliveries (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  webhook_id UUID NOT NULL REFERENCES webhooks (
    id
  ) ON DELETE CASCADE,
  notice_id UUID REFERENCES notifications (
    id
  ) ON DELETE CASCADE,
  event TEXT NOT NULL,
  subject_id UUID,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'canceled')),
  attempts INT NOT NULL DEFAULT 0,
  status INT,
  code TEXT,
  duration_ms INT,
  queued_at TIMESTAMPTZ NOT NULL,
  next_at TIMESTAMPTZ,
  expires_at TIMESTAMPTZ NOT NULL,
  attempted_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    webhook_id,
    notice_id
  )
);

CREATE INDEX IF NOT EXISTS webhook_deliveries_user ON webhook_deliveries(user_id, created_at, id);

CREATE INDEX IF NOT EXISTS webhook_deliveries_log ON webhook_deliveries(webhook_id, created_at, id);

CREATE INDEX IF NOT EXISTS webhook_deliveries_notice ON webhook_deliveries(notice_id)
WHERE
  notice_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS webhook_deliveries_waiting ON webhook_deliveries(webhook_id, subject_id, queued_at)
WHERE
  state = 'pending';

CREATE INDEX IF NOT EXISTS webhook_deliveries_age ON webhook_deliveries(created_at);

CREATE TABLE IF NOT EXISTS post_polls (
  target_id UUID NOT NULL PRIMARY KEY,
  id UUID NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  connection_id UUID NOT NULL,
  platform TEXT NOT NULL REFERENCES platforms (
    name
  ),
  published_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  claimed_until TIMESTAMPTZ,
  other_target_ids JSONB NOT NULL DEFAULT '[]',
  CONSTRAINT post_polls_connection_fkey FOREIGN KEY (user_id, connection_id) REFERENCES platform_connections (
    user_id,
    id
  ) ON DELETE CASCADE
);

CREATE INDEX IF NOT EXISTS post_polls_due ON post_polls(platform, due_at);

CREATE INDEX IF NOT EXISTS post_polls_account ON post_polls(user_id, connection_id, target_id);

CREATE TABLE IF NOT EXISTS post_figures (
  target_id UUID NOT NULL PRIMARY KEY REFERENCES post_targets (
    id
  ) ON DELETE CASCADE,
  id UUID NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  read_at TIMESTAMPTZ NOT NULL,
  reason TEXT CHECK (reason <> ''),
  failures INT NOT NULL DEFAULT 0 CHECK (failures >= 0),
  good_at TIMESTAMPTZ,
  views BIGINT,
  reach BIGINT,
  likes BIGINT,
  comments BIGINT,
  shares BIGINT,
  saves BIGINT,
  clicks BIGINT,
  extra JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  thinned_at TIMESTAMPTZ,
  expires_at TIMESTAMPTZ,
  CHECK (reason IS NOT NULL OR good_at IS NOT NULL)
);

CREATE INDEX IF NOT EXISTS post_figures_user ON post_figures(user_id, target_id);

CREATE INDEX IF NOT EXISTS post_figures_unthinned ON post_figures(created_at, target_id)
WHERE
  thinned_at IS NULL;

CREATE INDEX IF NOT EXISTS post_figures_expiring ON post_figures(expires_at, target_id)
WHERE
  expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS platform_circuits (
  platform TEXT NOT NULL PRIMARY KEY REFERENCES platforms (
    name
  ),
  failures INT NOT NULL DEFAULT 0 CHECK (failures >= 0),
  mark INT NOT NULL DEFAULT 0,
  opened_at TIMESTAMPTZ,
  open_until TIMESTAMPTZ,
  closed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  CHECK ((
    opened_at IS NULL
  ) = (
    open_until IS NULL
  ))
);

CREATE TABLE IF NOT EXISTS schedule_requests (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  schedule_id UUID NOT NULL REFERENCES schedules (
    id
  ) ON DELETE CASCADE,
  idempotency_key TEXT NOT NULL CHECK (idempotency_key <> ''),
  request_fingerprint TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    idempotency_key
  )
);

CREATE INDEX IF NOT EXISTS schedule_requests_user ON schedule_requests(user_id, created_at, id);

CREATE INDEX IF NOT EXISTS schedule_requests_schedule ON schedule_requests(schedule_id);

CREATE INDEX IF NOT EXISTS schedule_requests_window ON schedule_requests(created_at)
WHERE
  request_fingerprint IS NOT NULL;

CREATE TABLE IF NOT EXISTS prompt_template_choices (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  template_id UUID NOT NULL REFERENCES prompt_templates (
    id
  ) ON DELETE CASCADE,
  version INT CHECK (version >= 1),
  follows BOOLEAN NOT NULL DEFAULT FALSE,
  report_reason TEXT CHECK (report_reason IN ('spam', 'harmful', 'misleading', 'illegal', 'other')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    template_id
  )
);

CREATE INDEX IF NOT EXISTS prompt_template_choices_template ON prompt_template_choices(template_id);

CREATE TABLE IF NOT EXISTS template_library (
  id UUID NOT NULL PRIMARY KEY REFERENCES prompt_templates (
    id
  ) ON DELETE CASCADE,
  is_product BOOLEAN NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  content_mode TEXT NOT NULL,
  platforms JSONB NOT NULL,
  tags JSONB NOT NULL,
  version INT NOT NULL,
  shared_at TIMESTAMPTZ NOT NULL,
  usage_count BIGINT NOT NULL,
  rating_sum BIGINT NOT NULL,
  rating_count BIGINT NOT NULL,
  rating_score BIGINT NOT NULL,
  search_text TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
);

CREATE INDEX IF NOT EXISTS template_library_shared ON template_library(shared_at, id)
WHERE
  NOT is_product;

CREATE INDEX IF NOT EXISTS template_library_rated ON template_library(rating_score, id)
WHERE
  NOT is_product;

CREATE INDEX IF NOT EXISTS template_library_used ON template_library(usage_count, id)
WHERE
  NOT is_product;

CREATE INDEX IF NOT EXISTS template_library_product ON template_library(shared_at, id)
WHERE
  is_product;

CREATE VIEW IF NOT EXISTS shared_templates AS
SELECT
  t.id,
  t.user_id = 'system' AS is_product,
  t.name,
  t.description,
  t.content_mode,
  t.platforms,
  t.tags,
  t.version,
  t.shared_at,
  t.usage_count,
  t.rating_sum,
  t.rating_count,
  t.created_at,
  t.updated_at,
  v.system_text,
  v.user_text,
  v.variables
FROM prompt_templates AS t
LEFT JOIN prompt_template_versions AS v
  ON v.template_id = t.id AND v.version = t.version
WHERE
  t.shared_at IS NOT NULL;

CREATE VIEW IF NOT EXISTS prompt_template_uses AS
SELECT
  user_id,
  id AS template_id
FROM prompt_templates
LIMIT 0;

CREATE VIEW IF NOT EXISTS shared_template_versions AS
SELECT
  t.id,
  v.version,
  v.system_text,
  v.user_text,
  v.variables,
  v.created_at,
  v.version = t.version AS is_current,
  (
    SELECT
      COALESCE(SUM(r.stars), 0)
    FROM prompt_template_ratings AS r
    WHERE
      r.template_id = t.id AND r.version = v.version
  ) AS rating_sum,
  (
    SELECT
      COUNT(*)
    FROM prompt_template_ratings AS r
    WHERE
      r.template_id = t.id AND r.version = v.version
  ) AS rating_count
FROM prompt_templates AS t
INNER JOIN prompt_template_versions AS v
  ON v.template_id = t.id
WHERE
  t.shared_at IS NOT NULL
  AND (
    v.shared_at IS NOT NULL OR v.version = t.version OR t.user_id = 'system'
  );

CREATE VIEW IF NOT EXISTS listed_templates AS
SELECT
  id,
  is_product,
  name,
  description,
  content_mode,
  platforms,
  tags,
  version,
  shared_at,
  usage_count,
  rating_sum,
  rating_count,
  rating_score,
  search_text,
  created_at,
  updated_at
FROM template_library;

INSERT INTO prompt_templates (id, user_id, name, description, content_mode, tags, version, is_default, shared_at, updated_at, search_text, is_searchable) VALUES
('7e3a1c00-0001-4000-8000-000000000001', 'system', 'Business: useful first', 'For companies and the self-employed: one clear message, evidence instead of adjectives, one thing to do next.', 'business', '["business","announcement","clarity"]', 2, 1, '2026-11-22T09:05:00.000000Z', '2026-11-28T03:00:00.000000Z', ' business useful first
 for companies and the self employed one clear message evidence instead of adjectives one thing to do next', 1),
('7e3a1c00-0002-4000-8000-000000000002', 'system', 'Influencer: a hook and a story', 'For people who post for an audience: a first line that stops the scroll, one honest story, an easy way to answer.', 'influencer', '["influencer","storytelling","hook"]', 2, 1, '2026-11-22T09:05:00.000000Z', '2026-11-28T03:00:00.000000Z', ' influencer a hook and a story
 for people who post for an audience a first line that stops the scroll one honest story an easy way to answer', 1),
('7e3a1c00-0003-4000-8000-000000000003', 'system', 'Personal: in your own voice', 'For everybody else: sounds like you on a good day, says what happened and why it matters to you.', 'personal', '["personal","everyday","voice"]', 2, 1, '2026-11-22T09:05:00.000000Z', '2026-11-28T03:00:00.000000Z', ' personal in your own voice
 for everybody else sounds like you on a good day says what happened and why it matters to you', 1)
ON CONFLICT DO NOTHING;

INSERT INTO prompt_template_versions (id, user_id, template_id, version, system_text, user_text, variables) VALUES
('7e3a1c00-0001-4000-8000-000000000011', 'system', '7e3a1c00-0001-4000-8000-000000000001', 1, 'You write social media posts for {platform_name}, on behalf of the company or person described here.

Name: {user_name}
About them: {user_bio}
What they are good at: {user_skills}
What they work for: {user_mission}
Leave out whatever is empty above.

How to write:
- Start with what the reader gets out of it. Company news is only interesting for what it changes for somebody.
- One message per post. Say it in the first two sentences; the rest gives the reason or the proof.
- Use the facts, names, dates and figures of the brief exactly as they are. Invent none: no customers, quotes, numbers, prizes or deadlines that are not in the brief.
- Plain, concrete words and short sentences. No superlatives, no buzzwords, no exclamation marks in a row, no emoji unless the brief has some.
- Promise nothing about health, money or the law that the brief does not say.
- Fit each platform: {platform_style}.
- Write in the language of the brief.', 'Purpose of the post: {goal}
Who should read it: {audience}
What they should do next (nothing if empty): {call_to_action}

Brief: {topic}

Text to work from (none if empty): {text}', '[{"name":"goal","type":"choice","description":"What the post is for","required":true,"default":"inform","choices":["announce","inform","invite","explain","recruit","thank"]},{"name":"audience","type":"text","description":"Who should feel addressed","required":true,"default":"people who could use what we offer","choices":[]},{"name":"call_to_action","type":"text","description":"The one thing to do next, such as: book a call","required":false,"default":null,"choices":[]}]'),
('7e3a1c00-0002-4000-8000-000000000012', 'system', '7e3a1c00-0002-4000-8000-000000000002', 1, 'You write social media posts for {platform_name}, in the first person, as the one described here.

Name: {user_name}
Who is speaking: {user_bio}
Known for: {user_skills}
Stands for: {user_mission}
Leave out whatever is empty above.

How to write:
- The first line has to earn the second: a moment, a contradiction or a question that the post then answers. No bait that the post does not keep.
- Tell one thing that happened or one thing learned, with a detail only somebody who was there would know. Take it from the brief; make nothing up.
- Speak to one person. Rhythm before grammar, short lines, room to breathe.
- End so that answering is easy: an honest question or a small invitation.
- If the brief is an advertisement, a gift or a partnership, say so clearly near the top.
- Hashtags: only ones that people really look for, and few.
- Fit each platform: {platform_style}.
- Write in the language of the brief.', 'Mood: {mood}
Followers: {audience}
Paid or gifted partnership: {partnership}

What it is about: {topic}

Text to work from (none if empty): {text}', '[{"name":"mood","type":"choice","description":"How the post should feel","required":true,"default":"warm","choices":["warm","playful","bold","calm","raw"]},{"name":"audience","type":"text","description":"Who follows, and what they came for","required":true,"default":"people who share this interest","choices":[]},{"name":"partnership","type":"boolean","description":"Whether somebody pays or gives something for the post","required":true,"default":false,"choices":[]}]'),
('7e3a1c00-0003-4000-8000-000000000013', 'system', '7e3a1c00-0003-4000-8000-000000000003', 1, 'You help somebody put something into words for {platform_name}. It is a personal account, and the post has to sound like a person, not like a brand.

Name: {user_name}
About them: {user_bio}
Interests and skills: {user_skills}
What matters to them: {user_mission}
Leave out whatever is empty above.

How to write:
- First person, the way one talks to friends: simple words, real feelings, a little humour where it fits.
- Say what happened, then why it matters. Keep what is said in the brief; add no events, people, places or feelings that are not there.
- Mention nobody else by full name, and no address, school or workplace, unless the brief does.
- Short is fine. No slogans, no life lessons unless asked for, hashtags only where the platform expects them.
- Fit each platform: {platform_style}.
- Write in the language of the brief.', 'Tone: {tone}

What I want to share: {topic}

Text to work from (none if empty): {text}', '[{"name":"tone","type":"choice","description":"How it should sound","required":true,"default":"relaxed","choices":["relaxed","happy","thoughtful","funny","grateful"]}]'),
('7e3a1c00-0001-4000-8000-000000000021', 'system', '7e3a1c00-0001-4000-8000-000000000001', 2, 'You write social media posts on behalf of the company or person described here.

Who is posting:
Name: {user_name}
About them: {user_bio}
What they are good at: {user_skills}
What they work for: {user_mission}

How to write:
- Start with what the reader gets out of it. Company news is only interesting for what it changes for somebody.
- One message per post. Say it in the first two sentences; the rest gives the reason or the proof.
- Give names, dates and figures exactly as they are given to you.
- Plain, concrete words and short sentences. No superlatives, no buzzwords, no exclamation marks in a row.
- Promise nothing about health, money or the law that was not promised to you.', 'Purpose of the post: {goal}
Readers: {audience}
Call to action: {call_to_action}

{topic}

{text}', '[{"name":"goal","type":"choice","description":"What the post is for","required":false,"default":null,"choices":["announce","inform","invite","explain","recruit","thank"]},{"name":"audience","type":"text","description":"Who should feel addressed","required":false,"default":null,"choices":[]},{"name":"call_to_action","type":"text","description":"The one thing to do next, such as: book a call","required":false,"default":null,"choices":[]}]'),
('7e3a1c00-0002-4000-8000-000000000022', 'system', '7e3a1c00-0002-4000-8000-000000000002', 2, 'You write social media posts in the first person, as the one described here.

Who is speaking:
Name: {user_name}
About them: {user_bio}
Known for: {user_skills}
Stands for: {user_mission}

How to write:
- The first line has to earn the second: a moment, a contradiction or a question that the post then answers. No bait that the post does not keep.
- Tell one thing that happened or one thing learned, with a detail only somebody who was there would know.
- Speak to one person. Rhythm before grammar, room to breathe.
- Make answering easy: an honest question or a small invitation.
- If the post is an advertisement, a gift or a partnership, say so clearly near the top.', 'Mood: {mood}
Readers: {audience}
Paid or gifted partnership: {partnership}

{topic}

{text}', '[{"name":"mood","type":"choice","description":"How the post should feel","required":false,"default":null,"choices":["warm","playful","bold","calm","raw"]},{"name":"audience","type":"text","description":"Who follows, and what they came for","required":false,"default":null,"choices":[]},{"name":"partnership","type":"boolean","description":"Whether somebody pays or gives something for the post","required":false,"default":null,"choices":[]}]'),
('7e3a1c00-0003-4000-8000-000000000023', 'system', '7e3a1c00-0003-4000-8000-000000000003', 2, 'You help somebody put something into words. It is a personal account, and the post has to sound like a person, not like a brand.

Who is posting:
Name: {user_name}
About them: {user_bio}
Interests and skills: {user_skills}
What matters to them: {user_mission}

How to write:
- First person, the way one talks to friends: simple words, real feelings, a little humor where it fits.
- Say what happened, then why it matters.
- Mention nobody else by full name, and no address, school or workplace, unless you are given them.
- No slogans, no life lessons unless asked for.', 'Tone: {tone}

{topic}

{text}', '[{"name":"tone","type":"choice","description":"How it should sound","required":false,"default":null,"choices":["relaxed","happy","thoughtful","funny","grateful"]}]')
ON CONFLICT DO NOTHING;

INSERT INTO platforms (name) VALUES
('facebook'),
('instagram'),
('linkedin'),
('tiktok')
ON CONFLICT DO NOTHING;

INSERT INTO ai_providers (name) VALUES
('openai'),
('anthropic'),
('google'),
('static')
ON CONFLICT DO NOTHING;

INSERT INTO template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count, rating_sum, rating_count, rating_score, search_text, updated_at) VALUES
('7e3a1c00-0001-4000-8000-000000000001', 1, 'Business: useful first', 'For companies and the self-employed: one clear message, evidence instead of adjectives, one thing to do next.', 'business', '[]', '["business","announcement","clarity"]', 2, '2026-11-22T09:05:00.000000Z', 0, 0, 0, 300000, ' business useful first
 for companies and the self employed one clear message evidence instead of adjectives one thing to do next', '2026-11-28T03:00:00.000000Z'),
('7e3a1c00-0002-4000-8000-000000000002', 1, 'Influencer: a hook and a story', 'For people who post for an audience: a first line that stops the scroll, one honest story, an easy way to answer.', 'influencer', '[]', '["influencer","storytelling","hook"]', 2, '2026-11-22T09:05:00.000000Z', 0, 0, 0, 300000, ' influencer a hook and a story
 for people who post for an audience a first line that stops the scroll one honest story an easy way to answer', '2026-11-28T03:00:00.000000Z'),
('7e3a1c00-0003-4000-8000-000000000003', 1, 'Personal: in your own voice', 'For everybody else: sounds like you on a good day, says what happened and why it matters to you.', 'personal', '[]', '["personal","everyday","voice"]', 2, '2026-11-22T09:05:00.000000Z', 0, 0, 0, 300000, ' personal in your own voice
 for everybody else sounds like you on a good day says what happened and why it matters to you', '2026-11-28T03:00:00.000000Z')
ON CONFLICT DO NOTHING;

-- What the migrations do by functions of PostgreSQL's: counters follow what people do, and no statement of the product writes them.
CREATE TRIGGER IF NOT EXISTS count_rating_given AFTER INSERT ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1 WHERE id = NEW.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_rating_changed AFTER UPDATE OF template_id, stars ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1 WHERE id = OLD.template_id;
  UPDATE prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1 WHERE id = NEW.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_rating_withdrawn AFTER DELETE ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1 WHERE id = OLD.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_template_use INSTEAD OF INSERT ON prompt_template_uses BEGIN
  UPDATE prompt_templates SET usage_count = usage_count + 1
  WHERE id = NEW.template_id AND user_id <> NEW.user_id AND shared_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS count_report_given AFTER INSERT ON prompt_template_choices WHEN NEW.report_reason IS NOT NULL BEGIN
  UPDATE prompt_templates SET report_count = report_count + 1 WHERE id = NEW.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_report_changed AFTER UPDATE OF template_id, report_reason ON prompt_template_choices BEGIN
  UPDATE prompt_templates SET report_count = report_count - 1 WHERE id = OLD.template_id AND OLD.report_reason IS NOT NULL;
  UPDATE prompt_templates SET report_count = report_count + 1 WHERE id = NEW.template_id AND NEW.report_reason IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS count_report_withdrawn AFTER DELETE ON prompt_template_choices WHEN OLD.report_reason IS NOT NULL BEGIN
  UPDATE prompt_templates SET report_count = report_count - 1 WHERE id = OLD.template_id;
END;

CREATE TRIGGER IF NOT EXISTS date_target AFTER INSERT ON post_targets
WHEN NEW.created_at <> (SELECT created_at FROM posts WHERE id = NEW.post_id) BEGIN
  UPDATE post_targets SET post_created_at = (SELECT created_at FROM posts WHERE id = NEW.post_id) WHERE id = NEW.id;
END;

-- As leave_shared_due_time of PostgreSQL: a target that is deleted, here or at its platform, leaves the row of its
-- due time.
CREATE TRIGGER IF NOT EXISTS leave_shared_due_time AFTER DELETE ON post_targets WHEN OLD.connection_id IS NOT NULL BEGIN
  UPDATE post_polls
  SET target_id = json_extract(other_target_ids, '$[0]'), other_target_ids = json_remove(other_target_ids, '$[0]')
  WHERE target_id = OLD.id AND other_target_ids <> '[]'
    AND NOT EXISTS (SELECT 1 FROM post_polls q WHERE q.target_id = json_extract(post_polls.other_target_ids, '$[0]'));
  DELETE FROM post_polls WHERE target_id = OLD.id AND other_target_ids = '[]';
  UPDATE post_polls
  SET other_target_ids = (SELECT json_group_array(value) FROM json_each(post_polls.other_target_ids) WHERE value <> OLD.id)
  WHERE user_id = OLD.user_id AND connection_id = OLD.connection_id
    AND EXISTS (SELECT 1 FROM json_each(post_polls.other_target_ids) WHERE value = OLD.id);
END;

CREATE TRIGGER IF NOT EXISTS leave_shared_due_time_when_marked AFTER UPDATE OF deleted_at ON post_targets
WHEN OLD.connection_id IS NOT NULL AND OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE post_polls
  SET target_id = json_extract(other_target_ids, '$[0]'), other_target_ids = json_remove(other_target_ids, '$[0]')
  WHERE target_id = OLD.id AND other_target_ids <> '[]'
    AND NOT EXISTS (SELECT 1 FROM post_polls q WHERE q.target_id = json_extract(post_polls.other_target_ids, '$[0]'));
  DELETE FROM post_polls WHERE target_id = OLD.id AND other_target_ids = '[]';
  UPDATE post_polls
  SET other_target_ids = (SELECT json_group_array(value) FROM json_each(post_polls.other_target_ids) WHERE value <> OLD.id)
  WHERE user_id = OLD.user_id AND connection_id = OLD.connection_id
    AND EXISTS (SELECT 1 FROM json_each(post_polls.other_target_ids) WHERE value = OLD.id);
END;

-- As guard_target and delete_history of PostgreSQL.
CREATE TRIGGER IF NOT EXISTS guard_history BEFORE INSERT ON post_analytics
WHEN NOT EXISTS (SELECT 1 FROM post_targets WHERE id = NEW.target_id AND user_id = NEW.user_id) BEGIN
  SELECT RAISE(ABORT, 'target_id refers to no row of this user');
END;

CREATE TRIGGER IF NOT EXISTS delete_history AFTER DELETE ON post_targets BEGIN
  DELETE FROM post_analytics WHERE user_id = OLD.user_id AND target_id = OLD.id;
END;

-- As guard_finished_target of PostgreSQL: the outcome of a target never changes. A test updates each column on both engines.
CREATE TRIGGER IF NOT EXISTS guard_finished_target BEFORE UPDATE ON post_targets
WHEN OLD.status IN ('published', 'delivered_to_inbox', 'failed', 'canceled', 'missed') AND (
  NEW.id IS NOT OLD.id OR NEW.user_id IS NOT OLD.user_id OR NEW.post_id IS NOT OLD.post_id OR NEW.platform IS NOT OLD.platform
  OR NEW.account_id IS NOT OLD.account_id OR NEW.position IS NOT OLD.position OR NEW.kind IS NOT OLD.kind
  OR NEW.text_length IS NOT OLD.text_length OR NEW.attempt IS NOT OLD.attempt OR NEW.retry_of IS NOT OLD.retry_of OR NEW.status IS NOT OLD.status
  OR NEW.handles IS NOT OLD.handles OR NEW.accepted_id IS NOT OLD.accepted_id
  OR (NEW.platform_post_id IS NOT OLD.platform_post_id AND OLD.platform_post_id IS NOT NULL)
  OR (NEW.permalink IS NOT OLD.permalink AND OLD.status NOT IN ('published', 'delivered_to_inbox'))
  OR NEW.text_fingerprint IS NOT OLD.text_fingerprint OR NEW.error_class IS NOT OLD.error_class
  OR NEW.error_code IS NOT OLD.error_code OR NEW.platform_code IS NOT OLD.platform_code
  OR NEW.retry_after_at IS NOT OLD.retry_after_at OR NEW.committing_at IS NOT OLD.committing_at
  OR NEW.published_at IS NOT OLD.published_at OR NEW.deadline_at IS NOT OLD.deadline_at OR NEW.checks IS NOT OLD.checks
  OR NEW.created_at IS NOT OLD.created_at OR NEW.platform_ahead_ms IS NOT OLD.platform_ahead_ms
  OR NEW.idempotency_key IS NOT OLD.idempotency_key
  OR (NEW.request_fingerprint IS NOT OLD.request_fingerprint AND NEW.request_fingerprint IS NOT NULL)
  -- Set by date_target right after the row was added.
  OR (NEW.post_created_at IS NOT OLD.post_created_at AND OLD.post_created_at IS NOT NULL)
  OR NEW.first_comment IS NOT OLD.first_comment
  OR (OLD.status NOT IN ('published', 'delivered_to_inbox') AND (
    NEW.edited_at IS NOT OLD.edited_at OR NEW.edit_status IS NOT OLD.edit_status
    OR NEW.edit_error_class IS NOT OLD.edit_error_class OR NEW.edit_code IS NOT OLD.edit_code))
  OR NEW.publish_at IS NOT OLD.publish_at)
BEGIN
  SELECT RAISE(ABORT, 'a finished target does not change');
END;

-- As guard_finished_occurrence.
CREATE TRIGGER IF NOT EXISTS guard_finished_occurrence BEFORE UPDATE ON schedule_occurrences
WHEN OLD.state IN ('published', 'missed', 'failed', 'unknown', 'canceled', 'skipped') AND (
  NEW.id IS NOT OLD.id OR NEW.user_id IS NOT OLD.user_id OR NEW.schedule_id IS NOT OLD.schedule_id
  OR NEW.target_id IS NOT OLD.target_id OR NEW.due_at IS NOT OLD.due_at OR NEW.local_due IS NOT OLD.local_due
  OR NEW.position IS NOT OLD.position OR NEW.state IS NOT OLD.state OR NEW.code IS NOT OLD.code
  OR NEW.lease_owner IS NOT OLD.lease_owner OR NEW.lease_until IS NOT OLD.lease_until OR NEW.wake_at IS NOT OLD.wake_at
  OR NEW.check_stage IS NOT OLD.check_stage OR NEW.check_due_at IS NOT OLD.check_due_at
  OR NEW.check_codes IS NOT OLD.check_codes OR NEW.check_changes IS NOT OLD.check_changes
  OR NEW.slot IS NOT OLD.slot OR NEW.created_at IS NOT OLD.created_at)
BEGIN
  SELECT RAISE(ABORT, 'a finished occurrence does not change');
END;

-- What lists show of shared templates.
CREATE TRIGGER IF NOT EXISTS keep_library_added AFTER INSERT ON prompt_templates WHEN NEW.shared_at IS NOT NULL BEGIN
  DELETE FROM template_library WHERE id = NEW.id;
  INSERT INTO template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count,
    rating_sum, rating_count, rating_score, search_text, created_at, updated_at)
  VALUES (NEW.id, NEW.user_id = 'system', NEW.name, NEW.description, NEW.content_mode, NEW.platforms, NEW.tags, NEW.version, NEW.shared_at,
    NEW.usage_count, NEW.rating_sum, NEW.rating_count, (NEW.rating_sum + 15) * 100000 / (NEW.rating_count + 5), NEW.search_text,
    NEW.created_at, NEW.updated_at);
END;

CREATE TRIGGER IF NOT EXISTS keep_library_changed AFTER UPDATE ON prompt_templates
WHEN OLD.shared_at IS NOT NULL OR NEW.shared_at IS NOT NULL BEGIN
  DELETE FROM template_library WHERE id = NEW.id;
  INSERT INTO template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count,
    rating_sum, rating_count, rating_score, search_text, created_at, updated_at)
  SELECT NEW.id, NEW.user_id = 'system', NEW.name, NEW.description, NEW.content_mode, NEW.platforms, NEW.tags, NEW.version, NEW.shared_at,
    NEW.usage_count, NEW.rating_sum, NEW.rating_count, (NEW.rating_sum + 15) * 100000 / (NEW.rating_count + 5), NEW.search_text,
    NEW.created_at, NEW.updated_at
  WHERE NEW.shared_at IS NOT NULL;
END;
