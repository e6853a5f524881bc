-- When the figures of a post are read next is a narrow table of its own, so that a claim touches little and never the post. Its newest
-- figures are one row, so that no answer searches its history; the history (post_analytics) gets a row only where something changed,
-- and one a day. An index that begins with a column that changes would make every reading write into all indexes of these rows.
--
-- post_targets.metrics_due_at and its index stay for one release, because the version before this
-- one works on the new schema while it is being replaced; nothing reads or writes them any more.

CREATE TABLE IF NOT EXISTS post_polls (
  target_id uuid PRIMARY KEY REFERENCES post_targets (id) ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  connection_id uuid NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
  platform text NOT NULL REFERENCES platforms (name),
  published_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS post_polls_due ON post_polls (platform, due_at);
CREATE INDEX IF NOT EXISTS post_polls_user ON post_polls (user_id, target_id);
CREATE INDEX IF NOT EXISTS post_polls_connection ON post_polls (connection_id);
ALTER TABLE post_polls ENABLE ROW LEVEL SECURITY;

CREATE TABLE IF NOT EXISTS post_figures (
  target_id uuid PRIMARY KEY REFERENCES post_targets (id) ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (user_id <> ''),
  read_at timestamptz NOT NULL,
  reason text CHECK (reason <> ''),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  good_at timestamptz,
  views bigint,
  reach bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  saves bigint,
  clicks bigint,
  extra jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (reason IS NOT NULL OR good_at IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS post_figures_user ON post_figures (user_id, target_id);
ALTER TABLE post_figures ENABLE ROW LEVEL SECURITY;
