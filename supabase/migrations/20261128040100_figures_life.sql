-- How long figures are kept. thinned_at: the history of a post that is read no more was thinned for good. expires_at: the platform's
-- contract ends the keeping of its figures then. Neither column changes with a reading.

ALTER TABLE post_figures
  ADD COLUMN IF NOT EXISTS thinned_at timestamptz,
  ADD COLUMN IF NOT EXISTS expires_at timestamptz;
CREATE INDEX IF NOT EXISTS post_figures_unthinned ON post_figures (created_at, target_id) WHERE thinned_at IS NULL;
CREATE INDEX IF NOT EXISTS post_figures_expiring ON post_figures (expires_at, target_id) WHERE expires_at IS NOT NULL;
