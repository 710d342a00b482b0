//! Writes one message together with whatever else its transaction changes. Sends of users go through
//! [`crate::batch`], which is made for many.

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, TopicId, UserId};

use crate::batch::{
    CONVERSATION_LOCK, FLAGS, INSERT, LINKS, LOCK, NewMessage, Placed, TOPIC_LOCK, WIDGET,
};
use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

#[derive(diesel::QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    topic_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    topic: Option<String>,
    #[diesel(sql_type = BigInt)]
    membership_version: i64,
}

#[derive(diesel::QueryableByName)]
struct Widget {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Writes a message; its event is the caller's business. The conversation is locked shared until COMMIT.
pub async fn insert(conn: &mut Conn, message: &NewMessage) -> Result<Placed> {
    lock(conn, message).await?;
    let inserted = insert_row(conn, message).await?;
    insert_flags(conn, message, inserted.id).await?;
    insert_links(conn, message, inserted.id).await?;
    let widget = insert_widget(conn, message, inserted.id).await?;
    let topic = inserted.topic_id.map(TopicId).zip(inserted.topic);
    Ok(Placed {
        id: MessageId(inserted.id),
        topic,
        membership_version: inserted.membership_version,
        widget,
    })
}

/// Says for whom alone a message that was just inserted is something to read.
pub async fn keep_unread_for(conn: &mut Conn, id: MessageId, users: &[UserId]) -> Result<()> {
    let users: Vec<i32> = users.iter().map(|user| user.0).collect();
    diesel::sql_query("UPDATE messages SET unread_for = $2 WHERE id = $1")
        .bind::<BigInt, _>(id.0)
        .bind::<Array<Integer>, _>(users)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn lock(conn: &mut Conn, message: &NewMessage) -> Result<()> {
    let recipient = vec![message.recipient_id.0];
    let topics: Vec<&String> = message.topic.iter().collect();
    diesel::sql_query(LOCK)
        .bind::<Integer, _>(CONVERSATION_LOCK)
        .bind::<Array<BigInt>, _>(&recipient)
        .bind::<Integer, _>(TOPIC_LOCK)
        .bind::<Array<BigInt>, _>(vec![message.recipient_id.0; topics.len()])
        .bind::<Array<Text>, _>(topics)
        .bind::<BigInt, _>(0)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn insert_row(conn: &mut Conn, message: &NewMessage) -> Result<Inserted> {
    let query = diesel::sql_query(INSERT)
        .bind::<Array<Integer>, _>(vec![message.realm_id.0])
        .bind::<Array<BigInt>, _>(vec![message.recipient_id.0])
        .bind::<Array<Nullable<Text>>, _>(vec![message.topic.as_deref()])
        .bind::<Array<Integer>, _>(vec![message.sender_id.0])
        .bind::<Array<Text>, _>(vec![&message.content])
        .bind::<Array<Text>, _>(vec![&message.rendered_content])
        .bind::<Array<SmallInt>, _>(vec![message.rendered_version])
        .bind::<Array<Text>, _>(vec![&message.client])
        .bind::<Array<Timestamptz>, _>(vec![message.sent_at])
        .bind::<Array<SmallInt>, _>(vec![message.wildcard_mention])
        .bind::<Array<Bool>, _>(vec![message.has_link])
        .bind::<Array<Bool>, _>(vec![message.has_image])
        .bind::<Array<Bool>, _>(vec![message.has_attachment])
        .bind::<Array<Bool>, _>(vec![message.is_me_message])
        .bind::<Array<Bool>, _>(vec![message.unread_by_sender]);
    Ok(query.prepared().get_result(conn).await?)
}

async fn insert_flags(conn: &mut Conn, message: &NewMessage, id: i64) -> Result<()> {
    if message.flags.is_empty() {
        return Ok(());
    }
    let (users, bits): (Vec<i32>, Vec<i32>) = message
        .flags
        .iter()
        .map(|(user, bits)| (user.0, *bits))
        .unzip();
    diesel::sql_query(FLAGS)
        .bind::<Array<Integer>, _>(&users)
        .bind::<Array<BigInt>, _>(vec![id; users.len()])
        .bind::<Array<Integer>, _>(bits)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn insert_links(conn: &mut Conn, message: &NewMessage, id: i64) -> Result<()> {
    if message.attachments.is_empty() {
        return Ok(());
    }
    let files: Vec<i64> = message.attachments.iter().map(|file| file.0).collect();
    diesel::sql_query(LINKS)
        .bind::<Array<BigInt>, _>(&files)
        .bind::<Array<BigInt>, _>(vec![id; files.len()])
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn insert_widget(conn: &mut Conn, message: &NewMessage, id: i64) -> Result<Option<i64>> {
    let Some(content) = &message.widget else {
        return Ok(None);
    };
    let widget: Widget = diesel::sql_query(WIDGET)
        .bind::<BigInt, _>(id)
        .bind::<Integer, _>(message.sender_id.0)
        .bind::<Text, _>(content)
        .prepared()
        .get_result(conn)
        .await?;
    Ok(Some(widget.id))
}
