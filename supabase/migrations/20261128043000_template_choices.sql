-- What users decide about templates of others: the version that they use, whether they follow the author, and what they report. A version
-- that others could see while it was the current one stays readable for them, and a rating names the version that it is about.

CREATE TABLE IF NOT EXISTS prompt_template_choices (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  template_id uuid NOT NULL REFERENCES prompt_templates (id) ON DELETE CASCADE,
  version integer CHECK (version >= 1),
  follows boolean NOT NULL DEFAULT false,
  report_reason text CHECK (report_reason IN ('spam', 'harmful', 'misleading', 'illegal', 'other')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, template_id)
);
CREATE INDEX IF NOT EXISTS prompt_template_choices_template ON prompt_template_choices (template_id);
ALTER TABLE prompt_template_choices ENABLE ROW LEVEL SECURITY;

ALTER TABLE prompt_templates ADD COLUMN IF NOT EXISTS report_count bigint NOT NULL DEFAULT 0;
ALTER TABLE prompt_template_versions ADD COLUMN IF NOT EXISTS shared_at timestamptz;
ALTER TABLE prompt_template_ratings ADD COLUMN IF NOT EXISTS version integer CHECK (version >= 1);

CREATE OR REPLACE VIEW shared_template_versions WITH (security_barrier = true) AS
SELECT
  t.id,
  v.version,
  v.system_text,
  v.user_text,
  v.variables,
  v.created_at,
  v.version = t.version AS is_current,
  (SELECT COALESCE(sum(r.stars), 0) FROM prompt_template_ratings AS r WHERE r.template_id = t.id AND r.version = v.version) AS rating_sum,
  (SELECT count(*) FROM prompt_template_ratings AS r WHERE r.template_id = t.id AND r.version = v.version) AS rating_count
FROM prompt_templates AS t
INNER JOIN prompt_template_versions AS v ON v.template_id = t.id
WHERE t.shared_at IS NOT NULL AND (v.shared_at IS NOT NULL OR v.version = t.version OR t.user_id = 'system');
