-- How the conversation began, and what the shop said last of who is on duty. One row.
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    conversation BLOB NOT NULL,
    shop TEXT NOT NULL,
    visitor BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    at INTEGER NOT NULL,
    duty TEXT NOT NULL DEFAULT '[]'
);

-- The transcript. `card` is the JSON of an operator's or a bot's card; `body` is the text of a message or a note, and the
-- JSON of what else an entry says.
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    card TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);

-- Finds the newest of these without reading the words. Words cost no row in it.
CREATE INDEX entry_marker ON entry (kind, seq) WHERE kind IN ('status', 'assigned');

-- How far everybody has read. `reader` is the role, with the operator's name where there is one.
CREATE TABLE receipt (
    reader TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    delivered INTEGER NOT NULL,
    read INTEGER NOT NULL
) WITHOUT ROWID;
