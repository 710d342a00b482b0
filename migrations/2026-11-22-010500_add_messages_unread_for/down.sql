ALTER TABLE messages DROP COLUMN unread_for;
