-- The journal and what proves it. Format: docs/concepts/record.md.
CREATE TABLE journal (
  seq BIGINT PRIMARY KEY,
  id TEXT NOT NULL,
  site TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  purpose TEXT NOT NULL,
  body TEXT NOT NULL,
  leaf BYTEA NOT NULL
);
CREATE INDEX journal_subject ON journal (subject, seq);
CREATE INDEX journal_kind ON journal (kind, seq);

CREATE TABLE merkle_node (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (level, idx)
);

CREATE TABLE record_head (
  one SMALLINT PRIMARY KEY CHECK (one = 1),
  site TEXT NOT NULL,
  size BIGINT NOT NULL,
  peaks BYTEA NOT NULL,
  last_recorded_at BIGINT NOT NULL,
  last_id TEXT NOT NULL
);

CREATE TABLE site_key (
  key_id TEXT PRIMARY KEY,
  public_key BYTEA NOT NULL,
  introduced_seq BIGINT NOT NULL,
  retired_seq BIGINT
);

CREATE TABLE checkpoint (
  size BIGINT PRIMARY KEY,
  root BYTEA NOT NULL,
  at BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  signature BYTEA NOT NULL
);

-- Personal data and people's words stand here and nowhere else, so that they can be erased.
CREATE TABLE sealed (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  field TEXT NOT NULL,
  class TEXT NOT NULL,
  salt BYTEA,
  value TEXT,
  retain_until BIGINT NOT NULL,
  sealed_seq BIGINT NOT NULL,
  erased_at BIGINT,
  erased_seq BIGINT
);
CREATE INDEX sealed_subject ON sealed (subject, field);
CREATE INDEX sealed_due ON sealed (erased_at, retain_until);

-- What arrives twice happens once.
CREATE TABLE once (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  body BYTEA NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX once_at ON once (at);

CREATE TABLE site_setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
