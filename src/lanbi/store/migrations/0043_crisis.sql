CREATE TABLE major (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  declared_at BIGINT NOT NULL,
  declared_by TEXT NOT NULL,
  declared_by_name TEXT NOT NULL,
  commander TEXT,
  commander_name TEXT,
  stood_down_at BIGINT,
  stood_down_by TEXT,
  name_seq BIGINT NOT NULL,
  commander_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_seq ON major (seq);
CREATE INDEX major_open ON major (number) WHERE state = 'open';

-- The incidents of a major incident; that with the smallest seq leads.
CREATE TABLE major_incident (
  major_id TEXT NOT NULL REFERENCES major (id),
  incident_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (major_id, incident_id)
);
CREATE INDEX major_incident_of ON major_incident (incident_id);

-- What people wrote, of the major incident itself and of each of its items: never here, always sealed.
CREATE TABLE major_words (
  item_id TEXT NOT NULL,
  field TEXT NOT NULL,
  major_id TEXT NOT NULL REFERENCES major (id),
  sealed TEXT NOT NULL,
  PRIMARY KEY (item_id, field)
);
CREATE INDEX major_words_major ON major_words (major_id);
CREATE INDEX major_words_sealed ON major_words (sealed);

CREATE TABLE major_statement (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  letter TEXT NOT NULL,
  at BIGINT NOT NULL,
  p1 BIGINT,
  p2 BIGINT,
  p3 BIGINT,
  dead BIGINT,
  missing BIGINT,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_statement_seq ON major_statement (seq);
CREATE INDEX major_statement_major ON major_statement (major_id);

CREATE TABLE major_post (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  kind TEXT NOT NULL,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  area_source TEXT,
  confidence TEXT,
  place_id TEXT,
  closed_at BIGINT,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_post_seq ON major_post (seq);
CREATE INDEX major_post_major ON major_post (major_id);

CREATE TABLE major_objective (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  priority BIGINT NOT NULL,
  status TEXT NOT NULL,
  due_at BIGINT,
  settled_at BIGINT,
  edit_seq BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_objective_seq ON major_objective (seq);
CREATE INDEX major_objective_major ON major_objective (major_id);

CREATE TABLE major_request (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  number BIGINT NOT NULL,
  capability TEXT NOT NULL,
  count BIGINT NOT NULL,
  needed_by BIGINT,
  status TEXT NOT NULL,
  approved_at BIGINT,
  ordered_at BIGINT,
  en_route_at BIGINT,
  arrived_at BIGINT,
  ended_at BIGINT,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (major_id, number)
);
CREATE INDEX major_request_seq ON major_request (seq);

CREATE TABLE major_division (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  closed_at BIGINT,
  edit_seq BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_division_seq ON major_division (seq);
CREATE INDEX major_division_major ON major_division (major_id);

-- A unit works in one division of a major incident at a time.
CREATE TABLE major_division_unit (
  major_id TEXT NOT NULL REFERENCES major (id),
  unit_id TEXT NOT NULL,
  division_id TEXT NOT NULL REFERENCES major_division (id),
  PRIMARY KEY (major_id, unit_id)
);

CREATE TABLE major_radio (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  removed_at BIGINT,
  edit_seq BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_radio_seq ON major_radio (seq);
CREATE INDEX major_radio_major ON major_radio (major_id);

CREATE TABLE major_period (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  number BIGINT NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (major_id, number)
);
CREATE INDEX major_period_seq ON major_period (seq);

CREATE TABLE major_demob (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  unit_id TEXT NOT NULL,
  callsign TEXT NOT NULL,
  step TEXT NOT NULL,
  withdrawn_at BIGINT,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX major_demob_seq ON major_demob (seq);
CREATE INDEX major_demob_major ON major_demob (major_id);

CREATE TABLE major_message (
  id TEXT PRIMARY KEY,
  major_id TEXT NOT NULL REFERENCES major (id),
  number BIGINT NOT NULL,
  replied_at BIGINT,
  replied_by_name TEXT,
  made_at BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (major_id, number)
);
CREATE INDEX major_message_seq ON major_message (seq);
