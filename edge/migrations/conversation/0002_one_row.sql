-- A message is one row: an index over the names would be a second one for each, and rows are what is paid for. Whether a name
-- is taken is known from the names, which are read once while the object is awake.
CREATE TABLE entry_in_one_row (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    card TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);
INSERT INTO entry_in_one_row (seq, id, at, role, card, kind, body)
    SELECT seq, id, at, role, card, kind, body FROM entry ORDER BY seq;
DROP TABLE entry;
ALTER TABLE entry_in_one_row RENAME TO entry;
CREATE INDEX entry_marker ON entry (kind, seq) WHERE kind IN ('status', 'assigned');
