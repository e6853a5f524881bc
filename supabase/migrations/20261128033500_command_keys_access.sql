-- engine: postgresql
-- Users have their own requests about schedules. Workers erase fingerprints of requests.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON schedule_requests FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE schedule_requests FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_requests TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON schedule_requests;
CREATE POLICY own_rows ON schedule_requests TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT (id, created_at, request_fingerprint), UPDATE (request_fingerprint) ON schedule_requests TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON schedule_requests;
CREATE POLICY swept_rows ON schedule_requests TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON schedule_requests;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedule_requests FOR EACH ROW EXECUTE FUNCTION touch_updated_at('request_fingerprint');
DROP TRIGGER IF EXISTS guard_references ON schedule_requests;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, schedule_id ON schedule_requests FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('schedule_id', 'schedules');

GRANT UPDATE (request_fingerprint) ON webhooks TO noillusion_worker;
DROP TRIGGER IF EXISTS touch_updated_at ON webhooks;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON webhooks FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'sealed_url', 'sealed_secret', 'sealed_old_secret', 'old_secret_until', 'sealing_key_id', 'failures', 'failing_since', 'proven',
    'lease_owner', 'lease_until', 'due_at', 'request_fingerprint');
