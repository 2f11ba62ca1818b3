-- What left the site as a document. What was in it is known by the ids of its statements and by its SHA-256;
-- the document itself is made anew, by the rules of that moment, each time it is handed out.
CREATE TABLE tracing_export (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  selection TEXT NOT NULL,
  recipient TEXT NOT NULL,
  purpose TEXT NOT NULL,
  format TEXT NOT NULL,
  lang TEXT NOT NULL,
  desk_case TEXT NOT NULL,
  tlp TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  entities BIGINT NOT NULL,
  statements BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  personal SMALLINT NOT NULL,
  synthetic SMALLINT NOT NULL,
  state TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_on TEXT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  handed BIGINT NOT NULL,
  handed_at BIGINT,
  told_at BIGINT,
  seq BIGINT NOT NULL
);
CREATE INDEX tracing_export_seq ON tracing_export (seq);

-- The manifest: who must be told when a statement is taken back.
CREATE TABLE tracing_export_statement (
  export_id TEXT NOT NULL,
  statement_id TEXT NOT NULL,
  PRIMARY KEY (statement_id, export_id)
);
CREATE INDEX tracing_export_statement_export ON tracing_export_statement (export_id);

-- What stands here for what came from another site: the same file taken in twice adds nothing, and what is
-- passed on bears the id that it had where it was first said, so that it is known when it comes back.
CREATE TABLE tracing_taken (
  foreign_id TEXT PRIMARY KEY,
  local_id TEXT NOT NULL,
  taken_at BIGINT NOT NULL
);
CREATE INDEX tracing_taken_local ON tracing_taken (local_id);
