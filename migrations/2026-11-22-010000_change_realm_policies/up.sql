-- Three settings of realms have newer names, under which they say more.
UPDATE realms SET settings = settings - 'allow_edit_history' - 'mandatory_topics' - 'bot_creation_policy'
    || CASE WHEN settings->'allow_edit_history' = 'false' THEN '{"message_edit_history_visibility_policy": "none"}' ELSE '{}' END::jsonb
    || CASE WHEN settings->'mandatory_topics' = 'true' THEN '{"topics_policy": "disable_empty_topic"}' ELSE '{}' END::jsonb
    || CASE settings->>'bot_creation_policy'
        WHEN '2' THEN '{"can_create_bots_group": "role:administrators"}'
        WHEN '3' THEN '{"can_create_bots_group": "role:administrators", "can_create_write_only_bots_group": "role:administrators"}'
        ELSE '{}' END::jsonb
    WHERE settings ?| ARRAY['allow_edit_history', 'mandatory_topics', 'bot_creation_policy'];
