-- History: append-only, thinned with age. `seq` is the journal entry that vouches for the row.
CREATE TABLE track_position (
  unit_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  accuracy_m DOUBLE PRECISION NOT NULL,
  speed_mps DOUBLE PRECISION,
  course_deg DOUBLE PRECISION,
  seq BIGINT NOT NULL,
  PRIMARY KEY (unit_id, at)
);
CREATE INDEX track_position_seq ON track_position (seq);

CREATE TABLE track_latest (
  unit_id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  accuracy_m DOUBLE PRECISION NOT NULL,
  speed_mps DOUBLE PRECISION,
  course_deg DOUBLE PRECISION,
  seq BIGINT NOT NULL
);
CREATE INDEX track_latest_seq ON track_latest (seq);

-- Up to where a unit's history has been thinned to one position per `every_us` (0: to none).
CREATE TABLE track_thinning (
  unit_id TEXT NOT NULL,
  every_us BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (unit_id, every_us)
);

CREATE TABLE observation (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  area_source TEXT NOT NULL,
  confidence TEXT NOT NULL,
  place_sealed TEXT,
  place_id TEXT,
  words_sealed TEXT,
  at BIGINT NOT NULL,
  reported_by TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX observation_seq ON observation (seq);
CREATE INDEX observation_at ON observation (at);
CREATE INDEX observation_place_sealed ON observation (place_sealed) WHERE place_sealed IS NOT NULL;
CREATE INDEX observation_words_sealed ON observation (words_sealed) WHERE words_sealed IS NOT NULL;
