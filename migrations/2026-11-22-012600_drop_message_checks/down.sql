ALTER TABLE messages
    ADD CONSTRAINT messages_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES realms (id) ON DELETE CASCADE,
    ADD CONSTRAINT messages_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topics (id),
    ADD CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES users (id);
