-- engine: postgresql
-- The database writes when the post of a target was created, so no version of the product can leave it out.

CREATE OR REPLACE FUNCTION date_target() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.post_created_at := NULLIF((SELECT created_at FROM public.posts WHERE id = NEW.post_id), NEW.created_at);
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS date_target ON post_targets;
CREATE TRIGGER date_target BEFORE INSERT ON post_targets FOR EACH ROW EXECUTE FUNCTION date_target();

-- Retries from before. The owner must see every row, and this is no change of what a finished target says.
ALTER TABLE posts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE post_targets NO FORCE ROW LEVEL SECURITY;
ALTER TABLE post_targets DISABLE TRIGGER guard_finished_target;
ALTER TABLE post_targets DISABLE TRIGGER touch_updated_at;
UPDATE post_targets t SET post_created_at = p.created_at FROM posts p
WHERE p.id = t.post_id AND p.created_at <> t.created_at AND t.post_created_at IS NULL;
ALTER TABLE post_targets ENABLE TRIGGER touch_updated_at;
ALTER TABLE post_targets ENABLE TRIGGER guard_finished_target;
ALTER TABLE post_targets FORCE ROW LEVEL SECURITY;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
