-- Lists of posts are filtered by status, which follows from a post's targets. Nearly all targets succeed, so an index of the others is
-- small, and answers for every status whether a post has one of them. On a large table build it beforehand without a lock
-- (docs/operating.md); this file then finds it.

CREATE INDEX IF NOT EXISTS post_targets_unsettled ON post_targets (user_id, post_id, status, id)
  WHERE status NOT IN ('published', 'delivered_to_inbox');
