-- engine: postgresql
-- Workers erase fingerprints of requests that are past their window, and nothing else of what they may now touch.

GRANT UPDATE (request_fingerprint) ON post_targets TO noillusion_worker;
GRANT SELECT (created_at, request_fingerprint), UPDATE (request_fingerprint) ON prompt_templates, ai_usage_tracking TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON prompt_templates;
CREATE POLICY swept_rows ON prompt_templates TO noillusion_worker USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS swept_rows ON ai_usage_tracking;
CREATE POLICY swept_rows ON ai_usage_tracking TO noillusion_worker USING (true) WITH CHECK (true);

-- A finished target may lose the fingerprint, and never get another one.
CREATE OR REPLACE FUNCTION guard_finished_target() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  learned text[] := ARRAY['connection_id', 'deleted_at', 'metrics_due_at', 'updated_at', 'lease_owner', 'lease_until', 'next_check_at'];
BEGIN
  IF OLD.status NOT IN ('published', 'delivered_to_inbox', 'failed', 'canceled', 'missed') THEN
    RETURN NEW;
  END IF;
  IF OLD.platform_post_id IS NULL THEN
    learned := learned || 'platform_post_id'::text;
  END IF;
  IF OLD.permalink IS NULL THEN
    learned := learned || 'permalink'::text;
  END IF;
  IF NEW.request_fingerprint IS NULL THEN
    learned := learned || 'request_fingerprint'::text;
  END IF;
  IF (to_jsonb(NEW) - learned) IS DISTINCT FROM (to_jsonb(OLD) - learned) THEN
    RAISE EXCEPTION 'a finished target does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- What goes when its time is over is not a change of what the row says.
DROP TRIGGER IF EXISTS touch_updated_at ON post_targets;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON post_targets FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'idempotency_key', 'request_fingerprint', 'lease_owner', 'lease_until', 'next_check_at', 'metrics_due_at');
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_templates;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_templates FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'idempotency_key', 'request_fingerprint', 'is_default', 'shared_at', 'usage_count', 'rating_sum', 'rating_count');
DROP TRIGGER IF EXISTS touch_updated_at ON ai_usage_tracking;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_usage_tracking FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('idempotency_key', 'request_fingerprint');
