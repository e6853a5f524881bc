-- A platform that does not answer is left alone by all workers until one of them has asked it again. Rows hold nothing of anybody.

CREATE TABLE IF NOT EXISTS platform_circuits (
  platform text NOT NULL PRIMARY KEY REFERENCES platforms (name),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  mark integer NOT NULL DEFAULT 0,
  opened_at timestamptz,
  open_until timestamptz,
  closed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((opened_at IS NULL) = (open_until IS NULL))
);
ALTER TABLE platform_circuits ENABLE ROW LEVEL SECURITY;
