CREATE TABLE message (
  id TEXT PRIMARY KEY,
  sent_at BIGINT NOT NULL,
  sent_seq BIGINT NOT NULL,
  from_id TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_unit TEXT,
  to_kind TEXT NOT NULL,
  to_id TEXT NOT NULL,
  to_name TEXT NOT NULL,
  incident_id TEXT,
  reply_to TEXT,
  thread TEXT NOT NULL,
  priority TEXT NOT NULL,
  template TEXT,
  args TEXT NOT NULL,
  place_sealed TEXT,
  words_sealed TEXT,
  receipts TEXT NOT NULL,
  archived SMALLINT NOT NULL,
  -- A flash message that somebody has yet to acknowledge.
  awaited SMALLINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX message_seq ON message (seq);
CREATE INDEX message_sent ON message (sent_seq);
CREATE INDEX message_pictured ON message (archived, sent_seq);
CREATE INDEX message_awaited ON message (awaited, sent_seq);
CREATE INDEX message_incident ON message (incident_id, sent_seq);
CREATE INDEX message_to ON message (to_kind, to_id, sent_seq);
CREATE INDEX message_thread ON message (thread, sent_seq);

-- Whom a message concerns: its addressees and its sender, as "unit/…" or "account/…".
CREATE TABLE message_party (
  party TEXT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (party, message_id)
);

CREATE TABLE channel (
  id TEXT PRIMARY KEY,
  name_sealed TEXT NOT NULL,
  incident_id TEXT,
  units TEXT NOT NULL,
  roles TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX channel_seq ON channel (seq);
CREATE INDEX channel_closed ON channel (closed_at);
