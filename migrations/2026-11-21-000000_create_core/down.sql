DROP TABLE job_receipts, outbox, reactions, unread, user_message_flags, messages, user_topics, topics,
    subscription_periods, subscriptions, streams, recipients, muted_users, alert_words, user_group_subgroups,
    user_group_members, user_groups, sessions, api_keys, users, realms;
DROP SEQUENCE outbox_owners;
