-- Who means to take a ringing call, and until when that says something.
ALTER TABLE call ADD COLUMN claimer_id TEXT;
ALTER TABLE call ADD COLUMN claimer_name TEXT;
ALTER TABLE call ADD COLUMN claimed_until BIGINT;
ALTER TABLE call ADD COLUMN held_at BIGINT;
ALTER TABLE call ADD COLUMN answers_count BIGINT NOT NULL DEFAULT 0;

-- What was answered to the questions of the cards; a changed answer is added, and the last one stands.
-- Neither `answer` nor `sealed`: the answer was taken back.
CREATE TABLE call_answer (
  call_id TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  card TEXT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT,
  sealed TEXT,
  lang TEXT,
  at BIGINT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (call_id, ordinal)
);
