-- Platforms and AI providers are rows. A new one is a row in a migration instead of a new list in the CHECKs of several tables.

CREATE TABLE IF NOT EXISTS platforms (
  name text NOT NULL PRIMARY KEY CHECK (name <> '')
);

INSERT INTO platforms (name) VALUES ('facebook'), ('instagram'), ('linkedin'), ('tiktok') ON CONFLICT DO NOTHING;

-- "static" stands for content that was made without a provider: it can be used, and it has neither keys nor a state.
CREATE TABLE IF NOT EXISTS ai_providers (
  name text NOT NULL PRIMARY KEY CHECK (name <> '')
);

INSERT INTO ai_providers (name) VALUES ('openai'), ('anthropic'), ('google'), ('static') ON CONFLICT DO NOTHING;

ALTER TABLE platform_connections DROP CONSTRAINT IF EXISTS platform_connections_platform_check,
  DROP CONSTRAINT IF EXISTS platform_connections_platform_fkey,
  ADD CONSTRAINT platform_connections_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (name);
ALTER TABLE connection_attempts DROP CONSTRAINT IF EXISTS connection_attempts_platform_check,
  DROP CONSTRAINT IF EXISTS connection_attempts_platform_fkey,
  ADD CONSTRAINT connection_attempts_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (name);
ALTER TABLE post_targets DROP CONSTRAINT IF EXISTS post_targets_platform_check,
  DROP CONSTRAINT IF EXISTS post_targets_platform_fkey,
  ADD CONSTRAINT post_targets_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (name);
ALTER TABLE former_accounts DROP CONSTRAINT IF EXISTS former_accounts_platform_check,
  DROP CONSTRAINT IF EXISTS former_accounts_platform_fkey,
  ADD CONSTRAINT former_accounts_platform_fkey FOREIGN KEY (platform) REFERENCES platforms (name);
ALTER TABLE ai_provider_keys DROP CONSTRAINT IF EXISTS ai_provider_keys_provider_check,
  DROP CONSTRAINT IF EXISTS ai_provider_keys_provider_fkey,
  ADD CONSTRAINT ai_provider_keys_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (name),
  DROP CONSTRAINT IF EXISTS ai_provider_keys_no_static,
  ADD CONSTRAINT ai_provider_keys_no_static CHECK (provider <> 'static');
ALTER TABLE ai_provider_state DROP CONSTRAINT IF EXISTS ai_provider_state_provider_check,
  DROP CONSTRAINT IF EXISTS ai_provider_state_provider_fkey,
  ADD CONSTRAINT ai_provider_state_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (name),
  DROP CONSTRAINT IF EXISTS ai_provider_state_no_static,
  ADD CONSTRAINT ai_provider_state_no_static CHECK (provider <> 'static');
ALTER TABLE ai_usage_tracking DROP CONSTRAINT IF EXISTS ai_usage_tracking_provider_check,
  DROP CONSTRAINT IF EXISTS ai_usage_tracking_provider_fkey,
  ADD CONSTRAINT ai_usage_tracking_provider_fkey FOREIGN KEY (provider) REFERENCES ai_providers (name);
