-- engine: postgresql
-- Who asks how late work is needs no more than to see that: a role that reads states and times of publications, and no ids.

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'noillusion_health') THEN
    CREATE ROLE noillusion_health NOLOGIN NOINHERIT NOBYPASSRLS;
  END IF;
END $$;
GRANT noillusion_health TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO noillusion_health;
GRANT SELECT (status, next_check_at, lease_until) ON post_targets TO noillusion_health;
DROP POLICY IF EXISTS late_rows ON post_targets;
CREATE POLICY late_rows ON post_targets FOR SELECT TO noillusion_health USING (true);

-- Logins that became the workers' role took this look as workers. They go on as they are.
DO $$
DECLARE
  login name;
BEGIN
  FOR login IN SELECT rolname FROM pg_roles r
    JOIN pg_auth_members m ON m.member = r.oid AND m.roleid = 'noillusion_worker'::regrole
    WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user LOOP
    EXECUTE format('GRANT noillusion_health TO %I', login);
  END LOOP;
END $$;
