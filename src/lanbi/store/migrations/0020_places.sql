-- The gazetteer: areas with names, never pins.
CREATE TABLE place (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  names TEXT NOT NULL,
  code TEXT,
  parent_id TEXT,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  geometry TEXT,
  source TEXT NOT NULL,
  population BIGINT,
  fold_keys TEXT NOT NULL,
  added_by TEXT,
  seq BIGINT NOT NULL
);
CREATE UNIQUE INDEX place_code ON place (source, code);
CREATE INDEX place_parent ON place (parent_id);
CREATE INDEX place_seq ON place (seq);
