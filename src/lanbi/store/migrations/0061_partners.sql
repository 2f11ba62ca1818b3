-- Other sites, the keys by which they are known, and the letters between them and us.
-- `screening_sealed`: what somebody said of the partner's respect for human rights.
CREATE TABLE partner (
  code TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT,
  kinds_in TEXT NOT NULL,
  kinds_out TEXT NOT NULL,
  enabled SMALLINT NOT NULL,
  screening_sealed TEXT NOT NULL,
  screened_at BIGINT NOT NULL,
  screened_by TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  retired_at BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX partner_seq ON partner (seq);

CREATE TABLE partner_key (
  key_id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  added_at BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE INDEX partner_key_code ON partner_key (code);

-- A letter that came is known by its sender and its id for ever: that is what keeps one that comes twice from
-- being worked twice. `body` is gone once it is of no more use; `content` is SHA-256 over what it said.
CREATE TABLE partner_letter (
  direction TEXT NOT NULL,
  partner TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  in_reply_to TEXT,
  made_at BIGINT NOT NULL,
  content TEXT NOT NULL,
  body BYTEA,
  body_bytes BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  reason TEXT,
  args TEXT NOT NULL,
  settled_at BIGINT,
  receipt BYTEA,
  made_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (direction, partner, id)
);
CREATE INDEX partner_letter_state ON partner_letter (direction, state, partner, made_seq);
CREATE INDEX partner_letter_made ON partner_letter (made_seq);
CREATE INDEX partner_letter_id ON partner_letter (id);
CREATE INDEX partner_letter_reply ON partner_letter (in_reply_to) WHERE in_reply_to IS NOT NULL;
CREATE INDEX partner_letter_seq ON partner_letter (seq);
CREATE INDEX partner_letter_body ON partner_letter (made_at) WHERE body IS NOT NULL;
