-- engine: postgresql
-- Users have their own choices. Reports are counted at the template for the operator; uses by the author are not counted.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON prompt_template_choices, shared_template_versions FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE prompt_template_choices FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON prompt_template_choices TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON prompt_template_choices;
CREATE POLICY own_rows ON prompt_template_choices TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_template_choices;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_template_choices FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS guard_template_reference ON prompt_template_choices;
CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, template_id ON prompt_template_choices FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_template_reference('template_id');

-- The view reads with the rights of who made it, whom security may bind as well.
DROP POLICY IF EXISTS library_rows ON prompt_template_ratings;
CREATE POLICY library_rows ON prompt_template_ratings FOR SELECT TO CURRENT_USER USING (true);
ALTER VIEW shared_template_versions SET (security_barrier = true);
GRANT SELECT ON shared_template_versions TO noillusion_api;

CREATE OR REPLACE FUNCTION count_report() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.report_reason IS NOT NULL THEN
    UPDATE public.prompt_templates SET report_count = report_count - 1 WHERE id = OLD.template_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.report_reason IS NOT NULL THEN
    UPDATE public.prompt_templates SET report_count = report_count + 1 WHERE id = NEW.template_id;
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_report() FROM PUBLIC;
DROP TRIGGER IF EXISTS count_report ON prompt_template_choices;
CREATE TRIGGER count_report AFTER INSERT OR DELETE OR UPDATE OF template_id, report_reason ON prompt_template_choices FOR EACH ROW
  EXECUTE FUNCTION count_report();

CREATE OR REPLACE FUNCTION count_template_use() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NEW.user_id IS DISTINCT FROM (NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub') THEN
    RAISE EXCEPTION 'nobody counts a use for somebody else' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.prompt_templates SET usage_count = usage_count + 1
  WHERE id = NEW.template_id AND user_id <> NEW.user_id AND shared_at IS NOT NULL;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION count_template_use() FROM PUBLIC;

CREATE OR REPLACE FUNCTION keep_counters() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.usage_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.usage_count ELSE 0 END;
  NEW.rating_sum := CASE WHEN TG_OP = 'UPDATE' THEN OLD.rating_sum ELSE 0 END;
  NEW.rating_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.rating_count ELSE 0 END;
  NEW.report_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.report_count ELSE 0 END;
  RETURN NEW;
END $$;

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON FUNCTION count_report() FROM %I', web);
    END IF;
  END LOOP;
END $$;
