//! Messages to be sent later, and reminders of messages.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RealmId, ScheduledMessageId, StreamId, UserId};

use crate::error::Result;
use crate::models::found;
use crate::schema::scheduled_messages;
use crate::store::Conn;

/// A message to be sent later. It is there until it is delivered.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = scheduled_messages, check_for_backend(diesel::pg::Pg))]
pub struct ScheduledMessage {
    id: i32,
    realm_id: i32,
    user_id: i32,
    stream_id: Option<i32>,
    user_ids: Option<Vec<Option<i32>>>,
    /// Of streams.
    pub topic: String,
    /// As typed.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
    /// The program that scheduled it.
    pub client: String,
    /// When it is to be sent.
    pub deliver_at: DateTime<Utc>,
    /// Why it could not be sent.
    pub failure: Option<String>,
    reminder_message_id: Option<i64>,
}

/// Where a scheduled message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduledTo {
    /// A stream.
    Stream(StreamId),
    /// People, without the sender unless alone.
    People(Vec<UserId>),
}

/// What a scheduled message is: to insert one, or to replace all of it but its id.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = scheduled_messages, treat_none_as_null = true)]
pub struct NewScheduledMessage {
    realm_id: i32,
    user_id: i32,
    stream_id: Option<i32>,
    user_ids: Option<Vec<i32>>,
    /// Of streams.
    pub topic: String,
    /// As typed.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
    /// The program that schedules it.
    pub client: String,
    /// When it is to be sent.
    pub deliver_at: DateTime<Utc>,
    failure: Option<String>,
    reminder_message_id: Option<i64>,
}

#[bon::bon]
impl NewScheduledMessage {
    /// A row that was not tried yet.
    #[builder]
    pub fn new(
        realm: RealmId,
        user: UserId,
        to: ScheduledTo,
        topic: String,
        content: String,
        rendered_content: String,
        client: String,
        deliver_at: DateTime<Utc>,
        reminder_of: Option<MessageId>,
    ) -> Self {
        let (stream_id, user_ids) = match to {
            ScheduledTo::Stream(stream) => (Some(stream.0), None),
            ScheduledTo::People(people) => (None, Some(people.iter().map(|user| user.0).collect())),
        };
        NewScheduledMessage {
            realm_id: realm.0,
            user_id: user.0,
            stream_id,
            user_ids,
            topic,
            content,
            rendered_content,
            client,
            deliver_at,
            failure: None,
            reminder_message_id: reminder_of.map(|message| message.0),
        }
    }

    /// Inserts it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<ScheduledMessage> {
        let insert = diesel::insert_into(scheduled_messages::table)
            .values(self)
            .returning(ScheduledMessage::as_returning());
        Ok(insert.get_result(conn).await?)
    }

    /// Puts it in the place of `id`, which was found in its realm.
    pub async fn replace(
        &self,
        conn: &mut Conn,
        id: ScheduledMessageId,
    ) -> Result<ScheduledMessage> {
        let row = scheduled_messages::table
            .filter(scheduled_messages::realm_id.eq(self.realm_id))
            .filter(scheduled_messages::id.eq(id.0));
        let update = diesel::update(row)
            .set(self)
            .returning(ScheduledMessage::as_returning());
        Ok(update.get_result(conn).await?)
    }
}

impl ScheduledMessage {
    /// Its id.
    pub fn id(&self) -> ScheduledMessageId {
        ScheduledMessageId(self.id)
    }

    /// Its realm.
    pub fn realm_id(&self) -> RealmId {
        RealmId(self.realm_id)
    }

    /// Who scheduled it.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// Where it goes.
    pub fn to(&self) -> ScheduledTo {
        match self.stream_id {
            Some(stream) => ScheduledTo::Stream(StreamId(stream)),
            None => {
                let people = self.user_ids.iter().flatten().flatten();
                ScheduledTo::People(people.map(|id| UserId(*id)).collect())
            }
        }
    }

    /// Of reminders: of which message.
    pub fn reminder_of(&self) -> Option<MessageId> {
        self.reminder_message_id.map(MessageId)
    }

    /// A user's scheduled messages and reminders, in the order in which they will be sent.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<ScheduledMessage>> {
        Ok(scheduled_messages::table
            .filter(scheduled_messages::user_id.eq(user.0))
            .order((scheduled_messages::deliver_at, scheduled_messages::id))
            .select(ScheduledMessage::as_select())
            .load(conn)
            .await?)
    }

    /// One of a user, or of their reminders, locked until the transaction ends: it is not delivered meanwhile.
    pub async fn find_for_update(
        conn: &mut Conn,
        user: UserId,
        id: ScheduledMessageId,
        reminder: bool,
    ) -> Result<ScheduledMessage> {
        let query = scheduled_messages::table
            .filter(scheduled_messages::user_id.eq(user.0))
            .filter(scheduled_messages::id.eq(id.0))
            .filter(
                scheduled_messages::reminder_message_id
                    .is_not_null()
                    .eq(reminder),
            );
        Ok(query
            .select(ScheduledMessage::as_select())
            .for_update()
            .first(conn)
            .await?)
    }

    /// The first that is due, locked until the transaction ends. Those that another worker has in hand are passed over.
    pub async fn claim_due_across_realms(
        conn: &mut Conn,
        now: DateTime<Utc>,
    ) -> Result<Option<ScheduledMessage>> {
        let query = scheduled_messages::table
            .filter(scheduled_messages::failure.is_null())
            .filter(scheduled_messages::deliver_at.le(now))
            .order((scheduled_messages::deliver_at, scheduled_messages::id));
        Ok(query
            .select(ScheduledMessage::as_select())
            .for_update()
            .skip_locked()
            .first(conn)
            .await
            .optional()?)
    }

    /// It could not be sent; `None` if that is known, or it is gone.
    pub async fn set_failed(
        conn: &mut Conn,
        realm: RealmId,
        id: ScheduledMessageId,
        why: &str,
    ) -> Result<Option<ScheduledMessage>> {
        let row = scheduled_messages::table
            .filter(scheduled_messages::realm_id.eq(realm.0))
            .filter(scheduled_messages::id.eq(id.0))
            .filter(scheduled_messages::failure.is_null());
        let update = diesel::update(row)
            .set(scheduled_messages::failure.eq(why))
            .returning(ScheduledMessage::as_returning());
        Ok(update.get_result(conn).await.optional()?)
    }

    /// Forgets it.
    pub async fn delete(conn: &mut Conn, realm: RealmId, id: ScheduledMessageId) -> Result<()> {
        let row = scheduled_messages::table
            .filter(scheduled_messages::realm_id.eq(realm.0))
            .filter(scheduled_messages::id.eq(id.0));
        found(diesel::delete(row).execute(conn).await?)
    }
}
