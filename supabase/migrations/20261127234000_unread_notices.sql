-- Notices are read and unread, and listed with the unread ones first. Nobody could mark one as read before, so all of them are unread.

ALTER TABLE notifications ADD COLUMN IF NOT EXISTS unread boolean NOT NULL DEFAULT true;
CREATE INDEX IF NOT EXISTS notifications_unread ON notifications (user_id, unread, created_at, id);
CREATE INDEX IF NOT EXISTS notifications_by_kind ON notifications (user_id, kind, unread, created_at, id);
CREATE INDEX IF NOT EXISTS notifications_by_subject ON notifications (user_id, subject_id, unread, created_at, id);
