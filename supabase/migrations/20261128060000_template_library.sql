-- What lists show of shared templates, without whose they are, in a table of its own: nothing in it is hidden from anybody, so lists are
-- read in the order of an index and searches use one. Triggers keep it. The words of name and description are stored without case,
-- accents and punctuation, which the engines would fold differently.

ALTER TABLE prompt_templates ADD COLUMN IF NOT EXISTS search_text text NOT NULL DEFAULT '';
ALTER TABLE prompt_templates ADD COLUMN IF NOT EXISTS is_searchable boolean NOT NULL DEFAULT false;
CREATE INDEX IF NOT EXISTS prompt_templates_unsearchable ON prompt_templates (user_id, id) WHERE NOT is_searchable;

CREATE TABLE IF NOT EXISTS template_library (
  id uuid PRIMARY KEY REFERENCES prompt_templates (id) ON DELETE CASCADE,
  is_product boolean NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  content_mode text NOT NULL,
  platforms jsonb NOT NULL,
  tags jsonb NOT NULL,
  version integer NOT NULL,
  shared_at timestamptz NOT NULL,
  usage_count bigint NOT NULL,
  rating_sum bigint NOT NULL,
  rating_count bigint NOT NULL,
  rating_score bigint NOT NULL,
  search_text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS template_library_shared ON template_library (shared_at, id) WHERE NOT is_product;
CREATE INDEX IF NOT EXISTS template_library_rated ON template_library (rating_score, id) WHERE NOT is_product;
CREATE INDEX IF NOT EXISTS template_library_used ON template_library (usage_count, id) WHERE NOT is_product;
CREATE INDEX IF NOT EXISTS template_library_product ON template_library (shared_at, id) WHERE is_product;
ALTER TABLE template_library ENABLE ROW LEVEL SECURITY;

CREATE OR REPLACE VIEW listed_templates AS
SELECT
  id,
  is_product,
  name,
  description,
  content_mode,
  platforms,
  tags,
  version,
  shared_at,
  usage_count,
  rating_sum,
  rating_count,
  rating_score,
  search_text,
  created_at,
  updated_at
FROM template_library;
