-- How far a deletion is: whoever takes it up goes on from there, instead of looking once more past everything that is deleted already.

ALTER TABLE departures ADD COLUMN IF NOT EXISTS reached jsonb NOT NULL DEFAULT '{}';
