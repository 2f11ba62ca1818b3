-- What stands now is found without walking what ever stood.
CREATE INDEX unserved_standing ON unserved (made_seq) WHERE ended_at IS NULL;
CREATE INDEX tip_kept ON tip (number) WHERE erased_at IS NULL;
CREATE INDEX shift_on_duty ON shift (seq) WHERE state = 'on_duty';
CREATE INDEX major_division_unit_of ON major_division_unit (division_id);
