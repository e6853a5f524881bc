-- engine: postgresql

DROP TRIGGER IF EXISTS guard_references ON post_analytics;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, target_id ON post_analytics FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub')) EXECUTE FUNCTION guard_target();

CREATE OR REPLACE FUNCTION delete_history() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  DELETE FROM public.post_analytics WHERE user_id = OLD.user_id AND target_id = OLD.id;
  RETURN NULL;
END $$;
-- Triggers fire in the order of their names, those of foreign keys (RI_…) first: by then no reading is under way any more.
DROP TRIGGER IF EXISTS delete_history ON post_targets;
CREATE TRIGGER delete_history AFTER DELETE ON post_targets FOR EACH ROW EXECUTE FUNCTION delete_history();

-- A trigger before updates of rows locks each row first, which is written as well. Whose figures these are never changes, and the
-- statements set when they were changed.
DROP TRIGGER IF EXISTS touch_updated_at ON post_figures;
DROP TRIGGER IF EXISTS guard_references ON post_figures;
REVOKE UPDATE ON post_figures FROM noillusion_api;
GRANT UPDATE (read_at, reason, failures, good_at, views, reach, likes, comments, shares, saves, clicks, extra, updated_at)
  ON post_figures TO noillusion_api;
CREATE TRIGGER guard_references BEFORE INSERT ON post_figures FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub')) EXECUTE FUNCTION guard_target();
