-- What watches over a unit's people: a timer, a question whether all are well, the emergency button.
-- `timer_sealed` names a row of `sealed`. A unit has a row here from the first time that any of them is used.
CREATE TABLE unit_safety (
  unit_id TEXT PRIMARY KEY REFERENCES unit (id),
  timer_due_at BIGINT,
  timer_sealed TEXT,
  welfare_asked_at BIGINT,
  welfare_due_at BIGINT,
  welfare_heard_at BIGINT,
  emergency_at BIGINT,
  emergency_by TEXT
);
-- Small whatever the size of the fleet: only what runs or waits stands in these.
CREATE INDEX unit_safety_timer ON unit_safety (timer_due_at) WHERE timer_due_at IS NOT NULL;
CREATE INDEX unit_safety_welfare ON unit_safety (welfare_due_at) WHERE welfare_due_at IS NOT NULL;
CREATE INDEX unit_safety_emergency ON unit_safety (emergency_at) WHERE emergency_at IS NOT NULL;
CREATE INDEX unit_safety_sealed ON unit_safety (timer_sealed) WHERE timer_sealed IS NOT NULL;
