-- The attempt of a retry is younger than its post and says when that was created. Of all other targets it is when they were created.
-- So an index of targets can list the posts of a platform or a connection in their order.
ALTER TABLE post_targets ADD COLUMN IF NOT EXISTS post_created_at timestamptz;
