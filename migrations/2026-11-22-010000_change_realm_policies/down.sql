UPDATE realms SET settings = settings
        - 'message_edit_history_visibility_policy' - 'topics_policy' - 'can_create_bots_group' - 'can_create_write_only_bots_group'
    || CASE WHEN settings->>'message_edit_history_visibility_policy' = 'none' THEN '{"allow_edit_history": false}' ELSE '{}' END::jsonb
    || CASE WHEN settings->>'topics_policy' = 'disable_empty_topic' THEN '{"mandatory_topics": true}' ELSE '{}' END::jsonb
    || CASE
        WHEN settings->>'can_create_write_only_bots_group' = 'role:administrators' THEN '{"bot_creation_policy": 3}'
        WHEN settings->>'can_create_bots_group' = 'role:administrators' THEN '{"bot_creation_policy": 2}'
        ELSE '{}' END::jsonb
    WHERE settings ?| ARRAY[
        'message_edit_history_visibility_policy', 'topics_policy', 'can_create_bots_group', 'can_create_write_only_bots_group'];
