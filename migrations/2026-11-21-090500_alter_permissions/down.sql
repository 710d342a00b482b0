ALTER TABLE streams DROP COLUMN topics_policy;
ALTER TABLE streams DROP COLUMN permissions;
ALTER TABLE user_groups DROP COLUMN permissions;
