-- The list is ordered by the hour on disk and within it when it is read, so that a conversation which changed costs one row
-- and not two more of indexes: they move once an hour.
ALTER TABLE conversation ADD COLUMN hour INTEGER NOT NULL DEFAULT 0;
UPDATE conversation SET hour = updated_at / 3600000;
DROP INDEX conversation_by_change;
DROP INDEX conversation_present;
CREATE INDEX conversation_by_hour ON conversation (status, hour);
CREATE INDEX conversation_present ON conversation (hour) WHERE present = 1;
