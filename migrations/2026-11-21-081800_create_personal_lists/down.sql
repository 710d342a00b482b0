DROP TABLE onboarding_steps;
DROP TABLE user_statuses;
DROP TABLE bot_storage;
DROP TABLE navigation_views;
DROP TABLE saved_snippets;
DROP TABLE scheduled_messages;
DROP TABLE drafts;
