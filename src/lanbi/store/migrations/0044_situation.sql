-- The ground in parts, each with the state that it was last found in. `rings`: outer rings as [[lon,lat],…].
CREATE TABLE zone (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  names TEXT NOT NULL,
  place_id TEXT,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  rings TEXT NOT NULL,
  retired SMALLINT NOT NULL,
  state TEXT,
  since BIGINT,
  facts TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX zone_seq ON zone (seq);

-- Every state that a zone was in; append-only.
CREATE TABLE zone_state (
  zone_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  state TEXT NOT NULL,
  since BIGINT NOT NULL,
  at BIGINT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (zone_id, seq)
);

-- "Nobody can come", said about an incident: counted, and never taken away.
CREATE TABLE unserved (
  id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  priority TEXT,
  reason TEXT NOT NULL,
  words_sealed TEXT,
  at BIGINT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  made_seq BIGINT NOT NULL UNIQUE,
  ended_at BIGINT,
  ended_how TEXT,
  ended_by TEXT,
  seq BIGINT NOT NULL
);
CREATE INDEX unserved_seq ON unserved (seq);
CREATE INDEX unserved_at ON unserved (at);
-- One word at a time about one incident, whatever two people may press.
CREATE UNIQUE INDEX unserved_open ON unserved (incident_id) WHERE ended_at IS NULL;
CREATE INDEX unserved_incident ON unserved (incident_id, made_seq);
CREATE INDEX unserved_words ON unserved (words_sealed) WHERE words_sealed IS NOT NULL;

-- The house itself: its power ("power") and its links ("link/<name>"), as last told.
CREATE TABLE house (
  id TEXT PRIMARY KEY,
  what TEXT NOT NULL,
  name TEXT,
  kind TEXT,
  state TEXT NOT NULL,
  generator_s BIGINT,
  battery_s BIGINT,
  latency_ms BIGINT,
  at BIGINT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX house_seq ON house (seq);

-- A window of time costs what is in it, however old the store is.
CREATE INDEX incident_opened ON incident (opened_at);
CREATE INDEX call_offered ON call (offered_at);
CREATE INDEX assignment_made ON assignment (made_at);
