-- What a reading writes is mostly entries of indexes, so there are as few as its statements need. A claim is a column without an index,
-- so that only the reading itself moves a due time. History is kept by owner and post, in one index that also serves its foreign key,
-- and so are due times by owner and account. On large tables build the two unique indexes beforehand without a lock (docs/operating.md).

CREATE UNIQUE INDEX IF NOT EXISTS post_targets_owner ON post_targets (user_id, id);
CREATE UNIQUE INDEX IF NOT EXISTS platform_connections_owner ON platform_connections (user_id, id);

ALTER TABLE post_analytics
  ALTER COLUMN id SET NOT NULL,
  DROP CONSTRAINT IF EXISTS post_analytics_pkey,
  DROP CONSTRAINT IF EXISTS post_analytics_target_id_polled_at_key,
  DROP CONSTRAINT IF EXISTS post_analytics_target_id_fkey,
  DROP CONSTRAINT IF EXISTS post_analytics_target_fkey,
  ADD CONSTRAINT post_analytics_pkey PRIMARY KEY (user_id, target_id, polled_at),
  ADD CONSTRAINT post_analytics_target_fkey FOREIGN KEY (user_id, target_id) REFERENCES post_targets (user_id, id) ON DELETE CASCADE;
DROP INDEX IF EXISTS post_analytics_user;

ALTER TABLE post_polls ADD COLUMN IF NOT EXISTS claimed_until timestamptz;
ALTER TABLE post_polls
  DROP CONSTRAINT IF EXISTS post_polls_connection_id_fkey,
  DROP CONSTRAINT IF EXISTS post_polls_connection_fkey,
  ADD CONSTRAINT post_polls_connection_fkey FOREIGN KEY (user_id, connection_id)
    REFERENCES platform_connections (user_id, id) ON DELETE CASCADE;
CREATE INDEX IF NOT EXISTS post_polls_account ON post_polls (user_id, connection_id, target_id);
DROP INDEX IF EXISTS post_polls_user;
DROP INDEX IF EXISTS post_polls_connection;
