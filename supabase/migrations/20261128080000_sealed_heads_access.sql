-- engine: postgresql
-- Ciphertexts begin with the format and the id of their key. Resealing looks for other beginnings, of whichever column.

CREATE INDEX IF NOT EXISTS ai_provider_keys_sealed_key_head ON ai_provider_keys (substr(sealed_key, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS platform_connections_sealed_access_token_head ON platform_connections (substr(sealed_access_token, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS platform_connections_sealed_refresh_token_head ON platform_connections (substr(sealed_refresh_token, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS connection_attempts_sealed_credentials_head ON connection_attempts (substr(sealed_credentials, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS schedule_targets_sealed_source_head ON schedule_targets (substr(sealed_source, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS webhooks_sealed_url_head ON webhooks (substr(sealed_url, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS webhooks_sealed_secret_head ON webhooks (substr(sealed_secret, 1, 40) COLLATE "C");
CREATE INDEX IF NOT EXISTS webhooks_sealed_old_secret_head ON webhooks (substr(sealed_old_secret, 1, 40) COLLATE "C");
