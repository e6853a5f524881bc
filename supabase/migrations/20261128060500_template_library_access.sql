-- engine: postgresql
-- The API reads the library through a view, and triggers write it. The view needs no policy, with which PostgreSQL would not look at how
-- often a word occurs when it chooses between the index of an order and that of words. Searches use an index of trigrams, if the role that migrates may create the
-- extension pg_trgm or finds it there; without it they give the same answers, and take longer.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON template_library, listed_templates FROM %I', web);
    END IF;
  END LOOP;
END $$;

GRANT SELECT ON listed_templates TO noillusion_api;
DROP POLICY IF EXISTS kept_rows ON template_library;
CREATE POLICY kept_rows ON template_library TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT (is_searchable) ON prompt_templates TO noillusion_worker;

-- The words of a search are another form of what the row says.
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_templates;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_templates FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'idempotency_key', 'request_fingerprint', 'is_default', 'shared_at', 'usage_count', 'rating_sum', 'rating_count', 'report_count',
    'search_text', 'is_searchable');

-- The version of the product before this one changes names and descriptions and knows nothing of their words.
CREATE OR REPLACE FUNCTION forget_search_text() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.is_searchable := false;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION forget_search_text() FROM PUBLIC;
DROP TRIGGER IF EXISTS forget_search_text ON prompt_templates;
CREATE TRIGGER forget_search_text BEFORE UPDATE OF name, description ON prompt_templates FOR EACH ROW
  WHEN (NEW.search_text = OLD.search_text
    AND (lower(NEW.name) <> lower(OLD.name) OR lower(NEW.description) <> lower(OLD.description)))
  EXECUTE FUNCTION forget_search_text();

CREATE OR REPLACE FUNCTION keep_library() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NEW.shared_at IS NULL THEN
    DELETE FROM public.template_library WHERE id = NEW.id;
  ELSE
    INSERT INTO public.template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count,
      rating_sum, rating_count, rating_score, search_text, created_at, updated_at)
    VALUES (NEW.id, NEW.user_id = 'system', NEW.name, NEW.description, NEW.content_mode, NEW.platforms, NEW.tags, NEW.version,
      NEW.shared_at, NEW.usage_count, NEW.rating_sum, NEW.rating_count, (NEW.rating_sum + 15) * 100000 / (NEW.rating_count + 5),
      NEW.search_text, NEW.created_at, NEW.updated_at)
    ON CONFLICT (id) DO UPDATE SET is_product = excluded.is_product, name = excluded.name, description = excluded.description,
      content_mode = excluded.content_mode, platforms = excluded.platforms, tags = excluded.tags, version = excluded.version,
      shared_at = excluded.shared_at, usage_count = excluded.usage_count, rating_sum = excluded.rating_sum,
      rating_count = excluded.rating_count, rating_score = excluded.rating_score, search_text = excluded.search_text,
      created_at = excluded.created_at, updated_at = excluded.updated_at;
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION keep_library() FROM PUBLIC;
DROP TRIGGER IF EXISTS keep_library_added ON prompt_templates;
CREATE TRIGGER keep_library_added AFTER INSERT ON prompt_templates FOR EACH ROW WHEN (NEW.shared_at IS NOT NULL)
  EXECUTE FUNCTION keep_library();
DROP TRIGGER IF EXISTS keep_library_changed ON prompt_templates;
CREATE TRIGGER keep_library_changed AFTER UPDATE ON prompt_templates FOR EACH ROW
  WHEN (OLD.shared_at IS NOT NULL OR NEW.shared_at IS NOT NULL) EXECUTE FUNCTION keep_library();

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON FUNCTION keep_library(), forget_search_text() FROM %I', web);
    END IF;
  END LOOP;
END $$;

-- Supabase keeps extensions in the schema "extensions". Elsewhere it is created, so that nothing of them is in the product's schema.
DO $$
DECLARE
  home text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE SCHEMA IF NOT EXISTS extensions;
    CREATE EXTENSION pg_trgm WITH SCHEMA extensions;
  END IF;
  home := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm');
  EXECUTE format('CREATE INDEX IF NOT EXISTS template_library_words ON template_library USING gin (search_text %I.gin_trgm_ops)', home);
  EXECUTE format('CREATE INDEX IF NOT EXISTS template_library_tags ON template_library USING gin ((tags::text) %I.gin_trgm_ops)', home);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
  RAISE WARNING 'pg_trgm is not there and cannot be created: searches for templates will read the whole library (docs/deploying.md)';
END $$;
ALTER TABLE template_library ALTER COLUMN search_text SET STATISTICS 500;
CREATE STATISTICS IF NOT EXISTS template_library_platforms ON (platforms::text) FROM template_library;
