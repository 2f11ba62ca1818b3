-- Files that were taken in, by the SHA-256 of their bytes: none comes in twice. `rows_done`: so far it came when
-- it was stopped; the same file goes on from there. `done_at` is NULL until the last row is in.
CREATE TABLE tracing_import (
  digest TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  file TEXT NOT NULL,
  mapping TEXT NOT NULL,
  mapping_digest TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  bad_count BIGINT NOT NULL,
  rows_done BIGINT NOT NULL,
  made BIGINT NOT NULL,
  stated BIGINT NOT NULL,
  known BIGINT NOT NULL,
  by_login TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  done_at BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_import_began ON tracing_import (began_at);

-- What a source calls an entity, as HMAC-SHA-256 under a key of the site: the same row tells of the same thing,
-- and nobody reads a name out of this table.
CREATE TABLE tracing_import_key (digest TEXT PRIMARY KEY, entity_id TEXT NOT NULL);
CREATE INDEX tracing_import_key_entity ON tracing_import_key (entity_id);

-- What the boards filter by, each in the order in which they are read.
CREATE INDEX tracing_firearm_make ON tracing_firearm (make, number);
CREATE INDEX tracing_firearm_calibre ON tracing_firearm (calibre, number);
CREATE INDEX tracing_firearm_recovered_in ON tracing_firearm (recovered_in, number);
CREATE INDEX tracing_firearm_made_in ON tracing_firearm (country, number);
CREATE INDEX tracing_firearm_incomplete ON tracing_firearm (number) WHERE missing > 0;
CREATE INDEX tracing_firearm_contested ON tracing_firearm (number) WHERE contested > 0;
CREATE INDEX tracing_recovery_country ON tracing_recovery (country, date, number);
CREATE INDEX tracing_recovery_incomplete ON tracing_recovery (date, number) WHERE missing > 0;
CREATE INDEX tracing_recovery_case_begins ON tracing_recovery (LOWER(case_ref));
CREATE INDEX tracing_recovery_agency_begins ON tracing_recovery (LOWER(agency));
