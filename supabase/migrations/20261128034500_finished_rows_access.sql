-- engine: postgresql
-- SQLite gets the triggers that keep what is over (supabase/triggers.sqlite.sql), existing files with this migration. PostgreSQL has had
-- them from the beginning.

DROP TRIGGER IF EXISTS guard_finished_target ON post_targets;
CREATE TRIGGER guard_finished_target BEFORE UPDATE ON post_targets FOR EACH ROW EXECUTE FUNCTION guard_finished_target();
