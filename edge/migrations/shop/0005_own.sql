-- A shopper finds their own conversations. Whose one is never changes, so a line that changes costs no row of this index.
ALTER TABLE conversation ADD COLUMN visitor BLOB;
UPDATE conversation SET visitor = unhex(replace(summary ->> '$.visitor', '-', '')) WHERE json_valid(summary);
CREATE INDEX conversation_by_visitor ON conversation (visitor);
