-- engine: postgresql
-- Users have their own schedules. Workers claim what is due and what is to be checked beforehand, reseal sources, and erase fingerprints
-- of requests. What is over never changes: only references are cleared.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON schedule_targets, schedule_occurrences FROM %I', web);
    END IF;
  END LOOP;
END $$;

DROP TRIGGER IF EXISTS touch_updated_at ON schedules;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedules FOR EACH ROW EXECUTE FUNCTION touch_updated_at('request_fingerprint');
REVOKE SELECT ON schedules FROM noillusion_worker;
GRANT SELECT (id, user_id, created_at, idempotency_key, request_fingerprint), UPDATE (request_fingerprint) ON schedules
  TO noillusion_worker;

ALTER TABLE schedule_targets FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_targets TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON schedule_targets;
CREATE POLICY own_rows ON schedule_targets TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT (id, user_id, sealed_source, sealing_key_id) ON schedule_targets TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON schedule_targets;
CREATE POLICY swept_rows ON schedule_targets TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON schedule_targets;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedule_targets FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('sealed_source', 'sealing_key_id');
DROP TRIGGER IF EXISTS guard_references ON schedule_targets;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, schedule_id, connection_id, post_id ON schedule_targets FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('schedule_id', 'schedules', 'connection_id', 'platform_connections', 'post_id', 'posts');
DROP TRIGGER IF EXISTS guard_template_reference ON schedule_targets;
CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, template_id ON schedule_targets FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_template_reference('template_id');

ALTER TABLE schedule_occurrences FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_occurrences TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON schedule_occurrences;
CREATE POLICY own_rows ON schedule_occurrences TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT, UPDATE (wake_at, check_due_at) ON schedule_occurrences TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON schedule_occurrences;
CREATE POLICY swept_rows ON schedule_occurrences TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT (state, due_at, wake_at) ON schedule_occurrences TO noillusion_health;
DROP POLICY IF EXISTS late_rows ON schedule_occurrences;
CREATE POLICY late_rows ON schedule_occurrences FOR SELECT TO noillusion_health USING (true);
DROP TRIGGER IF EXISTS touch_updated_at ON schedule_occurrences;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedule_occurrences FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('lease_owner', 'lease_until', 'wake_at', 'check_stage', 'check_due_at');
DROP TRIGGER IF EXISTS guard_references ON schedule_occurrences;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, schedule_id, target_id, connection_id, post_id
  ON schedule_occurrences FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('schedule_id', 'schedules', 'target_id', 'schedule_targets', 'connection_id', 'platform_connections',
    'post_id', 'posts');

CREATE OR REPLACE FUNCTION guard_finished_occurrence() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  cleared text[] := ARRAY['post_id', 'connection_id', 'updated_at'];
BEGIN
  IF OLD.state IN ('published', 'missed', 'failed', 'unknown', 'canceled', 'skipped')
    AND (to_jsonb(NEW) - cleared) IS DISTINCT FROM (to_jsonb(OLD) - cleared) THEN
    RAISE EXCEPTION 'a finished occurrence does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS guard_finished_occurrence ON schedule_occurrences;
CREATE TRIGGER guard_finished_occurrence BEFORE UPDATE ON schedule_occurrences FOR EACH ROW EXECUTE FUNCTION guard_finished_occurrence();
