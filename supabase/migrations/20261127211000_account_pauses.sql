-- Until when an account rests, because its platform said that a limit is reached or nearly so: publishing only, or every call. It is
-- respected before anything is sent.

ALTER TABLE platform_connections ADD COLUMN IF NOT EXISTS posts_paused_until timestamptz;
ALTER TABLE platform_connections ADD COLUMN IF NOT EXISTS calls_paused_until timestamptz;
