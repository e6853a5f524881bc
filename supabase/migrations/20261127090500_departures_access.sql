-- engine: postgresql
-- Who may see and move a departure, and the guard that every flight of a user's writes begins with.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON departures FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE departures FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON departures TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON departures;
CREATE POLICY own_rows ON departures TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
-- Workers look for deletions to go on with, and for the one behind a code.
GRANT SELECT ON departures TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON departures;
CREATE POLICY swept_rows ON departures TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON departures;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON departures FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('lease_owner', 'lease_until');

-- The guard looks past the API role, which sees no receipt, and row-level security binds the owner as well.
DROP POLICY IF EXISTS seen_by_guard ON departures;
CREATE POLICY seen_by_guard ON departures FOR SELECT TO CURRENT_USER USING (true);
DROP POLICY IF EXISTS seen_by_guard ON deletion_receipts;
CREATE POLICY seen_by_guard ON deletion_receipts FOR SELECT TO CURRENT_USER USING (true);

-- Refuses what the user of the claims writes while their account is being deleted, or in work that began before they left. The keyed
-- hashes are those by which a receipt may name them.
CREATE OR REPLACE FUNCTION refuse_departed(traces text[], began timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.departures WHERE user_id = current_setting('request.jwt.claims', true)::jsonb ->> 'sub') THEN
    RAISE EXCEPTION 'this account is being deleted' USING ERRCODE = 'ND002';
  END IF;
  IF EXISTS (SELECT 1 FROM public.deletion_receipts WHERE user_hash = ANY (traces) AND left_at > began) THEN
    RAISE EXCEPTION 'this account was deleted' USING ERRCODE = 'ND001';
  END IF;
END $$;
REVOKE ALL ON FUNCTION refuse_departed(text[], timestamptz) FROM PUBLIC;
DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON FUNCTION refuse_departed(text[], timestamptz) FROM %I', web);
    END IF;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION refuse_departed(text[], timestamptz) TO noillusion_api;

-- Workers move the expiry of grants that they withdraw, and name in a receipt what came after it.
GRANT UPDATE (state, updated_at, expires_at, revoke_tries) ON connection_attempts TO noillusion_worker;
GRANT UPDATE (revocations, state, updated_at) ON deletion_receipts TO noillusion_worker;
GRANT UPDATE (revocations, updated_at) ON departures TO noillusion_worker;
