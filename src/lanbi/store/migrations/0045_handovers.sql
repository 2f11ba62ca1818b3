CREATE TABLE handover (
  id TEXT PRIMARY KEY,
  post TEXT NOT NULL,
  post_key TEXT NOT NULL,
  state TEXT NOT NULL,
  open SMALLINT NOT NULL,
  outgoing TEXT NOT NULL,
  offered_to TEXT,
  incoming TEXT,
  started_at BIGINT NOT NULL,
  offered_at BIGINT,
  taken_at BIGINT,
  ended_at BIGINT,
  signatures TEXT NOT NULL,
  next_line BIGINT NOT NULL,
  made_seq BIGINT NOT NULL UNIQUE,
  seq BIGINT NOT NULL
);
CREATE INDEX handover_seq ON handover (seq);
-- One at a time for a post, whatever a program may believe.
CREATE UNIQUE INDEX handover_open ON handover (post_key) WHERE open = 1;

CREATE TABLE handover_line (
  handover_id TEXT NOT NULL REFERENCES handover (id),
  n BIGINT NOT NULL,
  section TEXT NOT NULL,
  code TEXT NOT NULL,
  key TEXT NOT NULL,
  place TEXT NOT NULL,
  since BIGINT,
  facts TEXT NOT NULL,
  rev BIGINT NOT NULL,
  state TEXT NOT NULL,
  changed SMALLINT NOT NULL,
  fresh SMALLINT NOT NULL,
  gone SMALLINT NOT NULL,
  acknowledged_at BIGINT,
  remark TEXT,
  question TEXT,
  answer TEXT,
  PRIMARY KEY (handover_id, n)
);

-- What both signed, to the letter.
CREATE TABLE handover_document (
  handover_id TEXT PRIMARY KEY REFERENCES handover (id),
  document TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  signature BYTEA NOT NULL,
  key_id TEXT NOT NULL,
  public_key BYTEA NOT NULL
);
