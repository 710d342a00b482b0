//! What bots have beside other users.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Nullable, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::models::{User, found};
use crate::schema::{bots, users};
use crate::store::Conn;

/// What a bot has beside other users.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bots, check_for_backend(diesel::pg::Pg))]
pub struct Bot {
    user_id: i32,
    /// Of which its API key is made.
    pub key_salt: Vec<u8>,
    /// Whether queues that it registers are about all public streams, unless it says otherwise.
    pub default_all_public_streams: bool,
}

/// A bot with its user, its keys and the names of its streams.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bots, check_for_backend(diesel::pg::Pg))]
pub struct KnownBot {
    /// Its user.
    #[diesel(embed)]
    pub user: User,
    /// What it has beside.
    #[diesel(embed)]
    pub bot: Bot,
    /// The hashes of the keys with which it may come.
    #[diesel(select_expression = sql::<Array<Bytea>>("ARRAY(SELECT key_hash FROM api_keys WHERE api_keys.user_id = bots.user_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Array<Bytea>>)]
    pub key_hashes: Vec<Vec<u8>>,
    /// The name of the stream where it writes unless it says where.
    #[diesel(select_expression = sql::<Nullable<Text>>("(SELECT name FROM streams WHERE streams.id = bots.default_sending_stream_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub sending_stream: Option<String>,
    /// The name of what its queues are about unless it says.
    #[diesel(select_expression = sql::<Nullable<Text>>("(SELECT name FROM streams WHERE streams.id = bots.default_events_register_stream_id)"))]
    #[diesel(select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub events_register_stream: Option<String>,
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

    /// For a user who was just made in the caller's realm.
    pub async fn insert(conn: &mut Conn, user: UserId) -> Result<Bot> {
        let insert = diesel::insert_into(bots::table).values(bots::user_id.eq(user.0));
        let insert = insert.returning(Bot::as_returning());
        Ok(insert.get_result(conn).await?)
    }

    /// Of a realm, oldest first; `owner`: only those of one person.
    pub async fn all(
        conn: &mut Conn,
        realm: RealmId,
        owner: Option<UserId>,
    ) -> Result<Vec<KnownBot>> {
        let mut query = bots::table
            .inner_join(users::table.on(users::id.eq(bots::user_id)))
            .filter(users::realm_id.eq(realm.0))
            .order(users::id)
            .select(KnownBot::as_select())
            .into_boxed();
        if let Some(owner) = owner {
            query = query.filter(users::bot_owner_id.eq(owner.0));
        }
        Ok(query.load(conn).await?)
    }

    /// As one of [`Bot::all`].
    pub async fn known(conn: &mut Conn, realm: RealmId, user: UserId) -> Result<KnownBot> {
        let query = bots::table
            .inner_join(users::table.on(users::id.eq(bots::user_id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(user.0));
        Ok(query.select(KnownBot::as_select()).first(conn).await?)
    }

    /// That of a user.
    pub async fn find(conn: &mut Conn, realm: RealmId, user: UserId) -> Result<Bot> {
        let query = users::table
            .inner_join(bots::table.on(bots::user_id.eq(users::id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(user.0));
        Ok(query.select(Bot::as_select()).first(conn).await?)
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
