-- For whom alone a message is something to read; NULL: for all but its sender. Few messages have it.
ALTER TABLE messages ADD COLUMN unread_for integer[];
