-- Registers of known serials, and what recovered firearms may be.
-- `state`: importing (no search sees it yet), standing, withdrawn. `refreshed_at`: when an import that goes on
-- wrote last; what stays behind for long is cleared away. `cleared_n`: entries up to here are deleted already.
CREATE TABLE tracing_register (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  source_id TEXT,
  originator TEXT NOT NULL,
  tlp TEXT NOT NULL,
  releasable TEXT NOT NULL,
  purposes TEXT NOT NULL,
  onward SMALLINT NOT NULL,
  review_on TEXT,
  digest TEXT NOT NULL,
  synthetic SMALLINT NOT NULL,
  entries BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  repeated BIGINT NOT NULL,
  last_n BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  refreshed_at BIGINT NOT NULL,
  by_login TEXT NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_by TEXT,
  withdrawn_why TEXT,
  cleared_n BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_register_state ON tracing_register (state, number);
CREATE INDEX tracing_register_digest ON tracing_register (digest);
CREATE INDEX tracing_register_seq ON tracing_register (seq);

-- `n`: number of the register times 10,000,000, plus the row of the file. `marks`: the serial as it is searched.
-- `written`: JSON of what stood in the file, by property, where reading changed it. `flags`: codes, by a space.
CREATE TABLE tracing_register_entry (
  n BIGINT PRIMARY KEY,
  marks TEXT NOT NULL,
  make TEXT,
  model TEXT,
  calibre TEXT,
  type TEXT,
  reference TEXT,
  flags TEXT NOT NULL,
  written TEXT
);

-- A proposal, and what somebody decided. `pair`: who with whom; proposed anew when the marks of either change.
-- `rank`: log10 odds in millionths, best first. `reading`, `held`: both sides as they were compared, JSON.
-- `statements`: what a decision stated, by a space; `judgement_id`: the judgement that it made.
CREATE TABLE tracing_match (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  pair TEXT NOT NULL,
  marks TEXT NOT NULL,
  held_marks TEXT NOT NULL,
  firearm_id TEXT NOT NULL,
  other_id TEXT,
  register_id TEXT,
  entry_n BIGINT,
  score DOUBLE PRECISION NOT NULL,
  rank BIGINT NOT NULL,
  near_count BIGINT NOT NULL,
  of_count BIGINT NOT NULL,
  reading TEXT NOT NULL,
  held TEXT NOT NULL,
  alignment TEXT NOT NULL,
  parts TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_why TEXT,
  verdict TEXT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  why_sealed TEXT,
  judgement_id TEXT,
  statements TEXT NOT NULL,
  undone_at BIGINT,
  seq BIGINT NOT NULL,
  UNIQUE (pair, marks, held_marks)
);
CREATE INDEX tracing_match_queue ON tracing_match (verdict, rank, number) WHERE withdrawn_at IS NULL;
CREATE INDEX tracing_match_rank ON tracing_match (rank, number) WHERE withdrawn_at IS NULL;
CREATE INDEX tracing_match_firearm ON tracing_match (firearm_id);
CREATE INDEX tracing_match_other ON tracing_match (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX tracing_match_register ON tracing_match (register_id) WHERE register_id IS NOT NULL;
CREATE INDEX tracing_match_judgement ON tracing_match (judgement_id) WHERE judgement_id IS NOT NULL;
CREATE INDEX tracing_match_seq ON tracing_match (seq);

-- What each firearm was searched with, in which registers. `again`: it is searched again though it did not change:
-- it has unread marks, so that what is recorded later may be found by it and does not find it; or a decision was
-- taken back (`looked_at` is 0). `newest`: the newest change of any firearm when it was searched.
CREATE TABLE tracing_match_look (
  firearm_id TEXT PRIMARY KEY,
  reading TEXT NOT NULL,
  registers BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  looked_at BIGINT NOT NULL,
  again SMALLINT NOT NULL
);
CREATE INDEX tracing_match_look_again ON tracing_match_look (looked_at) WHERE again = 1;

-- How far the node has looked: the last change of a firearm, by its entry and its id.
CREATE TABLE tracing_match_cursor (one SMALLINT PRIMARY KEY CHECK (one = 1), seq BIGINT NOT NULL, id TEXT NOT NULL);
