//! Writes the messages of many senders in one transaction (group commit): two round trips, whatever their number, and
//! rows that do not depend on the audience.
//!
//! Each conversation is locked shared until COMMIT, against [`crate::queries::memberships`], which locks it alone: a
//! message and a change of membership are always one before the other. Ids are taken under the lock, after the
//! transaction's xid (see [`crate::horizon`]), and within a topic in the order of the commits. Messages whose [`premise`]
//! does not hold are left out.

mod statements;

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

use self::statements::Columns;
pub(crate) use self::statements::{FLAGS, INSERT, LINKS, LOCK, WIDGET};

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

    /// First round trip: locks, ids for the outbox, premises, messages with their topics.
    async fn place(&self, messages: &[Numbered<'_>]) -> Result<Placing> {
        let columns = Columns::of(messages.iter().map(|(_, message)| *message));
        let resting = messages
            .iter()
            .filter_map(|(index, message)| Some((*index, message.premise.as_ref()?)));
        let (resting, premises): (Vec<usize>, Vec<&Premise>) = resting.unzip();
        let premises = premise::Columns::of(premises);
        let [lock, check, insert] = [
            self.client.statement(LOCK).await?,
            self.client.statement(premise::CHECK).await?,
            self.client.statement(INSERT).await?,
        ];
        let c = &columns;
        let pg = &self.client.pg;
        let count: usize = messages.iter().map(|(_, message)| message.drafts()).sum();
        let count = i64::try_from(count).map_err(|error| Error::Internal(Box::new(error)))?;
        let check_premises = async {
            match premises.is_empty() {
                true => Ok(vec![]),
                false => pg.query(&check, &premises.parameters()).await,
            }
        };
        // Sent in this order in one flight; what comes after the locks takes its snapshots when they are held.
        let (_, taken, held, inserted) = try_join!(
            pg.batch_execute("BEGIN"),
            async { pg.query_one(&lock, &c.of_lock(&count)).await },
            check_premises,
            async { pg.query(&insert, &c.of_insert()).await },
        )?;
        let broken = resting.into_iter().zip(held);
        let broken = broken.filter_map(|(index, row)| (!row.get::<_, bool>(0)).then_some(index));
        let broken: Vec<usize> = broken.collect();
        let mut placed: Vec<Placed> = inserted.iter().map(placed).collect();
        if broken.is_empty() {
            if placed.len() != messages.len() {
                return Err(Error::NotFound);
            }
            self.place_widgets(messages, &mut placed).await?;
        }
        let ids: Vec<i64> = taken.get(1);
        Ok(Placing {
            broken,
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
