BEGIN TRANSACTION;
CREATE TABLE account_analytics (
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
INSERT INTO "account_analytics" VALUES('f12f5c68-6d37-5a44-b71d-3199f82718a2','auth0|alice','24f3bd4e-6bbd-57e6-ae42-aa50571f35ec','2026-11-25T12:00:00.000000Z','ok',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "account_analytics" VALUES('e53aa8d9-4bbf-5a56-a73d-4fd7ee2e30b8','auth0|bob','07b1a58e-fb62-55ea-be2a-96e706ac88b9','2026-11-25T12:00:00.000000Z','ok',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE ai_operator_spending (
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
CREATE TABLE ai_provider_keys (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  provider TEXT NOT NULL,
  sealed_key TEXT NOT NULL CHECK (sealed_key <> ''),
  sealing_key_id TEXT NOT NULL,
  hint TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    provider
  ),
  CONSTRAINT ai_provider_keys_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (
    name
  ),
  CONSTRAINT ai_provider_keys_no_static CHECK (provider <> 'static')
);
INSERT INTO "ai_provider_keys" VALUES('928498f3-f6e9-502c-a87f-6c1f75471df9','auth0|alice','openai','sealed','k1','','2026-11-27T00:40:27.820000Z','2026-11-27T00:40:27.820000Z');
INSERT INTO "ai_provider_keys" VALUES('321245ab-332b-59f7-8b8e-7e3c944c9f0a','auth0|bob','openai','sealed','k1','','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
CREATE TABLE ai_provider_state (
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
INSERT INTO "ai_provider_state" VALUES('591311f9-daf3-5f34-8edf-b188abd92dc2','auth0|alice','openai','m','ok',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL);
INSERT INTO "ai_provider_state" VALUES('b9d8ccc0-de58-55cc-b543-4af00abe85c1','auth0|bob','openai','m','ok',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z',NULL);
CREATE TABLE ai_providers (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> '')
);
INSERT INTO "ai_providers" VALUES('openai');
INSERT INTO "ai_providers" VALUES('anthropic');
INSERT INTO "ai_providers" VALUES('google');
INSERT INTO "ai_providers" VALUES('static');
CREATE TABLE ai_spending (
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
INSERT INTO "ai_spending" VALUES('cea76976-744d-56c9-81f3-6524edda405b','auth0|alice','2026-11',0,0,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "ai_spending" VALUES('84e0d9f5-faf1-5b99-bdb4-0b5088769420','auth0|bob','2026-11',0,0,NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE ai_usage_tracking (
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
  CONSTRAINT ai_usage_tracking_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (
    name
  )
);
INSERT INTO "ai_usage_tracking" VALUES('2703ed71-c0fc-5ae9-af5c-bb1b7f2755fe','auth0|alice','2703ed71-c0fc-5ae9-af5c-bb1b7f2755fe',NULL,'ideas',1,'openai','m',NULL,'stored','ok',NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',0,0);
INSERT INTO "ai_usage_tracking" VALUES('c84ba5a0-edf6-522b-97b7-d66973168aaa','auth0|bob','c84ba5a0-edf6-522b-97b7-d66973168aaa',NULL,'ideas',1,'openai','m',NULL,'stored','ok',NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z',0,0);
CREATE TABLE connection_attempts (
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
  CONSTRAINT connection_attempts_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  )
);
INSERT INTO "connection_attempts" VALUES('d4a3bcae-fd35-5a80-88c7-fcb10b54f525','auth0|alice','tiktok','started','h',NULL,'','[]',NULL,NULL,NULL,'2030-01-01T00:00:00Z','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL,0);
INSERT INTO "connection_attempts" VALUES('42c5a059-6b62-5ca4-b565-e4c13b31b22f','auth0|bob','tiktok','started','h',NULL,'','[]',NULL,NULL,NULL,'2030-01-01T00:00:00Z','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL,0);
CREATE TABLE deletion_receipts (
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
CREATE TABLE departures (
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
INSERT INTO "departures" VALUES('8b7a52fe-b679-5cd3-8b23-3e4b69ae8441','auth0|alice','8b7a52fe-b679-5cd3-8b23-3e4b69ae8441','2030-01-01T00:00:00Z',NULL,'[]','{}',NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z','{}');
INSERT INTO "departures" VALUES('04d4b227-e240-562b-aab9-24ad24a1c108','auth0|bob','04d4b227-e240-562b-aab9-24ad24a1c108','2030-01-01T00:00:00Z',NULL,'[]','{}',NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z','{}');
CREATE TABLE former_accounts (
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
INSERT INTO "former_accounts" VALUES('22ab538a-0cb8-5487-af84-e2cb03fdbc92','auth0|alice','facebook','1','22ab538a-0cb8-5487-af84-e2cb03fdbc92','h',NULL,NULL,'{}',NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "former_accounts" VALUES('b341e2bd-0fbb-5096-84ea-7ab0ded7787c','auth0|bob','facebook','1','b341e2bd-0fbb-5096-84ea-7ab0ded7787c','h',NULL,NULL,'{}',NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE notifications (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  kind TEXT NOT NULL,
  subject_id UUID,
  dedupe_key TEXT NOT NULL CHECK (dedupe_key <> ''),
  data JSONB NOT NULL DEFAULT '{}',
  read_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    dedupe_key
  )
);
INSERT INTO "notifications" VALUES('3dec9609-fc5e-5669-ba53-31dbc08ff658','auth0|alice','k',NULL,'d','{}',NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "notifications" VALUES('516d9caf-80f6-5418-8f30-b494ff373b84','auth0|bob','k',NULL,'d','{}',NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE platform_connections (
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
  UNIQUE (
    user_id,
    platform,
    account_id
  ),
  CONSTRAINT platform_connections_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  )
);
INSERT INTO "platform_connections" VALUES('24f3bd4e-6bbd-57e6-ae42-aa50571f35ec','auth0|alice','linkedin','urn:1','member','','','','','[]','{}','active','','sealed',NULL,'k1',1,'2026-11-25T12:00:00.000000Z',NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "platform_connections" VALUES('07b1a58e-fb62-55ea-be2a-96e706ac88b9','auth0|bob','linkedin','urn:1','member','','','','','[]','{}','active','','sealed',NULL,'k1',1,'2026-11-25T12:00:00.000000Z',NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
CREATE TABLE platforms (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> '')
);
INSERT INTO "platforms" VALUES('facebook');
INSERT INTO "platforms" VALUES('instagram');
INSERT INTO "platforms" VALUES('linkedin');
INSERT INTO "platforms" VALUES('tiktok');
CREATE TABLE post_analytics (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  target_id UUID NOT NULL REFERENCES post_targets (
    id
  ) ON DELETE CASCADE,
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
  UNIQUE (
    target_id,
    polled_at
  ),
  CHECK (status = 'ok' OR reason IS NOT NULL)
);
INSERT INTO "post_analytics" VALUES('f48ced8c-a6eb-5dab-92b8-b97eac059865','auth0|alice','97d40a3b-5904-5d2d-b898-93e2e86c7c05','2026-11-25T12:00:00.000000Z','ok',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "post_analytics" VALUES('369473c2-12e5-51cb-b771-379cfbda3209','auth0|bob','b5b5d85b-0cee-5625-8f81-fc827d9a2ad8','2026-11-25T12:00:00.000000Z','ok',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE post_targets (
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
  kind TEXT NOT NULL CHECK (kind IN ('text', 'link', 'image', 'images', 'video', 'reel', 'story', 'document')),
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
  UNIQUE (
    retry_of
  ),
  CHECK (NOT status IN ('published', 'delivered_to_inbox') OR accepted_id IS NOT NULL),
  CHECK (status <> 'failed' OR error_class IS NOT NULL),
  CONSTRAINT post_targets_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (
    name
  )
);
INSERT INTO "post_targets" VALUES('97d40a3b-5904-5d2d-b898-93e2e86c7c05','auth0|alice','d3c24b42-004a-5610-8f42-b08cf6f82751','24f3bd4e-6bbd-57e6-ae42-aa50571f35ec','linkedin','urn:1',0,'text',1,NULL,'pending','{}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2030-01-01T00:00:00Z',NULL,0,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL);
INSERT INTO "post_targets" VALUES('b5b5d85b-0cee-5625-8f81-fc827d9a2ad8','auth0|bob','4bf83d67-e93e-5640-a438-0acf40409912','07b1a58e-fb62-55ea-be2a-96e706ac88b9','linkedin','urn:1',0,'text',1,NULL,'pending','{}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2030-01-01T00:00:00Z',NULL,0,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL);
CREATE TABLE posts (
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
  UNIQUE (
    user_id,
    idempotency_key
  )
);
INSERT INTO "posts" VALUES('d3c24b42-004a-5610-8f42-b08cf6f82751','auth0|alice','key',NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL);
INSERT INTO "posts" VALUES('4bf83d67-e93e-5640-a438-0acf40409912','auth0|bob','key',NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z',NULL);
CREATE TABLE profiles (
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
INSERT INTO "profiles" VALUES('e2deee0b-89ae-5f4a-a7ce-c8bf2233b466','auth0|alice','','','[]','','personal','UTC','en','{}','2026-11-27T00:40:27.820000Z','2026-11-27T00:40:27.820000Z');
INSERT INTO "profiles" VALUES('177d835f-6243-50f3-9758-98465efdcf6d','auth0|bob','','','[]','','personal','UTC','en','{}','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
CREATE TABLE prompt_template_ratings (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  template_id UUID NOT NULL REFERENCES prompt_templates (
    id
  ) ON DELETE CASCADE,
  stars INT NOT NULL CHECK (stars >= 1 AND stars <= 5),
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  UNIQUE (
    user_id,
    template_id
  )
);
INSERT INTO "prompt_template_ratings" VALUES('9ad23ece-2dfb-5e3c-8813-365e450cc288','auth0|alice','7e3a1c00-0001-4000-8000-000000000001',3,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "prompt_template_ratings" VALUES('cb0dbaa7-95d3-5f50-8bc9-c2b61c9e42cf','auth0|bob','7e3a1c00-0001-4000-8000-000000000001',3,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE prompt_template_versions (
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
  UNIQUE (
    template_id,
    version
  )
);
INSERT INTO "prompt_template_versions" VALUES('7e3a1c00-0001-4000-8000-000000000011','system','7e3a1c00-0001-4000-8000-000000000001',1,'You write social media posts for {platform_name}, on behalf of the company or person described here.

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
- Write in the language of the brief.','Purpose of the post: {goal}
Who should read it: {audience}
What they should do next (nothing if empty): {call_to_action}

Brief: {topic}

Text to work from (none if empty): {text}','[{"name":"goal","type":"choice","description":"What the post is for","required":true,"default":"inform","choices":["announce","inform","invite","explain","recruit","thank"]},{"name":"audience","type":"text","description":"Who should feel addressed","required":true,"default":"people who could use what we offer","choices":[]},{"name":"call_to_action","type":"text","description":"The one thing to do next, such as: book a call","required":false,"default":null,"choices":[]}]','2026-11-27T00:40:27.767000Z','2026-11-27T00:40:27.767000Z');
INSERT INTO "prompt_template_versions" VALUES('7e3a1c00-0002-4000-8000-000000000012','system','7e3a1c00-0002-4000-8000-000000000002',1,'You write social media posts for {platform_name}, in the first person, as the one described here.

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
- Write in the language of the brief.','Mood: {mood}
Followers: {audience}
Paid or gifted partnership: {partnership}

What it is about: {topic}

Text to work from (none if empty): {text}','[{"name":"mood","type":"choice","description":"How the post should feel","required":true,"default":"warm","choices":["warm","playful","bold","calm","raw"]},{"name":"audience","type":"text","description":"Who follows, and what they came for","required":true,"default":"people who share this interest","choices":[]},{"name":"partnership","type":"boolean","description":"Whether somebody pays or gives something for the post","required":true,"default":false,"choices":[]}]','2026-11-27T00:40:27.767000Z','2026-11-27T00:40:27.767000Z');
INSERT INTO "prompt_template_versions" VALUES('7e3a1c00-0003-4000-8000-000000000013','system','7e3a1c00-0003-4000-8000-000000000003',1,'You help somebody put something into words for {platform_name}. It is a personal account, and the post has to sound like a person, not like a brand.

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
- Write in the language of the brief.','Tone: {tone}

What I want to share: {topic}

Text to work from (none if empty): {text}','[{"name":"tone","type":"choice","description":"How it should sound","required":true,"default":"relaxed","choices":["relaxed","happy","thoughtful","funny","grateful"]}]','2026-11-27T00:40:27.767000Z','2026-11-27T00:40:27.767000Z');
INSERT INTO "prompt_template_versions" VALUES('cedf5188-24f5-5fcb-ab7b-f6d404b10a79','auth0|alice','9f3f9bf7-392a-5f46-aa0d-91749e522047',1,'','t','[]','2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "prompt_template_versions" VALUES('7e4ecc47-6e6a-523c-bad6-7291124b5942','auth0|bob','7e3cbe36-1574-5fac-9867-edc20832a050',1,'','t','[]','2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE prompt_templates (
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
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
);
INSERT INTO "prompt_templates" VALUES('7e3a1c00-0001-4000-8000-000000000001','system',NULL,'Business: useful first','For companies and the self-employed: one clear message, evidence instead of adjectives, one thing to do next.','business','[]','["business","announcement","clarity"]',1,1,NULL,NULL,'2026-11-22T09:05:00.000000Z',0,6,2,'2026-11-27T00:40:27.766000Z','2026-11-27T00:40:27.766000Z');
INSERT INTO "prompt_templates" VALUES('7e3a1c00-0002-4000-8000-000000000002','system',NULL,'Influencer: a hook and a story','For people who post for an audience: a first line that stops the scroll, one honest story, an easy way to answer.','influencer','[]','["influencer","storytelling","hook"]',1,1,NULL,NULL,'2026-11-22T09:05:00.000000Z',0,0,0,'2026-11-27T00:40:27.766000Z','2026-11-27T00:40:27.766000Z');
INSERT INTO "prompt_templates" VALUES('7e3a1c00-0003-4000-8000-000000000003','system',NULL,'Personal: in your own voice','For everybody else: sounds like you on a good day, says what happened and why it matters to you.','personal','[]','["personal","everyday","voice"]',1,1,NULL,NULL,'2026-11-22T09:05:00.000000Z',0,0,0,'2026-11-27T00:40:27.766000Z','2026-11-27T00:40:27.766000Z');
INSERT INTO "prompt_templates" VALUES('9f3f9bf7-392a-5f46-aa0d-91749e522047','auth0|alice',NULL,'n','','personal','[]','[]',1,0,NULL,NULL,NULL,0,0,0,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "prompt_templates" VALUES('7e3cbe36-1574-5fac-9867-edc20832a050','auth0|bob',NULL,'n','','personal','[]','[]',1,0,NULL,NULL,NULL,0,0,0,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE schedules (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  post_id UUID REFERENCES posts (
    id
  ) ON DELETE SET NULL,
  template_id UUID REFERENCES prompt_templates (
    id
  ) ON DELETE SET NULL,
  strategy TEXT NOT NULL CHECK (strategy IN ('native', 'pull', 'generate', 'notify')),
  connection_ids JSONB NOT NULL DEFAULT '[]',
  sealed_source TEXT CHECK (sealed_source <> ''),
  sealing_key_id TEXT,
  source_sha256 TEXT,
  due_at TIMESTAMPTZ NOT NULL,
  time_zone TEXT NOT NULL DEFAULT 'UTC',
  recurrence TEXT,
  grace_seconds INT NOT NULL DEFAULT 900 CHECK (grace_seconds >= 0),
  status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'missed', 'failed', 'canceled')),
  error_code TEXT,
  lease_owner UUID,
  lease_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
);
INSERT INTO "schedules" VALUES('4d7a2f61-5b3d-5f6d-97c2-aade48a39d07','auth0|alice',NULL,NULL,'notify','[]',NULL,NULL,NULL,'2030-01-01T00:00:00Z','UTC',NULL,900,'waiting',NULL,NULL,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "schedules" VALUES('c51e8b7f-01a2-5384-b566-59c9da975aa4','auth0|bob',NULL,NULL,'notify','[]',NULL,NULL,NULL,'2030-01-01T00:00:00Z','UTC',NULL,900,'waiting',NULL,NULL,NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE TABLE webhooks (
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
  updated_at TIMESTAMPTZ NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
);
INSERT INTO "webhooks" VALUES('810e1abb-6787-5d9a-926c-3e8fbdada51c','auth0|alice','sealed','sealed','k1','[]',1,0,NULL,'2026-11-27T00:40:27.821000Z','2026-11-27T00:40:27.821000Z');
INSERT INTO "webhooks" VALUES('a788619c-a4dd-5956-a067-94f08d1b2165','auth0|bob','sealed','sealed','k1','[]',1,0,NULL,'2026-11-27T00:40:27.822000Z','2026-11-27T00:40:27.822000Z');
CREATE INDEX platform_connections_refresh_due ON platform_connections(refresh_due_at)
WHERE
  status = 'active' AND refresh_due_at IS NOT NULL;
CREATE INDEX platform_connections_metrics_due ON platform_connections(metrics_due_at)
WHERE
  status = 'active' AND metrics_due_at IS NOT NULL;
CREATE INDEX platform_connections_expiring ON platform_connections(access_expires_at)
WHERE
  status = 'active' AND refresh_due_at IS NULL;
CREATE INDEX platform_connections_grant ON platform_connections(platform, grant_subject);
CREATE INDEX connection_attempts_user ON connection_attempts(user_id, created_at);
CREATE INDEX connection_attempts_expiry ON connection_attempts(expires_at);
CREATE UNIQUE INDEX connection_attempts_handle ON connection_attempts(handle_hash)
WHERE
  handle_hash IS NOT NULL;
CREATE INDEX connection_attempts_subject ON connection_attempts(subject_hash)
WHERE
  subject_hash IS NOT NULL;
CREATE INDEX posts_user_created ON posts(user_id, created_at, id);
CREATE INDEX posts_plain_keys ON posts(user_id, id)
WHERE
  SUBSTRING(idempotency_key, 1, 5) <> 'hmac:';
CREATE INDEX posts_forgotten ON posts(created_at)
WHERE
  forgotten_at IS NOT NULL;
CREATE INDEX posts_window ON posts(created_at)
WHERE
  request_fingerprint IS NOT NULL OR answer_status IS NOT NULL;
CREATE INDEX post_targets_post ON post_targets(user_id, post_id, position, attempt);
CREATE INDEX post_targets_open ON post_targets(next_check_at)
WHERE
  status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
  AND next_check_at IS NOT NULL;
CREATE INDEX post_targets_accepted ON post_targets(platform, accepted_id)
WHERE
  accepted_id IS NOT NULL;
CREATE INDEX post_targets_metrics_due ON post_targets(metrics_due_at)
WHERE
  metrics_due_at IS NOT NULL;
CREATE INDEX post_targets_post_id ON post_targets(post_id);
CREATE INDEX post_targets_connection_id ON post_targets(connection_id, id)
WHERE
  connection_id IS NOT NULL;
CREATE INDEX post_targets_unclaimed ON post_targets(platform, account_id)
WHERE
  platform_post_id IS NULL AND committing_at IS NOT NULL;
CREATE UNIQUE INDEX post_targets_one_claim ON post_targets(platform, account_id, platform_post_id)
WHERE
  platform_post_id IS NOT NULL;
CREATE INDEX post_analytics_user ON post_analytics(user_id, target_id, polled_at);
CREATE INDEX account_analytics_user ON account_analytics(user_id, connection_id, polled_at);
CREATE INDEX ai_usage_tracking_user ON ai_usage_tracking(user_id, created_at);
CREATE UNIQUE INDEX ai_usage_tracking_key ON ai_usage_tracking(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;
CREATE INDEX ai_usage_tracking_plain_keys ON ai_usage_tracking(user_id, id)
WHERE
  SUBSTRING(idempotency_key, 1, 5) <> 'hmac:';
CREATE INDEX ai_usage_tracking_open ON ai_usage_tracking(user_id, created_at)
WHERE
  outcome IN ('started', 'in_flight');
CREATE INDEX prompt_templates_user ON prompt_templates(user_id, created_at, id);
CREATE UNIQUE INDEX prompt_templates_default ON prompt_templates(user_id, content_mode)
WHERE
  is_default;
CREATE UNIQUE INDEX prompt_templates_key ON prompt_templates(user_id, idempotency_key)
WHERE
  idempotency_key IS NOT NULL;
CREATE INDEX prompt_templates_shared ON prompt_templates(shared_at, id)
WHERE
  shared_at IS NOT NULL;
CREATE INDEX prompt_templates_copied_from ON prompt_templates(copied_from)
WHERE
  copied_from IS NOT NULL;
CREATE INDEX prompt_templates_plain_keys ON prompt_templates(user_id, id)
WHERE
  SUBSTRING(idempotency_key, 1, 5) <> 'hmac:';
CREATE INDEX prompt_template_versions_user ON prompt_template_versions(user_id, template_id, version);
CREATE INDEX prompt_template_ratings_template ON prompt_template_ratings(template_id);
CREATE INDEX schedules_user ON schedules(user_id, due_at);
CREATE INDEX schedules_due ON schedules(due_at)
WHERE
  status = 'waiting';
CREATE INDEX schedules_post_id ON schedules(post_id)
WHERE
  post_id IS NOT NULL;
CREATE INDEX schedules_template_id ON schedules(template_id)
WHERE
  template_id IS NOT NULL;
CREATE INDEX notifications_user ON notifications(user_id, created_at);
CREATE INDEX webhooks_user ON webhooks(user_id, created_at);
CREATE INDEX deletion_receipts_user ON deletion_receipts(user_hash, created_at);
CREATE INDEX deletion_receipts_open ON deletion_receipts(created_at)
WHERE
  state = 'deleting';
CREATE INDEX deletion_receipts_traceable ON deletion_receipts(created_at)
WHERE
  user_hash IS NOT NULL;
CREATE INDEX former_accounts_user ON former_accounts(user_id, created_at, id);
CREATE INDEX former_accounts_subject ON former_accounts(subject_hash);
CREATE INDEX former_accounts_erasure ON former_accounts(erasure_id)
WHERE
  erasure_id IS NOT NULL;
CREATE VIEW shared_templates AS
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
CREATE VIEW prompt_template_uses AS
SELECT
  user_id,
  id AS template_id
FROM prompt_templates
LIMIT 0;
CREATE TRIGGER count_rating_given AFTER INSERT ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1 WHERE id = NEW.template_id;
END;
CREATE TRIGGER count_rating_changed AFTER UPDATE OF template_id, stars ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1 WHERE id = OLD.template_id;
  UPDATE prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1 WHERE id = NEW.template_id;
END;
CREATE TRIGGER count_rating_withdrawn AFTER DELETE ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1 WHERE id = OLD.template_id;
END;
CREATE TRIGGER count_template_use INSTEAD OF INSERT ON prompt_template_uses BEGIN
  UPDATE prompt_templates SET usage_count = usage_count + 1
  WHERE id = NEW.template_id AND (user_id = NEW.user_id OR shared_at IS NOT NULL);
END;
COMMIT;
