-- engine: postgresql
-- Workers erase what is past its time, and nothing else of what they may now touch.

GRANT SELECT (answer_status, forgotten_at), UPDATE (answer, answer_status) ON posts TO noillusion_worker;
GRANT UPDATE (user_hash) ON deletion_receipts TO noillusion_worker;

DROP TRIGGER IF EXISTS touch_updated_at ON posts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON posts FOR EACH ROW
  EXECUTE FUNCTION touch_updated_at('idempotency_key', 'request_fingerprint', 'answer', 'answer_status', 'lease_owner', 'lease_until');
DROP TRIGGER IF EXISTS touch_updated_at ON deletion_receipts;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON deletion_receipts FOR EACH ROW EXECUTE FUNCTION touch_updated_at('user_hash');
