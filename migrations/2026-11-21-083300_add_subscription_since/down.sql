ALTER TABLE subscriptions DROP COLUMN since_version;
