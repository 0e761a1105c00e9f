-- Conversations that are being handed over to another device, one per visitor, by the SHA-256 of the code: it is shown once, and
-- lives for minutes.
CREATE TABLE handover (
  digest TEXT PRIMARY KEY,
  visitor BLOB NOT NULL,
  conversation BLOB NOT NULL,
  ends_at INTEGER NOT NULL
) WITHOUT ROWID;
