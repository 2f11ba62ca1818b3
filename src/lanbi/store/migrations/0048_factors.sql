-- How somebody signed in, for the list of their own sessions.
ALTER TABLE session ADD COLUMN how TEXT;

-- What somebody proves besides the password. `secret`: of an authenticator app, locked under a key that is
-- not in this store. `last_step`: the newest code used, so that none is used twice.
CREATE TABLE factor (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL REFERENCES account (login),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  secret BYTEA,
  credential TEXT,
  public_key BYTEA,
  sign_count BIGINT NOT NULL,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  used_at BIGINT
);
CREATE INDEX factor_login ON factor (login);
CREATE UNIQUE INDEX factor_credential ON factor (credential) WHERE credential IS NOT NULL;

-- One-time codes for the day the telephone is lost; only hashes.
CREATE TABLE recovery_code (
  login TEXT NOT NULL REFERENCES account (login),
  code_hash TEXT NOT NULL,
  PRIMARY KEY (login, code_hash)
);
