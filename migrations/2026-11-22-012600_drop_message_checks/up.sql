-- A foreign key is checked with a statement of its own for each message, which took as long as writing the message. These
-- three cannot fail: the statement that writes messages writes their topics too, nobody deletes users or topics, and the
-- realm is that of the conversation, whose key stays and takes the messages along.
ALTER TABLE messages
    DROP CONSTRAINT messages_realm_id_fkey,
    DROP CONSTRAINT messages_topic_id_fkey,
    DROP CONSTRAINT messages_sender_id_fkey;
