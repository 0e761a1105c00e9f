-- With what the shop's own server signs of its customers. It is kept as it is: what it signs is verified with it.
CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  secret TEXT NOT NULL,
  made_at INTEGER NOT NULL
);
-- The visitors whom the shop has proved to be somebody.
CREATE TABLE person (
  visitor BLOB PRIMARY KEY,
  id TEXT NOT NULL,
  person TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX person_by_id ON person (id);
-- The visitors whom a code has handed to another device: two people may hold one who is not proved yet.
CREATE TABLE shared (
  visitor BLOB PRIMARY KEY
) WITHOUT ROWID;
