-- engine: postgresql
-- Whose a target is was looked up for each row of a reading in a query that was planned anew each time: half of the database's time of a
-- reading. Of history the foreign key says it already, for it names the owner. For figures the query stands in the function, so that its
-- plan is kept.

CREATE OR REPLACE FUNCTION guard_target() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.post_targets WHERE id = NEW.target_id AND user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'target_id refers to no row of this user' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS guard_references ON post_analytics;
DROP TRIGGER IF EXISTS guard_references ON post_figures;
CREATE TRIGGER guard_references BEFORE INSERT OR UPDATE OF user_id, target_id ON post_figures FOR EACH ROW
  WHEN (current_user = 'noillusion_api' AND NEW.user_id = (auth.jwt() ->> 'sub')) EXECUTE FUNCTION guard_target();
