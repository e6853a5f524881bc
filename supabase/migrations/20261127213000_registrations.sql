-- A deployment can have several apps at a platform. Which one a person consents to is part of an attempt and of a connection;
-- empty: the platform's first one (catalog/registrations.py), the only one there was.

ALTER TABLE connection_attempts ADD COLUMN IF NOT EXISTS registration text NOT NULL DEFAULT '';
ALTER TABLE platform_connections ADD COLUMN IF NOT EXISTS registration text NOT NULL DEFAULT '';
