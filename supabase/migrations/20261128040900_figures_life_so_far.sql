-- engine: postgresql
-- Figures that were taken along began with their first reading. LinkedIn's may be kept for a year.

DO $$
DECLARE
  bound boolean := (SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user);
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['post_targets', 'post_analytics', 'post_figures'] LOOP
    IF bound THEN
      EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
    END IF;
  END LOOP;
END $$;

UPDATE post_figures SET created_at = (SELECT MIN(a.polled_at) FROM post_analytics a WHERE a.target_id = post_figures.target_id)
WHERE created_at > (SELECT MIN(a.polled_at) FROM post_analytics a WHERE a.target_id = post_figures.target_id);

UPDATE post_figures SET expires_at = created_at + interval '365 days'
WHERE expires_at IS NULL AND target_id IN (SELECT id FROM post_targets WHERE platform = 'linkedin');

DO $$
DECLARE
  bound boolean := (SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user);
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['post_targets', 'post_analytics', 'post_figures'] LOOP
    IF bound THEN
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END IF;
  END LOOP;
END $$;
