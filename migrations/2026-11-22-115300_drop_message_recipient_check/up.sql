-- The last of the keys that are checked with a statement of their own for each message. Nobody deletes a conversation but
-- with its realm, which deletes the messages first.
ALTER TABLE messages DROP CONSTRAINT messages_recipient_id_fkey;
