-- engine: postgresql
-- Users have their endpoints and deliveries. Workers find whose outbox and endpoints are due, claim endpoints, and erase what is past its
-- time; of notices they read the id and whose it is.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON webhook_deliveries FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON webhook_deliveries;
CREATE POLICY own_rows ON webhook_deliveries TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT (id, created_at), DELETE ON webhook_deliveries TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON webhook_deliveries;
CREATE POLICY swept_rows ON webhook_deliveries TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT (id, user_id, outbox) ON notifications TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON notifications;
CREATE POLICY swept_rows ON notifications FOR SELECT TO noillusion_worker USING (true);
GRANT UPDATE (lease_owner, lease_until, due_at, sealed_old_secret, old_secret_until) ON webhooks TO noillusion_worker;

DROP TRIGGER IF EXISTS touch_updated_at ON webhook_deliveries;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON webhook_deliveries FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON webhooks;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON webhooks FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'sealed_url', 'sealed_secret', 'sealed_old_secret', 'old_secret_until', 'sealing_key_id', 'failures', 'failing_since', 'proven',
    'lease_owner', 'lease_until', 'due_at');
DROP TRIGGER IF EXISTS touch_updated_at ON notifications;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION touch_updated_at('outbox');
DROP TRIGGER IF EXISTS guard_references ON webhook_deliveries;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, webhook_id, notice_id ON webhook_deliveries FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('webhook_id', 'webhooks', 'notice_id', 'notifications');
