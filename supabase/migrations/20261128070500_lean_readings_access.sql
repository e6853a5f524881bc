-- engine: postgresql
-- Workers claim by a column of its own, and find history by its owner. Half of each page is left to new versions of rows, so that a claim
-- stays on its page and enters no index.

GRANT UPDATE (claimed_until) ON post_polls TO noillusion_worker;
REVOKE UPDATE (due_at) ON post_polls FROM noillusion_worker;
GRANT SELECT (user_id) ON post_figures, post_analytics TO noillusion_worker;
ALTER TABLE post_polls SET (fillfactor = 50);

-- A trigger before updates of rows locks each row first, which is written as well. Of these rows nobody changes more than two columns.
DROP TRIGGER IF EXISTS touch_updated_at ON post_polls;
DROP TRIGGER IF EXISTS guard_references ON post_polls;
REVOKE UPDATE ON post_polls FROM noillusion_api;
GRANT UPDATE (due_at, claimed_until) ON post_polls TO noillusion_api;
CREATE TRIGGER guard_references BEFORE INSERT ON post_polls FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('target_id', 'post_targets', 'connection_id', 'platform_connections');
