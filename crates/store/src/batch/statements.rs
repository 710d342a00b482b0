//! What a batch says to PostgreSQL, and how its messages become parameters.

use chrono::{DateTime, Utc};
use tokio_postgres::types::ToSql;

use super::{CONVERSATION_LOCK, NewMessage, TOPIC_LOCK};

/// The messages column by column, as `unnest` takes them.
#[derive(Default)]
pub(super) struct Columns<'a> {
    locks: Vec<i64>,
    topic_recipients: Vec<i64>,
    topic_names: Vec<&'a str>,
    realms: Vec<i32>,
    recipients: Vec<i64>,
    topics: Vec<Option<&'a str>>,
    senders: Vec<i32>,
    contents: Vec<&'a str>,
    rendered: Vec<&'a str>,
    versions: Vec<i16>,
    clients: Vec<&'a str>,
    sent_at: Vec<DateTime<Utc>>,
    wildcards: Vec<i16>,
    links: Vec<bool>,
    images: Vec<bool>,
    attachments: Vec<bool>,
    me: Vec<bool>,
    unread: Vec<bool>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(messages: impl IntoIterator<Item = &'a NewMessage>) -> Columns<'a> {
        let mut columns = Columns::default();
        for message in messages {
            columns.push(message);
        }
        // Always in the same order, so that two batches cannot wait for each other.
        columns.locks.sort_unstable();
        columns.locks.dedup();
        columns
    }

    /// The parameters of [`LOCK`].
    pub(super) fn of_lock<'b>(&'b self, outbox_ids: &'b i64) -> [&'b (dyn ToSql + Sync); 6] {
        [
            &CONVERSATION_LOCK,
            &self.locks,
            &TOPIC_LOCK,
            &self.topic_recipients,
            &self.topic_names,
            outbox_ids,
        ]
    }

    /// The parameters of [`INSERT`].
    pub(super) fn of_insert(&self) -> [&(dyn ToSql + Sync); 15] {
        [
            &self.realms,
            &self.recipients,
            &self.topics,
            &self.senders,
            &self.contents,
            &self.rendered,
            &self.versions,
            &self.clients,
            &self.sent_at,
            &self.wildcards,
            &self.links,
            &self.images,
            &self.attachments,
            &self.me,
            &self.unread,
        ]
    }

    fn push(&mut self, message: &'a NewMessage) {
        self.locks.push(message.recipient_id.0);
        if let Some(topic) = &message.topic {
            self.topic_recipients.push(message.recipient_id.0);
            self.topic_names.push(topic);
        }
        self.realms.push(message.realm_id.0);
        self.recipients.push(message.recipient_id.0);
        self.topics.push(message.topic.as_deref());
        self.senders.push(message.sender_id.0);
        self.contents.push(&message.content);
        self.rendered.push(&message.rendered_content);
        self.versions.push(message.rendered_version);
        self.clients.push(&message.client);
        self.sent_at.push(message.sent_at);
        self.wildcards.push(message.wildcard_mention);
        self.links.push(message.has_link);
        self.images.push(message.has_image);
        self.attachments.push(message.has_attachment);
        self.me.push(message.is_me_message);
        self.unread.push(message.unread_by_sender);
    }
}

pub(crate) const WIDGET: &str = "
    INSERT INTO submessages (message_id, sender_id, msg_type, content) VALUES ($1, $2, 'widget', $3) RETURNING id";

/// Takes the xid, then the locks in ascending order, then so many ids of the outbox. Messages of one topic take their ids
/// one transaction after the other, whichever process writes them.
pub(crate) const LOCK: &str = "
    SELECT pg_current_xact_id()::text::bigint,
        ARRAY(SELECT nextval('outbox_id_seq') FROM generate_series(1, $6::bigint)),
        (SELECT count(pg_advisory_xact_lock_shared($1::int, (id % 2147483647)::int)) FROM unnest($2::bigint[]) AS id),
        (SELECT count(pg_advisory_xact_lock($3::int, key)) FROM (
            SELECT DISTINCT (hashtextextended(lower(name), recipient) % 2147483647)::int AS key
            FROM unnest($4::bigint[], $5::text[]) AS t (recipient, name) ORDER BY key) AS topic)";

/// The messages, and their topics: made where missing, otherwise brought forward. Each topic is written once. Nothing, if
/// premises were found to be broken: an id that a rollback takes back would be missing for ever.
pub(crate) const INSERT: &str = "
    WITH new AS MATERIALIZED (
        SELECT nextval('messages_id_seq') AS id, m.*
        FROM unnest($1::int[], $2::bigint[], $3::text[], $4::int[], $5::text[], $6::text[], $7::smallint[],
                $8::text[], $9::timestamptz[], $10::smallint[], $11::bool[], $12::bool[], $13::bool[], $14::bool[], $15::bool[])
            AS m (realm, recipient, topic, sender, content, rendered, version,
                client, sent_at, wildcard, link, image, attachment, me, unread)
        WHERE current_setting('narrows.premises', true) IS DISTINCT FROM 'broken'
    ), written AS (
        INSERT INTO topics (recipient_id, name, last_message_id)
        SELECT recipient, (array_agg(topic ORDER BY id))[1], max(id) FROM new WHERE topic IS NOT NULL
        GROUP BY recipient, lower(topic) ORDER BY recipient, lower(topic)
        ON CONFLICT (recipient_id, lower(name))
            DO UPDATE SET last_message_id = greatest(topics.last_message_id, excluded.last_message_id)
        RETURNING id, recipient_id, name
    )
    INSERT INTO messages (id, realm_id, recipient_id, topic_id, sender_id, content, rendered_content, rendered_version,
        client, sent_at, wildcard_mention, has_link, has_image, has_attachment, is_me_message, unread_by_sender)
    SELECT m.id, m.realm, m.recipient, t.id, m.sender, m.content, m.rendered, m.version,
        m.client, m.sent_at, m.wildcard, m.link, m.image, m.attachment, m.me, m.unread
    FROM new m LEFT JOIN written t ON t.recipient_id = m.recipient AND lower(t.name) = lower(m.topic)
    ORDER BY m.id
    RETURNING id, topic_id, (SELECT name FROM written WHERE written.id = topic_id) AS topic,
        coalesce((SELECT s.membership_version FROM streams s WHERE s.recipient_id = messages.recipient_id), 0)
            AS membership_version";

pub(crate) const FLAGS: &str = "
    INSERT INTO user_message_flags (user_id, message_id, flags)
    SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[])";

/// A file that was deleted meanwhile is not linked to; the lock lets nobody delete it from now on.
pub(crate) const LINKS: &str = "
    INSERT INTO attachment_messages (attachment_id, message_id)
    SELECT a.id, l.message FROM unnest($1::bigint[], $2::bigint[]) AS l (file, message)
        JOIN attachments a ON a.id = l.file
    FOR KEY SHARE OF a";
