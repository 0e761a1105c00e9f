-- What comes with a message's words, as JSON; NULL where there is nothing, which costs nothing.
ALTER TABLE entry ADD COLUMN parts TEXT;
