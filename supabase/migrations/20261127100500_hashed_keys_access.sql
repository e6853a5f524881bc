-- engine: postgresql
-- Workers find the idempotency keys that an earlier version stored as they came; each is hashed as its user.

GRANT SELECT (user_id, idempotency_key) ON posts TO noillusion_worker;
GRANT SELECT (id, user_id, idempotency_key) ON prompt_templates, ai_usage_tracking TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON prompt_templates;
CREATE POLICY swept_rows ON prompt_templates FOR SELECT TO noillusion_worker USING (true);
DROP POLICY IF EXISTS swept_rows ON ai_usage_tracking;
CREATE POLICY swept_rows ON ai_usage_tracking FOR SELECT TO noillusion_worker USING (true);

-- Another form of a key is not a change of what the row says.
DROP TRIGGER IF EXISTS touch_updated_at ON posts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON posts FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('idempotency_key', 'request_fingerprint', 'lease_owner', 'lease_until');
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_templates;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_templates FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('idempotency_key', 'is_default', 'shared_at', 'usage_count', 'rating_sum', 'rating_count');
DROP TRIGGER IF EXISTS touch_updated_at ON ai_usage_tracking;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_usage_tracking FOR EACH ROW EXECUTE FUNCTION touch_updated_at('idempotency_key');
