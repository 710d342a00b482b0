-- Rights belong to groups: what was a number becomes the name of a system group under the right's name.
UPDATE realms SET settings = settings || rights.given
FROM (
    SELECT realms.id, jsonb_object_agg(named.new, roles.name) AS given
    FROM realms
    CROSS JOIN (VALUES
        ('add_custom_emoji_policy', 'can_add_custom_emoji_group'),
        ('create_private_stream_policy', 'can_create_private_channel_group'),
        ('create_public_stream_policy', 'can_create_public_channel_group'),
        ('create_web_public_stream_policy', 'can_create_web_public_channel_group'),
        ('delete_own_message_policy', 'can_delete_own_message_group'),
        ('edit_topic_policy', 'can_move_messages_between_topics_group'),
        ('edit_topic_policy', 'can_resolve_topics_group'),
        ('invite_to_realm_policy', 'can_invite_users_group'),
        ('invite_to_stream_policy', 'can_add_subscribers_group'),
        ('move_messages_between_streams_policy', 'can_move_messages_between_channels_group'),
        ('user_group_edit_policy', 'can_create_groups'),
        ('wildcard_mention_policy', 'can_mention_many_users_group'),
        ('can_access_all_users_group', 'can_access_all_users_group')
    ) AS named (old, new)
    JOIN (VALUES
        (1, 'role:members'), (2, 'role:administrators'), (3, 'role:fullmembers'), (4, 'role:moderators'),
        (5, 'role:everyone'), (6, 'role:nobody'), (7, 'role:owners')
    ) AS roles (number, name) ON realms.settings -> named.old = to_jsonb(roles.number)
    GROUP BY realms.id
) AS rights
WHERE rights.id = realms.id;
UPDATE realms SET settings = settings || jsonb_build_object('direct_message_permission_group', 'role:nobody')
WHERE settings -> 'private_message_policy' = to_jsonb(2);
