//! Who is subscribed to a stream, and since when: nothing else writes `subscriptions.active` and
//! `subscription_periods` of streams.
//!
//! A change locks the conversation alone, a message locks it shared ([`crate::batch`]), both until COMMIT: so all
//! messages with ids up to the boundary that is read under the lock are settled, and all later ones have higher ids. A
//! message was delivered to a user exactly if one of their periods covers its id, and its envelope carries the
//! `membership_version` under which that holds.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{Effect, RealmId, RecipientId, Role, StreamId, UserId};

use crate::batch::CONVERSATION_LOCK;
use crate::error::{Error, Result};
use crate::models::Stream;
use crate::prepared::Prepared;
use crate::schema::{streams, subscriptions, users};
use crate::store::Conn;
use crate::tx::Tx;

/// Who is to be subscribed to a stream and who no longer.
#[derive(Clone, Debug)]
pub struct Change {
    stream_id: StreamId,
    recipient_id: RecipientId,
    join: Vec<(UserId, String)>,
    leave: Vec<UserId>,
}

/// What a [`Change`] came to: those who were (not) subscribed already are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The stream.
    pub stream_id: StreamId,
    /// Its membership version now.
    pub version: i64,
    /// Who is subscribed that was not.
    pub joined: Vec<UserId>,
    /// Who was subscribed and is not.
    pub left: Vec<UserId>,
}

impl Change {
    /// Subscribes users; each comes with the colour that the stream gets if they never were subscribed.
    pub fn join(stream: &Stream, users: Vec<(UserId, String)>) -> Change {
        Change {
            stream_id: stream.id(),
            recipient_id: stream.recipient_id(),
            join: users,
            leave: vec![],
        }
    }

    /// Unsubscribes users.
    pub fn leave(stream: &Stream, users: Vec<UserId>) -> Change {
        Change {
            stream_id: stream.id(),
            recipient_id: stream.recipient_id(),
            join: vec![],
            leave: users,
        }
    }
}

/// Makes the changes, one per stream, and tells push. Emit the events of the change after it. The users must have been
/// found in the same realm.
pub async fn change(tx: &mut Tx, realm: RealmId, mut changes: Vec<Change>) -> Result<Vec<Changed>> {
    // Always in the same order, so that two transactions cannot wait for each other.
    changes.sort_by_key(|change| change.recipient_id);
    for change in &changes {
        lock(tx, change.recipient_id).await?;
    }
    let boundary = last_message_id(tx).await?;
    let mut changed = Vec::with_capacity(changes.len());
    for change in &changes {
        let one = apply(tx, realm, change, boundary).await?;
        if !(one.joined.is_empty() && one.left.is_empty()) {
            let (joined, left) = (one.joined.clone(), one.left.clone());
            let (stream_id, version) = (one.stream_id, one.version);
            tx.emit_effect(
                realm,
                Effect::Membership {
                    stream_id,
                    version,
                    joined,
                    left,
                },
            );
        }
        changed.push(one);
    }
    Ok(changed)
}

/// [`lock`]s the conversations of streams, in the order that [`change`] takes them. For rights that must still hold when
/// the change is made: check them after this.
pub async fn lock_all<'a>(
    conn: &mut Conn,
    streams: impl IntoIterator<Item = &'a Stream>,
) -> Result<()> {
    let mut recipients: Vec<RecipientId> = streams.into_iter().map(Stream::recipient_id).collect();
    recipients.sort_unstable();
    for recipient in recipients {
        lock(conn, recipient).await?;
    }
    Ok(())
}

/// Waits until no message is on its way into the conversation, and keeps new ones out until COMMIT.
pub async fn lock(conn: &mut Conn, recipient: RecipientId) -> Result<()> {
    diesel::sql_query("SELECT pg_advisory_xact_lock($1::int, ($2::bigint % 2147483647)::int)")
        .bind::<Integer, _>(CONVERSATION_LOCK)
        .bind::<BigInt, _>(recipient.0)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// The highest message id that was given out. A statement of its own: it must be read after the locks are held.
async fn last_message_id(conn: &mut Conn) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let sql = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS id FROM messages_id_seq";
    Ok(diesel::sql_query(sql)
        .prepared()
        .get_result::<Last>(conn)
        .await?
        .id)
}

async fn apply(tx: &mut Tx, realm: RealmId, change: &Change, boundary: i64) -> Result<Changed> {
    let stream = change.stream_id;
    let joined = join(tx, stream, &change.join).await?;
    let left = leave(tx, stream, &change.leave).await?;
    if joined.is_empty() && left.is_empty() {
        let version = version(tx, realm, stream).await?;
        return Ok(Changed {
            stream_id: stream,
            version,
            joined,
            left,
        });
    }
    open_periods(tx, change.recipient_id, &joined, boundary).await?;
    close_periods(tx, change.recipient_id, &left, boundary).await?;
    let version = raise_version(tx, realm, stream).await?;
    Ok(Changed {
        stream_id: stream,
        version,
        joined,
        left,
    })
}

#[derive(QueryableByName)]
struct Whose {
    #[diesel(sql_type = Integer)]
    user_id: i32,
}

fn whose(rows: Vec<Whose>) -> Vec<UserId> {
    let mut users: Vec<UserId> = rows.into_iter().map(|row| UserId(row.user_id)).collect();
    users.sort_unstable();
    users
}

fn numbers(users: &[UserId]) -> Vec<i32> {
    users.iter().map(|user| user.0).collect()
}

async fn join(
    conn: &mut Conn,
    stream: StreamId,
    users: &[(UserId, String)],
) -> Result<Vec<UserId>> {
    let (ids, colors): (Vec<i32>, Vec<&str>) = users
        .iter()
        .map(|(user, color)| (user.0, color.as_str()))
        .unzip();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    // The conversation is locked: the version that this change writes is the next one.
    let sql = "INSERT INTO subscriptions (user_id, stream_id, color, since_version)
         SELECT DISTINCT ON (u.user_id) u.user_id, s.id, u.color, s.membership_version + 1
         FROM unnest($2, $3) AS u (user_id, color), streams s WHERE s.id = $1
         ON CONFLICT (user_id, stream_id) DO UPDATE SET active = true, since_version = excluded.since_version
             WHERE NOT subscriptions.active
         RETURNING user_id";
    let query = diesel::sql_query(sql).bind::<Integer, _>(stream.0);
    let query = query
        .bind::<Array<Integer>, _>(ids)
        .bind::<Array<Text>, _>(colors);
    Ok(whose(query.prepared().load(conn).await?))
}

async fn leave(conn: &mut Conn, stream: StreamId, users: &[UserId]) -> Result<Vec<UserId>> {
    if users.is_empty() {
        return Ok(vec![]);
    }
    let rows = subscriptions::table.filter(subscriptions::stream_id.eq(stream.0));
    let rows = rows
        .filter(subscriptions::active.eq(true))
        .filter(subscriptions::user_id.eq_any(numbers(users)));
    let update = diesel::update(rows)
        .set(subscriptions::active.eq(false))
        .returning(subscriptions::user_id);
    let mut left: Vec<i32> = update.get_results(conn).await?;
    left.sort_unstable();
    Ok(left.into_iter().map(UserId).collect())
}

/// Who left and came back without a message in between goes on with an earlier period.
async fn open_periods(
    conn: &mut Conn,
    recipient: RecipientId,
    users: &[UserId],
    boundary: i64,
) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO subscription_periods (user_id, recipient_id, from_message_id)
         SELECT user_id, $1, $2 FROM unnest($3) AS user_id
         ON CONFLICT (user_id, recipient_id, from_message_id) DO UPDATE SET to_message_id = NULL";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<BigInt, _>(boundary);
    query
        .bind::<Array<Integer>, _>(numbers(users))
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn close_periods(
    conn: &mut Conn,
    recipient: RecipientId,
    users: &[UserId],
    boundary: i64,
) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE subscription_periods SET to_message_id = $2
         WHERE recipient_id = $1 AND user_id = ANY($3) AND to_message_id IS NULL";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<BigInt, _>(boundary);
    query
        .bind::<Array<Integer>, _>(numbers(users))
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn version(conn: &mut Conn, realm: RealmId, stream: StreamId) -> Result<i64> {
    let query = streams::table
        .filter(streams::realm_id.eq(realm.0))
        .filter(streams::id.eq(stream.0));
    Ok(query
        .select(streams::membership_version)
        .first(conn)
        .await?)
}

async fn raise_version(conn: &mut Conn, realm: RealmId, stream: StreamId) -> Result<i64> {
    let row = streams::table
        .filter(streams::realm_id.eq(realm.0))
        .filter(streams::id.eq(stream.0));
    let raised =
        diesel::update(row).set(streams::membership_version.eq(streams::membership_version + 1));
    raised
        .returning(streams::membership_version)
        .get_result(conn)
        .await
        .map_err(Error::from)
}

/// The subscribers of a stream that was found in a realm, but for deactivated users, and whether each is a guest;
/// ascending.
pub async fn members(conn: &mut Conn, stream: StreamId) -> Result<Vec<(UserId, bool)>> {
    let query = subscriptions::table
        .inner_join(users::table.on(users::id.eq(subscriptions::user_id)))
        .filter(subscriptions::stream_id.eq(stream.0))
        .filter(subscriptions::active.eq(true))
        .filter(users::is_active.eq(true))
        .order(subscriptions::user_id);
    let is_guest = users::role.eq(i16::from(Role::Guest));
    let members: Vec<(i32, bool)> = query
        .select((subscriptions::user_id, is_guest))
        .load(conn)
        .await?;
    Ok(members
        .into_iter()
        .map(|(user, guest)| (UserId(user), guest))
        .collect())
}

/// How many [`members`] would be.
pub async fn count(conn: &mut Conn, stream: StreamId) -> Result<i64> {
    let query =
        subscriptions::table.inner_join(users::table.on(users::id.eq(subscriptions::user_id)));
    let query = query
        .filter(subscriptions::stream_id.eq(stream.0))
        .filter(subscriptions::active.eq(true));
    Ok(query
        .filter(users::is_active.eq(true))
        .count()
        .get_result(conn)
        .await?)
}

/// The subscribers of one stream, and the versions that this list belongs to.
#[derive(Clone, Debug, QueryableByName)]
pub struct Members {
    #[diesel(sql_type = Integer)]
    stream_id: i32,
    /// The stream's.
    #[diesel(sql_type = BigInt)]
    pub membership_version: i64,
    /// The realm's.
    #[diesel(sql_type = BigInt)]
    pub realm_version: i64,
    #[diesel(sql_type = Array<Integer>)]
    user_ids: Vec<i32>,
}

impl Members {
    /// The stream.
    pub fn stream_id(&self) -> StreamId {
        StreamId(self.stream_id)
    }

    /// Who, ascending.
    pub fn into_users(self) -> Vec<UserId> {
        self.user_ids.into_iter().map(UserId).collect()
    }
}

/// The subscribers of some streams of a realm, but for deactivated users.
pub async fn of_streams(
    conn: &mut Conn,
    realm: RealmId,
    streams: &[StreamId],
) -> Result<Vec<Members>> {
    let ids: Vec<i32> = streams.iter().map(|id| id.0).collect();
    let sql = "SELECT s.id AS stream_id, s.membership_version, r.version AS realm_version,
             ARRAY(SELECT sub.user_id FROM subscriptions sub
                 WHERE sub.stream_id = s.id AND sub.active AND NOT EXISTS (
                     SELECT 1 FROM users u WHERE u.realm_id = $1 AND u.id = sub.user_id AND NOT u.is_active)
                 ORDER BY sub.user_id) AS user_ids
         FROM streams s JOIN realms r ON r.id = s.realm_id
         WHERE s.realm_id = $1 AND s.id = ANY($2)";
    let query = diesel::sql_query(sql).bind::<Integer, _>(realm.0);
    Ok(query
        .bind::<Array<Integer>, _>(ids)
        .prepared()
        .load(conn)
        .await?)
}

/// The colours that each of these users has given to streams, those they have left included.
pub async fn colors_of_users(
    conn: &mut Conn,
    users: &[UserId],
) -> Result<HashMap<UserId, Vec<String>>> {
    let query = subscriptions::table.filter(subscriptions::user_id.eq_any(numbers(users)));
    let rows: Vec<(i32, String)> = query
        .select((subscriptions::user_id, subscriptions::color))
        .load(conn)
        .await?;
    let mut colors: HashMap<UserId, Vec<String>> = HashMap::new();
    for (user, color) in rows {
        colors.entry(UserId(user)).or_default().push(color);
    }
    Ok(colors)
}

/// How a user stands to a stream that they are subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The stream's membership version.
    pub version: i64,
    /// The version as of which the user is subscribed; 0 if it is not known.
    pub since: i64,
}

/// The streams that a user is subscribed to, archived ones excluded.
pub async fn of_user(
    conn: &mut Conn,
    realm: RealmId,
    user: UserId,
) -> Result<BTreeMap<StreamId, Membership>> {
    let query = subscriptions::table
        .inner_join(streams::table.on(streams::id.eq(subscriptions::stream_id)))
        .filter(streams::realm_id.eq(realm.0))
        .filter(subscriptions::user_id.eq(user.0))
        .filter(subscriptions::active)
        .filter(streams::is_archived.eq(false))
        .select((
            streams::id,
            streams::membership_version,
            subscriptions::since_version,
        ));
    let rows: Vec<(i32, i64, i64)> = query.load(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(id, version, since)| (StreamId(id), Membership { version, since }))
        .collect())
}
