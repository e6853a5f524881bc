-- engine: postgresql
-- Everybody who works with the product's rows may read the reference tables, and nobody changes them but a migration.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON platforms, ai_providers FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE platforms ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_providers ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON platforms, ai_providers TO noillusion_api, noillusion_worker;
DROP POLICY IF EXISTS readable ON platforms;
CREATE POLICY readable ON platforms FOR SELECT TO noillusion_api, noillusion_worker USING (true);
DROP POLICY IF EXISTS readable ON ai_providers;
CREATE POLICY readable ON ai_providers FOR SELECT TO noillusion_api, noillusion_worker USING (true);
