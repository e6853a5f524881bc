-- An export reads occurrences in the order of their creation, which never changes, as the time does at which they are due. On a large
-- table build the index beforehand without a lock (docs/operating.md).

CREATE INDEX IF NOT EXISTS schedule_occurrences_creation ON schedule_occurrences (user_id, created_at, id);
