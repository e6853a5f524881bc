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

CREATE FUNCTION public.guard_shared_template() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
  counters text[] := ARRAY['usage_count', 'rating_sum', 'rating_count', 'updated_at'];
BEGIN
  IF (to_jsonb(NEW) - counters) IS DISTINCT FROM (to_jsonb(OLD) - counters) THEN
    RAISE EXCEPTION 'only the owner changes a template' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.guard_template_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
  RAISE EXCEPTION 'a template keeps its owner' USING ERRCODE = 'insufficient_privilege';
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

CREATE TABLE public.ai_provider_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    provider text NOT NULL,
    sealed_key text NOT NULL,
    sealing_key_id text NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ai_provider_keys_provider_check CHECK ((provider = ANY (ARRAY['openai'::text, 'anthropic'::text, 'google'::text]))),
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
    CONSTRAINT ai_provider_state_provider_check CHECK ((provider = ANY (ARRAY['openai'::text, 'anthropic'::text, 'google'::text]))),
    CONSTRAINT ai_provider_state_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.ai_provider_state FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT ai_usage_tracking_key_source_check CHECK ((key_source = ANY (ARRAY['stored'::text, 'header'::text, 'operator'::text, 'none'::text]))),
    CONSTRAINT ai_usage_tracking_provider_check CHECK ((provider = ANY (ARRAY['openai'::text, 'anthropic'::text, 'google'::text, 'static'::text]))),
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
    CONSTRAINT connection_attempts_nonce_hash_check CHECK ((nonce_hash <> ''::text)),
    CONSTRAINT connection_attempts_platform_check CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text, 'linkedin'::text, 'tiktok'::text]))),
    CONSTRAINT connection_attempts_sealed_credentials_check CHECK ((sealed_credentials <> ''::text)),
    CONSTRAINT connection_attempts_state_check CHECK ((state = ANY (ARRAY['started'::text, 'exchanging'::text, 'authorised'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT connection_attempts_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.connection_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.deletion_receipts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_hash text NOT NULL,
    code_hash text NOT NULL,
    origin text NOT NULL,
    state text DEFAULT 'completed'::text NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT deletion_receipts_code_hash_check CHECK ((code_hash <> ''::text)),
    CONSTRAINT deletion_receipts_origin_check CHECK ((origin = ANY (ARRAY['user'::text, 'meta'::text]))),
    CONSTRAINT deletion_receipts_state_check CHECK ((state = ANY (ARRAY['completed'::text, 'partial'::text]))),
    CONSTRAINT deletion_receipts_user_hash_check CHECK ((user_hash <> ''::text))
);

ALTER TABLE ONLY public.deletion_receipts FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT platform_connections_platform_check CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text, 'linkedin'::text, 'tiktok'::text]))),
    CONSTRAINT platform_connections_sealed_access_token_check CHECK ((sealed_access_token <> ''::text)),
    CONSTRAINT platform_connections_sealed_refresh_token_check CHECK ((sealed_refresh_token <> ''::text)),
    CONSTRAINT platform_connections_status_check CHECK ((status = ANY (ARRAY['active'::text, 'reauth_required'::text]))),
    CONSTRAINT platform_connections_user_id_check CHECK ((user_id <> ''::text))
);

ALTER TABLE ONLY public.platform_connections FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT post_targets_accepted_id_check CHECK ((accepted_id <> ''::text)),
    CONSTRAINT post_targets_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT post_targets_check CHECK (((status <> ALL (ARRAY['published'::text, 'delivered_to_inbox'::text])) OR (accepted_id IS NOT NULL))),
    CONSTRAINT post_targets_check1 CHECK (((status <> 'failed'::text) OR (error_class IS NOT NULL))),
    CONSTRAINT post_targets_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'link'::text, 'image'::text, 'images'::text, 'video'::text, 'reel'::text, 'story'::text, 'document'::text]))),
    CONSTRAINT post_targets_platform_check CHECK ((platform = ANY (ARRAY['facebook'::text, 'instagram'::text, 'linkedin'::text, 'tiktok'::text]))),
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
	('f12f5c68-6d37-5a44-b71d-3199f82718a2', 'auth0|alice', '24f3bd4e-6bbd-57e6-ae42-aa50571f35ec', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:24.079949+00', '2026-11-27 00:40:24.079949+00'),
	('e53aa8d9-4bbf-5a56-a73d-4fd7ee2e30b8', 'auth0|bob', '07b1a58e-fb62-55ea-be2a-96e706ac88b9', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:24.128119+00', '2026-11-27 00:40:24.128119+00');

INSERT INTO public.ai_provider_keys VALUES
	('928498f3-f6e9-502c-a87f-6c1f75471df9', 'auth0|alice', 'openai', 'sealed', 'k1', '', '2026-11-27 00:40:24.046461+00', '2026-11-27 00:40:24.046461+00'),
	('321245ab-332b-59f7-8b8e-7e3c944c9f0a', 'auth0|bob', 'openai', 'sealed', 'k1', '', '2026-11-27 00:40:24.118687+00', '2026-11-27 00:40:24.118687+00');

INSERT INTO public.ai_provider_state VALUES
	('591311f9-daf3-5f34-8edf-b188abd92dc2', 'auth0|alice', 'openai', 'm', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:24.08994+00', '2026-11-27 00:40:24.08994+00'),
	('b9d8ccc0-de58-55cc-b543-4af00abe85c1', 'auth0|bob', 'openai', 'm', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:24.128587+00', '2026-11-27 00:40:24.128587+00');

INSERT INTO public.ai_usage_tracking VALUES
	('2703ed71-c0fc-5ae9-af5c-bb1b7f2755fe', 'auth0|alice', '2703ed71-c0fc-5ae9-af5c-bb1b7f2755fe', NULL, 'ideas', 1, 'openai', 'm', NULL, 'stored', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, 0, '2026-11-27 00:40:24.08395+00', '2026-11-27 00:40:24.08395+00'),
	('c84ba5a0-edf6-522b-97b7-d66973168aaa', 'auth0|bob', 'c84ba5a0-edf6-522b-97b7-d66973168aaa', NULL, 'ideas', 1, 'openai', 'm', NULL, 'stored', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, 0, '2026-11-27 00:40:24.12842+00', '2026-11-27 00:40:24.12842+00');

INSERT INTO public.connection_attempts VALUES
	('d4a3bcae-fd35-5a80-88c7-fcb10b54f525', 'auth0|alice', 'tiktok', 'started', 'h', NULL, '', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', '2026-11-27 00:40:24.059926+00', '2026-11-27 00:40:24.059926+00'),
	('42c5a059-6b62-5ca4-b565-e4c13b31b22f', 'auth0|bob', 'tiktok', 'started', 'h', NULL, '', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', '2026-11-27 00:40:24.119088+00', '2026-11-27 00:40:24.119088+00');

INSERT INTO public.notifications VALUES
	('3dec9609-fc5e-5669-ba53-31dbc08ff658', 'auth0|alice', 'k', NULL, 'd', '{}', NULL, '2026-11-27 00:40:24.108751+00', '2026-11-27 00:40:24.108751+00'),
	('516d9caf-80f6-5418-8f30-b494ff373b84', 'auth0|bob', 'k', NULL, 'd', '{}', NULL, '2026-11-27 00:40:24.129455+00', '2026-11-27 00:40:24.129455+00');

INSERT INTO public.platform_connections VALUES
	('24f3bd4e-6bbd-57e6-ae42-aa50571f35ec', 'auth0|alice', 'linkedin', 'urn:1', 'member', '', '', '', '', '[]', '{}', 'active', '', 'sealed', NULL, 'k1', 1, '2026-11-25 12:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:24.05597+00', '2026-11-27 00:40:24.05597+00'),
	('07b1a58e-fb62-55ea-be2a-96e706ac88b9', 'auth0|bob', 'linkedin', 'urn:1', 'member', '', '', '', '', '[]', '{}', 'active', '', 'sealed', NULL, 'k1', 1, '2026-11-25 12:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:24.118886+00', '2026-11-27 00:40:24.118886+00');

INSERT INTO public.post_analytics VALUES
	('f48ced8c-a6eb-5dab-92b8-b97eac059865', 'auth0|alice', '97d40a3b-5904-5d2d-b898-93e2e86c7c05', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:24.070154+00', '2026-11-27 00:40:24.070154+00'),
	('369473c2-12e5-51cb-b771-379cfbda3209', 'auth0|bob', 'b5b5d85b-0cee-5625-8f81-fc827d9a2ad8', '2026-11-25 12:00:00+00', 'ok', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', '2026-11-27 00:40:24.126125+00', '2026-11-27 00:40:24.126125+00');

INSERT INTO public.post_targets VALUES
	('97d40a3b-5904-5d2d-b898-93e2e86c7c05', 'auth0|alice', 'd3c24b42-004a-5610-8f42-b08cf6f82751', '24f3bd4e-6bbd-57e6-ae42-aa50571f35ec', 'linkedin', 'urn:1', 0, 'text', 1, NULL, 'pending', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2030-01-01 00:00:00+00', NULL, 0, NULL, NULL, '2026-11-27 00:40:24.06888+00', '2026-11-27 00:40:24.06888+00'),
	('b5b5d85b-0cee-5625-8f81-fc827d9a2ad8', 'auth0|bob', '4bf83d67-e93e-5640-a438-0acf40409912', '07b1a58e-fb62-55ea-be2a-96e706ac88b9', 'linkedin', 'urn:1', 0, 'text', 1, NULL, 'pending', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2030-01-01 00:00:00+00', NULL, 0, NULL, NULL, '2026-11-27 00:40:24.119392+00', '2026-11-27 00:40:24.119392+00');

INSERT INTO public.posts VALUES
	('d3c24b42-004a-5610-8f42-b08cf6f82751', 'auth0|alice', 'key', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:24.067929+00', '2026-11-27 00:40:24.067929+00'),
	('4bf83d67-e93e-5640-a438-0acf40409912', 'auth0|bob', 'key', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 00:40:24.119249+00', '2026-11-27 00:40:24.119249+00');

INSERT INTO public.profiles VALUES
	('e2deee0b-89ae-5f4a-a7ce-c8bf2233b466', 'auth0|alice', '', '', '[]', '', 'personal', 'UTC', 'en', '{}', '2026-11-27 00:40:24.033507+00', '2026-11-27 00:40:24.033507+00'),
	('177d835f-6243-50f3-9758-98465efdcf6d', 'auth0|bob', '', '', '[]', '', 'personal', 'UTC', 'en', '{}', '2026-11-27 00:40:24.116613+00', '2026-11-27 00:40:24.116613+00');

INSERT INTO public.prompt_template_ratings VALUES
	('9ad23ece-2dfb-5e3c-8813-365e450cc288', 'auth0|alice', '7e3a1c00-0001-4000-8000-000000000001', 3, '2026-11-27 00:40:24.103963+00', '2026-11-27 00:40:24.103963+00'),
	('cb0dbaa7-95d3-5f50-8bc9-c2b61c9e42cf', 'auth0|bob', '7e3a1c00-0001-4000-8000-000000000001', 3, '2026-11-27 00:40:24.12909+00', '2026-11-27 00:40:24.12909+00');

INSERT INTO public.prompt_template_versions VALUES
	('7e3a1c00-0001-4000-8000-000000000011', 'system', '7e3a1c00-0001-4000-8000-000000000001', 1, 'You write social media posts on behalf of {user_name}, for {platform_name}.

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

Text to work from (none if empty): {text}', '[{"name": "goal", "type": "choice", "choices": ["announce", "inform", "invite", "explain", "recruit", "thank"], "default": "inform", "required": true, "description": "What the post is for"}, {"name": "audience", "type": "text", "choices": [], "default": "people who could use what we offer", "required": true, "description": "Who should feel addressed"}, {"name": "call_to_action", "type": "text", "choices": [], "default": null, "required": false, "description": "The one thing to do next, such as: book a call"}]', '2026-11-27 00:40:23.796431+00', '2026-11-27 00:40:23.796431+00'),
	('7e3a1c00-0002-4000-8000-000000000012', 'system', '7e3a1c00-0002-4000-8000-000000000002', 1, 'You write social media posts as {user_name}, in the first person, for {platform_name}.

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

Text to work from (none if empty): {text}', '[{"name": "mood", "type": "choice", "choices": ["warm", "playful", "bold", "calm", "raw"], "default": "warm", "required": true, "description": "How the post should feel"}, {"name": "audience", "type": "text", "choices": [], "default": "people who share this interest", "required": true, "description": "Who follows, and what they came for"}, {"name": "partnership", "type": "boolean", "choices": [], "default": false, "required": true, "description": "Whether somebody pays or gives something for the post"}]', '2026-11-27 00:40:23.796431+00', '2026-11-27 00:40:23.796431+00'),
	('7e3a1c00-0003-4000-8000-000000000013', 'system', '7e3a1c00-0003-4000-8000-000000000003', 1, 'You help {user_name} put something into words for {platform_name}. It is a personal account, and the post has to sound like a person, not like a brand.

About {user_name}: {user_bio}
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

Text to work from (none if empty): {text}', '[{"name": "tone", "type": "choice", "choices": ["relaxed", "happy", "thoughtful", "funny", "grateful"], "default": "relaxed", "required": true, "description": "How it should sound"}]', '2026-11-27 00:40:23.796431+00', '2026-11-27 00:40:23.796431+00'),
	('cedf5188-24f5-5fcb-ab7b-f6d404b10a79', 'auth0|alice', '9f3f9bf7-392a-5f46-aa0d-91749e522047', 1, '', 't', '[]', '2026-11-27 00:40:24.095957+00', '2026-11-27 00:40:24.095957+00'),
	('7e4ecc47-6e6a-523c-bad6-7291124b5942', 'auth0|bob', '7e3cbe36-1574-5fac-9867-edc20832a050', 1, '', 't', '[]', '2026-11-27 00:40:24.128888+00', '2026-11-27 00:40:24.128888+00');

INSERT INTO public.prompt_templates VALUES
	('7e3a1c00-0001-4000-8000-000000000001', 'system', NULL, 'Business: useful first', 'For companies and the self-employed: one clear message, evidence instead of adjectives, one thing to do next.', 'business', '[]', '["business", "announcement", "clarity"]', 1, true, NULL, NULL, '2026-11-22 09:05:00+00', 0, 0, 0, '2026-11-27 00:40:23.796431+00', '2026-11-27 00:40:23.796431+00'),
	('7e3a1c00-0002-4000-8000-000000000002', 'system', NULL, 'Influencer: a hook and a story', 'For people who post for an audience: a first line that stops the scroll, one honest story, an easy way to answer.', 'influencer', '[]', '["influencer", "storytelling", "hook"]', 1, true, NULL, NULL, '2026-11-22 09:05:00+00', 0, 0, 0, '2026-11-27 00:40:23.796431+00', '2026-11-27 00:40:23.796431+00'),
	('7e3a1c00-0003-4000-8000-000000000003', 'system', NULL, 'Personal: in your own voice', 'For everybody else: sounds like you on a good day, says what happened and why it matters to you.', 'personal', '[]', '["personal", "everyday", "voice"]', 1, true, NULL, NULL, '2026-11-22 09:05:00+00', 0, 0, 0, '2026-11-27 00:40:23.796431+00', '2026-11-27 00:40:23.796431+00'),
	('9f3f9bf7-392a-5f46-aa0d-91749e522047', 'auth0|alice', NULL, 'n', '', 'personal', '[]', '[]', 1, false, NULL, NULL, NULL, 0, 0, 0, '2026-11-27 00:40:24.090727+00', '2026-11-27 00:40:24.090727+00'),
	('7e3cbe36-1574-5fac-9867-edc20832a050', 'auth0|bob', NULL, 'n', '', 'personal', '[]', '[]', 1, false, NULL, NULL, NULL, 0, 0, 0, '2026-11-27 00:40:24.128724+00', '2026-11-27 00:40:24.128724+00');

INSERT INTO public.schedules VALUES
	('4d7a2f61-5b3d-5f6d-97c2-aade48a39d07', 'auth0|alice', NULL, NULL, 'notify', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', 'UTC', NULL, 900, 'waiting', NULL, NULL, NULL, '2026-11-27 00:40:24.107935+00', '2026-11-27 00:40:24.107935+00'),
	('c51e8b7f-01a2-5384-b566-59c9da975aa4', 'auth0|bob', NULL, NULL, 'notify', '[]', NULL, NULL, NULL, '2030-01-01 00:00:00+00', 'UTC', NULL, 900, 'waiting', NULL, NULL, NULL, '2026-11-27 00:40:24.129275+00', '2026-11-27 00:40:24.129275+00');

INSERT INTO public.webhooks VALUES
	('810e1abb-6787-5d9a-926c-3e8fbdada51c', 'auth0|alice', 'sealed', 'sealed', 'k1', '[]', true, 0, NULL, '2026-11-27 00:40:24.115921+00', '2026-11-27 00:40:24.115921+00'),
	('a788619c-a4dd-5956-a067-94f08d1b2165', 'auth0|bob', 'sealed', 'sealed', 'k1', '[]', true, 0, NULL, '2026-11-27 00:40:24.129912+00', '2026-11-27 00:40:24.129912+00');

INSERT INTO supabase_migrations.schema_migrations VALUES
	('20261122090000', NULL, 'schema'),
	('20261122090500', NULL, 'system_templates'),
	('20261122091000', NULL, 'access');

ALTER TABLE ONLY public.account_analytics
    ADD CONSTRAINT account_analytics_connection_id_polled_at_key UNIQUE (connection_id, polled_at);

ALTER TABLE ONLY public.account_analytics
    ADD CONSTRAINT account_analytics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_provider_keys
    ADD CONSTRAINT ai_provider_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_provider_keys
    ADD CONSTRAINT ai_provider_keys_user_id_provider_key UNIQUE (user_id, provider);

ALTER TABLE ONLY public.ai_provider_state
    ADD CONSTRAINT ai_provider_state_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ai_provider_state
    ADD CONSTRAINT ai_provider_state_user_id_provider_model_key UNIQUE (user_id, provider, model);

ALTER TABLE ONLY public.ai_usage_tracking
    ADD CONSTRAINT ai_usage_tracking_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connection_attempts
    ADD CONSTRAINT connection_attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deletion_receipts
    ADD CONSTRAINT deletion_receipts_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.deletion_receipts
    ADD CONSTRAINT deletion_receipts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_id_dedupe_key_key UNIQUE (user_id, dedupe_key);

ALTER TABLE ONLY public.platform_connections
    ADD CONSTRAINT platform_connections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_connections
    ADD CONSTRAINT platform_connections_user_id_platform_account_id_key UNIQUE (user_id, platform, account_id);

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

CREATE INDEX ai_usage_tracking_user ON public.ai_usage_tracking USING btree (user_id, created_at);

CREATE INDEX connection_attempts_expiry ON public.connection_attempts USING btree (expires_at);

CREATE UNIQUE INDEX connection_attempts_handle ON public.connection_attempts USING btree (handle_hash) WHERE (handle_hash IS NOT NULL);

CREATE INDEX connection_attempts_user ON public.connection_attempts USING btree (user_id, created_at);

CREATE INDEX deletion_receipts_user ON public.deletion_receipts USING btree (user_hash, created_at);

CREATE INDEX notifications_user ON public.notifications USING btree (user_id, created_at);

CREATE INDEX platform_connections_expiring ON public.platform_connections USING btree (access_expires_at) WHERE ((status = 'active'::text) AND (refresh_due_at IS NULL));

CREATE INDEX platform_connections_grant ON public.platform_connections USING btree (platform, grant_subject);

CREATE INDEX platform_connections_metrics_due ON public.platform_connections USING btree (metrics_due_at) WHERE ((status = 'active'::text) AND (metrics_due_at IS NOT NULL));

CREATE INDEX platform_connections_refresh_due ON public.platform_connections USING btree (refresh_due_at) WHERE ((status = 'active'::text) AND (refresh_due_at IS NOT NULL));

CREATE INDEX post_analytics_user ON public.post_analytics USING btree (user_id, target_id, polled_at);

CREATE INDEX post_targets_accepted ON public.post_targets USING btree (platform, accepted_id) WHERE (accepted_id IS NOT NULL);

CREATE INDEX post_targets_connection ON public.post_targets USING btree (user_id, connection_id);

CREATE INDEX post_targets_metrics_due ON public.post_targets USING btree (metrics_due_at) WHERE (metrics_due_at IS NOT NULL);

CREATE INDEX post_targets_open ON public.post_targets USING btree (next_check_at) WHERE ((status = ANY (ARRAY['pending'::text, 'preparing'::text, 'committing'::text, 'processing'::text, 'unknown'::text])) AND (next_check_at IS NOT NULL));

CREATE INDEX post_targets_post ON public.post_targets USING btree (user_id, post_id, "position", attempt);

CREATE INDEX posts_fingerprints ON public.posts USING btree (created_at) WHERE (request_fingerprint IS NOT NULL);

CREATE INDEX posts_user_created ON public.posts USING btree (user_id, created_at, id);

CREATE INDEX prompt_template_ratings_template ON public.prompt_template_ratings USING btree (template_id);

CREATE INDEX prompt_template_versions_user ON public.prompt_template_versions USING btree (user_id, template_id, version);

CREATE UNIQUE INDEX prompt_templates_default ON public.prompt_templates USING btree (user_id, content_mode) WHERE is_default;

CREATE UNIQUE INDEX prompt_templates_key ON public.prompt_templates USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX prompt_templates_shared ON public.prompt_templates USING btree (shared_at, id) WHERE (shared_at IS NOT NULL);

CREATE INDEX prompt_templates_user ON public.prompt_templates USING btree (user_id, created_at, id);

CREATE INDEX schedules_due ON public.schedules USING btree (due_at) WHERE (status = 'waiting'::text);

CREATE INDEX schedules_user ON public.schedules USING btree (user_id, due_at);

CREATE INDEX webhooks_user ON public.webhooks USING btree (user_id, created_at);

CREATE TRIGGER guard_finished_target BEFORE UPDATE ON public.post_targets FOR EACH ROW EXECUTE FUNCTION public.guard_finished_target();

CREATE TRIGGER guard_shared_template BEFORE UPDATE ON public.prompt_templates FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (old.user_id IS DISTINCT FROM (auth.jwt() ->> 'sub'::text)))) EXECUTE FUNCTION public.guard_shared_template();

CREATE TRIGGER guard_template_owner BEFORE UPDATE ON public.prompt_templates FOR EACH ROW WHEN (((CURRENT_USER = 'noillusion_api'::name) AND (new.user_id IS DISTINCT FROM old.user_id))) EXECUTE FUNCTION public.guard_template_owner();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.account_analytics FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_provider_keys FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_key', 'sealing_key_id');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_provider_state FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.ai_usage_tracking FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.connection_attempts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_credentials', 'sealing_key_id');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.deletion_receipts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.notifications FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.platform_connections FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_access_token', 'sealed_refresh_token', 'sealing_key_id', 'refresh_lease_until', 'refresh_due_at', 'metrics_due_at');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.post_analytics FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.post_targets FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('lease_owner', 'lease_until', 'next_check_at', 'metrics_due_at');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.posts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('request_fingerprint', 'lease_owner', 'lease_until');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.prompt_template_ratings FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.prompt_template_versions FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.prompt_templates FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('is_default', 'shared_at', 'usage_count', 'rating_sum', 'rating_count');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.schedules FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_source', 'sealing_key_id', 'lease_owner', 'lease_until');

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at('sealed_url', 'sealed_secret', 'sealing_key_id');

ALTER TABLE ONLY public.account_analytics
    ADD CONSTRAINT account_analytics_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.platform_connections(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.post_analytics
    ADD CONSTRAINT post_analytics_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.post_targets(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.post_targets
    ADD CONSTRAINT post_targets_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.platform_connections(id) ON DELETE SET NULL;

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

ALTER TABLE public.ai_provider_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_provider_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ai_usage_tracking ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connection_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deletion_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON public.account_analytics TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.ai_provider_keys TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.ai_provider_state TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.ai_usage_tracking TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.connection_attempts TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.notifications TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.platform_connections TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.post_analytics TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.post_targets TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.posts TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.profiles TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.prompt_template_ratings TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.prompt_template_versions TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.prompt_templates TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.schedules TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

CREATE POLICY own_rows ON public.webhooks TO noillusion_api USING ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))) WITH CHECK ((user_id = ( SELECT (auth.jwt() ->> 'sub'::text))));

ALTER TABLE public.platform_connections ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.post_analytics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.post_targets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_template_ratings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_template_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prompt_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schedules ENABLE ROW LEVEL SECURITY;

CREATE POLICY shared_counters ON public.prompt_templates FOR UPDATE TO noillusion_api USING (((( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL) AND ((shared_at IS NOT NULL) OR (EXISTS ( SELECT 1
   FROM public.prompt_template_ratings r
  WHERE ((r.template_id = prompt_templates.id) AND (r.user_id = ( SELECT (auth.jwt() ->> 'sub'::text))))))))) WITH CHECK ((( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL));

CREATE POLICY shared_rows ON public.prompt_template_versions FOR SELECT TO noillusion_api USING (((( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL) AND (EXISTS ( SELECT 1
   FROM public.prompt_templates t
  WHERE ((t.id = prompt_template_versions.template_id) AND (t.version = prompt_template_versions.version) AND (t.shared_at IS NOT NULL))))));

CREATE POLICY shared_rows ON public.prompt_templates FOR SELECT TO noillusion_api USING (((( SELECT (auth.jwt() ->> 'sub'::text)) IS NOT NULL) AND ((shared_at IS NOT NULL) OR (EXISTS ( SELECT 1
   FROM public.prompt_template_ratings r
  WHERE ((r.template_id = prompt_templates.id) AND (r.user_id = ( SELECT (auth.jwt() ->> 'sub'::text)))))))));

CREATE POLICY swept_rows ON public.ai_provider_keys TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.connection_attempts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.deletion_receipts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.platform_connections TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.post_targets TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.posts TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.schedules TO noillusion_worker USING (true) WITH CHECK (true);

CREATE POLICY swept_rows ON public.webhooks TO noillusion_worker USING (true) WITH CHECK (true);

ALTER TABLE public.webhooks ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO noillusion_api;
GRANT USAGE ON SCHEMA public TO noillusion_worker;

GRANT ALL ON FUNCTION auth.jwt() TO noillusion_api;
GRANT ALL ON FUNCTION auth.jwt() TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_analytics TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_provider_keys TO noillusion_api;
GRANT SELECT,UPDATE ON TABLE public.ai_provider_keys TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_provider_state TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_usage_tracking TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connection_attempts TO noillusion_api;
GRANT SELECT,DELETE,UPDATE ON TABLE public.connection_attempts TO noillusion_worker;

GRANT SELECT,INSERT ON TABLE public.deletion_receipts TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notifications TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.platform_connections TO noillusion_api;
GRANT SELECT,UPDATE ON TABLE public.platform_connections TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post_analytics TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post_targets TO noillusion_api;
GRANT SELECT,UPDATE ON TABLE public.post_targets TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.posts TO noillusion_api;
GRANT SELECT,UPDATE ON TABLE public.posts TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.profiles TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_template_ratings TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_template_versions TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prompt_templates TO noillusion_api;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.schedules TO noillusion_api;
GRANT SELECT,UPDATE ON TABLE public.schedules TO noillusion_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhooks TO noillusion_api;
GRANT SELECT,UPDATE ON TABLE public.webhooks TO noillusion_worker;

