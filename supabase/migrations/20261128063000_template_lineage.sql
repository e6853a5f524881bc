-- Where an imported template comes from: ids and versions of templates, the nearest first. They need not exist here.

ALTER TABLE prompt_templates ADD COLUMN IF NOT EXISTS lineage jsonb NOT NULL DEFAULT '[]';
