-- engine: postgresql
-- Readings arrange the due times of their targets, and workers divide rows between messages. A target that is deleted, here or
-- at its platform, leaves its row: the first of the others becomes the key, or the row goes.

GRANT UPDATE (other_target_ids) ON post_polls TO noillusion_api;
GRANT INSERT, UPDATE (other_target_ids) ON post_polls TO noillusion_worker;

CREATE OR REPLACE FUNCTION leave_shared_due_time() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  shared public.post_polls;
  heir uuid;
BEGIN
  UPDATE public.post_polls p SET other_target_ids = p.other_target_ids - OLD.id::text
  WHERE p.user_id = OLD.user_id AND p.connection_id = OLD.connection_id AND p.other_target_ids ? OLD.id::text;
  DELETE FROM public.post_polls p WHERE p.target_id = OLD.id RETURNING p.* INTO shared;
  -- A statement can delete many targets, and all of them are gone when this runs for the first.
  SELECT t.id INTO heir
  FROM jsonb_array_elements_text(shared.other_target_ids) WITH ORDINALITY AS o (id, n) JOIN public.post_targets t ON t.id = o.id::uuid
  ORDER BY o.n LIMIT 1;
  IF heir IS NOT NULL THEN
    INSERT INTO public.post_polls AS p
      (target_id, user_id, connection_id, platform, published_at, due_at, claimed_until, other_target_ids, created_at, updated_at)
    VALUES (heir, shared.user_id, shared.connection_id, shared.platform, shared.published_at, shared.due_at, shared.claimed_until,
      shared.other_target_ids - heir::text, shared.created_at, shared.updated_at)
    ON CONFLICT (target_id) DO UPDATE SET other_target_ids = p.other_target_ids || excluded.other_target_ids;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS leave_shared_due_time ON post_targets;
CREATE TRIGGER leave_shared_due_time AFTER DELETE ON post_targets FOR EACH ROW
  WHEN (OLD.connection_id IS NOT NULL) EXECUTE FUNCTION leave_shared_due_time();
DROP TRIGGER IF EXISTS leave_shared_due_time_when_marked ON post_targets;
CREATE TRIGGER leave_shared_due_time_when_marked AFTER UPDATE OF deleted_at ON post_targets FOR EACH ROW
  WHEN (OLD.connection_id IS NOT NULL AND OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION leave_shared_due_time();
