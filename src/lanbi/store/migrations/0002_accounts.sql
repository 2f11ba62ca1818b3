CREATE TABLE account (
  login TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  lang TEXT NOT NULL,
  unit_id TEXT,
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT,
  failures BIGINT NOT NULL,
  failed_at BIGINT NOT NULL
);

-- Only the hash of a secret is kept; who copies the store cannot sign in with it.
CREATE TABLE session (
  secret_hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  login TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE INDEX session_login ON session (login, opened_at);

CREATE TABLE token (
  name TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  lang TEXT NOT NULL,
  unit_id TEXT,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
