-- Which rows of which source were taken in: kept for good, so that a file may come again after any time.
-- row_key: hash of the columns that tell one row from another, docs/adapters/cad_csv.md.
CREATE TABLE imported_call (
  source TEXT NOT NULL,
  row_key TEXT NOT NULL,
  call_id TEXT NOT NULL,
  PRIMARY KEY (source, row_key)
);
