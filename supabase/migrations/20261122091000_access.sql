-- engine: postgresql
-- PostgreSQL only: roles, row-level security, and triggers that keep the ledger honest.
-- Every table is walled off by the verified token's subject, also from the tables' owner. Statements name user_id as well: two walls.

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'noillusion_api') THEN
    CREATE ROLE noillusion_api NOLOGIN NOINHERIT NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'noillusion_worker') THEN
    CREATE ROLE noillusion_worker NOLOGIN NOINHERIT NOBYPASSRLS;
  END IF;
END $$;

-- Whoever connects takes one of the two roles for each transaction.
GRANT noillusion_api, noillusion_worker TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO noillusion_api, noillusion_worker;
-- Nobody on Supabase may pass on the use of the schema "auth". Policies and trigger conditions do without: they hold the function
-- itself and not its name. Bodies of functions hold names, so none of them may speak of auth.jwt().
GRANT EXECUTE ON FUNCTION auth.jwt() TO noillusion_api, noillusion_worker;

-- Supabase's own web roles have no business here.
DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON profiles,
        ai_provider_keys,
        platform_connections,
        connection_attempts,
        posts,
        post_targets,
        post_analytics,
        account_analytics,
        ai_usage_tracking,
        ai_provider_state,
        prompt_templates,
        prompt_template_versions,
        prompt_template_ratings,
        schedules,
        notifications,
        webhooks,
        deletion_receipts
        FROM %I', web);
    END IF;
  END LOOP;
END $$;

ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE profiles FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_provider_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_provider_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE platform_connections ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_connections FORCE ROW LEVEL SECURITY;
ALTER TABLE connection_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE connection_attempts FORCE ROW LEVEL SECURITY;
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
ALTER TABLE post_targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_targets FORCE ROW LEVEL SECURITY;
ALTER TABLE post_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_analytics FORCE ROW LEVEL SECURITY;
ALTER TABLE account_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_analytics FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_usage_tracking ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_usage_tracking FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_provider_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_provider_state FORCE ROW LEVEL SECURITY;
ALTER TABLE prompt_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompt_templates FORCE ROW LEVEL SECURITY;
ALTER TABLE prompt_template_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompt_template_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE prompt_template_ratings ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompt_template_ratings FORCE ROW LEVEL SECURITY;
ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
ALTER TABLE deletion_receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE deletion_receipts FORCE ROW LEVEL SECURITY;

-- The API role sees and writes its user's rows.
GRANT SELECT, INSERT, UPDATE, DELETE ON profiles TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON profiles;
CREATE POLICY own_rows ON profiles TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON ai_provider_keys TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON ai_provider_keys;
CREATE POLICY own_rows ON ai_provider_keys TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON platform_connections TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON platform_connections;
CREATE POLICY own_rows ON platform_connections TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON connection_attempts TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON connection_attempts;
CREATE POLICY own_rows ON connection_attempts TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON posts TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON posts;
CREATE POLICY own_rows ON posts TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON post_targets TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON post_targets;
CREATE POLICY own_rows ON post_targets TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON post_analytics TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON post_analytics;
CREATE POLICY own_rows ON post_analytics TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON account_analytics TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON account_analytics;
CREATE POLICY own_rows ON account_analytics TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON ai_usage_tracking TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON ai_usage_tracking;
CREATE POLICY own_rows ON ai_usage_tracking TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON ai_provider_state TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON ai_provider_state;
CREATE POLICY own_rows ON ai_provider_state TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON prompt_template_ratings TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON prompt_template_ratings;
CREATE POLICY own_rows ON prompt_template_ratings TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON schedules TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON schedules;
CREATE POLICY own_rows ON schedules TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON notifications TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON notifications;
CREATE POLICY own_rows ON notifications TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON webhooks;
CREATE POLICY own_rows ON webhooks TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));

-- Templates can be shared: everybody reads shared ones, and may count a use or a rating there and nothing else (see the trigger).
-- Who rated a template may also take the rating back after it was unshared.
GRANT SELECT, INSERT, UPDATE, DELETE ON prompt_templates TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON prompt_templates;
CREATE POLICY own_rows ON prompt_templates TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
DROP POLICY IF EXISTS shared_rows ON prompt_templates;
CREATE POLICY shared_rows ON prompt_templates FOR SELECT TO noillusion_api
  USING ((SELECT auth.jwt() ->> 'sub') IS NOT NULL AND (shared_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM prompt_template_ratings r WHERE r.template_id = prompt_templates.id AND r.user_id = (SELECT auth.jwt() ->> 'sub'))));
DROP POLICY IF EXISTS shared_counters ON prompt_templates;
CREATE POLICY shared_counters ON prompt_templates FOR UPDATE TO noillusion_api
  USING ((SELECT auth.jwt() ->> 'sub') IS NOT NULL AND (shared_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM prompt_template_ratings r WHERE r.template_id = prompt_templates.id AND r.user_id = (SELECT auth.jwt() ->> 'sub'))))
  WITH CHECK ((SELECT auth.jwt() ->> 'sub') IS NOT NULL);

GRANT SELECT, INSERT, UPDATE, DELETE ON prompt_template_versions TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON prompt_template_versions;
CREATE POLICY own_rows ON prompt_template_versions TO noillusion_api
  USING (user_id = (SELECT auth.jwt() ->> 'sub')) WITH CHECK (user_id = (SELECT auth.jwt() ->> 'sub'));
DROP POLICY IF EXISTS shared_rows ON prompt_template_versions;
CREATE POLICY shared_rows ON prompt_template_versions FOR SELECT TO noillusion_api
  USING ((SELECT auth.jwt() ->> 'sub') IS NOT NULL AND EXISTS (
    SELECT 1 FROM prompt_templates t
    WHERE t.id = prompt_template_versions.template_id AND t.version = prompt_template_versions.version AND t.shared_at IS NOT NULL));

-- Whoever runs migrations brings the templates that come with the product, also where row-level security binds that role.
DROP POLICY IF EXISTS product_rows ON prompt_templates;
CREATE POLICY product_rows ON prompt_templates TO CURRENT_USER USING (user_id = 'system') WITH CHECK (user_id = 'system');
DROP POLICY IF EXISTS product_rows ON prompt_template_versions;
CREATE POLICY product_rows ON prompt_template_versions TO CURRENT_USER USING (user_id = 'system') WITH CHECK (user_id = 'system');

CREATE OR REPLACE FUNCTION guard_shared_template() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  counters text[] := ARRAY['usage_count', 'rating_sum', 'rating_count', 'updated_at'];
BEGIN
  IF (to_jsonb(NEW) - counters) IS DISTINCT FROM (to_jsonb(OLD) - counters) THEN
    RAISE EXCEPTION 'only the owner changes a template' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS guard_shared_template ON prompt_templates;
CREATE TRIGGER guard_shared_template BEFORE UPDATE ON prompt_templates FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND OLD.user_id IS DISTINCT FROM (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_shared_template();

-- Permissive policies add up, so the one for counters would also let an owner pass a template on to somebody else.
CREATE OR REPLACE FUNCTION guard_template_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION 'a template keeps its owner' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER IF EXISTS guard_template_owner ON prompt_templates;
CREATE TRIGGER guard_template_owner BEFORE UPDATE ON prompt_templates FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id IS DISTINCT FROM OLD.user_id)
  EXECUTE FUNCTION guard_template_owner();

-- Workers sweep across users: they find due work, take it, and forget what is past its time. Whatever else they change in a row they
-- change as its user.
GRANT SELECT, UPDATE (metrics_due_at) ON platform_connections TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON platform_connections;
CREATE POLICY swept_rows ON platform_connections TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (state, updated_at), DELETE ON connection_attempts TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON connection_attempts;
CREATE POLICY swept_rows ON connection_attempts TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT (id, created_at, request_fingerprint), UPDATE (request_fingerprint) ON posts TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON posts;
CREATE POLICY swept_rows ON posts TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (metrics_due_at) ON post_targets TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON post_targets;
CREATE POLICY swept_rows ON post_targets TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT ON schedules TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON schedules;
CREATE POLICY swept_rows ON schedules TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT ON ai_provider_keys TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON ai_provider_keys;
CREATE POLICY swept_rows ON ai_provider_keys TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT ON webhooks TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON webhooks;
CREATE POLICY swept_rows ON webhooks TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON deletion_receipts TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON deletion_receipts;
CREATE POLICY swept_rows ON deletion_receipts TO noillusion_worker USING (true) WITH CHECK (true);

-- A finished target does not change any more; what may still be learned of it is listed here.
CREATE OR REPLACE FUNCTION guard_finished_target() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  learned text[] := ARRAY['connection_id', 'deleted_at', 'metrics_due_at', 'updated_at', 'lease_owner', 'lease_until', 'next_check_at'];
BEGIN
  IF OLD.status NOT IN ('published', 'delivered_to_inbox', 'failed', 'canceled', 'missed') THEN
    RETURN NEW;
  END IF;
  IF OLD.platform_post_id IS NULL THEN
    learned := learned || 'platform_post_id'::text;
  END IF;
  IF OLD.permalink IS NULL THEN
    learned := learned || 'permalink'::text;
  END IF;
  IF (to_jsonb(NEW) - learned) IS DISTINCT FROM (to_jsonb(OLD) - learned) THEN
    RAISE EXCEPTION 'a finished target does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS guard_finished_target ON post_targets;
CREATE TRIGGER guard_finished_target BEFORE UPDATE ON post_targets FOR EACH ROW EXECUTE FUNCTION guard_finished_target();

-- Statements set updated_at; where one does not, the database does. Columns that are given to the trigger are bookkeeping: a lease, a
-- due time or a counter that moves, or a credential sealed under a new key, is not a change of what the row says.
CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  bookkeeping text[] := COALESCE(TG_ARGV, '{}');
BEGIN
  IF NEW.updated_at = OLD.updated_at AND (to_jsonb(NEW) - bookkeeping) IS DISTINCT FROM (to_jsonb(OLD) - bookkeeping) THEN
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS touch_updated_at ON profiles;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON ai_provider_keys;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_provider_keys FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('sealed_key', 'sealing_key_id');
DROP TRIGGER IF EXISTS touch_updated_at ON platform_connections;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON platform_connections FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'sealed_access_token', 'sealed_refresh_token', 'sealing_key_id', 'refresh_lease_until', 'refresh_due_at', 'metrics_due_at');
DROP TRIGGER IF EXISTS touch_updated_at ON connection_attempts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connection_attempts FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('sealed_credentials', 'sealing_key_id');
DROP TRIGGER IF EXISTS touch_updated_at ON posts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON posts FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('request_fingerprint', 'lease_owner', 'lease_until');
DROP TRIGGER IF EXISTS touch_updated_at ON post_targets;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON post_targets FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('lease_owner', 'lease_until', 'next_check_at', 'metrics_due_at');
DROP TRIGGER IF EXISTS touch_updated_at ON post_analytics;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON post_analytics FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON account_analytics;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON account_analytics FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON ai_usage_tracking;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_usage_tracking FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON ai_provider_state;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_provider_state FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_templates;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_templates FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('is_default', 'shared_at', 'usage_count', 'rating_sum', 'rating_count');
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_template_versions;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_template_versions FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON prompt_template_ratings;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON prompt_template_ratings FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON schedules;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedules FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('sealed_source', 'sealing_key_id', 'lease_owner', 'lease_until');
DROP TRIGGER IF EXISTS touch_updated_at ON notifications;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON webhooks;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON webhooks FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('sealed_url', 'sealed_secret', 'sealing_key_id');
DROP TRIGGER IF EXISTS touch_updated_at ON deletion_receipts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON deletion_receipts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
