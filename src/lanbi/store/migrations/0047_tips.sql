-- Anonymous tips. Every `box` is ciphertext: no column of these tables says who, where from, in which
-- language, over which channel, or at what time a tip came.

-- The compartment's key pair. `wrapped`: the private key under a key made from the triage group's passphrase
-- (argon2id with `salt`, `memory_kib` and `passes`).
CREATE TABLE tip_compartment (
  id TEXT PRIMARY KEY,
  public_key BYTEA NOT NULL,
  wrapped BYTEA NOT NULL,
  salt BYTEA NOT NULL,
  memory_kib BIGINT NOT NULL,
  passes BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  retired_at BIGINT,
  seq BIGINT NOT NULL
);

-- What waits at the door for the next tide. Ids are random, no instant stands here, and no entry is made
-- before the tide takes it in: the record cannot be laid beside a list of calls or a log of the network.
CREATE TABLE tip_arrival (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  ordinal BIGINT NOT NULL,
  reader_key BYTEA,
  compartment TEXT NOT NULL,
  box BYTEA NOT NULL
);
CREATE INDEX tip_arrival_lookup ON tip_arrival (lookup);

-- `lookup`: derived one-way from the receipt code; `reader_key`: public half of the holder's own pair.
CREATE TABLE tip (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  taken_in_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reliability TEXT,
  credibility TEXT,
  confidence TEXT,
  outcome TEXT,
  unread BIGINT NOT NULL,
  pieces BIGINT NOT NULL,
  lookup BYTEA UNIQUE,
  reader_key BYTEA,
  compartment TEXT NOT NULL,
  erase_at BIGINT NOT NULL,
  erased_at BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX tip_seq ON tip (seq);
CREATE INDEX tip_erase_at ON tip (erase_at) WHERE erased_at IS NULL;

-- `kind`: words | reply | passed. `holder_box`: a reply once more, for the key of the code's holder.
CREATE TABLE tip_piece (
  tip_id TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  box BYTEA,
  holder_box BYTEA,
  PRIMARY KEY (tip_id, ordinal)
);
