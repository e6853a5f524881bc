-- Optional, for databases with some 10^8 readings and more: the history of figures (post_analytics) in partitions by month.
-- No migration does this, and nothing in the product asks for it. docs/scaling.md says when it pays.
--
-- Run it with psql as the owner of the tables: psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f supabase/optional/history_by_month.sql
-- The rows stay where they are: the table of today becomes the first partition, until the end of next month. Its rows are read once,
-- without a lock that anybody waits for; the exchange itself is a matter of milliseconds. Run again, it does nothing, and after an
-- interruption it goes on. Afterwards run this once a month, by hand or by pg_cron:
--
--   SELECT post_analytics_months(ahead => 3);                        -- creates partitions of the next three months
--   SELECT post_analytics_months(ahead => 3, keep => '24 months');   -- also drops months that ended longer ago than that

CREATE OR REPLACE FUNCTION post_analytics_months(ahead integer DEFAULT 3, keep interval DEFAULT NULL) RETURNS SETOF text
LANGUAGE plpgsql SET search_path = '' SET timezone = 'UTC' SET lock_timeout = '5s' AS $$
DECLARE
  each record;
  month timestamptz;
  following timestamptz;
  name text;
BEGIN
  FOR each IN
    SELECT c.relname, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz AS ends
    FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.post_analytics'::regclass
  LOOP
    month := greatest(month, each.ends);
    IF each.ends <= now() - keep THEN
      EXECUTE format('DROP TABLE public.%I', each.relname);
      RETURN NEXT 'dropped ' || each.relname;
    END IF;
  END LOOP;
  WHILE month <= now() + make_interval(months => ahead) LOOP
    following := month + interval '1 month';
    name := to_char(month, '"post_analytics_"YYYY_MM');
    EXECUTE format('CREATE TABLE public.%I (LIKE public.post_analytics INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    PERFORM public.post_analytics_close(name);
    -- What was read while nobody ran this waits in the partition for the rest.
    EXECUTE format(
      'WITH moved AS (DELETE FROM public.post_analytics_rest WHERE polled_at >= %L AND polled_at < %L RETURNING *)
       INSERT INTO public.%I SELECT * FROM moved', month, following, name);
    EXECUTE format('ALTER TABLE public.post_analytics ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name, month, following);
    RETURN NEXT 'created ' || name;
    month := following;
  END LOOP;
END $$;

-- Rows are reached through the table and its policies only, never through a partition.
CREATE OR REPLACE FUNCTION post_analytics_close(partition text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  each record;
BEGIN
  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition);
  FOR each IN
    SELECT DISTINCT a.grantee::regrole::text AS grantee FROM pg_catalog.pg_class c, aclexplode(c.relacl) a
    WHERE c.oid = format('public.%I', partition)::regclass AND a.grantee NOT IN (c.relowner, 0)
  LOOP
    EXECUTE format('REVOKE ALL ON public.%I FROM %s', partition, each.grantee);
  END LOOP;
  EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', partition);
END $$;

REVOKE ALL ON FUNCTION post_analytics_months(integer, interval), post_analytics_close(text) FROM PUBLIC;
DO $$
DECLARE
  web text;
BEGIN
  FOREACH web IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = web) THEN
      EXECUTE format('REVOKE ALL ON FUNCTION post_analytics_months(integer, interval), post_analytics_close(text) FROM %I', web);
    END IF;
  END LOOP;
END $$;

-- Every row of today's table is read before the month after next begins. The limit is that far away so that no reading meets it.
DO $$
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = 'public.post_analytics'::regclass) = 'r' THEN
    PERFORM set_config('lock_timeout', '5s', true);
    ALTER TABLE public.post_analytics DROP CONSTRAINT IF EXISTS post_analytics_limit;
    EXECUTE format('ALTER TABLE public.post_analytics ADD CONSTRAINT post_analytics_limit CHECK (polled_at < %L) NOT VALID',
      (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC');
  END IF;
END $$;

DO $$
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = 'public.post_analytics'::regclass) = 'r' THEN
    ALTER TABLE public.post_analytics VALIDATE CONSTRAINT post_analytics_limit;
  END IF;
END $$;

DO $$
DECLARE
  known CONSTANT regclass := 'public.post_analytics'::regclass;
  statements text[];
  owner text;
  ends timestamptz;
  each text;
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = known) = 'p' THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_index WHERE indrelid = known AND NOT indisprimary) THEN
    RAISE EXCEPTION 'post_analytics has indexes that this script does not know';
  END IF;
  PERFORM set_config('lock_timeout', '5s', true);
  LOCK TABLE public.post_analytics IN ACCESS EXCLUSIVE MODE;
  SELECT relowner::regrole::text INTO owner FROM pg_class WHERE oid = known;
  SELECT substring(pg_get_constraintdef(oid) FROM '''([^'']+)''')::timestamptz INTO STRICT ends
    FROM pg_constraint WHERE conrelid = known AND conname = 'post_analytics_limit' AND convalidated;

  -- What the table has is read from the catalog, so that this follows every migration.
  SELECT array_agg(text) INTO statements FROM (
    SELECT format('ALTER TABLE public.post_analytics ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS text
      FROM pg_constraint WHERE conrelid = known AND contype IN ('p', 'f')
    UNION ALL
    SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = known AND NOT tgisinternal
    UNION ALL
    SELECT format('CREATE POLICY %I ON public.post_analytics AS %s FOR %s TO %s', policyname, permissive, cmd,
        (SELECT string_agg(quote_ident(role), ', ') FROM unnest(roles) AS role))
        || coalesce(format(' USING (%s)', qual), '') || coalesce(format(' WITH CHECK (%s)', with_check), '')
      FROM pg_policies WHERE schemaname = 'public' AND tablename = 'post_analytics'
    UNION ALL
    SELECT format('GRANT %s ON public.post_analytics TO %s', a.privilege_type, a.grantee::regrole)
      FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = known AND a.grantee NOT IN (c.relowner, 0)
    UNION ALL
    SELECT format('GRANT %s (%I) ON public.post_analytics TO %s', a.privilege_type, t.attname, a.grantee::regrole)
      FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = known AND a.grantee <> 0
  ) AS found;

  FOR each IN SELECT format('DROP TRIGGER %I ON public.post_analytics', tgname)
      FROM pg_trigger WHERE tgrelid = known AND NOT tgisinternal
    UNION ALL
    SELECT format('DROP POLICY %I ON public.post_analytics', policyname)
      FROM pg_policies WHERE schemaname = 'public' AND tablename = 'post_analytics'
    UNION ALL
    SELECT format('REVOKE ALL (%I) ON public.post_analytics FROM %s', t.attname, a.grantee::regrole)
      FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = known AND a.grantee <> 0
  LOOP
    EXECUTE each;
  END LOOP;
  ALTER TABLE public.post_analytics NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE public.post_analytics RENAME CONSTRAINT post_analytics_pkey TO post_analytics_first_pkey;
  ALTER TABLE public.post_analytics RENAME TO post_analytics_first;
  PERFORM public.post_analytics_close('post_analytics_first');

  CREATE TABLE public.post_analytics (LIKE public.post_analytics_first INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE (polled_at);
  PERFORM public.post_analytics_close('post_analytics');
  EXECUTE format('ALTER TABLE public.post_analytics OWNER TO %s', owner);
  ALTER TABLE public.post_analytics DROP CONSTRAINT post_analytics_limit;
  FOREACH each IN ARRAY statements LOOP
    EXECUTE each;
  END LOOP;
  ALTER TABLE public.post_analytics FORCE ROW LEVEL SECURITY;
  EXECUTE format('ALTER TABLE public.post_analytics ATTACH PARTITION public.post_analytics_first FOR VALUES FROM (MINVALUE) TO (%L)',
    ends);
  ALTER TABLE public.post_analytics_first DROP CONSTRAINT post_analytics_limit;
  CREATE TABLE public.post_analytics_rest PARTITION OF public.post_analytics DEFAULT;
  PERFORM public.post_analytics_close('post_analytics_rest');
  EXECUTE format('ALTER TABLE public.post_analytics_rest OWNER TO %s', owner);
END $$;

SELECT post_analytics_months();
