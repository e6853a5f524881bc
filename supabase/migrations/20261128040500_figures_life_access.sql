-- engine: postgresql
-- Workers thin the history of posts that are read no more, and delete figures that may not be kept longer.

GRANT SELECT (id, target_id, created_at, thinned_at, expires_at), UPDATE (thinned_at), DELETE ON post_figures TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON post_figures;
CREATE POLICY swept_rows ON post_figures TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT (id, target_id, polled_at, status), DELETE ON post_analytics TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON post_analytics;
CREATE POLICY swept_rows ON post_analytics TO noillusion_worker USING (true) WITH CHECK (true);
GRANT SELECT (id, connection_id, polled_at), DELETE ON account_analytics TO noillusion_worker;
DROP POLICY IF EXISTS swept_rows ON account_analytics;
CREATE POLICY swept_rows ON account_analytics TO noillusion_worker USING (true) WITH CHECK (true);
DROP TRIGGER IF EXISTS touch_updated_at ON post_figures;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON post_figures FOR EACH ROW
  WHEN (NEW.updated_at = OLD.updated_at) EXECUTE FUNCTION touch_updated_at('thinned_at');
