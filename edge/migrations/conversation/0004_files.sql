-- Files that were handed over. `side` is who handed it over, `shown` whether a message shows it.
CREATE TABLE file (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    side TEXT NOT NULL,
    digest BLOB NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    shown INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Their bytes in pieces, since a row holds two megabytes; none where a bucket has them.
CREATE TABLE chunk (
    file BLOB NOT NULL,
    place INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (file, place)
);
