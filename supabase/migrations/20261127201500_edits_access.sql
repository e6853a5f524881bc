-- engine: postgresql
-- A published post can be edited later, and its link changes where an account is renamed. Its outcome still never changes.

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
  IF OLD.status IN ('published', 'delivered_to_inbox') THEN
    learned := learned || ARRAY['permalink', 'edited_at', 'edit_status', 'edit_error_class', 'edit_code'];
  END IF;
  IF NEW.request_fingerprint IS NULL THEN
    learned := learned || 'request_fingerprint'::text;
  END IF;
  IF (to_jsonb(NEW) - learned) IS DISTINCT FROM (to_jsonb(OLD) - learned) THEN
    RAISE EXCEPTION 'a finished target does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
