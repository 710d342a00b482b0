//! Votes, tasks and other things that belong to a message beside its text.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, UserId};

use crate::error::Result;
use crate::schema::submessages;
use crate::store::Conn;

/// One of them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = submessages, check_for_backend(diesel::pg::Pg))]
pub struct Submessage {
    /// What kind of program understands it.
    pub msg_type: String,
    /// JSON.
    pub content: String,
}

impl Submessage {
    /// Those of a message that the reader was found to have access to, oldest first.
    pub async fn of_message(conn: &mut Conn, message: MessageId) -> Result<Vec<Submessage>> {
        let query = submessages::table
            .filter(submessages::message_id.eq(message.0))
            .order(submessages::id);
        Ok(query.select(Submessage::as_select()).load(conn).await?)
    }

    /// Adds one; its id.
    pub async fn insert(
        conn: &mut Conn,
        message: MessageId,
        sender: UserId,
        msg_type: &str,
        content: &str,
    ) -> Result<i64> {
        Ok(diesel::insert_into(submessages::table)
            .values((
                submessages::message_id.eq(message.0),
                submessages::sender_id.eq(sender.0),
                submessages::msg_type.eq(msg_type),
                submessages::content.eq(content),
            ))
            .returning(submessages::id)
            .get_result(conn)
            .await?)
    }
}
