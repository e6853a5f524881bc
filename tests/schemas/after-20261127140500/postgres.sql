SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA auth;

CREATE SCHEMA supabase_migrations;

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
$$;

CREATE FUNCTION public.count_rating() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION public.count_template_use() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  IF NEW.user_id IS DISTINCT FROM (NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub') THEN
    RAISE EXCEPTION 'nobody counts a use for somebody else' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.prompt_templates SET usage_count = usage_count + 1
  WHERE id = NEW.template_id AND (user_id = NEW.user_id OR shared_at IS NOT NULL);
  RETURN NEW;
END $$;

CREATE FUNCTION public.guard_finished_target() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION public.guard_references() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
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
END $_$;

CREATE FUNCTION public.guard_template_reference() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION public.keep_counters() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  NEW.usage_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.usage_count ELSE 0 END;
  NEW.rating_sum := CASE WHEN TG_OP = 'UPDATE' THEN OLD.rating_sum ELSE 0 END;
  NEW.rating_count := CASE WHEN TG_OP = 'UPDATE' THEN OLD.rating_count ELSE 0 END;
  RETURN NEW;
END $$;

CREATE FUNCTION public.refuse_departed(traces text[], began timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.departures WHERE user_id = current_setting('request.jwt.claims', true)::jsonb ->> 'sub') THEN
    RAISE EXCEPTION 'this account is being deleted' USING ERRCODE = 'ND002';
  END IF;
  IF EXISTS (SELECT 1 FROM public.deletion_receipts WHERE user_hash = ANY (traces) AND left_at > began) THEN
    RAISE EXCEPTION 'this account was deleted' USING ERRCODE = 'ND001';
  END IF;
END $$;

CREATE FUNCTION public.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  bookkeeping text[] := COALESCE(TG_ARGV, '{}');
BEGIN
  IF NEW.updated_at = OLD.updated_at AND (to_jsonb(NEW) - bookkeeping) IS DISTINCT FROM (to_jsonb(OLD) - bookkeeping) THEN
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.account_analytics (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    connection_id uuid NOT NULL,
    polled_at timestamp with time zone NOT NULL,
    status text DEFAULT 'ok'::text NOT NULL,
    reason text,
    followers bigint,
    following bigint,
    posts bigint,
    views bigint,
    reach bigint,
    engagements bigint,
    profile_views bigint,
    extra jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT account_analytics_check CHECK (((status = 'ok'::text) OR (reason IS NOT NULL))),
    CONSTRAINT account_analytics_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'unavailable'::text]))),
    CONSTRAINT account_analytics_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.account_analytics FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ai_operator_spending (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_hash text NOT NULL,
    month text NOT NULL,
    spent_nanousd bigint DEFAULT 0 NOT NULL,
    reserved_nanousd bigint DEFAULT 0 NOT NULL,
    last_attempt uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_operator_spending_month_check CHECK ((length(month) = 7)),
    CONSTRAINT ai_operator_spending_reserved_nanousd_check CHECK ((reserved_nanousd >= 0)),
    CONSTRAINT ai_operator_spending_spent_nanousd_check CHECK ((spent_nanousd >= 0)),
    CONSTRAINT ai_operator_spending_user_hash_check CHECK ((user_hash <> ''::text))
);

ALTER TABLE ONLY public.ai_operator_spending FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ai_provider_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    provider text NOT NULL,
    sealed_key text NOT NULL,
    sealing_key_id text NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_provider_keys_no_static CHECK ((provider <> 'static'::text)),
    CONSTRAINT ai_provider_keys_sealed_key_check CHECK ((sealed_key <> ''::text)),
    CONSTRAINT ai_provider_keys_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.ai_provider_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ai_provider_state (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    outcome text NOT NULL,
    cooldown_until timestamp with time zone,
    remaining_requests bigint,
    remaining_tokens bigint,
    limit_requests bigint,
    limit_tokens bigint,
    resets_at timestamp with time zone,
    succeeded_at timestamp with time zone,
    failed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    tokens_reset_at timestamp with time zone,
    CONSTRAINT ai_provider_state_no_static CHECK ((provider <> 'static'::text)),
    CONSTRAINT ai_provider_state_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.ai_provider_state FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ai_providers (
    name text NOT NULL,
    CONSTRAINT ai_providers_name_check CHECK ((name <> ''::text))
);

CREATE TABLE public.ai_spending (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    month text NOT NULL,
    spent_nanousd bigint DEFAULT 0 NOT NULL,
    reserved_nanousd bigint DEFAULT 0 NOT NULL,
    last_attempt uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_spending_month_check CHECK ((length(month) = 7)),
    CONSTRAINT ai_spending_reserved_nanousd_check CHECK ((reserved_nanousd >= 0)),
    CONSTRAINT ai_spending_spent_nanousd_check CHECK ((spent_nanousd >= 0)),
    CONSTRAINT ai_spending_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.ai_spending FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ai_usage_tracking (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    request_id uuid NOT NULL,
    idempotency_key text,
    task text NOT NULL,
    attempt integer NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    served_model text,
    key_source text NOT NULL,
    outcome text NOT NULL,
    input_tokens bigint,
    cached_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    cost_nanousd bigint,
    price_version text,
    duration_ms integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    reserved_nanousd bigint DEFAULT 0 NOT NULL,
    reserved_tokens bigint DEFAULT 0 NOT NULL,
    CONSTRAINT ai_usage_tracking_key_source_check CHECK ((key_source = ANY (ARRAY['stored'::text, 'header'::text, 'operator'::text, 'none'::text]))),
    CONSTRAINT ai_usage_tracking_task_check CHECK ((task = ANY (ARRAY['generate'::text, 'improve'::text, 'ideas'::text]))),
    CONSTRAINT ai_usage_tracking_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.ai_usage_tracking FORCE ROW LEVEL SECURITY;

CREATE TABLE public.connection_attempts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    platform text NOT NULL,
    state text DEFAULT 'started'::text NOT NULL,
    nonce_hash text NOT NULL,
    handle_hash text,
    return_url text DEFAULT ''::text NOT NULL,
    requested_scopes jsonb DEFAULT '[]'::jsonb NOT NULL,
    sealed_credentials text,
    sealing_key_id text,
    error_code text,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    subject_hash text,
    revoke_tries integer DEFAULT 0 NOT NULL,
    CONSTRAINT connection_attempts_nonce_hash_check CHECK ((nonce_hash <> ''::text)),
    CONSTRAINT connection_attempts_sealed_credentials_check CHECK ((sealed_credentials <> ''::text)),
    CONSTRAINT connection_attempts_state_check CHECK ((state = ANY (ARRAY['started'::text, 'exchanging'::text, 'authorised'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT connection_attempts_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.connection_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.deletion_receipts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_hash text,
    code_hash text NOT NULL,
    origin text NOT NULL,
    state text DEFAULT 'completed'::text NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    left_at timestamp with time zone,
    revocations jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT deletion_receipts_code_hash_check CHECK ((code_hash <> ''::text)),
    CONSTRAINT deletion_receipts_origin_check CHECK ((origin = ANY (ARRAY['user'::text, 'meta'::text]))),
    CONSTRAINT deletion_receipts_state_check CHECK ((state = ANY (ARRAY['deleting'::text, 'completed'::text, 'partial'::text]))),
    CONSTRAINT deletion_receipts_user_hash_check CHECK ((user_hash <> ''::text))
);

ALTER TABLE ONLY public.deletion_receipts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.departures (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    code_hash text NOT NULL,
    left_at timestamp with time zone NOT NULL,
    grants_settled_at timestamp with time zone,
    revocations jsonb DEFAULT '[]'::jsonb NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    reached jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT departures_code_hash_check CHECK ((code_hash <> ''::text)),
    CONSTRAINT departures_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.departures FORCE ROW LEVEL SECURITY;

CREATE TABLE public.former_accounts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    platform text NOT NULL,
    account_id text NOT NULL,
    connection_id uuid NOT NULL,
    subject_hash text NOT NULL,
    erasure_id uuid,
    asked_at timestamp with time zone,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT former_accounts_account_id_check CHECK ((account_id <> ''::text)),
    CONSTRAINT former_accounts_check CHECK (((erasure_id IS NULL) OR (asked_at IS NOT NULL))),
    CONSTRAINT former_accounts_subject_hash_check CHECK ((subject_hash <> ''::text)),
    CONSTRAINT former_accounts_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.former_accounts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    kind text NOT NULL,
    subject_id uuid,
    dedupe_key text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    read_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notifications_dedupe_key_check CHECK ((dedupe_key <> ''::text)),
    CONSTRAINT notifications_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.notifications FORCE ROW LEVEL SECURITY;

CREATE TABLE public.platform_connections (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    platform text NOT NULL,
    account_id text NOT NULL,
    account_kind text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    username text DEFAULT ''::text NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    grant_subject text DEFAULT ''::text NOT NULL,
    granted_scopes jsonb DEFAULT '[]'::jsonb NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    status_reason text DEFAULT ''::text NOT NULL,
    sealed_access_token text NOT NULL,
    sealed_refresh_token text,
    sealing_key_id text NOT NULL,
    credential_version integer DEFAULT 1 NOT NULL,
    token_issued_at timestamp with time zone NOT NULL,
    access_expires_at timestamp with time zone,
    refresh_expires_at timestamp with time zone,
    refresh_due_at timestamp with time zone,
    refresh_lease_until timestamp with time zone,
    checked_at timestamp with time zone,
    metrics_due_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT platform_connections_account_id_check CHECK ((account_id <> ''::text)),
    CONSTRAINT platform_connections_sealed_access_token_check CHECK ((sealed_access_token <> ''::text)),
    CONSTRAINT platform_connections_sealed_refresh_token_check CHECK ((sealed_refresh_token <> ''::text)),
    CONSTRAINT platform_connections_status_check CHECK ((status = ANY (ARRAY['active'::text, 'reauth_required'::text]))),
    CONSTRAINT platform_connections_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.platform_connections FORCE ROW LEVEL SECURITY;

CREATE TABLE public.platforms (
    name text NOT NULL,
    CONSTRAINT platforms_name_check CHECK ((name <> ''::text))
);

CREATE TABLE public.post_analytics (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    target_id uuid NOT NULL,
    polled_at timestamp with time zone NOT NULL,
    status text DEFAULT 'ok'::text NOT NULL,
    reason text,
    views bigint,
    reach bigint,
    likes bigint,
    comments bigint,
    shares bigint,
    saves bigint,
    clicks bigint,
    extra jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT post_analytics_check CHECK (((status = 'ok'::text) OR (reason IS NOT NULL))),
    CONSTRAINT post_analytics_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'unavailable'::text]))),
    CONSTRAINT post_analytics_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.post_analytics FORCE ROW LEVEL SECURITY;

CREATE TABLE public.post_targets (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    post_id uuid NOT NULL,
    connection_id uuid,
    platform text NOT NULL,
    account_id text NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    retry_of uuid,
    status text DEFAULT 'pending'::text NOT NULL,
    handles jsonb DEFAULT '{}'::jsonb NOT NULL,
    accepted_id text,
    platform_post_id text,
    permalink text,
    text_fingerprint text,
    error_class text,
    error_code text,
    platform_code text,
    retry_after_at timestamp with time zone,
    lease_owner uuid,
    lease_until timestamp with time zone,
    committing_at timestamp with time zone,
    published_at timestamp with time zone,
    deadline_at timestamp with time zone NOT NULL,
    next_check_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    metrics_due_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    platform_ahead_ms bigint,
    CONSTRAINT post_targets_accepted_id_check CHECK ((accepted_id <> ''::text)),
    CONSTRAINT post_targets_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT post_targets_check CHECK (((status <> ALL (ARRAY['published'::text, 'delivered_to_inbox'::text])) OR (accepted_id IS NOT NULL))),
    CONSTRAINT post_targets_check1 CHECK (((status <> 'failed'::text) OR (error_class IS NOT NULL))),
    CONSTRAINT post_targets_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'link'::text, 'image'::text, 'images'::text, 'video'::text, 'reel'::text, 'story'::text, 'document'::text]))),
    CONSTRAINT post_targets_platform_post_id_check CHECK ((platform_post_id <> ''::text)),
    CONSTRAINT post_targets_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'pending'::text, 'preparing'::text, 'committing'::text, 'processing'::text, 'published'::text, 'delivered_to_inbox'::text, 'failed'::text, 'unknown'::text, 'canceled'::text, 'missed'::text]))),
    CONSTRAINT post_targets_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.post_targets FORCE ROW LEVEL SECURITY;

CREATE TABLE public.posts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    idempotency_key text NOT NULL,
    request_fingerprint text,
    repost_of uuid,
    answer jsonb,
    answer_status integer,
    lease_owner uuid,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    forgotten_at timestamp with time zone,
    CONSTRAINT posts_idempotency_key_check CHECK ((idempotency_key <> ''::text)),
    CONSTRAINT posts_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.posts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.profiles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    skills jsonb DEFAULT '[]'::jsonb NOT NULL,
    mission_statement text DEFAULT ''::text NOT NULL,
    content_mode text DEFAULT 'personal'::text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    ai_preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profiles_content_mode_check CHECK ((content_mode = ANY (ARRAY['business'::text, 'influencer'::text, 'personal'::text]))),
    CONSTRAINT profiles_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.profiles FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prompt_template_ratings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    template_id uuid NOT NULL,
    stars integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompt_template_ratings_stars_check CHECK (((stars >= 1) AND (stars <= 5))),
    CONSTRAINT prompt_template_ratings_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.prompt_template_ratings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prompt_templates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    idempotency_key text,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    content_mode text NOT NULL,
    platforms jsonb DEFAULT '[]'::jsonb NOT NULL,
    tags jsonb DEFAULT '[]'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    copied_from uuid,
    copied_version integer,
    shared_at timestamp with time zone,
    usage_count bigint DEFAULT 0 NOT NULL,
    rating_sum bigint DEFAULT 0 NOT NULL,
    rating_count bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompt_templates_content_mode_check CHECK ((content_mode = ANY (ARRAY['business'::text, 'influencer'::text, 'personal'::text]))),
    CONSTRAINT prompt_templates_name_check CHECK ((name <> ''::text)),
    CONSTRAINT prompt_templates_user_id_check CHECK ((user_id <> ''::text)),
    CONSTRAINT prompt_templates_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY public.prompt_templates FORCE ROW LEVEL SECURITY;

CREATE VIEW public.prompt_template_uses AS
 SELECT user_id,
    id AS template_id
   FROM public.prompt_templates
 LIMIT 0;

CREATE TABLE public.prompt_template_versions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    template_id uuid NOT NULL,
    version integer NOT NULL,
    system_text text DEFAULT ''::text NOT NULL,
    user_text text NOT NULL,
    variables jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompt_template_versions_user_id_check CHECK ((user_id <> ''::text)),
    CONSTRAINT prompt_template_versions_user_text_check CHECK ((user_text <> ''::text)),
    CONSTRAINT prompt_template_versions_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY public.prompt_template_versions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.schedules (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    post_id uuid,
    template_id uuid,
    strategy text NOT NULL,
    connection_ids jsonb DEFAULT '[]'::jsonb NOT NULL,
    sealed_source text,
    sealing_key_id text,
    source_sha256 text,
    due_at timestamp with time zone NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    recurrence text,
    grace_seconds integer DEFAULT 900 NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    error_code text,
    lease_owner uuid,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schedules_grace_seconds_check CHECK ((grace_seconds >= 0)),
    CONSTRAINT schedules_sealed_source_check CHECK ((sealed_source <> ''::text)),
    CONSTRAINT schedules_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'missed'::text, 'failed'::text, 'canceled'::text]))),
    CONSTRAINT schedules_strategy_check CHECK ((strategy = ANY (ARRAY['native'::text, 'pull'::text, 'generate'::text, 'notify'::text]))),
    CONSTRAINT schedules_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.schedules FORCE ROW LEVEL SECURITY;

CREATE VIEW public.shared_templates WITH (security_barrier='true') AS
 SELECT t.id,
    (t.user_id = 'system'::text) AS is_product,
    t.name,
    t.description,
    t.content_mode,
    t.platforms,
    t.tags,
    t.version,
    t.shared_at,
    t.usage_count,
    t.rating_sum,
    t.rating_count,
    t.created_at,
    t.updated_at,
    v.system_text,
    v.user_text,
    v.variables
   FROM (public.prompt_templates t
     LEFT JOIN public.prompt_template_versions v ON (((v.template_id = t.id) AND (v.version = t.version))))
  WHERE (t.shared_at IS NOT NULL);

CREATE TABLE public.webhooks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    sealed_url text NOT NULL,
    sealed_secret text NOT NULL,
    sealing_key_id text NOT NULL,
    events jsonb DEFAULT '[]'::jsonb NOT NULL,
    active boolean DEFAULT true NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhooks_sealed_secret_check CHECK ((sealed_secret <> ''::text)),
    CONSTRAINT webhooks_sealed_url_check CHECK ((sealed_url <> ''::text)),
    CONSTRAINT webhooks_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.webhooks FORCE ROW LEVEL SECURITY;

CREATE TABLE supabase_migrations.schema_migrations (
    version text NOT NULL,
    statements text[],
    name text
);

INSERT INTO public.account_analytics VALUES
	('f12f5c68-6d37-5a44-b71d-3199f82718a2', 'auth0|alice', '24f3bd4e-6bbd-57e6-ae42-aa50571f35ec', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:34.184015+00', '2026-11-27 00:40:34.184015+00'),
	('e53aa8d9-4bbf-5a56-a73d-4fd7ee2e30b8', 'auth0|bob', '07b1a58e-fb62-55ea-be2a-96e706ac88b9', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:34.339962+00', '2026-11-27 00:40:34.339962+00');

INSERT INTO public.ai_provider_keys VALUES
	('928498f3-f6e9-502c-a87f-6c1f75471df9', 'auth0|alice', 'openai', 'sealed', 'k1', '', '2026-11-27 00:40:34.147965+00', '2026-11-27 00:40:34.147965+00'),
	('321245ab-332b-59f7-8b8e-7e3c944c9f0a', 'auth0|bob', 'openai', 'sealed', 'k1', '', '2026-11-27 00:40:34.311952+00', '2026-11-27 00:40:34.311952+00');

INSERT INTO public.ai_provider_state VALUES
	('591311f9-daf3-5f34-8edf-b188abd92dc2', 'auth0|alice', 'openai', 'm', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:34.187682+00', '2026-11-27 00:40:34.187682+00', NULL),
	('b9d8ccc0-de58-55cc-b543-4af00abe85c1', 'auth0|bob', 'openai', 'm', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:34.347946+00', '2026-11-27 00:40:34.347946+00', NULL);

INSERT INTO public.ai_providers VALUES
	('openai'),
	('anthropic'),
	('google'),
	('static');

INSERT INTO public.ai_spending VALUES
	('cea76976-744d-56c9-81f3-6524edda405b', 'auth0|alice', '2026-11', 0, 0, NULL, '2026-11-27 00:40:34.191912+00', '2026-11-27 00:40:34.191912+00'),
	('84e0d9f5-faf1-5b99-bdb4-0b5088769420', 'auth0|bob', '2026-11', 0, 0, NULL, '2026-11-27 00:40:34.353526+00', '2026-11-27 00:40:34.353526+00');

INSERT INTO public.ai_usage_tracking VALUES
	('2703ed71-c0fc-5ae9-af5c-bb1b7f2755fe', 'auth0|alice', '2703ed71-c0fc-5ae9-af5c-bb1b7f2755fe', NULL, 'ideas', 1, 'openai', 'm', NULL, 'stored', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, 0, '2026-11-27 00:40:34.187061+00', '2026-11-27 00:40:34.187061+00', 0, 0),
	('c84ba5a0-edf6-522b-97b7-d66973168aaa', 'auth0|bob', 'c84ba5a0-edf6-522b-97b7-d66973168aaa', NULL, 'ideas', 1, 'openai', 'm', NULL, 'stored', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, 0, '2026-11-27 00:40:34.340563+00', '2026-11-27 00:40:34.340563+00', 0, 0);

INSERT INTO public.connection_attempts VALUES
	('d4a3bcae-fd35-5a80-88c7-fcb10b54f525', 'auth0|alice', 'tiktok', 'started', 'h', NULL, '', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', '2026-11-27 00:40:34.155921+00', '2026-11-27 00:40:34.155921+00', NULL, 0),
	('42c5a059-6b62-5ca4-b565-e4c13b31b22f', 'auth0|bob', 'tiktok', 'started', 'h', NULL, '', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', '2026-11-27 00:40:34.315613+00', '2026-11-27 00:40:34.315613+00', NULL, 0);

INSERT INTO public.departures VALUES
	('8b7a52fe-b679-5cd3-8b23-3e4b69ae8441', 'auth0|alice', '8b7a52fe-b679-5cd3-8b23-3e4b69ae8441', '2030-01-01 00:00:00+00', NULL, '[]', '{}', NULL, '2026-11-27 00:40:34.287935+00', '2026-11-27 00:40:34.287935+00', '{}'),
	('04d4b227-e240-562b-aab9-24ad24a1c108', 'auth0|bob', '04d4b227-e240-562b-aab9-24ad24a1c108', '2030-01-01 00:00:00+00', NULL, '[]', '{}', NULL, '2026-11-27 00:40:34.407949+00', '2026-11-27 00:40:34.407949+00', '{}');

INSERT INTO public.former_accounts VALUES
	('22ab538a-0cb8-5487-af84-e2cb03fdbc92', 'auth0|alice', 'facebook', '1', '22ab538a-0cb8-5487-af84-e2cb03fdbc92', 'h', NULL, NULL, '{}', NULL, '2026-11-27 00:40:34.280129+00', '2026-11-27 00:40:34.280129+00'),
	('b341e2bd-0fbb-5096-84ea-7ab0ded7787c', 'auth0|bob', 'facebook', '1', 'b341e2bd-0fbb-5096-84ea-7ab0ded7787c', 'h', NULL, NULL, '{}', NULL, '2026-11-27 00:40:34.392422+00', '2026-11-27 00:40:34.392422+00');

INSERT INTO public.notifications VALUES
	('3dec9609-fc5e-5669-ba53-31dbc08ff658', 'auth0|alice', 'k', NULL, 'd', '{}', NULL, '2026-11-27 00:40:34.244053+00', '2026-11-27 00:40:34.244053+00'),
	('516d9caf-80f6-5418-8f30-b494ff373b84', 'auth0|bob', 'k', NULL, 'd', '{}', NULL, '2026-11-27 00:40:34.391991+00', '2026-11-27 00:40:34.391991+00');

INSERT INTO public.platform_connections VALUES
	('24f3bd4e-6bbd-57e6-ae42-aa50571f35ec', 'auth0|alice', 'linkedin', 'urn:1', 'member', '', '', '', '', '[]', '{}', 'active', '', 'sealed', NULL, 'k1', 1, '2026-11-25 12:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:34.152226+00', '2026-11-27 00:40:34.152226+00'),
	('07b1a58e-fb62-55ea-be2a-96e706ac88b9', 'auth0|bob', 'linkedin', 'urn:1', 'member', '', '', '', '', '[]', '{}', 'active', '', 'sealed', NULL, 'k1', 1, '2026-11-25 12:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:34.312718+00', '2026-11-27 00:40:34.312718+00');

INSERT INTO public.platforms VALUES
	('facebook'),
	('instagram'),
	('linkedin'),
	('tiktok');

INSERT INTO public.post_analytics VALUES
	('f48ced8c-a6eb-5dab-92b8-b97eac059865', 'auth0|alice', '97d40a3b-5904-5d2d-b898-93e2e86c7c05', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:34.176106+00', '2026-11-27 00:40:34.176106+00'),
	('369473c2-12e5-51cb-b771-379cfbda3209', 'auth0|bob', 'b5b5d85b-0cee-5625-8f81-fc827d9a2ad8', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:34.33735+00', '2026-11-27 00:40:34.33735+00');

INSERT INTO public.post_targets VALUES
	('97d40a3b-5904-5d2d-b898-93e2e86c7c05', 'auth0|alice', 'd3c24b42-004a-5610-8f42-b08cf6f82751', '24f3bd4e-6bbd-57e6-ae42-aa50571f35ec', 'linkedin', 'urn:1', 0, 'text', 1, NULL, 'pending', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2030-01-01 00:00:00+00', NULL, 0, NULL, NULL, '2026-11-27 00:40:34.171931+00', '2026-11-27 00:40:34.171931+00', NULL),
	('b5b5d85b-0cee-5625-8f81-fc827d9a2ad8', 'auth0|bob', '4bf83d67-e93e-5640-a438-0acf40409912', '07b1a58e-fb62-55ea-be2a-96e706ac88b9', 'linkedin', 'urn:1', 0, 'text', 1, NULL, 'pending', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2030-01-01 00:00:00+00', NULL, 0, NULL, NULL, '2026-11-27 00:40:34.328129+00', '2026-11-27 00:40:34.328129+00', NULL);

INSERT INTO public.posts VALUES
	('d3c24b42-004a-5610-8f42-b08cf6f82751', 'auth0|alice', 'key', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:34.16393+00', '2026-11-27 00:40:34.16393+00', NULL),
	('4bf83d67-e93e-5640-a438-0acf40409912', 'auth0|bob', 'key', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:34.323936+00', '2026-11-27 00:40:34.323936+00', NULL);

INSERT INTO public.profiles VALUES
	('e2deee0b-89ae-5f4a-a7ce-c8bf2233b466', 'auth0|alice', '', '', '[]', '', 'personal', 'UTC', 'en', '{}', '2026-11-27 00:40:34.135948+00', '2026-11-27 00:40:34.135948+00'),
	('177d835f-6243-50f3-9758-98465efdcf6d', 'auth0|bob', '', '', '[]', '', 'personal', 'UTC', 'en', '{}', '2026-11-27 00:40:34.295939+00', '2026-11-27 00:40:34.295939+00');

INSERT INTO public.prompt_template_ratings VALUES
	('9ad23ece-2dfb-5e3c-8813-365e450cc288', 'auth0|alice', '7e3a1c00-0001-4000-8000-000000000001', 3, '2026-11-27 00:40:34.211352+00', '2026-11-27 00:40:34.211352+00'),
	('cb0dbaa7-95d3-5f50-8bc9-c2b61c9e42cf', 'auth0|bob', '7e3a1c00-0001-4000-8000-000000000001', 3, '2026-11-27 00:40:34.378415+00', '2026-11-27 00:40:34.378415+00');

INSERT INTO public.prompt_template_versions VALUES
	('7e3a1c00-0001-4000-8000-000000000011', 'system', '7e3a1c00-0001-4000-8000-000000000001', 1, 'You write social media posts for {platform_name}, on behalf of the company or person described here.

Name: {user_name}
About them: {user_bio}
What they are good at: {user_skills}
What they work for: {user_mission}
Leave out whatever is empty above.

How to write:
- Start with what the reader gets out of it. Company news is only interesting for what it changes for somebody.
- One message per post. Say it in the first two sentences; the rest gives the reason or the proof.
- Use the facts, names, dates and figures of the brief exactly as they are. Invent none: no customers, quotes, numbers, prizes or deadlines that are not in the brief.
- Plain, concrete words and short sentences. No superlatives, no buzzwords, no exclamation marks in a row, no emoji unless the brief has some.
- Promise nothing about health, money or the law that the brief does not say.
- Fit each platform: {platform_style}.
- Write in the language of the brief.', 'Purpose of the post: {goal}
Who should read it: {audience}
What they should do next (nothing if empty): {call_to_action}

Brief: {topic}

Text to work from (none if empty): {text}', '[{"name": "goal", "type": "choice", "choices": ["announce", "inform", "invite", "explain", "recruit", "thank"], "default": "inform", "required": true, "description": "What the post is for"}, {"name": "audience", "type": "text", "choices": [], "default": "people who could use what we offer", "required": true, "description": "Who should feel addressed"}, {"name": "call_to_action", "type": "text", "choices": [], "default": null, "required": false, "description": "The one thing to do next, such as: book a call"}]', '2026-11-27 00:40:33.183914+00', '2026-11-27 00:40:33.183914+00'),
	('7e3a1c00-0002-4000-8000-000000000012', 'system', '7e3a1c00-0002-4000-8000-000000000002', 1, 'You write social media posts for {platform_name}, in the first person, as the one described here.

Name: {user_name}
Who is speaking: {user_bio}
Known for: {user_skills}
Stands for: {user_mission}
Leave out whatever is empty above.

How to write:
- The first line has to earn the second: a moment, a contradiction or a question that the post then answers. No bait that the post does not keep.
- Tell one thing that happened or one thing learned, with a detail only somebody who was there would know. Take it from the brief; make nothing up.
- Speak to one person. Rhythm before grammar, short lines, room to breathe.
- End so that answering is easy: an honest question or a small invitation.
- If the brief is an advertisement, a gift or a partnership, say so clearly near the top.
- Hashtags: only ones that people really look for, and few.
- Fit each platform: {platform_style}.
- Write in the language of the brief.', 'Mood: {mood}
Followers: {audience}
Paid or gifted partnership: {partnership}

What it is about: {topic}

Text to work from (none if empty): {text}', '[{"name": "mood", "type": "choice", "choices": ["warm", "playful", "bold", "calm", "raw"], "default": "warm", "required": true, "description": "How the post should feel"}, {"name": "audience", "type": "text", "choices": [], "default": "people who share this interest", "required": true, "description": "Who follows, and what they came for"}, {"name": "partnership", "type": "boolean", "choices": [], "default": false, "required": true, "description": "Whether somebody pays or gives something for the post"}]', '2026-11-27 00:40:33.183914+00', '2026-11-27 00:40:33.183914+00'),
	('7e3a1c00-0003-4000-8000-000000000013', 'system', '7e3a1c00-0003-4000-8000-000000000003', 1, 'You help somebody put something into words for {platform_name}. It is a personal account, and the post has to sound like a person, not like a brand.

Name: {user_name}
About them: {user_bio}
Interests and skills: {user_skills}
What matters to them: {user_mission}
Leave out whatever is empty above.

How to write:
- First person, the way one talks to friends: simple words, real feelings, a little humour where it fits.
- Say what happened, then why it matters. Keep what is said in the brief; add no events, people, places or feelings that are not there.
- Mention nobody else by full name, and no address, school or workplace, unless the brief does.
- Short is fine. No slogans, no life lessons unless asked for, hashtags only where the platform expects them.
- Fit each platform: {platform_style}.
- Write in the language of the brief.', 'Tone: {tone}

What I want to share: {topic}

Text to work from (none if empty): {text}', '[{"name": "tone", "type": "choice", "choices": ["relaxed", "happy", "thoughtful", "funny", "grateful"], "default": "relaxed", "required": true, "description": "How it should sound"}]', '2026-11-27 00:40:33.183914+00', '2026-11-27 00:40:33.183914+00'),
	('cedf5188-24f5-5fcb-ab7b-f6d404b10a79', 'auth0|alice', '9f3f9bf7-392a-5f46-aa0d-91749e522047', 1, '', 't', '[]', '2026-11-27 00:40:34.200045+00', '2026-11-27 00:40:34.200045+00'),
	('7e4ecc47-6e6a-523c-bad6-7291124b5942', 'auth0|bob', '7e3cbe36-1574-5fac-9867-edc20832a050', 1, '', 't', '[]', '2026-11-27 00:40:34.367935+00', '2026-11-27 00:40:34.367935+00');

INSERT INTO public.prompt_templates VALUES
	('7e3a1c00-0002-4000-8000-000000000002', 'system', NULL, 'Influencer: a hook and a story', 'For people who post for an audience: a first line that stops the scroll, one honest story, an easy way to answer.', 'influencer', '[]', '["influencer", "storytelling", "hook"]', 1, true, NULL, NULL, '2026-11-22 09:05:00+00', 0, 0, 0, '2026-11-27 00:40:33.183914+00', '2026-11-27 00:40:33.183914+00'),
	('7e3a1c00-0003-4000-8000-000000000003', 'system', NULL, 'Personal: in your own voice', 'For everybody else: sounds like you on a good day, says what happened and why it matters to you.', 'personal', '[]', '["personal", "everyday", "voice"]', 1, true, NULL, NULL, '2026-11-22 09:05:00+00', 0, 0, 0, '2026-11-27 00:40:33.183914+00', '2026-11-27 00:40:33.183914+00'),
	('9f3f9bf7-392a-5f46-aa0d-91749e522047', 'auth0|alice', NULL, 'n', '', 'personal', '[]', '[]', 1, false, NULL, NULL, NULL, 0, 0, 0, '2026-11-27 00:40:34.195921+00', '2026-11-27 00:40:34.195921+00'),
	('7e3cbe36-1574-5fac-9867-edc20832a050', 'auth0|bob', NULL, 'n', '', 'personal', '[]', '[]', 1, false, NULL, NULL, NULL, 0, 0, 0, '2026-11-27 00:40:34.35999+00', '2026-11-27 00:40:34.35999+00'),
	('7e3a1c00-0001-4000-8000-000000000001', 'system', NULL, 'Business: useful first', 'For companies and the self-employed: one clear message, evidence instead of adjectives, one thing to do next.', 'business', '[]', '["business", "announcement", "clarity"]', 1, true, NULL, NULL, '2026-11-22 09:05:00+00', 0, 6, 2, '2026-11-27 00:40:33.183914+00', '2026-11-27 00:40:33.183914+00');

INSERT INTO public.schedules VALUES
	('4d7a2f61-5b3d-5f6d-97c2-aade48a39d07', 'auth0|alice', NULL, NULL, 'notify', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', 'UTC', NULL, 900, 'waiting', NULL, NULL, NULL, '2026-11-27 00:40:34.227125+00', '2026-11-27 00:40:34.227125+00'),
	('c51e8b7f-01a2-5384-b566-59c9da975aa4', 'auth0|bob', NULL, NULL, 'notify', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', 'UTC', NULL, 900, 'waiting', NULL, NULL, NULL, '2026-11-27 00:40:34.387959+00', '2026-11-27 00:40:34.387959+00');

INSERT INTO public.webhooks VALUES
	('810e1abb-6787-5d9a-926c-3e8fbdada51c', 'auth0|alice', 'sealed', 'sealed', 'k1', '[]', true, 0, NULL, '2026-11-27 00:40:34.291925+00', '2026-11-27 00:40:34.291925+00'),
	('a788619c-a4dd-5956-a067-94f08d1b2165', 'auth0|bob', 'sealed', 'sealed', 'k1', '[]', true, 0, NULL, '2026-11-27 00:40:34.411935+00', '2026-11-27 00:40:34.411935+00');

INSERT INTO supabase_migrations.schema_migrations VALUES
	('20261122090000', NULL, 'schema'),
	('20261122090500', NULL, 'system_templates'),
	('20261122091000', NULL, 'access'),
	('20261123090000', NULL, 'receipts'),
	('20261126090000', NULL, 'references'),
	('20261127090000', NULL, 'foreign_key_indexes'),
	('20261127090100', NULL, 'departures'),
	('20261127090200', NULL, 'former_accounts'),
	('20261127090300', NULL, 'departures_reached'),
	('20261127090500', NULL, 'departures_access'),
	('20261127090600', NULL, 'former_accounts_access'),
	('20261127100000', NULL, 'hashed_keys'),
	('20261127100100', NULL, 'retention'),
	('20261127100500', NULL, 'hashed_keys_access'),
	('20261127100600', NULL, 'retention_access'),
	('20261127110000', NULL, 'library'),
	('20261127110500', NULL, 'walls'),
	('20261127110700', NULL, 'health'),
	('20261127120000', NULL, 'read_back'),
	('20261127120100', NULL, 'one_claim_a_post');
INSERT INTO supabase_migrations.schema_migrations VALUES
	('20261127120200', NULL, 'one_claim_index'),
	('20261127130000', NULL, 'spending'),
	('20261127130500', NULL, 'spending_access'),
	('20261127140000', NULL, 'reference_tables'),
	('20261127140500', NULL, 'reference_tables_access');

ALTER TABLE ONLY public.account_analytics
    ADD CONSTRAINT account_analytics_connection_id_polled_at_key UNIQUE (connection_id, polled_at);

ALTER TABLE ONLY public.account_analytics
    ADD CONSTRAINT account_analytics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_operator_spending
    ADD CONSTRAINT ai_operator_spending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_operator_spending
    ADD CONSTRAINT ai_operator_spending_user_hash_month_key UNIQUE (user_hash, month);

ALTER TABLE ONLY public.ai_provider_keys
    ADD CONSTRAINT ai_provider_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_provider_keys
    ADD CONSTRAINT ai_provider_keys_user_id_provider_key UNIQUE (user_id, provider);

ALTER TABLE ONLY public.ai_provider_state
    ADD CONSTRAINT ai_provider_state_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_provider_state
    ADD CONSTRAINT ai_provider_state_user_id_provider_model_key UNIQUE (user_id, provider, model);

ALTER TABLE ONLY public.ai_providers
    ADD CONSTRAINT ai_providers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.ai_spending
    ADD CONSTRAINT ai_spending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_spending
    ADD CONSTRAINT ai_spending_user_id_month_key UNIQUE (user_id, month);

ALTER TABLE ONLY public.ai_usage_tracking
    ADD CONSTRAINT ai_usage_tracking_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connection_attempts
    ADD CONSTRAINT connection_attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deletion_receipts
    ADD CONSTRAINT deletion_receipts_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.deletion_receipts
    ADD CONSTRAINT deletion_receipts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.departures
    ADD CONSTRAINT departures_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.departures
    ADD CONSTRAINT departures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.departures
    ADD CONSTRAINT departures_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.former_accounts
    ADD CONSTRAINT former_accounts_connection_id_key UNIQUE (connection_id);

ALTER TABLE ONLY public.former_accounts
    ADD CONSTRAINT former_accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_id_dedupe_key_key UNIQUE (user_id, dedupe_key);

ALTER TABLE ONLY public.platform_connections
    ADD CONSTRAINT platform_connections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_connections
    ADD CONSTRAINT platform_connections_user_id_platform_account_id_key UNIQUE (user_id, platform, account_id);

ALTER TABLE ONLY public.platforms
    ADD CONSTRAINT platforms_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.post_analytics
    ADD CONSTRAINT post_analytics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.post_analytics
    ADD CONSTRAINT post_analytics_target_id_polled_at_key UNIQUE (target_id, polled_at);

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_retry_of_key UNIQUE (retry_of);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_user_id_idempotency_key_key UNIQUE (user_id, idempotency_key);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.prompt_template_ratings
    ADD CONSTRAINT prompt_template_ratings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.prompt_template_ratings
    ADD CONSTRAINT prompt_template_ratings_user_id_template_id_key UNIQUE (user_id, template_id);

ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_template_id_version_key UNIQUE (template_id, version);

ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY supabase_migrations.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

CREATE INDEX account_analytics_user ON public.account_analytics USING btree (user_id, connection_id, polled_at);

CREATE UNIQUE INDEX ai_usage_tracking_key ON public.ai_usage_tracking USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX ai_usage_tracking_open ON public.ai_usage_tracking USING btree (user_id, created_at) WHERE (outcome = ANY (ARRAY['started'::text, 'in_flight'::text]));

CREATE INDEX ai_usage_tracking_plain_keys ON public.ai_usage_tracking USING btree (user_id, id) WHERE (substr(idempotency_key, 1, 5) <> 'hmac:'::text);

CREATE INDEX ai_usage_tracking_user ON public.ai_usage_tracking USING btree (user_id, created_at);

CREATE INDEX connection_attempts_expiry ON public.connection_attempts USING btree (expires_at);

CREATE UNIQUE INDEX connection_attempts_handle ON public.connection_attempts USING btree (handle_hash) WHERE (handle_hash IS NOT NULL);

CREATE INDEX connection_attempts_subject ON public.connection_attempts USING btree (subject_hash) WHERE (subject_hash IS NOT NULL);

CREATE INDEX connection_attempts_user ON public.connection_attempts USING btree (user_id, created_at);

CREATE INDEX deletion_receipts_open ON public.deletion_receipts USING btree (created_at) WHERE (state = 'deleting'::text);

CREATE INDEX deletion_receipts_traceable ON public.deletion_receipts USING btree (created_at) WHERE (user_hash IS NOT NULL);

CREATE INDEX deletion_receipts_user ON public.deletion_receipts USING btree (user_hash, created_at);

CREATE INDEX former_accounts_erasure ON public.former_accounts USING btree (erasure_id) WHERE (erasure_id IS NOT NULL);

CREATE INDEX former_accounts_subject ON public.former_accounts USING btree (subject_hash);

CREATE INDEX former_accounts_user ON public.former_accounts USING btree (user_id, created_at, id);

CREATE INDEX notifications_user ON public.notifications USING btree (user_id, created_at);

CREATE INDEX platform_connections_expiring ON public.platform_connections USING btree (access_expires_at) WHERE ((status = 'active'::text) AND (refresh_due_at IS NULL));

CREATE INDEX platform_connections_grant ON public.platform_connections USING btree (platform, grant_subject);

CREATE INDEX platform_connections_metrics_due ON public.platform_connections USING btree (metrics_due_at) WHERE ((status = 'active'::text) AND (metrics_due_at IS NOT NULL));

CREATE INDEX platform_connections_refresh_due ON public.platform_connections USING btree (refresh_due_at) WHERE ((status = 'active'::text) AND (refresh_due_at IS NOT NULL));

CREATE INDEX post_analytics_user ON public.post_analytics USING btree (user_id, target_id, polled_at);

CREATE INDEX post_targets_accepted ON public.post_targets USING btree (platform, accepted_id) WHERE (accepted_id IS NOT NULL);

CREATE INDEX post_targets_connection_id ON public.post_targets USING btree (connection_id, id) WHERE (connection_id IS NOT NULL);

CREATE INDEX post_targets_metrics_due ON public.post_targets USING btree (metrics_due_at) WHERE (metrics_due_at IS NOT NULL);

CREATE UNIQUE INDEX post_targets_one_claim ON public.post_targets USING btree (platform, account_id, platform_post_id) WHERE (platform_post_id IS NOT NULL);

CREATE INDEX post_targets_open ON public.post_targets USING btree (next_check_at) WHERE ((status = ANY (ARRAY['pending'::text, 'preparing'::text, 'committing'::text, 'processing'::text, 'unknown'::text])) AND (next_check_at IS NOT NULL));

CREATE INDEX post_targets_post ON public.post_targets USING btree (user_id, post_id, "position", attempt);

CREATE INDEX post_targets_post_id ON public.post_targets USING btree (post_id);

CREATE INDEX post_targets_unclaimed ON public.post_targets USING btree (platform, account_id) WHERE ((platform_post_id IS NULL) AND (committing_at IS NOT NULL));

CREATE INDEX posts_forgotten ON public.posts USING btree (created_at) WHERE (forgotten_at IS NOT NULL);

CREATE INDEX posts_plain_keys ON public.posts USING btree (user_id, id) WHERE (substr(idempotency_key, 1, 5) <> 'hmac:'::text);

CREATE INDEX posts_user_created ON public.posts USING btree (user_id, created_at, id);

CREATE INDEX posts_window ON public.posts USING btree (created_at) WHERE ((request_fingerprint IS NOT NULL) OR (answer_status IS NOT NULL));

CREATE INDEX prompt_template_ratings_template ON public.prompt_template_ratings USING btree (template_id);

CREATE INDEX prompt_template_versions_user ON public.prompt_template_versions USING btree (user_id, template_id, version);

CREATE INDEX prompt_templates_copied_from ON public.prompt_templates USING btree (copied_from) WHERE (copied_from IS NOT NULL);

CREATE UNIQUE INDEX prompt_templates_default ON public.prompt_templates USING btree (user_id, content_mode) WHERE is_default;

CREATE UNIQUE INDEX prompt_templates_key ON public.prompt_templates USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX prompt_templates_plain_keys ON public.prompt_templates USING btree (user_id, id) WHERE (substr(idempotency_key, 1, 5) <> 'hmac:'::text);

CREATE INDEX prompt_templates_shared ON public.prompt_templates USING btree (shared_at, id) WHERE (shared_at IS NOT NULL);

CREATE INDEX prompt_templates_user ON public.prompt_templates USING btree (user_id, created_at, id);

CREATE INDEX schedules_due ON public.schedules USING btree (due_at) WHERE (status = 'waiting'::text);

CREATE INDEX schedules_post_id ON public.schedules USING btree (post_id) WHERE (post_id IS NOT NULL);

CREATE INDEX schedules_template_id ON public.schedules USING btree (template_id) WHERE (template_id IS NOT NULL);

CREATE INDEX schedules_user ON public.schedules USING btree (user_id, due_at);

CREATE INDEX webhooks_user ON public.webhooks USING btree (user_id, created_at);

CREATE TRIGGER count_rating AFTER INSERT OR DELETE OR UPDATE OF template_id, stars ON public.prompt_template_ratings FOR EACH ROW EXECUTE FUNCTION public.count_rating();

CREATE TRIGGER count_template_use INSTEAD OF INSERT ON public.prompt_template_uses FOR EACH ROW EXECUTE FUNCTION public.count_template_use();

CREATE TRIGGER guard_finished_target BEFORE UPDATE ON public.post_targets FOR EACH ROW EXECUTE FUNCTION public.guard_finished_target();

CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, connection_id ON public.account_analytics FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_references('connection_id', 'platform_connections');

CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, target_id ON public.post_analytics FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_references('target_id', 'post_targets');

CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, post_id, connection_id, retry_of ON public.post_targets FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_references('post_id', 'posts', 'connection_id', 'platform_connections', 'retry_of', 'post_targets');

CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, template_id ON public.prompt_template_versions FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_references('template_id', 'prompt_templates');

CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, post_id ON public.schedules FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_references('post_id', 'posts');

CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, template_id ON public.prompt_template_ratings FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_template_reference('template_id');

CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, copied_from ON public.prompt_templates FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_template_reference('copied_from');

CREATE TRIGGER guard_template_reference BEFORE INSERT OR UPDATE OF user_id, template_id ON public.schedules FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id = (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_template_reference('template_id');

CREATE TRIGGER keep_counters BEFORE INSERT OR UPDATE ON public.prompt_templates FOR EACH ROW WHEN ((CURRENT_USER = 'noillusion_api'::name)) EXECUTE FUNCTION public.keep_counters();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.account_analytics FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_operator_spending FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_provider_keys FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_key', 'sealing_key_id');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_provider_state FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_spending FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_usage_tracking FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('idempotency_key');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.connection_attempts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_credentials', 'sealing_key_id');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.deletion_receipts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('user_hash');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.departures FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('lease_owner', 'lease_until');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.former_accounts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('counts', 'lease_until');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.notifications FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.platform_connections FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_access_token', 'sealed_refresh_token', 'sealing_key_id', 'refresh_lease_until', 'refresh_due_at', 'metrics_due_at');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.post_analytics FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.post_targets FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('lease_owner', 'lease_until', 'next_check_at', 'metrics_due_at');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.posts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('idempotency_key', 'request_fingerprint', 'answer', 'answer_status', 'lease_owner', 'lease_until');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.prompt_template_ratings FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.prompt_template_versions FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.prompt_templates FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('idempotency_key', 'is_default', 'shared_at', 'usage_count', 'rating_sum', 'rating_count');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.schedules FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_source', 'sealing_key_id', 'lease_owner', 'lease_until');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_url', 'sealed_secret', 'sealing_key_id');

ALTER TABLE ONLY public.account_analytics
    ADD CONSTRAINT account_analytics_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.platform_connections(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.ai_provider_keys
    ADD CONSTRAINT ai_provider_keys_provider_fkey FOREIGN KEY (provider) REFERENCES public.ai_providers(name);

ALTER TABLE ONLY public.ai_provider_state
    ADD CONSTRAINT ai_provider_state_provider_fkey FOREIGN KEY (provider) REFERENCES public.ai_providers(name);

ALTER TABLE ONLY public.ai_usage_tracking
    ADD CONSTRAINT ai_usage_tracking_provider_fkey FOREIGN KEY (provider) REFERENCES public.ai_providers(name);

ALTER TABLE ONLY public.connection_attempts
    ADD CONSTRAINT connection_attempts_platform_fkey FOREIGN KEY (platform) REFERENCES public.platforms(name);

ALTER TABLE ONLY public.former_accounts
    ADD CONSTRAINT former_accounts_platform_fkey FOREIGN KEY (platform) REFERENCES public.platforms(name);

ALTER TABLE ONLY public.platform_connections
    ADD CONSTRAINT platform_connections_platform_fkey FOREIGN KEY (platform) REFERENCES public.platforms(name);

ALTER TABLE ONLY public.post_analytics
    ADD CONSTRAINT post_analytics_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.post_targets(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.platform_connections(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_platform_fkey FOREIGN KEY (platform) REFERENCES public.platforms(name);

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES public.post_targets(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.prompt_template_ratings
    ADD CONSTRAINT prompt_template_ratings_template_id_fkey FOREIGN KEY (template_id) REFERENCES public.prompt_templates(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_template_id_fkey FOREIGN KEY (template_id) REFERENCES public.prompt_templates(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_copied_from_fkey FOREIGN KEY (copied_from) REFERENCES public.prompt_templates(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_template_id_fkey FOREIGN KEY (template_id) REFERENCES public.prompt_templates(id) ON DELETE SET NULL;

ALTER TABLE public.account_analytics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_operator_spending ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_provider_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_provider_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_providers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_spending ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_usage_tracking ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connection_attempts ENABLE ROW LEVEL SECURITY;

CREATE POLICY counted_rows ON public.ai_operator_spending TO noillusion_api USING (( SELECT (COALESCE((auth.jwt() ->> 'sub'::text), ''::text) <> ALL (ARRAY[''::text, 'system'::text])))) WITH CHECK (( SELECT (COALESCE((auth.jwt() ->> 'sub'::text), ''::text) <> ALL (ARRAY[''::text, 'system'::text]))));

CREATE POLICY counted_rows ON public.prompt_templates FOR UPDATE TO postgres USING (true) WITH CHECK (true);

ALTER TABLE public.deletion_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.departures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.former_accounts ENABLE ROW LEVEL SECURITY;

CREATE POLICY late_rows ON public.post_targets FOR SELECT TO noillusion_health USING (true);

CREATE POLICY left_by_user ON public.deletion_receipts FOR INSERT TO noillusion_api WITH CHECK (((origin = 'user'::text) AND (( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL)));

CREATE POLICY library_rows ON public.prompt_template_versions FOR SELECT TO postgres USING (true);

CREATE POLICY library_rows ON public.prompt_templates FOR SELECT TO postgres USING (true);

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON public.account_analytics TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.ai_provider_keys TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.ai_provider_state TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.ai_spending TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.ai_usage_tracking TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.connection_attempts TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.departures TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.former_accounts TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.notifications TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.platform_connections TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.post_analytics TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.post_targets TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.posts TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.profiles TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.prompt_template_ratings TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.prompt_template_versions TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.prompt_templates TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.schedules TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

CREATE POLICY own_rows ON public.webhooks TO noillusion_api USING ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif"))) WITH CHECK ((user_id = ( SELECT NULLIF((auth.jwt() ->> 'sub'::text), 'system'::text) AS "nullif")));

ALTER TABLE public.platform_connections ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.platforms ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.post_analytics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.post_targets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;

CREATE POLICY product_rows ON public.prompt_template_versions TO postgres USING ((user_id = 'system'::text)) WITH CHECK ((user_id = 'system'::text));

CREATE POLICY product_rows ON public.prompt_templates TO postgres USING ((user_id = 'system'::text)) WITH CHECK ((user_id = 'system'::text));

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_template_ratings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_template_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_templates ENABLE ROW LEVEL SECURITY;

CREATE POLICY rated_anew ON public.prompt_template_ratings AS RESTRICTIVE FOR UPDATE TO noillusion_api USING (true) WITH CHECK (((EXISTS ( SELECT 1
   FROM public.shared_templates s
  WHERE (s.id = prompt_template_ratings.template_id))) AND (NOT (EXISTS ( SELECT 1
   FROM public.prompt_templates t
  WHERE ((t.id = prompt_template_ratings.template_id) AND (t.user_id = prompt_template_ratings.user_id)))))));

CREATE POLICY rated_rows ON public.prompt_template_ratings AS RESTRICTIVE FOR INSERT TO noillusion_api WITH CHECK (((EXISTS ( SELECT 1
   FROM public.shared_templates s
  WHERE (s.id = prompt_template_ratings.template_id))) AND (NOT (EXISTS ( SELECT 1
   FROM public.prompt_templates t
  WHERE ((t.id = prompt_template_ratings.template_id) AND (t.user_id = prompt_template_ratings.user_id)))))));

CREATE POLICY readable ON public.ai_providers FOR SELECT TO noillusion_api, noillusion_worker USING (true);

CREATE POLICY readable ON public.platforms FOR SELECT TO noillusion_api, noillusion_worker USING (true);

ALTER TABLE public.schedules ENABLE ROW LEVEL SECURITY;

CREATE POLICY seen_by_guard ON public.deletion_receipts FOR SELECT TO postgres USING (true);

CREATE POLICY seen_by_guard ON public.departures FOR SELECT TO postgres USING (true);

CREATE POLICY shared_rows ON public.prompt_template_versions FOR SELECT TO noillusion_api USING (((user_id = 'system'::text) AND (( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL) AND (EXISTS ( SELECT 1
   FROM public.prompt_templates t
  WHERE ((t.id = prompt_template_versions.template_id) AND (t.version = prompt_template_versions.version) AND (t.shared_at IS NOT NULL))))));

CREATE POLICY shared_rows ON public.prompt_templates FOR SELECT TO noillusion_api USING (((user_id = 'system'::text) AND (shared_at IS NOT NULL) AND (( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL)));

CREATE POLICY swept_rows ON public.ai_operator_spending TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.ai_provider_keys TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.ai_usage_tracking FOR SELECT TO noillusion_worker USING (true);

CREATE POLICY swept_rows ON public.connection_attempts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.deletion_receipts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.departures TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.former_accounts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.platform_connections TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.post_targets TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.posts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.prompt_templates FOR SELECT TO noillusion_worker USING (true);

CREATE POLICY swept_rows ON public.schedules TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.webhooks TO noillusion_worker USING (true) WITH CHECK (true);

ALTER TABLE public.webhooks ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO noillusion_api;
GRANT USAGE ON SCHEMA public TO noillusion_worker;
GRANT USAGE ON SCHEMA public TO noillusion_health;

GRANT ALL ON FUNCTION auth.jwt() TO noillusion_api;
GRANT ALL ON FUNCTION auth.jwt() TO noillusion_worker;

REVOKE ALL ON FUNCTION public.count_rating() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.count_template_use() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_departed(traces text[], began timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.refuse_departed(traces text[], began timestamp with time zone) TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_analytics TO noillusion_api;

GRANT SELECT,INSERT ON TABLE public.ai_operator_spending TO noillusion_api;
GRANT SELECT,DELETE ON TABLE public.ai_operator_spending TO noillusion_worker;

GRANT UPDATE(spent_nanousd) ON TABLE public.ai_operator_spending TO noillusion_api;

GRANT UPDATE(reserved_nanousd) ON TABLE public.ai_operator_spending TO noillusion_api;

GRANT UPDATE(last_attempt) ON TABLE public.ai_operator_spending TO noillusion_api;

GRANT UPDATE(updated_at) ON TABLE public.ai_operator_spending TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_provider_keys TO noillusion_api;
GRANT SELECT ON TABLE public.ai_provider_keys TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_provider_state TO noillusion_api;

GRANT SELECT ON TABLE public.ai_providers TO noillusion_api;
GRANT SELECT ON TABLE public.ai_providers TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_spending TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_usage_tracking TO noillusion_api;

GRANT SELECT(id) ON TABLE public.ai_usage_tracking TO noillusion_worker;

GRANT SELECT(user_id) ON TABLE public.ai_usage_tracking TO noillusion_worker;

GRANT SELECT(idempotency_key) ON TABLE public.ai_usage_tracking TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connection_attempts TO noillusion_api;
GRANT SELECT,DELETE ON TABLE public.connection_attempts TO noillusion_worker;

GRANT UPDATE(state) ON TABLE public.connection_attempts TO noillusion_worker;

GRANT UPDATE(expires_at) ON TABLE public.connection_attempts TO noillusion_worker;

GRANT UPDATE(updated_at) ON TABLE public.connection_attempts TO noillusion_worker;

GRANT UPDATE(revoke_tries) ON TABLE public.connection_attempts TO noillusion_worker;

GRANT SELECT,INSERT ON TABLE public.deletion_receipts TO noillusion_worker;
GRANT INSERT ON TABLE public.deletion_receipts TO noillusion_api;

GRANT UPDATE(user_hash) ON TABLE public.deletion_receipts TO noillusion_worker;

GRANT UPDATE(state) ON TABLE public.deletion_receipts TO noillusion_worker;

GRANT UPDATE(counts) ON TABLE public.deletion_receipts TO noillusion_worker;

GRANT UPDATE(updated_at) ON TABLE public.deletion_receipts TO noillusion_worker;

GRANT UPDATE(revocations) ON TABLE public.deletion_receipts TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.departures TO noillusion_api;
GRANT SELECT ON TABLE public.departures TO noillusion_worker;

GRANT UPDATE(revocations) ON TABLE public.departures TO noillusion_worker;

GRANT UPDATE(updated_at) ON TABLE public.departures TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.former_accounts TO noillusion_api;
GRANT SELECT,DELETE ON TABLE public.former_accounts TO noillusion_worker;

GRANT UPDATE(erasure_id) ON TABLE public.former_accounts TO noillusion_worker;

GRANT UPDATE(asked_at) ON TABLE public.former_accounts TO noillusion_worker;

GRANT UPDATE(updated_at) ON TABLE public.former_accounts TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notifications TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.platform_connections TO noillusion_api;
GRANT SELECT ON TABLE public.platform_connections TO noillusion_worker;

GRANT UPDATE(metrics_due_at) ON TABLE public.platform_connections TO noillusion_worker;

GRANT SELECT ON TABLE public.platforms TO noillusion_api;
GRANT SELECT ON TABLE public.platforms TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post_analytics TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post_targets TO noillusion_api;
GRANT SELECT ON TABLE public.post_targets TO noillusion_worker;

GRANT SELECT(status) ON TABLE public.post_targets TO noillusion_health;

GRANT SELECT(lease_until) ON TABLE public.post_targets TO noillusion_health;

GRANT SELECT(next_check_at) ON TABLE public.post_targets TO noillusion_health;

GRANT UPDATE(metrics_due_at) ON TABLE public.post_targets TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.posts TO noillusion_api;

GRANT SELECT(id) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT(user_id) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT(idempotency_key) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT(request_fingerprint),UPDATE(request_fingerprint) ON TABLE public.posts TO noillusion_worker;

GRANT UPDATE(answer) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT(answer_status),UPDATE(answer_status) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT(created_at) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT(forgotten_at) ON TABLE public.posts TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.profiles TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_template_ratings TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_templates TO noillusion_api;

GRANT SELECT(id) ON TABLE public.prompt_templates TO noillusion_worker;

GRANT SELECT(user_id) ON TABLE public.prompt_templates TO noillusion_worker;

GRANT SELECT(idempotency_key) ON TABLE public.prompt_templates TO noillusion_worker;

GRANT INSERT ON TABLE public.prompt_template_uses TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_template_versions TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.schedules TO noillusion_api;
GRANT SELECT ON TABLE public.schedules TO noillusion_worker;

GRANT SELECT ON TABLE public.shared_templates TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhooks TO noillusion_api;
GRANT SELECT ON TABLE public.webhooks TO noillusion_worker;

