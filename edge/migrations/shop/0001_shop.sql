CREATE TABLE shop (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  settings TEXT NOT NULL,
  made_at INTEGER NOT NULL
);

CREATE TABLE operator (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  made_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Named by the SHA-256 of what the cookie carries.
CREATE TABLE session (
  digest TEXT PRIMARY KEY,
  operator BLOB NOT NULL,
  ends_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE key (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  operator BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER
) WITHOUT ROWID;

-- Attempts to sign in since the last good one, by the SHA-256 of the address: who has no account leaves no address here.
CREATE TABLE attempt (
  email TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) WITHOUT ROWID;

-- A projection: each line can be made again from its conversation.
CREATE TABLE conversation (
  id BLOB PRIMARY KEY,
  status TEXT NOT NULL,
  assignee BLOB,
  present INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  summary TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX conversation_by_change ON conversation (status, updated_at, id);
CREATE INDEX conversation_present ON conversation (updated_at) WHERE present = 1;
