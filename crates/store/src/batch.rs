//! Writes the messages of many senders in one transaction (group commit): two round trips, whatever their number, and
//! rows that do not depend on the audience.
//!
//! Each conversation is locked shared until COMMIT, against [`crate::queries::memberships`], which locks it alone: a
//! message and a change of membership are always one before the other. Ids are taken under the lock, after the
//! transaction's xid (see [`crate::horizon`]), and within a topic in the order of the commits.

use chrono::{DateTime, Utc};
use futures_util::try_join;
use narrows_wire::{AttachmentId, MessageId, OutboxId, RealmId, RecipientId, TopicId, UserId, Xid};
use tokio_postgres::types::ToSql;

use crate::error::{Error, Result};
use crate::hot::Client;
use crate::outbox::{self, Row};
use crate::premise::{self, Premise};
use crate::store::Store;
use crate::tx::Draft;

/// The first key of the advisory locks of conversations.
pub(crate) const CONVERSATION_LOCK: i32 = 7002;
/// The first key of the advisory locks of topics.
pub(crate) const TOPIC_LOCK: i32 = 7004;

/// A message to be written.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its realm.
    pub realm_id: RealmId,
    /// Its conversation.
    pub recipient_id: RecipientId,
    /// Of stream messages; made if it is not there.
    pub topic: Option<String>,
    /// Who sends.
    pub sender_id: UserId,
    /// As written.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
    /// By which version of the renderer.
    pub rendered_version: i16,
    /// The sending program.
    pub client: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// Bits: 1 stream wildcard, 2 topic wildcard.
    pub wildcard_mention: i16,
    /// What the renderer saw.
    pub has_link: bool,
    /// What the renderer saw.
    pub has_image: bool,
    /// What the renderer saw.
    pub has_attachment: bool,
    /// What the renderer saw.
    pub is_me_message: bool,
    /// Flags of users other than "delivered": mentions, alert words; `(user, bits)`.
    pub flags: Vec<(UserId, i32)>,
    /// Files that it links to.
    pub attachments: Vec<AttachmentId>,
    /// Sent by a program on somebody's behalf: the sender has not seen it.
    pub unread_by_sender: bool,
    /// What makes it a poll or a to-do list, as JSON.
    pub widget: Option<String>,
    /// Jobs that follow from it.
    pub jobs: usize,
    /// What it was checked against, if that was not read just now. Messages whose premises fail are not written.
    pub premise: Option<Premise>,
}

impl NewMessage {
    /// How many rows of the outbox follow from it: events of its files, its own, jobs.
    fn drafts(&self) -> usize {
        self.attachments.len() + 1 + self.jobs
    }
}

/// A message that has its place, before COMMIT.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its id.
    pub id: MessageId,
    /// The topic it is in, with the name as the topic was first written.
    pub topic: Option<(TopicId, String)>,
    /// The stream's membership version that orders it; 0 for direct messages.
    pub membership_version: i64,
    /// The id of its widget, if it has one.
    pub widget: Option<i64>,
}

/// A message with its index.
type Numbered<'a> = (usize, &'a NewMessage);

/// What became of a transaction.
enum Attempt {
    /// Committed.
    Written(Vec<Placed>),
    /// Rolled back: the premises of these messages do not hold.
    Broken(Vec<usize>),
}

/// What the first round trip says.
struct Placing {
    /// Whose premises do not hold.
    broken: Vec<usize>,
    placed: Vec<Placed>,
    xid: Xid,
    outbox_ids: Vec<OutboxId>,
}

/// A connection of its own for batches.
pub struct Batch {
    store: Store,
    client: Client,
}

impl Batch {
    /// Opens the connection.
    pub async fn connect(store: &Store) -> Result<Batch> {
        Ok(Batch {
            store: store.clone(),
            client: store.hot().dial_client().await?,
        })
    }

    /// Whether the connection died; a new [`Batch`] is needed then.
    pub fn is_closed(&self) -> bool {
        self.client.pg.is_closed()
    }

    /// Writes the messages whose premises hold, all of them or none; there is no place for others. `drafts` makes what
    /// follows from the message at an index: an event for each of its files, then its own, then its jobs. All is published
    /// once the transaction is committed, in the order of the messages' ids.
    pub async fn write(
        &self,
        messages: &[&NewMessage],
        drafts: impl Fn(usize, &Placed) -> Result<Vec<Draft>>,
    ) -> Result<Vec<Option<Placed>>> {
        let mut all: Vec<Option<Placed>> = vec![None; messages.len()];
        let mut left: Vec<Numbered> = messages.iter().copied().enumerate().collect();
        while !left.is_empty() {
            match self.attempt(&left, &drafts).await? {
                Attempt::Written(placed) => {
                    for ((index, _), place) in left.drain(..).zip(placed) {
                        if let Some(slot) = all.get_mut(index) {
                            *slot = Some(place);
                        }
                    }
                }
                Attempt::Broken(indices) => left.retain(|(index, _)| !indices.contains(index)),
            }
        }
        Ok(all)
    }

    async fn attempt(
        &self,
        messages: &[Numbered<'_>],
        drafts: impl Fn(usize, &Placed) -> Result<Vec<Draft>>,
    ) -> Result<Attempt> {
        let attempt = self.write_in_transaction(messages, drafts).await;
        if !matches!(attempt, Ok(Attempt::Written(_))) && !self.is_closed() {
            // After a failed COMMIT there is nothing to roll back, which is only a warning.
            self.client.pg.batch_execute("ROLLBACK").await?;
        }
        attempt
    }

    async fn write_in_transaction(
        &self,
        messages: &[Numbered<'_>],
        drafts: impl Fn(usize, &Placed) -> Result<Vec<Draft>>,
    ) -> Result<Attempt> {
        let Placing {
            broken,
            placed,
            xid,
            outbox_ids,
        } = self.place(messages).await?;
        if !broken.is_empty() {
            return Ok(Attempt::Broken(broken));
        }
        let mut rows = Vec::with_capacity(outbox_ids.len());
        let mut ids = outbox_ids.into_iter();
        for ((index, _), place) in messages.iter().zip(&placed) {
            for (draft, id) in drafts(*index, place)?.into_iter().zip(&mut ids) {
                rows.push(draft.row(id, xid)?);
            }
        }
        self.finish(messages, &placed, rows).await?;
        Ok(Attempt::Written(placed))
    }

    /// First round trip: premises, locks, ids for the outbox, messages with their topics.
    async fn place(&self, messages: &[Numbered<'_>]) -> Result<Placing> {
        let columns = Columns::of(messages.iter().map(|(_, message)| *message));
        let premises = messages.iter().map(|(i, m)| (*i, m.premise.as_ref()));
        let premises = premise::Columns::of(premises);
        let [broken, lock, insert] = [
            self.client.statement(premise::BROKEN).await?,
            self.client.statement(LOCK).await?,
            self.client.statement(INSERT).await?,
        ];
        let c = &columns;
        let pg = &self.client.pg;
        let count: usize = messages.iter().map(|(_, message)| message.drafts()).sum();
        let count = i64::try_from(count).map_err(|error| Error::Internal(Box::new(error)))?;
        let check = async {
            match premises.is_empty() {
                true => Ok(vec![]),
                false => pg.query(&broken, &premises.parameters()).await,
            }
        };
        // Sent in this order in one flight; the last statement takes its snapshot after the locks are held.
        let (_, broken, taken, inserted) = try_join!(
            pg.batch_execute("BEGIN"),
            check,
            async { pg.query_one(&lock, &c.of_lock(&count)).await },
            async { pg.query(&insert, &c.of_insert()).await },
        )?;
        if inserted.len() != messages.len() {
            return Err(Error::NotFound);
        }
        let mut placed: Vec<Placed> = inserted.iter().map(placed).collect();
        let broken: Vec<i64> = broken.iter().map(|row| row.get(0)).collect();
        if broken.is_empty() {
            self.place_widgets(messages, &mut placed).await?;
        }
        let ids: Vec<i64> = taken.get(1);
        let indices = broken.into_iter().map(usize::try_from);
        Ok(Placing {
            broken: indices.filter_map(Result::ok).collect(),
            placed,
            xid: Xid(taken.get::<_, i64>(0).unsigned_abs()),
            outbox_ids: ids.into_iter().map(OutboxId).collect(),
        })
    }

    /// A round trip more for batches in which there are polls or to-do lists.
    async fn place_widgets(&self, messages: &[Numbered<'_>], placed: &mut [Placed]) -> Result<()> {
        let insert = self.client.statement(WIDGET).await?;
        for ((_, message), place) in messages.iter().zip(placed) {
            if let Some(content) = &message.widget {
                let columns: [&(dyn ToSql + Sync); 3] =
                    [&place.id.0, &message.sender_id.0, content];
                let row = self.client.pg.query_one(&insert, &columns).await?;
                place.widget = Some(row.get(0));
            }
        }
        Ok(())
    }

    /// Second round trip: outbox, flags, links to files, COMMIT.
    async fn finish(
        &self,
        messages: &[Numbered<'_>],
        placed: &[Placed],
        rows: Vec<Row>,
    ) -> Result<()> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
        let queues: Vec<Option<&str>> = rows.iter().map(|row| row.queue.as_deref()).collect();
        let users: Vec<Option<String>> = rows.iter().map(Row::users_literal).collect();
        let bodies: Vec<&[u8]> = rows.iter().map(|row| &row.body[..]).collect();
        let flags = messages
            .iter()
            .zip(placed)
            .flat_map(|((_, m), p)| m.flags.iter().map(|f| (f.0.0, p.id.0, f.1)));
        let (flag_users, (flag_messages, flag_bits)): (Vec<i32>, (Vec<i64>, Vec<i32>)) = flags
            .map(|(user, message, bits)| (user, (message, bits)))
            .unzip();
        let (link_files, link_messages): (Vec<i64>, Vec<i64>) = messages
            .iter()
            .zip(placed)
            .flat_map(|((_, m), p)| m.attachments.iter().map(|file| (file.0, p.id.0)))
            .unzip();
        let [outbox, flags, links] = [
            self.client.statement(outbox::INSERT).await?,
            self.client.statement(FLAGS).await?,
            self.client.statement(LINKS).await?,
        ];
        let pg = &self.client.pg;
        let owner = self.store.owner();
        let ticket = self.store.publisher().reserve();
        // One flight again; statements without work are not sent.
        let write_flags = async {
            match flag_users.is_empty() {
                true => Ok(0),
                false => {
                    pg.execute(&flags, &[&flag_users, &flag_messages, &flag_bits])
                        .await
                }
            }
        };
        let link_attachments = async {
            match link_files.is_empty() {
                true => Ok(0),
                false => pg.execute(&links, &[&link_files, &link_messages]).await,
            }
        };
        let columns: [&(dyn ToSql + Sync); 5] = [&ids, &queues, &users, &bodies, &owner];
        let committed = try_join!(
            pg.execute(&outbox, &columns),
            write_flags,
            link_attachments,
            pg.batch_execute("COMMIT"),
        );
        match committed {
            Ok(_) => {
                drop(outbox::publish(&self.store, ticket, rows));
                Ok(())
            }
            Err(error) => {
                let ids = rows.iter().map(|row| row.id).collect();
                tokio::spawn(outbox::adopt(self.store.clone(), ids, ticket));
                Err(error.into())
            }
        }
    }
}

/// A row that [`INSERT`] returns.
fn placed(row: &tokio_postgres::Row) -> Placed {
    let topic: Option<i64> = row.get(1);
    Placed {
        id: MessageId(row.get(0)),
        topic: topic.map(|id| (TopicId(id), row.get(2))),
        membership_version: row.get(3),
        widget: None,
    }
}

/// The messages column by column, as `unnest` takes them.
#[derive(Default)]
struct Columns<'a> {
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
    fn of(messages: impl IntoIterator<Item = &'a NewMessage>) -> Columns<'a> {
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
    fn of_lock<'b>(&'b self, outbox_ids: &'b i64) -> [&'b (dyn ToSql + Sync); 6] {
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
    fn of_insert(&self) -> [&(dyn ToSql + Sync); 15] {
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

/// The messages, and their topics: made where missing, otherwise brought forward. Each topic is written once.
pub(crate) const INSERT: &str = "
    WITH new AS MATERIALIZED (
        SELECT nextval('messages_id_seq') AS id, m.*
        FROM unnest($1::int[], $2::bigint[], $3::text[], $4::int[], $5::text[], $6::text[], $7::smallint[],
                $8::text[], $9::timestamptz[], $10::smallint[], $11::bool[], $12::bool[], $13::bool[], $14::bool[], $15::bool[])
            AS m (realm, recipient, topic, sender, content, rendered, version,
                client, sent_at, wildcard, link, image, attachment, me, unread)
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
