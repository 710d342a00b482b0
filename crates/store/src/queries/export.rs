//! What an archive of a realm holds of the database, table by table.
//!
//! Every column is named: what nobody decided about stays inside, as do password hashes, keys and sessions. What is
//! exported follows from a few sets ([`SETS`]): the people who consented, and the conversations and messages that
//! everybody may read or one of them has received.

use diesel::sql_types::{Bool, Integer, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;

use crate::error::Result;
use crate::models::ExportType;
use crate::store::Conn;

/// Rows that are asked for at a time.
const ROWS: i32 = 500;

/// `$1` is the realm, `$2` whether what belongs to those who consented is exported too. A bot consents with its owner.
const SETS: &str = "
WITH consenting AS (
    SELECT u.id FROM users u LEFT JOIN users o ON o.id = u.bot_owner_id
    WHERE $2::boolean AND u.realm_id = $1::integer AND u.is_active AND coalesce(o.is_active, true)
        AND (coalesce(o.settings, u.settings) ->> 'allow_private_data_export')::boolean
), channels AS (
    SELECT s.id, s.recipient_id, NOT s.invite_only OR s.history_public_to_subscribers AND EXISTS (
        SELECT 1 FROM subscriptions b
        WHERE b.stream_id = s.id AND b.active AND b.user_id IN (SELECT id FROM consenting)) AS whole
    FROM streams s
    WHERE s.realm_id = $1 AND (NOT s.invite_only OR EXISTS (
        SELECT 1 FROM subscription_periods p
        WHERE p.recipient_id = s.recipient_id AND p.user_id IN (SELECT id FROM consenting)))
), conversations AS (
    SELECT recipient_id AS id, whole FROM channels
    UNION ALL
    SELECT r.id, true FROM recipients r
    WHERE r.realm_id = $1 AND r.user_ids && ARRAY(SELECT id FROM consenting)
), exported AS NOT MATERIALIZED (
    SELECT m.* FROM messages m JOIN conversations c ON c.id = m.recipient_id
    WHERE m.realm_id = $1 AND (c.whole OR EXISTS (
        SELECT 1 FROM subscription_periods p
        WHERE p.recipient_id = m.recipient_id AND p.user_id IN (SELECT id FROM consenting)
            AND m.id > p.from_message_id AND (p.to_message_id IS NULL OR m.id <= p.to_message_id)))
)";

/// A table of the archive: its name, and the rows.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Of its folder in the archive.
    pub name: &'static str,
    rows: &'static str,
}

const fn table(name: &'static str, rows: &'static str) -> Table {
    Table { name, rows }
}

/// All of them.
#[rustfmt::skip]
pub const TABLES: &[Table] = &[
    table("realms", "SELECT id, subdomain, name, description, created_at, settings FROM realms WHERE id = $1"),
    table("realm_domains", "SELECT id, domain, allow_subdomains FROM realm_domains WHERE realm_id = $1 ORDER BY id"),
    table("realm_user_defaults", "SELECT settings FROM realm_user_defaults WHERE realm_id = $1"),
    table("linkifiers", "SELECT id, pattern, url_template, position FROM linkifiers WHERE realm_id = $1 ORDER BY id"),
    table("playgrounds", "SELECT id, name, pygments_language, url_template FROM playgrounds WHERE realm_id = $1 ORDER BY id"),
    table("custom_emoji", "SELECT id, author_id, name, file_name, is_animated, deactivated FROM custom_emoji WHERE realm_id = $1 ORDER BY id"),
    table("channel_folders", "SELECT id, name, description, rendered_description, creator_id, created_at, is_archived, position
        FROM channel_folders WHERE realm_id = $1 ORDER BY id"),
    table("custom_profile_fields", "SELECT id, name, hint, kind, field_data, position, required, display_in_profile_summary, editable_by_user
        FROM custom_profile_fields WHERE realm_id = $1 ORDER BY id"),
    table("custom_profile_values", "SELECT v.field_id, v.user_id, v.value, v.rendered_value
        FROM custom_profile_values v JOIN custom_profile_fields f ON f.id = v.field_id WHERE f.realm_id = $1 ORDER BY v.field_id, v.user_id"),
    // Who shows their address to nobody shows it to administrators neither.
    table("users", "SELECT u.id, u.email, CASE WHEN c.id IS NOT NULL OR coalesce((u.settings ->> 'email_address_visibility')::integer, 1) <> 4
            THEN u.delivery_email END AS delivery_email,
            u.full_name, u.role, u.is_active, u.is_bot, u.bot_type, u.bot_owner_id, u.is_system_bot, u.date_joined, u.timezone,
            u.avatar_source, u.avatar_version, CASE WHEN c.id IS NOT NULL THEN u.settings END AS settings
        FROM users u LEFT JOIN consenting c ON c.id = u.id WHERE u.realm_id = $1 ORDER BY u.id"),
    table("user_statuses", "SELECT s.user_id, s.status_text, s.emoji_name, s.emoji_code, s.reaction_type, s.updated_at
        FROM user_statuses s JOIN users u ON u.id = s.user_id WHERE u.realm_id = $1 ORDER BY s.user_id"),
    table("user_groups", "SELECT id, name, description, system_role, deactivated, creator_id, created_at, permissions
        FROM user_groups WHERE realm_id = $1 ORDER BY id"),
    table("user_group_members", "SELECT m.group_id, m.user_id FROM user_group_members m JOIN user_groups g ON g.id = m.group_id
        WHERE g.realm_id = $1 ORDER BY m.group_id, m.user_id"),
    table("user_group_subgroups", "SELECT s.group_id, s.subgroup_id FROM user_group_subgroups s JOIN user_groups g ON g.id = s.group_id
        WHERE g.realm_id = $1 ORDER BY s.group_id, s.subgroup_id"),
    table("streams", "SELECT s.id, s.recipient_id, s.name, s.description, s.rendered_description, s.invite_only, s.history_public_to_subscribers,
            s.is_web_public, s.is_archived, s.is_default, s.creator_id, s.created_at, s.post_policy, s.message_retention_days, s.permissions,
            s.topics_policy, s.folder_id
        FROM streams s JOIN channels c ON c.id = s.id ORDER BY s.id"),
    table("recipients", "SELECT r.id, r.kind, r.user_ids FROM recipients r JOIN conversations c ON c.id = r.id WHERE r.realm_id = $1 ORDER BY r.id"),
    table("subscriptions", "SELECT s.user_id, s.stream_id, s.active FROM subscriptions s JOIN channels c ON c.id = s.stream_id
        ORDER BY s.stream_id, s.user_id"),
    table("subscription_periods", "SELECT p.user_id, p.recipient_id, p.from_message_id, p.to_message_id
        FROM subscription_periods p JOIN conversations c ON c.id = p.recipient_id
        WHERE c.whole OR p.user_id IN (SELECT id FROM consenting) ORDER BY p.recipient_id, p.user_id, p.from_message_id"),
    table("topics", "SELECT t.id, t.recipient_id, t.name, CASE WHEN c.whole THEN t.history END AS history
        FROM topics t JOIN conversations c ON c.id = t.recipient_id
        WHERE c.whole OR EXISTS (SELECT 1 FROM exported e WHERE e.topic_id = t.id) ORDER BY t.id"),
    table("messages", "SELECT id, recipient_id, topic_id, sender_id, content, rendered_content, client, sent_at, edited_at, moved_at, edit_history,
            wildcard_mention, has_link, has_image, has_attachment, is_me_message
        FROM exported ORDER BY id"),
    table("reactions", "SELECT r.id, r.message_id, r.user_id, r.emoji_name, r.emoji_code, r.reaction_type
        FROM reactions r JOIN exported e ON e.id = r.message_id ORDER BY r.id"),
    table("submessages", "SELECT s.id, s.message_id, s.sender_id, s.msg_type, s.content
        FROM submessages s JOIN exported e ON e.id = s.message_id ORDER BY s.id"),
    // Files that no exported message links to are their owners' alone.
    table("attachments", "SELECT a.id, a.owner_id, a.path_id, a.file_name, a.content_type, a.size, a.width, a.height, a.created_at
        FROM attachments a
        WHERE a.realm_id = $1 AND (a.owner_id IN (SELECT id FROM consenting) OR EXISTS (
            SELECT 1 FROM attachment_messages l JOIN exported e ON e.id = l.message_id WHERE l.attachment_id = a.id)) ORDER BY a.id"),
    table("attachment_messages", "SELECT l.attachment_id, l.message_id FROM attachment_messages l JOIN exported e ON e.id = l.message_id
        ORDER BY l.attachment_id, l.message_id"),
    table("alert_words", "SELECT user_id, word FROM alert_words WHERE user_id IN (SELECT id FROM consenting) ORDER BY user_id, word"),
    table("bots", "SELECT user_id, default_sending_stream_id, default_events_register_stream_id, default_all_public_streams
        FROM bots WHERE user_id IN (SELECT id FROM consenting) ORDER BY user_id"),
    table("bot_storage", "SELECT user_id, key, value FROM bot_storage WHERE user_id IN (SELECT id FROM consenting) ORDER BY user_id, key"),
    table("drafts", "SELECT id, user_id, kind, recipient_ids, topic, content, edited_at FROM drafts
        WHERE user_id IN (SELECT id FROM consenting) ORDER BY id"),
    table("muted_users", "SELECT user_id, muted_user_id, muted_at FROM muted_users WHERE user_id IN (SELECT id FROM consenting)
        ORDER BY user_id, muted_user_id"),
    table("navigation_views", "SELECT user_id, fragment, is_pinned, name FROM navigation_views WHERE user_id IN (SELECT id FROM consenting)
        ORDER BY user_id, fragment"),
    table("onboarding_steps", "SELECT user_id, step, seen_at FROM onboarding_steps WHERE user_id IN (SELECT id FROM consenting)
        ORDER BY user_id, step"),
    table("saved_snippets", "SELECT id, user_id, title, content, created_at FROM saved_snippets WHERE user_id IN (SELECT id FROM consenting)
        ORDER BY id"),
    table("scheduled_messages", "SELECT id, user_id, stream_id, user_ids, topic, content, rendered_content, deliver_at, failure, reminder_message_id
        FROM scheduled_messages WHERE realm_id = $1 AND user_id IN (SELECT id FROM consenting) ORDER BY id"),
    table("subscription_settings", "SELECT user_id, stream_id, color, is_muted, pin_to_top, desktop_notifications, audible_notifications,
            push_notifications, email_notifications, wildcard_mentions_notify
        FROM subscriptions WHERE user_id IN (SELECT id FROM consenting) ORDER BY user_id, stream_id"),
    table("unread", "SELECT user_id, materialized_to, encode(ids, 'base64') AS ids FROM unread WHERE user_id IN (SELECT id FROM consenting)
        ORDER BY user_id"),
    table("user_message_flags", "SELECT f.user_id, f.message_id, f.flags FROM user_message_flags f JOIN exported e ON e.id = f.message_id
        WHERE f.user_id IN (SELECT id FROM consenting) ORDER BY f.user_id, f.message_id"),
    table("user_topics", "SELECT user_id, stream_id, topic_name, visibility_policy, last_updated FROM user_topics
        WHERE user_id IN (SELECT id FROM consenting) ORDER BY user_id, stream_id, topic_name"),
];

/// Begins to read a table. The connection is in a transaction, which reads one table at a time.
pub async fn open(
    conn: &mut Conn,
    realm: RealmId,
    table: Table,
    export_type: ExportType,
) -> Result<()> {
    let sql = format!(
        "DECLARE export NO SCROLL CURSOR FOR {SETS} SELECT row_to_json(exported_row)::text AS row FROM ({}) AS exported_row",
        table.rows
    );
    diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Bool, _>(export_type == ExportType::FullWithConsent)
        .execute(conn)
        .await?;
    Ok(())
}

/// The next rows of the table that is open, each as JSON; none: that was all, and it is closed.
pub async fn next(conn: &mut Conn) -> Result<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        row: String,
    }
    let fetch = format!("FETCH FORWARD {ROWS} FROM export");
    let rows: Vec<Row> = diesel::sql_query(fetch).load(conn).await?;
    if rows.is_empty() {
        diesel::sql_query("CLOSE export").execute(conn).await?;
    }
    Ok(rows.into_iter().map(|row| row.row).collect())
}
