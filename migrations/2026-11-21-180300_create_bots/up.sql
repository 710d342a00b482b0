-- What bots have beside other users.
CREATE TABLE bots (
    user_id integer PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Of which, with the server's secret, the bot's API key is made: its owner may look it up, the database cannot.
    key_salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()),
    default_sending_stream_id integer REFERENCES streams (id) ON DELETE SET NULL,
    default_events_register_stream_id integer REFERENCES streams (id) ON DELETE SET NULL,
    default_all_public_streams boolean NOT NULL DEFAULT false
);

INSERT INTO bots (user_id) SELECT id FROM users WHERE is_bot AND NOT is_system_bot;
