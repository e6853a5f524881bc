-- engine: postgresql
-- Users have their own plans and tokens. A calendar program has no access token, so workers look up whose a feed is.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON slot_plans, calendar_tokens FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE slot_plans FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON slot_plans TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON slot_plans;
CREATE POLICY own_rows ON slot_plans TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
DROP TRIGGER IF EXISTS touch_updated_at ON slot_plans;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON slot_plans FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS guard_references ON slot_plans;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, connection_id ON slot_plans FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('connection_id', 'platform_connections');

ALTER TABLE calendar_tokens FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_tokens TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON calendar_tokens;
CREATE POLICY own_rows ON calendar_tokens TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT (id, user_id, token_hash) ON calendar_tokens TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON calendar_tokens;
CREATE POLICY swept_rows ON calendar_tokens FOR SELECT TO noillusion_worker USING (true);
DROP TRIGGER IF EXISTS touch_updated_at ON calendar_tokens;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON calendar_tokens FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
