-- One row from the first raising of an alarm until it has been both taken and cleared; after that it is history.
-- `since`: from when the condition is counted. `shelf_sealed` names a row of `sealed`.
CREATE TABLE alarm (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  subject TEXT NOT NULL,
  incident_id TEXT,
  unit_id TEXT,
  facts TEXT NOT NULL,
  since BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  cleared_at BIGINT,
  taken_id TEXT,
  taken_name TEXT,
  taken_at BIGINT,
  shelved_until BIGINT,
  shelved_by TEXT,
  shelf_sealed TEXT,
  escalated_at BIGINT,
  count BIGINT NOT NULL,
  live SMALLINT NOT NULL,
  made_seq BIGINT NOT NULL UNIQUE,
  seq BIGINT NOT NULL
);
CREATE INDEX alarm_seq ON alarm (seq);
-- One alarm at a time for a kind and a subject, whatever a program may believe.
CREATE UNIQUE INDEX alarm_live ON alarm (kind, subject) WHERE live = 1;
-- The clerk asks for the live ones every second; without it the planner walks every alarm there ever was.
CREATE INDEX alarm_live_seq ON alarm (made_seq) WHERE live = 1;
CREATE INDEX alarm_ended ON alarm (made_seq) WHERE live = 0;
CREATE INDEX alarm_shelf_sealed ON alarm (shelf_sealed) WHERE shelf_sealed IS NOT NULL;

-- Every raising, again and again included: what the rate is counted from.
CREATE TABLE alarm_raising (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE INDEX alarm_raising_at ON alarm_raising (at);
