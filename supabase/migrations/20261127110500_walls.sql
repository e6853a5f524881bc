-- engine: postgresql
-- Templates of others are read through a view that does not say whose they are, counters move by what people did and in no other way,
-- references to templates are guarded like all others, and no claims make the API role the owner of what comes with the product.

-- ---- who owns nothing -------------------------------------------------------------------------------------------------------

-- "system" is the product. Claims that name it name nobody.
DO $$
DECLARE
  owned regclass;
BEGIN
  FOR owned IN SELECT polrelid::regclass FROM pg_policy WHERE polname = 'own_rows' AND 'noillusion_api'::regrole = ANY (polroles) LOOP
    EXECUTE format('ALTER POLICY own_rows ON %s USING (user_id = (SELECT NULLIF(auth.jwt() ->> ''sub'', ''system'')))
      WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> ''sub'', ''system'')))', owned);
  END LOOP;
END $$;

-- ---- what everybody sees ----------------------------------------------------------------------------------------------------

-- The view reads with the rights of who made it, whom security may bind as well.
DROP POLICY IF EXISTS library_rows ON prompt_templates;
CREATE POLICY library_rows ON prompt_templates FOR SELECT TO CURRENT_USER USING (true);
DROP POLICY IF EXISTS library_rows ON prompt_template_versions;
CREATE POLICY library_rows ON prompt_template_versions FOR SELECT TO CURRENT_USER USING (true);
ALTER VIEW shared_templates SET (security_barrier = true);
GRANT SELECT ON shared_templates TO noillusion_api;

-- The rows themselves are seen by their owners, and those of the product, which has nothing to hide, by everybody.
DROP POLICY IF EXISTS shared_rows ON prompt_templates;
CREATE POLICY shared_rows ON prompt_templates FOR SELECT TO noillusion_api
  USING (user_id = 'system' AND shared_at IS NOT NULL AND (SELECT auth.jwt() ->> 'sub') IS NOT NULL);
DROP POLICY IF EXISTS shared_rows ON prompt_template_versions;
CREATE POLICY shared_rows ON prompt_template_versions FOR SELECT TO noillusion_api
  USING (user_id = 'system' AND (SELECT auth.jwt() ->> 'sub') IS NOT NULL AND EXISTS (
    SELECT 1 FROM prompt_templates t
    WHERE t.id = prompt_template_versions.template_id AND t.version = prompt_template_versions.version AND t.shared_at IS NOT NULL));

-- ---- counters ---------------------------------------------------------------------------------------------------------------

DROP POLICY IF EXISTS shared_counters ON prompt_templates;
DROP TRIGGER IF EXISTS guard_shared_template ON prompt_templates;
DROP FUNCTION IF EXISTS guard_shared_template();
DROP TRIGGER IF EXISTS guard_template_owner ON prompt_templates;
DROP FUNCTION IF EXISTS guard_template_owner();

-- The functions that count run with the rights of who made them.
DROP POLICY IF EXISTS counted_rows ON prompt_templates;
CREATE POLICY counted_rows ON prompt_templates FOR UPDATE TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE OR REPLACE FUNCTION count_rating() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE public.prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1
    WHERE id = OLD.template_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE public.prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1
    WHERE id = NEW.template_id;
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_rating() FROM PUBLIC;
DROP TRIGGER IF EXISTS count_rating ON prompt_template_ratings;
CREATE TRIGGER count_rating AFTER INSERT OR DELETE OR UPDATE OF template_id, stars ON prompt_template_ratings FOR EACH ROW
  EXECUTE FUNCTION count_rating();

-- Bodies of functions may not speak of auth.jwt(); the claims are where it reads them.
CREATE OR REPLACE FUNCTION count_template_use() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NEW.user_id IS DISTINCT FROM (NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub') THEN
    RAISE EXCEPTION 'nobody counts a use for somebody else' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.prompt_templates SET usage_count = usage_count + 1
  WHERE id = NEW.template_id AND (user_id = NEW.user_id OR shared_at IS NOT NULL);
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION count_template_use() FROM PUBLIC;
DROP TRIGGER IF EXISTS count_template_use ON prompt_template_uses;
CREATE TRIGGER count_template_use INSTEAD OF INSERT ON prompt_template_uses FOR EACH ROW EXECUTE FUNCTION count_template_use();
GRANT INSERT ON prompt_template_uses TO noillusion_api;

-- What the API role writes leaves counters as they are, in its own rows as well. It is no error: the version of the product before
-- this one counts that way.
CREATE OR REPLACE FUNCTION keep_counters() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.usage_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.usage_count ELSE 0 END;
  NEW.rating_sum := CASE WHEN TG_OP = 'UPDATE' THEN OLD.rating_sum ELSE 0 END;
  NEW.rating_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.rating_count ELSE 0 END;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_counters ON prompt_templates;
CREATE TRIGGER keep_counters BEFORE INSERT OR UPDATE ON prompt_templates FOR EACH ROW
  WHEN (current_user = 'noillusion_api') EXECUTE FUNCTION keep_counters();

-- ---- references -------------------------------------------------------------------------------------------------------------

-- A template may be referred to by its owner and, while it is shared, by everybody. Any other is refused as an absent one is.
CREATE OR REPLACE FUNCTION guard_template_reference() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  referred uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
  IF referred IS NULL
    OR EXISTS (SELECT 1 FROM public.prompt_templates WHERE id = referred AND user_id = NEW.user_id)
    OR EXISTS (SELECT 1 FROM public.shared_templates WHERE id = referred) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% refers to no template that this user can see', TG_ARGV[0] USING ERRCODE = 'foreign_key_violation';
END $$;
DROP TRIGGER IF EXISTS guard_template_reference ON prompt_templates;
CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, copied_from ON prompt_templates FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_template_reference('copied_from');
DROP TRIGGER IF EXISTS guard_template_reference ON schedules;
CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, template_id ON schedules FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_template_reference('template_id');
DROP TRIGGER IF EXISTS guard_template_reference ON prompt_template_ratings;
CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, template_id ON prompt_template_ratings FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_template_reference('template_id');

-- Stars are for what somebody else shares. They are the rater's to read and to take back for good.
DROP POLICY IF EXISTS rated_rows ON prompt_template_ratings;
CREATE POLICY rated_rows ON prompt_template_ratings AS RESTRICTIVE FOR INSERT TO noillusion_api
  WITH CHECK (EXISTS (SELECT 1 FROM shared_templates s WHERE s.id = template_id)
    AND NOT EXISTS (SELECT 1 FROM prompt_templates t WHERE t.id = template_id AND t.user_id = prompt_template_ratings.user_id));
DROP POLICY IF EXISTS rated_anew ON prompt_template_ratings;
CREATE POLICY rated_anew ON prompt_template_ratings AS RESTRICTIVE FOR UPDATE TO noillusion_api
  USING (true) WITH CHECK (EXISTS (SELECT 1 FROM shared_templates s WHERE s.id = template_id)
    AND NOT EXISTS (SELECT 1 FROM prompt_templates t WHERE t.id = template_id AND t.user_id = prompt_template_ratings.user_id));

-- Supabase's own web roles have no business here.
DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON shared_templates, prompt_template_uses FROM %I', web);
      EXECUTE format('REVOKE ALL ON FUNCTION count_rating(), count_template_use() FROM %I', web);
    END IF;
  END LOOP;
END $$;
