-- Firearms tracing. Every value is a statement: who said it, when, from which source, under which rules.
-- `canonical`: the entity that stands for this one, by judgements of sameness; its own id where there is none.
-- `preferred`: canonical JSON of the values that are worked with, by property; made from the statements.
-- `contested`: how many properties have statements that contradict each other.
CREATE TABLE tracing_entity (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  number BIGINT NOT NULL,
  canonical TEXT NOT NULL,
  preferred TEXT NOT NULL,
  contested BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT,
  gone_at BIGINT,
  seq BIGINT NOT NULL,
  UNIQUE (kind, number)
);
CREATE INDEX tracing_entity_canonical ON tracing_entity (canonical);
CREATE INDEX tracing_entity_kind ON tracing_entity (kind, id);
CREATE INDEX tracing_entity_seq ON tracing_entity (seq);
CREATE INDEX tracing_entity_expires ON tracing_entity (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE tracing_number (kind TEXT PRIMARY KEY, last BIGINT NOT NULL);

-- `grade`: reliability A to F and credibility 1 to 6. `words_sealed`: what the source says in its own words.
CREATE TABLE tracing_source (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  originator TEXT NOT NULL,
  reference TEXT NOT NULL,
  grade TEXT NOT NULL,
  words_sealed TEXT,
  digest TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  by_login TEXT NOT NULL,
  synthetic SMALLINT NOT NULL
);

-- `value` and `salt` are NULL once erased; a personal value stands in `sealed` instead. `target`: the entity
-- that the value names. `said_seq`: the entry that commits to it, SHA-256(salt || value || 0x00 || original).
CREATE TABLE tracing_statement (
  id TEXT PRIMARY KEY,
  entity_id TEXT NOT NULL,
  prop TEXT NOT NULL,
  value TEXT,
  original TEXT,
  target TEXT,
  sealed_id TEXT,
  salt BYTEA,
  source_id TEXT NOT NULL,
  originator TEXT NOT NULL,
  tlp TEXT NOT NULL,
  releasable TEXT NOT NULL,
  purposes TEXT NOT NULL,
  onward SMALLINT NOT NULL,
  review_on TEXT,
  flag TEXT,
  by_login TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  preferred_at BIGINT,
  withdrawn_at BIGINT,
  withdrawn_why TEXT,
  said_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_statement_entity ON tracing_statement (entity_id);
CREATE INDEX tracing_statement_source ON tracing_statement (source_id);
CREATE INDEX tracing_statement_target ON tracing_statement (target) WHERE target IS NOT NULL;

-- Who is joined to whom, both ways; `via` is the entity (or the pair itself) whose statements say so.
CREATE TABLE tracing_edge (
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  kind TEXT NOT NULL,
  via TEXT NOT NULL,
  on_date TEXT,
  until_date TEXT,
  seq BIGINT NOT NULL,
  PRIMARY KEY (a, kind, b, via)
);
CREATE INDEX tracing_edge_via ON tracing_edge (via);

-- What the boards ask of firearms and recoveries, made from their statements.
CREATE TABLE tracing_firearm (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  recovery_id TEXT,
  recovery_number BIGINT,
  type TEXT,
  make TEXT,
  model TEXT,
  calibre TEXT,
  serial TEXT,
  serial_status TEXT,
  country TEXT,
  missing BIGINT NOT NULL,
  contested BIGINT NOT NULL,
  recovered_on TEXT,
  recovered_in TEXT,
  sold_on TEXT,
  sold_in TEXT,
  dealer_id TEXT,
  trace_state TEXT NOT NULL,
  outcome TEXT,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_firearm_recovery ON tracing_firearm (recovery_id);
CREATE INDEX tracing_firearm_state ON tracing_firearm (trace_state, number);
CREATE INDEX tracing_firearm_number ON tracing_firearm (number);
CREATE INDEX tracing_firearm_dealer ON tracing_firearm (dealer_id, sold_on);
CREATE INDEX tracing_firearm_serial ON tracing_firearm (serial);
CREATE INDEX tracing_firearm_seq ON tracing_firearm (seq);

CREATE TABLE tracing_recovery (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  date TEXT,
  country TEXT,
  place TEXT,
  lat DOUBLE PRECISION,
  lon DOUBLE PRECISION,
  radius_m DOUBLE PRECISION,
  agency TEXT,
  case_ref TEXT,
  disposition TEXT,
  legal_basis TEXT,
  firearms BIGINT NOT NULL,
  materiel BIGINT NOT NULL,
  missing BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_recovery_date ON tracing_recovery (date, number);
CREATE INDEX tracing_recovery_number ON tracing_recovery (number);
CREATE INDEX tracing_recovery_seq ON tracing_recovery (seq);
CREATE INDEX tracing_recovery_case ON tracing_recovery (case_ref);

-- Whether two entities are the same; undone ones stand, so that the history can be read.
CREATE TABLE tracing_judgement (
  id TEXT PRIMARY KEY,
  left_id TEXT NOT NULL,
  right_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  why_sealed TEXT,
  by_login TEXT NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  undone_by TEXT,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_judgement_left ON tracing_judgement (left_id);
CREATE INDEX tracing_judgement_right ON tracing_judgement (right_id);
CREATE INDEX tracing_judgement_seq ON tracing_judgement (seq);

-- Equality of contacts without their value: HMAC-SHA-256 under a key of the site.
CREATE TABLE tracing_contact_key (digest TEXT PRIMARY KEY, entity_id TEXT NOT NULL);

-- Photographs as they came, by the SHA-256 of their bytes.
CREATE TABLE tracing_photo (
  digest TEXT PRIMARY KEY,
  media TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  small BYTEA NOT NULL,
  taken_in_at BIGINT NOT NULL
);

-- To open what is sealed of a person: asked by one, decided by another, over after some hours.
CREATE TABLE tracing_opening (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  entity_id TEXT NOT NULL,
  case_ref TEXT NOT NULL,
  purpose TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  allowed SMALLINT,
  until_at BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_opening_entity ON tracing_opening (entity_id);
CREATE INDEX tracing_opening_seq ON tracing_opening (seq);

CREATE TABLE tracing_stopped (originator TEXT PRIMARY KEY, at BIGINT NOT NULL);
