//! What bots have beside other users.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, StreamId, UserId};

use crate::error::{Error, Result};
use crate::models::User;
use crate::schema::{api_keys, bots, streams, users};
use crate::store::Conn;

/// What a bot has beside other users.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bots, check_for_backend(diesel::pg::Pg))]
pub struct Bot {
    user_id: i32,
    /// Of which its API key is made.
    pub key_salt: Vec<u8>,
    default_sending_stream_id: Option<i32>,
    default_events_register_stream_id: Option<i32>,
    /// Whether queues that it registers are about all public streams, unless it says otherwise.
    pub default_all_public_streams: bool,
}

/// What of a bot its owner decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = bots)]
pub struct BotDefaults {
    /// Where it writes unless it says where. The outer `None` leaves it as it is.
    #[diesel(column_name = default_sending_stream_id)]
    pub sending_stream: Option<Option<i32>>,
    /// What its queues are about unless it says.
    #[diesel(column_name = default_events_register_stream_id)]
    pub events_register_stream: Option<Option<i32>>,
    /// Whether they are about all public streams.
    #[diesel(column_name = default_all_public_streams)]
    pub all_public_streams: Option<bool>,
}

impl BotDefaults {
    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        *self == BotDefaults::default()
    }
}

impl Bot {
    /// The user that it is.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// Where it writes unless it says where.
    pub fn default_sending_stream(&self) -> Option<StreamId> {
        self.default_sending_stream_id.map(StreamId)
    }

    /// What its queues are about unless it says.
    pub fn default_events_register_stream(&self) -> Option<StreamId> {
        self.default_events_register_stream_id.map(StreamId)
    }

    /// For a user who was just made in the caller's realm.
    pub async fn insert(conn: &mut Conn, user: UserId) -> Result<Bot> {
        let insert = diesel::insert_into(bots::table).values(bots::user_id.eq(user.0));
        let insert = insert.returning(Bot::as_returning());
        Ok(insert.get_result(conn).await?)
    }

    /// Of a realm, with their users, oldest first; `owner`: only those of one person.
    pub async fn all(
        conn: &mut Conn,
        realm: RealmId,
        owner: Option<UserId>,
    ) -> Result<Vec<(User, Bot)>> {
        let mut query = users::table
            .inner_join(bots::table.on(bots::user_id.eq(users::id)))
            .filter(users::realm_id.eq(realm.0))
            .order(users::id)
            .select((User::as_select(), Bot::as_select()))
            .into_boxed();
        if let Some(owner) = owner {
            query = query.filter(users::bot_owner_id.eq(owner.0));
        }
        Ok(query.load(conn).await?)
    }

    /// That of a user.
    pub async fn find(conn: &mut Conn, realm: RealmId, user: UserId) -> Result<Bot> {
        let query = users::table
            .inner_join(bots::table.on(bots::user_id.eq(users::id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(user.0));
        Ok(query.select(Bot::as_select()).first(conn).await?)
    }

    /// The hashes of all keys with which bots of a realm may come.
    pub async fn key_hashes(conn: &mut Conn, realm: RealmId) -> Result<Vec<Vec<u8>>> {
        let query = api_keys::table
            .inner_join(users::table.on(users::id.eq(api_keys::user_id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_bot);
        Ok(query.select(api_keys::key_hash).load(conn).await?)
    }

    /// The names of streams, by id.
    pub async fn stream_names(
        conn: &mut Conn,
        realm: RealmId,
        ids: &[StreamId],
    ) -> Result<Vec<(StreamId, String)>> {
        let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
        let query = streams::table
            .filter(streams::realm_id.eq(realm.0))
            .filter(streams::id.eq_any(ids))
            .select((streams::id, streams::name));
        let rows: Vec<(i32, String)> = query.load(conn).await?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| (StreamId(id), name))
            .collect())
    }

    /// Decides; `user` is a bot of the realm.
    pub async fn change(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        defaults: &BotDefaults,
    ) -> Result<()> {
        let row = bots::table.filter(bots::user_id.eq_any(of_realm(realm, user)));
        let change = diesel::update(row).set(defaults).execute(conn).await?;
        found(change)
    }

    /// What another API key is made of.
    pub async fn new_salt(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        salt: &[u8],
    ) -> Result<()> {
        let row = bots::table.filter(bots::user_id.eq_any(of_realm(realm, user)));
        let change = diesel::update(row).set(bots::key_salt.eq(salt));
        found(change.execute(conn).await?)
    }

    /// Gives it to somebody else.
    pub async fn set_owner(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        owner: UserId,
    ) -> Result<()> {
        let row = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(user.0))
            .filter(users::is_bot);
        let change = diesel::update(row).set(users::bot_owner_id.eq(owner.0));
        found(change.execute(conn).await?)
    }

    /// Whether an active bot of the realm has this name.
    pub async fn is_name_taken(conn: &mut Conn, realm: RealmId, full_name: &str) -> Result<bool> {
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_bot)
            .filter(users::is_active)
            .filter(users::full_name.eq(full_name));
        Ok(diesel::select(diesel::dsl::exists(query))
            .get_result(conn)
            .await?)
    }
}

#[diesel::dsl::auto_type]
fn of_realm(realm: RealmId, user: UserId) -> _ {
    let (realm, user): (i32, i32) = (realm.0, user.0);
    users::table
        .filter(users::realm_id.eq(realm))
        .filter(users::id.eq(user))
        .select(users::id)
}

fn found(rows: usize) -> Result<()> {
    match rows {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
