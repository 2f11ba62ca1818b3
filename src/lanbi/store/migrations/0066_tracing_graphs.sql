-- An analyst's own rating of one ground against one reading of an inferred link, in place of the one to begin with.
CREATE TABLE tracing_rating (
  edge TEXT NOT NULL,
  ground TEXT NOT NULL,
  hypothesis TEXT NOT NULL,
  rating TEXT NOT NULL,
  by_login TEXT NOT NULL,
  at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (edge, ground, hypothesis)
);
