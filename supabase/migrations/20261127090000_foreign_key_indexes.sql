-- Every foreign key has an index that begins with its column: deleting a parent row looks its children up instead of reading their
-- whole table once per parent. On a large table build these beforehand without a lock (docs/operating.md); this file then finds them.

CREATE INDEX IF NOT EXISTS post_targets_post_id ON post_targets (post_id);
CREATE INDEX IF NOT EXISTS post_targets_connection_id ON post_targets (connection_id, id) WHERE connection_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS prompt_templates_copied_from ON prompt_templates (copied_from) WHERE copied_from IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedules_post_id ON schedules (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedules_template_id ON schedules (template_id) WHERE template_id IS NOT NULL;

-- The one above serves its queries as well: a connection belongs to one user.
DROP INDEX IF EXISTS post_targets_connection;
