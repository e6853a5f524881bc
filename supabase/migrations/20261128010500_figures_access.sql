-- engine: postgresql
-- Users have their own due times and figures. Workers claim what is due.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON post_polls, post_figures FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE post_polls FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON post_polls TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON post_polls;
CREATE POLICY own_rows ON post_polls TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
GRANT SELECT, UPDATE (due_at) ON post_polls TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON post_polls;
CREATE POLICY swept_rows ON post_polls TO noillusion_worker USING (true) WITH CHECK (true);
-- A due time moves twice with each reading, which is no change of what the row says.
DROP TRIGGER IF EXISTS touch_updated_at ON post_polls;
CREATE TRIGGER touch_updated_at BEFORE UPDATE OF target_id, id, user_id, connection_id, platform, published_at, created_at
  ON post_polls FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS guard_references ON post_polls;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, target_id, connection_id ON post_polls FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('target_id', 'post_targets', 'connection_id', 'platform_connections');

ALTER TABLE post_figures SET (fillfactor = 80);
ALTER TABLE post_figures FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON post_figures TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON post_figures;
CREATE POLICY own_rows ON post_figures TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
DROP TRIGGER IF EXISTS touch_updated_at ON post_figures;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON post_figures FOR EACH ROW
  WHEN (NEW.updated_at = OLD.updated_at) EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS guard_references ON post_figures;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, target_id ON post_figures FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('target_id', 'post_targets');

-- The version before this one is still answering for some minutes while it is being replaced. What it publishes then is read as well.
CREATE OR REPLACE FUNCTION poll_as_before() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.metrics_due_at IS NULL THEN
    DELETE FROM public.post_polls WHERE target_id = NEW.id;
  ELSE
    INSERT INTO public.post_polls (target_id, user_id, connection_id, platform, published_at, due_at)
    VALUES (NEW.id, NEW.user_id, NEW.connection_id, NEW.platform, COALESCE(NEW.published_at, NEW.created_at), NEW.metrics_due_at)
    ON CONFLICT (target_id) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS poll_as_before ON post_targets;
CREATE TRIGGER poll_as_before AFTER UPDATE OF metrics_due_at ON post_targets FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.connection_id IS NOT NULL
    AND (OLD.metrics_due_at IS NULL) <> (NEW.metrics_due_at IS NULL))
  EXECUTE FUNCTION poll_as_before();
