-- engine: postgresql
-- Databases of the first release were migrated by an earlier form of its files. They let workers change more than workers change, and
-- have no policy by which a role that security binds brings the product's templates. Afterwards all databases have the same access.

REVOKE UPDATE ON platform_connections, connection_attempts, posts, post_targets, schedules, ai_provider_keys, webhooks
  FROM noillusion_worker;
REVOKE SELECT ON posts FROM noillusion_worker;
GRANT UPDATE (metrics_due_at) ON platform_connections TO noillusion_worker;
GRANT UPDATE (state, updated_at, expires_at, revoke_tries) ON connection_attempts TO noillusion_worker;
GRANT SELECT (id, user_id, created_at, idempotency_key, request_fingerprint, answer_status, forgotten_at),
  UPDATE (request_fingerprint, answer, answer_status) ON posts TO noillusion_worker;
GRANT UPDATE (metrics_due_at) ON post_targets TO noillusion_worker;

DROP POLICY IF EXISTS product_rows ON prompt_templates;
CREATE POLICY product_rows ON prompt_templates TO CURRENT_USER USING (user_id = 'system') WITH CHECK (user_id = 'system');
DROP POLICY IF EXISTS product_rows ON prompt_template_versions;
CREATE POLICY product_rows ON prompt_template_versions TO CURRENT_USER USING (user_id = 'system') WITH CHECK (user_id = 'system');
