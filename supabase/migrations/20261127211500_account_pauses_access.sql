-- engine: postgresql
-- A pause is no change of what a connection is.

DROP TRIGGER IF EXISTS touch_updated_at ON platform_connections;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON platform_connections FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at(
    'sealed_access_token', 'sealed_refresh_token', 'sealing_key_id', 'refresh_lease_until', 'refresh_due_at', 'metrics_due_at',
    'posts_paused_until', 'calls_paused_until');
