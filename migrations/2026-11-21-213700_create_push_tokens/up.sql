-- Phones that asked to be told of messages, each by the token that its maker's service knows it by.
CREATE TABLE push_tokens (
    user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- apns, fcm
    kind text NOT NULL,
    token text NOT NULL,
    -- Of apns: which app.
    app_id text,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, kind, token)
);
