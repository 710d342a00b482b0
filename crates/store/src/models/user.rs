//! Users, bots included.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, Role, UserId};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::schema::{api_keys, sessions, users};
use crate::store::Conn;

#[diesel::declare_sql_function]
extern "SQL" {
    /// SQL's `lower`.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A user.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct User {
    id: i32,
    realm_id: i32,
    /// The address that clients see.
    pub email: String,
    /// Where mail goes.
    pub delivery_email: String,
    /// Their name.
    pub full_name: String,
    role: i16,
    /// argon2id in PHC form; `None` = no log-in by password.
    pub password_hash: Option<String>,
    /// Not deactivated.
    pub is_active: bool,
    /// A program.
    pub is_bot: bool,
    /// 1 generic, 2 incoming webhook, 3 outgoing webhook, 4 embedded.
    pub bot_type: Option<i16>,
    bot_owner_id: Option<i32>,
    /// The realm's own voice.
    pub is_system_bot: bool,
    /// When they came.
    pub date_joined: DateTime<Utc>,
    /// IANA name, or "".
    pub timezone: String,
    /// "G" Gravatar, "U" uploaded.
    pub avatar_source: String,
    /// Raised at each change of the picture.
    pub avatar_version: i32,
    /// Settings that differ from their defaults; typed by `narrows_actions::users::Settings`.
    pub settings: Value,
}

/// A user to be made.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = users)]
pub struct NewUser<'a> {
    #[builder(with = |realm: RealmId| realm.0)]
    realm_id: i32,
    email: &'a str,
    delivery_email: &'a str,
    full_name: &'a str,
    #[builder(with = |role: Role| i16::from(role))]
    role: i16,
    password_hash: Option<&'a str>,
    #[builder(default)]
    is_bot: bool,
    bot_type: Option<i16>,
    #[builder(with = |owner: UserId| owner.0)]
    bot_owner_id: Option<i32>,
    #[builder(default)]
    is_system_bot: bool,
    date_joined: DateTime<Utc>,
}

impl User {
    /// Their id.
    pub fn id(&self) -> UserId {
        UserId(self.id)
    }

    /// Their realm.
    pub fn realm_id(&self) -> RealmId {
        RealmId(self.realm_id)
    }

    /// What they may do.
    pub fn role(&self) -> Role {
        // Only roles are written; a number that is none gets the least rights.
        Role::try_from(self.role).unwrap_or(Role::Guest)
    }

    /// Of bots: who made it.
    pub fn bot_owner_id(&self) -> Option<UserId> {
        self.bot_owner_id.map(UserId)
    }

    /// A user by id.
    pub async fn find(conn: &mut Conn, realm: RealmId, id: UserId) -> Result<User> {
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        Ok(query.select(User::as_select()).first(conn).await?)
    }

    /// Users by id; unknown ids are left out. In the order of ids.
    pub async fn find_many(conn: &mut Conn, realm: RealmId, ids: &[UserId]) -> Result<Vec<User>> {
        let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq_any(ids));
        Ok(query
            .order(users::id)
            .select(User::as_select())
            .load(conn)
            .await?)
    }

    /// A user by the address that clients see, or where mail goes; letters' case does not matter.
    pub async fn by_email(conn: &mut Conn, realm: RealmId, email: &str) -> Result<User> {
        let email = email.to_lowercase();
        let query = users::table.filter(users::realm_id.eq(realm.0)).filter(
            lower(users::email)
                .eq(&email)
                .or(lower(users::delivery_email).eq(&email)),
        );
        Ok(query
            .order(users::id)
            .select(User::as_select())
            .first(conn)
            .await?)
    }

    /// All users of a realm, deactivated ones too, by id.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<User>> {
        let query = users::table.filter(users::realm_id.eq(realm.0));
        Ok(query
            .order(users::id)
            .select(User::as_select())
            .load(conn)
            .await?)
    }

    /// Whose API key has this SHA-256; deactivated users too.
    pub async fn by_api_key(conn: &mut Conn, realm: RealmId, key_hash: &[u8]) -> Result<User> {
        let query = api_keys::table.inner_join(users::table.on(users::id.eq(api_keys::user_id)));
        let query = query
            .filter(api_keys::key_hash.eq(key_hash))
            .filter(users::realm_id.eq(realm.0));
        Ok(query.select(User::as_select()).first(conn).await?)
    }

    /// Whose session token has this SHA-256, unless it is over.
    pub async fn by_session(
        conn: &mut Conn,
        realm: RealmId,
        hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<User> {
        let query = sessions::table.inner_join(users::table.on(users::id.eq(sessions::user_id)));
        let query = query
            .filter(sessions::token_hash.eq(hash))
            .filter(sessions::expires_at.gt(now));
        Ok(query
            .filter(users::realm_id.eq(realm.0))
            .select(User::as_select())
            .first(conn)
            .await?)
    }

    /// Another role.
    pub async fn set_role(conn: &mut Conn, realm: RealmId, id: UserId, role: Role) -> Result<()> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        match diesel::update(user)
            .set(users::role.eq(i16::from(role)))
            .execute(conn)
            .await?
        {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }
}

impl NewUser<'_> {
    /// Inserts it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<User> {
        let insert = diesel::insert_into(users::table)
            .values(self)
            .returning(User::as_returning());
        Ok(insert.get_result(conn).await?)
    }
}
