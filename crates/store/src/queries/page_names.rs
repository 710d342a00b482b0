//! The names on a page of messages, which change more seldom than pages are read: whoever asks keeps the answers.

use narrows_wire::{RealmId, RecipientId, StreamId, UserId};

use crate::error::Result;
use crate::hot::Hot;

/// Somebody who wrote a message or takes part in a direct conversation.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub full_name: String,
    /// The address that clients see.
    pub email: String,
    /// Where their mail goes: their Gravatar's address.
    pub delivery_email: String,
    /// The source of their picture.
    pub avatar_source: String,
    /// The version of their picture.
    pub avatar_version: i32,
    /// Whether it is a voice of the server.
    pub is_system_bot: bool,
}

/// People of a realm by id, in any order. The ids are those of messages that the reader was found to have access to.
pub async fn people(hot: &Hot, realm: RealmId, ids: &[UserId]) -> Result<Vec<Person>> {
    let sql = "
        SELECT id, full_name, email, delivery_email, avatar_source::text, avatar_version, is_system_bot
        FROM users WHERE realm_id = $1 AND id = ANY($2)";
    let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
    let person = |row: tokio_postgres::Row| Person {
        id: UserId(row.get(0)),
        full_name: row.get(1),
        email: row.get(2),
        delivery_email: row.get(3),
        avatar_source: row.get(4),
        avatar_version: row.get(5),
        is_system_bot: row.get(6),
    };
    let rows = hot.query(sql, &[&realm.0, &ids]).await?;
    Ok(rows.into_iter().map(person).collect())
}

/// Where a message was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conversation {
    /// A stream.
    Stream {
        /// Its id.
        id: StreamId,
        /// Its name.
        name: String,
    },
    /// People.
    Direct {
        /// All of them, ascending.
        people: Vec<UserId>,
    },
}

/// Conversations of a realm by id, in any order. The ids are those of messages that the reader was found to have
/// access to.
pub async fn conversations(
    hot: &Hot,
    realm: RealmId,
    ids: &[RecipientId],
) -> Result<Vec<(RecipientId, Conversation)>> {
    let sql = "
        SELECT r.id, s.id, s.name, r.user_ids FROM recipients r LEFT JOIN streams s ON s.recipient_id = r.id
        WHERE r.realm_id = $1 AND r.id = ANY($2)";
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = hot.query(sql, &[&realm.0, &ids]).await?;
    let conversation = |row: tokio_postgres::Row| {
        let stream: Option<i32> = row.get(1);
        let found = match stream {
            Some(id) => Conversation::Stream {
                id: StreamId(id),
                name: row.get(2),
            },
            None => {
                let people: Option<Vec<i32>> = row.get(3);
                let people = people.unwrap_or_default().into_iter().map(UserId);
                Conversation::Direct {
                    people: people.collect(),
                }
            }
        };
        (RecipientId(row.get(0)), found)
    };
    Ok(rows.into_iter().map(conversation).collect())
}
