-- What a unit can do only while the crew aboard brings it.
ALTER TABLE unit ADD COLUMN brought TEXT NOT NULL DEFAULT '[]';

CREATE TABLE member (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL UNIQUE,
  name_sealed TEXT NOT NULL,
  qualifications TEXT NOT NULL,
  enrolled_at BIGINT NOT NULL,
  retired_at BIGINT,
  seq BIGINT NOT NULL
);

CREATE TABLE shift (
  id TEXT PRIMARY KEY,
  unit_id TEXT,
  callsign TEXT,
  seat TEXT,
  seat_key TEXT,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  crew TEXT NOT NULL,
  state TEXT NOT NULL,
  on_at BIGINT,
  off_at BIGINT,
  reason TEXT,
  reason_sealed TEXT,
  reason_by TEXT,
  made_seq BIGINT NOT NULL UNIQUE,
  begin_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  seq BIGINT NOT NULL
);
CREATE INDEX shift_seq ON shift (seq);
CREATE INDEX shift_begin ON shift (begin_at);
CREATE INDEX shift_end ON shift (end_at);
CREATE INDEX shift_open ON shift (starts_at) WHERE state <> 'ended';
CREATE INDEX shift_unit ON shift (unit_id, starts_at);
CREATE INDEX shift_reason_sealed ON shift (reason_sealed) WHERE reason_sealed IS NOT NULL;
-- One crew at a time aboard, one account at a time in a seat, whatever a program may believe.
CREATE UNIQUE INDEX shift_aboard ON shift (unit_id) WHERE state = 'on_duty' AND unit_id IS NOT NULL;
CREATE UNIQUE INDEX shift_seated ON shift (seat_key) WHERE state = 'on_duty' AND seat_key IS NOT NULL;

-- Whose shifts: a member's id, or an account's as "account/<login>".
CREATE TABLE shift_hand (
  person TEXT NOT NULL,
  shift_id TEXT NOT NULL REFERENCES shift (id),
  PRIMARY KEY (person, shift_id)
);
CREATE INDEX shift_hand_shift ON shift_hand (shift_id);
