-- engine: postgresql
-- Looking at a connection is no change of what it is. Workers say when that happens; whose connection an attempt renews is guarded
-- like every reference.

GRANT UPDATE (verify_at) ON platform_connections TO noillusion_worker;
DROP TRIGGER IF EXISTS touch_updated_at ON platform_connections;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON platform_connections FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'sealed_access_token', 'sealed_refresh_token', 'sealing_key_id', 'refresh_lease_until', 'refresh_due_at', 'metrics_due_at',
    'posts_paused_until', 'calls_paused_until', 'checked_at', 'verify_at');
DROP TRIGGER IF EXISTS guard_references ON connection_attempts;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, connection_id ON connection_attempts FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub'))
  EXECUTE FUNCTION guard_references('connection_id', 'platform_connections');
