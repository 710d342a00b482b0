//! Emoji reactions.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, UserId};

use crate::error::Result;
use crate::models::found;
use crate::schema::reactions;
use crate::store::Conn;

/// A reaction of one user to one message.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reactions, check_for_backend(diesel::pg::Pg))]
pub struct Reaction {
    message_id: i64,
    user_id: i32,
    /// The name that the reactor chose.
    pub emoji_name: String,
    /// Code points in hex, or a custom emoji's id.
    pub emoji_code: String,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    pub reaction_type: String,
}

impl Reaction {
    /// A reaction to a message that the caller has access to.
    pub fn new(
        message: MessageId,
        user: UserId,
        name: String,
        code: String,
        reaction_type: String,
    ) -> Reaction {
        let (message_id, user_id) = (message.0, user.0);
        Reaction {
            message_id,
            user_id,
            emoji_name: name,
            emoji_code: code,
            reaction_type,
        }
    }

    /// Who reacted.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// All reactions to a message, in the order they came.
    pub async fn of_message(conn: &mut Conn, message: MessageId) -> Result<Vec<Reaction>> {
        let query = reactions::table
            .filter(reactions::message_id.eq(message.0))
            .order(reactions::id);
        Ok(query.select(Reaction::as_select()).load(conn).await?)
    }

    /// Inserts it. [`crate::Constraint::Reaction`] if it is there.
    pub async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(reactions::table)
            .values(self)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Takes it back; the name does not matter. `NotFound` if it is not there.
    pub async fn delete(&self, conn: &mut Conn) -> Result<()> {
        let mine = reactions::table
            .filter(reactions::message_id.eq(self.message_id))
            .filter(reactions::user_id.eq(self.user_id))
            .filter(reactions::reaction_type.eq(&self.reaction_type))
            .filter(reactions::emoji_code.eq(&self.emoji_code));
        found(diesel::delete(mine).execute(conn).await?)
    }
}
