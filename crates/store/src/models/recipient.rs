//! Conversations, as messages name them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, RecipientId};

use crate::error::Result;
use crate::schema::recipients;
use crate::store::Conn;

/// A conversation: a stream or a set of people.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = recipients, check_for_backend(diesel::pg::Pg))]
pub struct Recipient {
    id: i64,
    /// 1 direct message (one or two people), 2 stream, 3 group direct message.
    pub kind: i16,
}

/// [`Recipient::kind`] of streams.
const STREAM: i16 = 2;

impl Recipient {
    /// Its id.
    pub fn id(&self) -> RecipientId {
        RecipientId(self.id)
    }

    /// Makes the recipient of a stream that is about to be made.
    pub(super) async fn insert_stream(conn: &mut Conn, realm: RealmId) -> Result<RecipientId> {
        let row = (
            recipients::realm_id.eq(realm.0),
            recipients::kind.eq(STREAM),
        );
        let insert = diesel::insert_into(recipients::table)
            .values(row)
            .returning(recipients::id);
        Ok(RecipientId(insert.get_result(conn).await?))
    }
}
