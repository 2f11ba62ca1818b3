-- Private matching: registers that each side offers the other, their sets of tokens, batches of questions and what
-- became of them. No serial stands here.
-- `side`: ours (a register of this site, for one partner) or theirs. `their_id`: its id at its owner; its own of one
-- of ours. `held`: pieces of the set are in the store. `left_out`: entries that cannot be matched.
CREATE TABLE tracing_matching_offer (
  id TEXT PRIMARY KEY,
  side TEXT NOT NULL,
  partner TEXT NOT NULL,
  their_id TEXT NOT NULL,
  register_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  synthetic SMALLINT NOT NULL,
  turn BIGINT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  args TEXT NOT NULL,
  key_id TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  digest TEXT NOT NULL,
  entries BIGINT,
  left_out BIGINT,
  day_queries BIGINT NOT NULL,
  case_queries BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  settled_at BIGINT,
  by_login TEXT NOT NULL,
  letter TEXT,
  held SMALLINT NOT NULL,
  made_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (side, partner, their_id)
);
CREATE INDEX tracing_matching_offer_made ON tracing_matching_offer (made_seq);
CREATE INDEX tracing_matching_offer_of ON tracing_matching_offer (side, partner, register_id);
CREATE INDEX tracing_matching_offer_state ON tracing_matching_offer (state, made_seq);
CREATE UNIQUE INDEX tracing_matching_offer_digest ON tracing_matching_offer (side, digest) WHERE digest <> '';
CREATE INDEX tracing_matching_offer_letter ON tracing_matching_offer (letter) WHERE letter IS NOT NULL;
CREATE INDEX tracing_matching_offer_held ON tracing_matching_offer (state) WHERE held = 1;
CREATE INDEX tracing_matching_offer_seq ON tracing_matching_offer (seq);

-- A set, by the digest of its file, cut into pieces.
CREATE TABLE tracing_matching_piece (
  digest TEXT NOT NULL,
  n BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (digest, n)
);

-- A batch of questions: `side` out where we asked, in where we were asked. `their_id`: its id at who asked, which both
-- sides' logs show. `content`: SHA-256 over what was asked, hidden as it was.
CREATE TABLE tracing_matching_query (
  id TEXT PRIMARY KEY,
  side TEXT NOT NULL,
  partner TEXT NOT NULL,
  their_id TEXT NOT NULL,
  offer_id TEXT,
  register_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  case_ref TEXT NOT NULL,
  content TEXT NOT NULL,
  asked BIGINT NOT NULL,
  answered BIGINT,
  hits BIGINT,
  state TEXT NOT NULL,
  code TEXT,
  args TEXT NOT NULL,
  by_login TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  settled_at BIGINT,
  opened_at BIGINT,
  opened_by TEXT,
  letter TEXT NOT NULL,
  made_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (side, partner, their_id)
);
CREATE INDEX tracing_matching_query_made ON tracing_matching_query (made_seq);
CREATE INDEX tracing_matching_query_spent ON tracing_matching_query (side, partner, asked_at);
CREATE INDEX tracing_matching_query_letter ON tracing_matching_query (letter);
CREATE INDEX tracing_matching_query_offer ON tracing_matching_query (offer_id) WHERE offer_id IS NOT NULL;
CREATE INDEX tracing_matching_query_seq ON tracing_matching_query (seq);

-- Which firearms a batch of ours asked about; two whose make and serial are alike share a place. `hit`: NULL until
-- somebody has opened the hits.
CREATE TABLE tracing_matching_asked (
  query_id TEXT NOT NULL,
  firearm_id TEXT NOT NULL,
  place BIGINT NOT NULL,
  hit SMALLINT,
  PRIMARY KEY (query_id, firearm_id)
);

-- What a batch of ours needs until its hits are opened, enciphered; gone then, and after thirty days.
CREATE TABLE tracing_matching_pending (
  query_id TEXT PRIMARY KEY,
  offer_id TEXT NOT NULL,
  held BYTEA NOT NULL,
  keep_until BIGINT NOT NULL
);
CREATE INDEX tracing_matching_pending_offer ON tracing_matching_pending (offer_id);
CREATE INDEX tracing_matching_pending_until ON tracing_matching_pending (keep_until);
