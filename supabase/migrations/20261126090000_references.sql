-- engine: postgresql
-- Foreign keys look past row-level security: a row could be hung under somebody else's, and would tell that it exists. So what the API
-- role writes for its user may refer to that user's rows only. A foreign row is refused in the words in which an absent one is. Rows
-- written for somebody else are row-level security's business.

CREATE OR REPLACE FUNCTION guard_references() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  given jsonb := to_jsonb(NEW);
  own boolean;
BEGIN
  -- The trigger's arguments are pairs of a column and the table that it refers to.
  FOR i IN 0 .. TG_NARGS - 1 BY 2 LOOP
    EXECUTE format('SELECT $1 IS NULL OR EXISTS (SELECT 1 FROM %I.%I WHERE id = $1 AND user_id = $2)', TG_TABLE_SCHEMA, TG_ARGV[i + 1])
      INTO own USING (given ->> TG_ARGV[i])::uuid, NEW.user_id;
    IF NOT own THEN
      RAISE EXCEPTION '% refers to no row of this user', TG_ARGV[i] USING ERRCODE = 'foreign_key_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS guard_references ON post_targets;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, post_id, connection_id, retry_of ON post_targets FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('post_id', 'posts', 'connection_id', 'platform_connections', 'retry_of', 'post_targets');
DROP TRIGGER IF EXISTS guard_references ON post_analytics;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, target_id ON post_analytics FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('target_id', 'post_targets');
DROP TRIGGER IF EXISTS guard_references ON account_analytics;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, connection_id ON account_analytics FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('connection_id', 'platform_connections');
DROP TRIGGER IF EXISTS guard_references ON prompt_template_versions;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, template_id ON prompt_template_versions FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('template_id', 'prompt_templates');
DROP TRIGGER IF EXISTS guard_references ON schedules;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, post_id ON schedules FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('post_id', 'posts');
