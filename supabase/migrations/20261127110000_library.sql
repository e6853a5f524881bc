-- What everybody sees of shared templates: everything but whose they are, with the texts of the present version.

CREATE OR REPLACE VIEW shared_templates WITH (security_barrier = true) AS
SELECT
  t.id,
  t.user_id = 'system' AS is_product,
  t.name,
  t.description,
  t.content_mode,
  t.platforms,
  t.tags,
  t.version,
  t.shared_at,
  t.usage_count,
  t.rating_sum,
  t.rating_count,
  t.created_at,
  t.updated_at,
  v.system_text,
  v.user_text,
  v.variables
FROM prompt_templates AS t
LEFT JOIN prompt_template_versions AS v ON v.template_id = t.id AND v.version = t.version
WHERE t.shared_at IS NOT NULL;

-- Where uses are counted: what is inserted here is counted at the template, by a trigger, and kept nowhere.
CREATE OR REPLACE VIEW prompt_template_uses AS
SELECT user_id, id AS template_id FROM prompt_templates LIMIT 0;
