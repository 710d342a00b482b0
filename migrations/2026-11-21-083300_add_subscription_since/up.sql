-- The stream's membership version as of which the user is subscribed; 0 = not known, so taken as always.
ALTER TABLE subscriptions ADD COLUMN since_version bigint NOT NULL DEFAULT 0;
