-- Endpoints that are new or slow are worked on apart from those that fail, of which any number can be due.

CREATE INDEX IF NOT EXISTS webhooks_unknown ON webhooks (due_at) WHERE due_at IS NOT NULL AND proven = false AND failures = 0;
