-- A foreign key locks the post for each row of its history, and a lock is written. Triggers say the same without it: whose the post is,
-- and that its history goes with it. Newest figures keep their key, so a deletion of the post waits for a reading that changes them.

ALTER TABLE post_analytics DROP CONSTRAINT IF EXISTS post_analytics_target_fkey;
