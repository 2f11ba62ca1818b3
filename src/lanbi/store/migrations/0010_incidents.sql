CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  type TEXT,
  title TEXT NOT NULL,
  priority TEXT,
  state TEXT NOT NULL,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  area_source TEXT,
  confidence TEXT,
  place_words TEXT NOT NULL,
  place_id TEXT,
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at BIGINT,
  closed_by TEXT,
  disposition TEXT,
  calls BIGINT NOT NULL,
  clocks TEXT NOT NULL,
  links TEXT NOT NULL,
  type_seq BIGINT NOT NULL,
  title_seq BIGINT NOT NULL,
  priority_seq BIGINT NOT NULL,
  area_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX incident_seq ON incident (seq);
CREATE INDEX incident_state ON incident (state, number);

-- What else belongs to an incident's log: its calls, assignments, promises.
CREATE TABLE incident_related (
  incident_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (incident_id, subject)
);
