-- engine: postgresql
-- Users count their own requests. Workers erase what is past its minute and read nothing else of it.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON request_counts FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE request_counts FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON request_counts TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON request_counts;
CREATE POLICY own_rows ON request_counts TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT (id, window_start), DELETE ON request_counts TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON request_counts;
CREATE POLICY swept_rows ON request_counts TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON request_counts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON request_counts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
