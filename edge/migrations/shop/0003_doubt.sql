-- Conversations that are to be asked again what the list is to show of them: work that is done by the alarm, at least once, until
-- it is done.
CREATE TABLE doubt (
  id BLOB PRIMARY KEY,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL
) WITHOUT ROWID;
