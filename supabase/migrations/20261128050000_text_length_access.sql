-- engine: postgresql
-- SQLite's trigger names each column that stays as it is, so files that have it get it again (supabase/triggers.sqlite.sql).

DROP TRIGGER IF EXISTS guard_finished_target ON post_targets;
CREATE TRIGGER guard_finished_target BEFORE UPDATE ON post_targets FOR EACH ROW EXECUTE FUNCTION guard_finished_target();
