-- engine: postgresql
-- Who may see and move the accounts that were disconnected.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON former_accounts FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE former_accounts FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON former_accounts TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON former_accounts;
CREATE POLICY own_rows ON former_accounts TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
-- Platforms' callbacks find them by the person, whoever of our users held them; whatever else is done is done as their user.
GRANT SELECT, DELETE, UPDATE (erasure_id, asked_at, updated_at) ON former_accounts TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON former_accounts;
CREATE POLICY swept_rows ON former_accounts TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON former_accounts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON former_accounts FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('counts', 'lease_until');

GRANT UPDATE (counts) ON deletion_receipts TO noillusion_worker;
