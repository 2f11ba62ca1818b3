-- Neither numbers, names nor words stand here: `…_sealed` name rows of `sealed`.
CREATE TABLE call (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  offered_at BIGINT NOT NULL,
  answered_at BIGINT,
  ended_at BIGINT,
  line TEXT,
  line_sealed TEXT,
  name_sealed TEXT,
  lang TEXT,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  area_source TEXT,
  confidence TEXT,
  place_id TEXT,
  place_sealed TEXT,
  taker_id TEXT,
  taker_name TEXT,
  incident_id TEXT,
  words_sealed TEXT,
  words_count BIGINT NOT NULL,
  callback_due_at BIGINT,
  callback_attempts BIGINT NOT NULL,
  callback_settled_at BIGINT,
  callback_outcome TEXT,
  pictured SMALLINT NOT NULL,
  owed SMALLINT NOT NULL,
  lang_seq BIGINT NOT NULL,
  area_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX call_seq ON call (seq);
CREATE INDEX call_state ON call (state, number);
CREATE INDEX call_incident ON call (incident_id, number);
-- Small whatever the age of the store: only what waits stands in these.
CREATE INDEX call_pictured ON call (number) WHERE pictured = 1;
CREATE INDEX call_owed ON call (number) WHERE owed = 1;

-- What was said, piece by piece; pieces are added and never replaced.
CREATE TABLE call_words (
  call_id TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  sealed TEXT NOT NULL,
  lang TEXT,
  at BIGINT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (call_id, ordinal)
);

CREATE TABLE promise (
  id TEXT PRIMARY KEY,
  call_id TEXT,
  incident_id TEXT,
  kind TEXT NOT NULL,
  words_sealed TEXT,
  owner_id TEXT NOT NULL,
  owner_name TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_seq BIGINT NOT NULL UNIQUE,
  due_at BIGINT NOT NULL,
  settled_at BIGINT,
  settled_by TEXT,
  outcome TEXT,
  seq BIGINT NOT NULL
);
CREATE INDEX promise_seq ON promise (seq);
CREATE INDEX promise_open ON promise (made_seq) WHERE settled_at IS NULL;
CREATE INDEX promise_incident ON promise (incident_id, made_seq);
CREATE INDEX promise_call ON promise (call_id, made_seq);
