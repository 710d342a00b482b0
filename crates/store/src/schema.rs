//! The tables, as the migrations make them; kept in step with `diesel print-schema`.

diesel::table! {
    alert_words (user_id, word) {
        user_id -> Int4,
        word -> Text,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Int8,
        user_id -> Int4,
        name -> Text,
        key_hash -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    attachment_messages (attachment_id, message_id) {
        attachment_id -> Int8,
        message_id -> Int8,
    }
}

diesel::table! {
    attachments (id) {
        id -> Int8,
        realm_id -> Int4,
        owner_id -> Int4,
        path_id -> Text,
        file_name -> Text,
        content_type -> Text,
        size -> Int8,
        width -> Nullable<Int4>,
        height -> Nullable<Int4>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    bot_storage (user_id, key) {
        user_id -> Int4,
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    bots (user_id) {
        user_id -> Int4,
        key_salt -> Bytea,
        default_sending_stream_id -> Nullable<Int4>,
        default_events_register_stream_id -> Nullable<Int4>,
        default_all_public_streams -> Bool,
    }
}

diesel::table! {
    channel_folders (id) {
        id -> Int4,
        realm_id -> Int4,
        name -> Text,
        description -> Text,
        rendered_description -> Text,
        creator_id -> Nullable<Int4>,
        created_at -> Timestamptz,
        is_archived -> Bool,
        position -> Int4,
    }
}

diesel::table! {
    custom_emoji (id) {
        id -> Int4,
        realm_id -> Int4,
        author_id -> Nullable<Int4>,
        name -> Text,
        file_name -> Text,
        is_animated -> Bool,
        deactivated -> Bool,
    }
}

diesel::table! {
    custom_profile_fields (id) {
        id -> Int4,
        realm_id -> Int4,
        name -> Text,
        hint -> Text,
        kind -> Int2,
        field_data -> Text,
        position -> Int4,
        required -> Bool,
        display_in_profile_summary -> Bool,
        editable_by_user -> Bool,
    }
}

diesel::table! {
    custom_profile_values (field_id, user_id) {
        field_id -> Int4,
        user_id -> Int4,
        value -> Text,
        rendered_value -> Nullable<Text>,
    }
}

diesel::table! {
    drafts (id) {
        id -> Int4,
        user_id -> Int4,
        kind -> Text,
        recipient_ids -> Array<Nullable<Int4>>,
        topic -> Text,
        content -> Text,
        edited_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (id) {
        id -> Int4,
        realm_id -> Int4,
        referrer_id -> Int4,
        email -> Nullable<Text>,
        through_id -> Nullable<Int4>,
        role -> Int2,
        stream_ids -> Array<Int4>,
        group_ids -> Array<Int4>,
        include_default_streams -> Bool,
        notify_referrer -> Bool,
        invited_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        status -> Int2,
        token_salt -> Bytea,
        token_hash -> Bytea,
    }
}

diesel::table! {
    job_receipts (key) {
        key -> Text,
        done_at -> Timestamptz,
    }
}

diesel::table! {
    linkifiers (id) {
        id -> Int4,
        realm_id -> Int4,
        pattern -> Text,
        url_template -> Text,
        position -> Int4,
    }
}

diesel::table! {
    messages (id) {
        id -> Int8,
        realm_id -> Int4,
        recipient_id -> Int8,
        topic_id -> Nullable<Int8>,
        sender_id -> Int4,
        content -> Text,
        rendered_content -> Text,
        rendered_version -> Int2,
        client -> Text,
        sent_at -> Timestamptz,
        edited_at -> Nullable<Timestamptz>,
        moved_at -> Nullable<Timestamptz>,
        edit_history -> Nullable<Jsonb>,
        wildcard_mention -> Int2,
        has_link -> Bool,
        has_image -> Bool,
        has_attachment -> Bool,
        is_me_message -> Bool,
        version -> Int4,
        unread_by_sender -> Bool,
        unread_for -> Nullable<Array<Int4>>,
    }
}

diesel::table! {
    muted_users (user_id, muted_user_id) {
        user_id -> Int4,
        muted_user_id -> Int4,
        muted_at -> Timestamptz,
    }
}

diesel::table! {
    navigation_views (user_id, fragment) {
        user_id -> Int4,
        fragment -> Text,
        is_pinned -> Bool,
        name -> Nullable<Text>,
    }
}

diesel::table! {
    onboarding_steps (user_id, step) {
        user_id -> Int4,
        step -> Text,
        seen_at -> Timestamptz,
    }
}

diesel::table! {
    outbox (id) {
        id -> Int8,
        queue -> Nullable<Text>,
        user_ids -> Nullable<Array<Nullable<Int4>>>,
        body -> Bytea,
        owner -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    playgrounds (id) {
        id -> Int4,
        realm_id -> Int4,
        name -> Text,
        pygments_language -> Text,
        url_template -> Text,
    }
}

diesel::table! {
    push_tokens (user_id, kind, token) {
        user_id -> Int4,
        kind -> Text,
        token -> Text,
        app_id -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    reactions (id) {
        id -> Int8,
        message_id -> Int8,
        user_id -> Int4,
        emoji_name -> Text,
        emoji_code -> Text,
        reaction_type -> Text,
    }
}

diesel::table! {
    realm_user_defaults (realm_id) {
        realm_id -> Int4,
        settings -> Jsonb,
    }
}

diesel::table! {
    realm_domains (id) {
        id -> Int4,
        realm_id -> Int4,
        domain -> Text,
        allow_subdomains -> Bool,
    }
}

diesel::table! {
    realm_exports (id) {
        id -> Int4,
        realm_id -> Int4,
        acting_user_id -> Int4,
        export_type -> Int2,
        requested_at -> Timestamptz,
        completed_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        key -> Text,
        size -> Nullable<Int8>,
    }
}

diesel::table! {
    realms (id) {
        id -> Int4,
        subdomain -> Text,
        name -> Text,
        description -> Text,
        created_at -> Timestamptz,
        deactivated_at -> Nullable<Timestamptz>,
        settings -> Jsonb,
        version -> Int8,
    }
}

diesel::table! {
    recipients (id) {
        id -> Int8,
        realm_id -> Int4,
        kind -> Int2,
        user_ids -> Nullable<Array<Nullable<Int4>>>,
    }
}

diesel::table! {
    saved_snippets (id) {
        id -> Int4,
        user_id -> Int4,
        title -> Text,
        content -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    scheduled_messages (id) {
        id -> Int4,
        realm_id -> Int4,
        user_id -> Int4,
        stream_id -> Nullable<Int4>,
        user_ids -> Nullable<Array<Nullable<Int4>>>,
        topic -> Text,
        content -> Text,
        rendered_content -> Text,
        client -> Text,
        deliver_at -> Timestamptz,
        failure -> Nullable<Text>,
        reminder_message_id -> Nullable<Int8>,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Bytea,
        user_id -> Int4,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        client -> Text,
    }
}

diesel::table! {
    stream_traffic (stream_id, day) {
        stream_id -> Int4,
        day -> Date,
        messages -> Int8,
    }
}

diesel::table! {
    streams (id) {
        id -> Int4,
        realm_id -> Int4,
        recipient_id -> Int8,
        name -> Text,
        description -> Text,
        rendered_description -> Text,
        invite_only -> Bool,
        history_public_to_subscribers -> Bool,
        is_web_public -> Bool,
        is_archived -> Bool,
        is_default -> Bool,
        creator_id -> Nullable<Int4>,
        created_at -> Timestamptz,
        post_policy -> Int2,
        message_retention_days -> Nullable<Int4>,
        membership_version -> Int8,
        permissions -> Jsonb,
        topics_policy -> Text,
        folder_id -> Nullable<Int4>,
        weekly_traffic -> Nullable<Int8>,
        is_recently_active -> Bool,
    }
}

diesel::table! {
    submessages (id) {
        id -> Int8,
        message_id -> Int8,
        sender_id -> Int4,
        msg_type -> Text,
        content -> Text,
    }
}

diesel::table! {
    subscription_periods (user_id, recipient_id, from_message_id) {
        user_id -> Int4,
        recipient_id -> Int8,
        from_message_id -> Int8,
        to_message_id -> Nullable<Int8>,
    }
}

diesel::table! {
    subscriptions (user_id, stream_id) {
        user_id -> Int4,
        stream_id -> Int4,
        active -> Bool,
        color -> Text,
        is_muted -> Bool,
        pin_to_top -> Bool,
        desktop_notifications -> Nullable<Bool>,
        audible_notifications -> Nullable<Bool>,
        push_notifications -> Nullable<Bool>,
        email_notifications -> Nullable<Bool>,
        wildcard_mentions_notify -> Nullable<Bool>,
        since_version -> Int8,
    }
}

diesel::table! {
    topics (id) {
        id -> Int8,
        recipient_id -> Int8,
        name -> Text,
        last_message_id -> Int8,
        history -> Nullable<Jsonb>,
    }
}

diesel::table! {
    traffic_progress (id) {
        id -> Bool,
        counted_to -> Int8,
    }
}

diesel::table! {
    unread (user_id) {
        user_id -> Int4,
        materialized_to -> Int8,
        ids -> Bytea,
    }
}

diesel::table! {
    user_group_members (group_id, user_id) {
        group_id -> Int4,
        user_id -> Int4,
    }
}

diesel::table! {
    user_group_subgroups (group_id, subgroup_id) {
        group_id -> Int4,
        subgroup_id -> Int4,
    }
}

diesel::table! {
    user_groups (id) {
        id -> Int4,
        realm_id -> Int4,
        name -> Text,
        description -> Text,
        system_role -> Nullable<Int2>,
        deactivated -> Bool,
        creator_id -> Nullable<Int4>,
        created_at -> Timestamptz,
        permissions -> Jsonb,
    }
}

diesel::table! {
    user_message_flags (user_id, message_id) {
        user_id -> Int4,
        message_id -> Int8,
        flags -> Int4,
    }
}

diesel::table! {
    user_statuses (user_id) {
        user_id -> Int4,
        status_text -> Text,
        emoji_name -> Text,
        emoji_code -> Text,
        reaction_type -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    user_topics (user_id, stream_id, topic_name) {
        user_id -> Int4,
        stream_id -> Int4,
        topic_name -> Text,
        visibility_policy -> Int2,
        last_updated -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Int4,
        realm_id -> Int4,
        email -> Text,
        delivery_email -> Text,
        full_name -> Text,
        role -> Int2,
        password_hash -> Nullable<Text>,
        is_active -> Bool,
        is_bot -> Bool,
        bot_type -> Nullable<Int2>,
        bot_owner_id -> Nullable<Int4>,
        is_system_bot -> Bool,
        date_joined -> Timestamptz,
        timezone -> Text,
        avatar_source -> Bpchar,
        avatar_version -> Int4,
        settings -> Jsonb,
    }
}

diesel::joinable!(attachment_messages -> messages (message_id));

diesel::allow_tables_to_appear_in_same_query!(
    alert_words,
    api_keys,
    attachment_messages,
    attachments,
    bot_storage,
    bots,
    channel_folders,
    custom_emoji,
    custom_profile_fields,
    custom_profile_values,
    drafts,
    invitations,
    job_receipts,
    linkifiers,
    messages,
    muted_users,
    navigation_views,
    onboarding_steps,
    outbox,
    playgrounds,
    push_tokens,
    reactions,
    realm_user_defaults,
    realm_domains,
    realm_exports,
    realms,
    recipients,
    saved_snippets,
    scheduled_messages,
    sessions,
    stream_traffic,
    streams,
    submessages,
    subscription_periods,
    subscriptions,
    topics,
    traffic_progress,
    unread,
    user_group_members,
    user_group_subgroups,
    user_groups,
    user_message_flags,
    user_statuses,
    user_topics,
    users,
);
