-- engine: postgresql
-- Using a key is no change of it.

DROP TRIGGER IF EXISTS touch_updated_at ON ai_provider_keys;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_provider_keys FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('sealed_key', 'sealing_key_id', 'state', 'state_at', 'last_used_at', 'last_error');
