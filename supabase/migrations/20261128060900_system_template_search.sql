-- The words of the product's templates, and what lists show of everything that is shared so far.
-- Runs as a role that row-level security does not bind, or that made the policies of these tables.

UPDATE prompt_templates SET is_searchable = TRUE, search_text = ' business useful first
 for companies and the self employed one clear message evidence instead of adjectives one thing to do next'
WHERE id = '7e3a1c00-0001-4000-8000-000000000001' AND user_id = 'system';

UPDATE prompt_templates SET is_searchable = TRUE, search_text = ' influencer a hook and a story
 for people who post for an audience a first line that stops the scroll one honest story an easy way to answer'
WHERE id = '7e3a1c00-0002-4000-8000-000000000002' AND user_id = 'system';

UPDATE prompt_templates SET is_searchable = TRUE, search_text = ' personal in your own voice
 for everybody else sounds like you on a good day says what happened and why it matters to you'
WHERE id = '7e3a1c00-0003-4000-8000-000000000003' AND user_id = 'system';

INSERT INTO template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count,
  rating_sum, rating_count, rating_score, search_text, created_at, updated_at)
SELECT id, user_id = 'system', name, description, content_mode, platforms, tags, version, shared_at, usage_count, rating_sum, rating_count,
  (rating_sum + 15) * 100000 / (rating_count + 5), search_text, created_at, updated_at
FROM prompt_templates WHERE shared_at IS NOT NULL
ON CONFLICT DO NOTHING;
