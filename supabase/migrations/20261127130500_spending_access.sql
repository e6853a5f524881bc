-- engine: postgresql
-- Who may see and move what was spent, and what was spent before there were rows for it.

DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON ai_spending, ai_operator_spending FROM %I', web);
    END IF;
  END LOOP;
END $$;

-- ---- this month's spending so far -------------------------------------------------------------------------------------------

-- Row-level security binds the owner of the tables as well, unless it is taken off for the moment.
ALTER TABLE ai_usage_tracking NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_spending NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_operator_spending NO FORCE ROW LEVEL SECURITY;
WITH this AS (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS month_begin)
INSERT INTO ai_spending (user_id, month, spent_nanousd)
SELECT user_id, to_char(this.month_begin AT TIME ZONE 'UTC', 'YYYY-MM'), SUM(cost_nanousd)
FROM ai_usage_tracking, this WHERE created_at >= this.month_begin AND cost_nanousd > 0
GROUP BY user_id, this.month_begin
ON CONFLICT (user_id, month) DO NOTHING;
-- The users' own rows for the operator's keys are made when they next use one: their hash needs a key that is not here.
WITH this AS (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS month_begin)
INSERT INTO ai_operator_spending (user_hash, month, spent_nanousd)
SELECT 'total', to_char(this.month_begin AT TIME ZONE 'UTC', 'YYYY-MM'), SUM(cost_nanousd)
FROM ai_usage_tracking, this WHERE created_at >= this.month_begin AND key_source = 'operator' AND cost_nanousd > 0
GROUP BY this.month_begin
ON CONFLICT (user_hash, month) DO NOTHING;
ALTER TABLE ai_usage_tracking FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_spending FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_operator_spending FORCE ROW LEVEL SECURITY;

-- ---- access -----------------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE, DELETE ON ai_spending TO noillusion_api;
DROP POLICY IF EXISTS own_rows ON ai_spending;
CREATE POLICY own_rows ON ai_spending TO noillusion_api
  USING (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system'))) WITH CHECK (user_id = (SELECT NULLIF(auth.jwt() ->> 'sub', 'system')));

-- The database cannot tell whose a hash is. These rows name nobody, and are moved on somebody's behalf only; none is deleted.
GRANT SELECT, INSERT, UPDATE (spent_nanousd, reserved_nanousd, last_attempt, updated_at) ON ai_operator_spending TO noillusion_api;
DROP POLICY IF EXISTS counted_rows ON ai_operator_spending;
CREATE POLICY counted_rows ON ai_operator_spending TO noillusion_api
  USING ((SELECT COALESCE(auth.jwt() ->> 'sub', '') NOT IN ('', 'system')))
  WITH CHECK ((SELECT COALESCE(auth.jwt() ->> 'sub', '') NOT IN ('', 'system')));
-- Workers erase what is past its month.
GRANT SELECT, DELETE ON ai_operator_spending TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON ai_operator_spending;
CREATE POLICY swept_rows ON ai_operator_spending TO noillusion_worker USING (true) WITH CHECK (true);

DROP TRIGGER IF EXISTS touch_updated_at ON ai_spending;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_spending FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
DROP TRIGGER IF EXISTS touch_updated_at ON ai_operator_spending;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON ai_operator_spending FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
