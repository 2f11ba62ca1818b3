-- Trace requests: those that we sent (`side` out) and those that were sent to us (in).
-- `story`: canonical JSON of what no board asks by. `is_open`: neither answered nor refused nor lapsed.
CREATE TABLE trace_request (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  side TEXT NOT NULL,
  partner TEXT NOT NULL,
  firearm_id TEXT NOT NULL,
  their_id TEXT NOT NULL,
  priority TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  is_open SMALLINT NOT NULL,
  ack_due_at BIGINT,
  answer_due_at BIGINT,
  lapse_at BIGINT,
  approval_since BIGINT,
  sent_at BIGINT,
  story TEXT NOT NULL,
  seq BIGINT NOT NULL,
  UNIQUE (side, partner, their_id)
);
CREATE INDEX trace_request_firearm ON trace_request (firearm_id);
CREATE INDEX trace_request_ack ON trace_request (ack_due_at) WHERE ack_due_at IS NOT NULL;
CREATE INDEX trace_request_answer ON trace_request (answer_due_at) WHERE answer_due_at IS NOT NULL;
CREATE INDEX trace_request_lapse ON trace_request (lapse_at) WHERE lapse_at IS NOT NULL;
CREATE INDEX trace_request_approval ON trace_request (approval_since) WHERE approval_since IS NOT NULL;
CREATE INDEX trace_request_sent ON trace_request (sent_at);
CREATE INDEX trace_request_seq ON trace_request (seq);

-- What happened to a request, in order. `letter_id`: the letter that told it; `receipt_*`: what the other side
-- signed about that letter. `facts`: JSON of codes and counts.
CREATE TABLE trace_step (
  request_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  what TEXT NOT NULL,
  heard SMALLINT NOT NULL,
  at BIGINT NOT NULL,
  by_login TEXT NOT NULL,
  letter_id TEXT,
  receipt_id TEXT,
  receipt_key TEXT,
  receipt_at BIGINT,
  receipt_outcome TEXT,
  receipt_reason TEXT,
  words_sealed TEXT,
  facts TEXT NOT NULL,
  PRIMARY KEY (request_id, n)
);
CREATE INDEX trace_step_words ON trace_step (words_sealed) WHERE words_sealed IS NOT NULL;
CREATE INDEX trace_step_letter ON trace_step (letter_id) WHERE letter_id IS NOT NULL;

-- Which of another site's entities is which here, so that the same dealer is not told of twice.
CREATE TABLE trace_known (
  partner TEXT NOT NULL,
  their_key TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  PRIMARY KEY (partner, their_key)
);

-- Statements that went there (out) or came from there (in). `their_id`: the statement's id at its origin;
-- `statement_id` is NULL where it was taken back before it came.
CREATE TABLE trace_carried (
  direction TEXT NOT NULL,
  partner TEXT NOT NULL,
  their_id TEXT NOT NULL,
  statement_id TEXT,
  request_id TEXT,
  at BIGINT NOT NULL,
  review_on TEXT,
  withdrawn_at BIGINT,
  PRIMARY KEY (direction, partner, their_id)
);
CREATE INDEX trace_carried_statement ON trace_carried (statement_id) WHERE statement_id IS NOT NULL;
CREATE INDEX trace_carried_review ON trace_carried (review_on) WHERE review_on IS NOT NULL;

-- Days that a site set for one partner, or for all ("").
CREATE TABLE trace_terms (
  partner TEXT NOT NULL,
  priority TEXT NOT NULL,
  ack BIGINT NOT NULL,
  answer BIGINT NOT NULL,
  lapse BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (partner, priority)
);
