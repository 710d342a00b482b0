-- Settings whose value is a group: those that differ from their defaults, by name. Typed by actions::groups::value.
ALTER TABLE user_groups ADD COLUMN permissions jsonb NOT NULL DEFAULT '{}';
ALTER TABLE streams ADD COLUMN permissions jsonb NOT NULL DEFAULT '{}';
-- Which topic names are allowed: inherit, allow_empty_topic, disable_empty_topic, empty_topic_only.
ALTER TABLE streams ADD COLUMN topics_policy text NOT NULL DEFAULT 'inherit';
