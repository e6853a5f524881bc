-- engine: postgresql
-- Workers tell each other how a platform answers. Those who work for a user look before they ask it.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON platform_circuits FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE platform_circuits FORCE ROW LEVEL SECURITY;
GRANT SELECT ON platform_circuits TO noillusion_api;
DROP POLICY IF EXISTS readable ON platform_circuits;
CREATE POLICY readable ON platform_circuits FOR SELECT TO noillusion_api USING (true);
GRANT SELECT, INSERT, UPDATE ON platform_circuits TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON platform_circuits;
CREATE POLICY swept_rows ON platform_circuits TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON platform_circuits;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON platform_circuits FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
