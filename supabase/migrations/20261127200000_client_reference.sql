-- A name that a client gives its posts, to find them again. Its form leaves no room for a text. On a large table build the index
-- beforehand without a lock (docs/operating.md); this file then finds it.

ALTER TABLE posts ADD COLUMN IF NOT EXISTS client_reference text CHECK (length(client_reference) <= 64);
CREATE INDEX IF NOT EXISTS posts_by_reference ON posts (user_id, client_reference, created_at, id)
  WHERE client_reference IS NOT NULL;
