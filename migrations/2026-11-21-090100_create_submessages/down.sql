ALTER TABLE messages DROP COLUMN unread_by_sender;
DROP TABLE submessages;
