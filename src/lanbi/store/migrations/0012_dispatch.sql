CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  callsign TEXT NOT NULL,
  callsign_key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  capabilities TEXT NOT NULL,
  crew BIGINT NOT NULL,
  shift_until BIGINT,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  area_source TEXT,
  confidence TEXT,
  place_sealed TEXT,
  place_id TEXT,
  availability TEXT NOT NULL,
  reason TEXT,
  since BIGINT NOT NULL,
  commissioned_at BIGINT NOT NULL,
  commissioned_by TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX unit_seq ON unit (seq);
CREATE INDEX unit_place_sealed ON unit (place_sealed) WHERE place_sealed IS NOT NULL;

CREATE TABLE assignment (
  id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL REFERENCES unit (id),
  callsign TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  status TEXT NOT NULL,
  active SMALLINT NOT NULL,
  clocks TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  reason TEXT,
  reason_sealed TEXT,
  replaces TEXT,
  made_seq BIGINT NOT NULL UNIQUE,
  seq BIGINT NOT NULL
);
CREATE INDEX assignment_seq ON assignment (seq);
CREATE INDEX assignment_incident ON assignment (incident_id, made_seq);
CREATE INDEX assignment_reason_sealed ON assignment (reason_sealed) WHERE reason_sealed IS NOT NULL;
-- A unit does one thing at a time, whatever a program may believe.
CREATE UNIQUE INDEX assignment_active ON assignment (unit_id) WHERE active = 1;
CREATE INDEX assignment_active_incident ON assignment (incident_id) WHERE active = 1;
-- The picture asks for all active ones in order; without it the planner walks every assignment ever made.
CREATE INDEX assignment_active_seq ON assignment (seq) WHERE active = 1;
CREATE INDEX assignment_unit ON assignment (unit_id, made_seq);
