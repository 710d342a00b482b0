//! Users, bots included.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, Role, UserId};
use serde_json::Value;

use crate::error::Result;
use crate::models::found;
use crate::prepared::Prepared;
use crate::schema::users;
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
    settings: Option<&'a Value>,
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

    /// From the columns of a row from `at` on, in the order of the fields.
    pub(crate) fn from_row(row: &tokio_postgres::Row, at: usize) -> User {
        User {
            id: row.get(at),
            realm_id: row.get(at + 1),
            email: row.get(at + 2),
            delivery_email: row.get(at + 3),
            full_name: row.get(at + 4),
            role: row.get(at + 5),
            password_hash: row.get(at + 6),
            is_active: row.get(at + 7),
            is_bot: row.get(at + 8),
            bot_type: row.get(at + 9),
            bot_owner_id: row.get(at + 10),
            is_system_bot: row.get(at + 11),
            date_joined: row.get(at + 12),
            timezone: row.get(at + 13),
            avatar_source: row.get(at + 14),
            avatar_version: row.get(at + 15),
            settings: row.get(at + 16),
        }
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

    /// How many people's accounts there are in all realms to which mail to this address goes, in any case of letters.
    pub async fn count_accounts_across_realms(conn: &mut Conn, address: &str) -> Result<i64> {
        let query = users::table
            .filter(lower(users::delivery_email).eq(address.to_lowercase()))
            .filter(users::is_active.eq(true))
            .filter(users::is_bot.eq(false));
        Ok(query.count().get_result(conn).await?)
    }

    /// The users to whom mail to one of these addresses goes, in any case of letters.
    pub async fn with_addresses(
        conn: &mut Conn,
        realm: RealmId,
        addresses: &[String],
    ) -> Result<Vec<User>> {
        let addresses: Vec<String> = addresses.iter().map(|one| one.to_lowercase()).collect();
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(lower(users::delivery_email).eq_any(addresses));
        Ok(query.select(User::as_select()).load(conn).await?)
    }

    /// The user with this address, as others see it, in any case of letters.
    pub async fn by_shown_email(conn: &mut Conn, realm: RealmId, email: &str) -> Result<User> {
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(lower(users::email).eq(email.to_lowercase()));
        Ok(query.select(User::as_select()).first(conn).await?)
    }

    /// Another address for others to see, and for mail.
    pub async fn set_addresses(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        email: &str,
        delivery_email: &str,
    ) -> Result<()> {
        diesel::update(users::table.filter(users::realm_id.eq(realm.0)).find(id.0))
            .set((
                users::email.eq(email),
                users::delivery_email.eq(delivery_email),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Whether somebody but `but` has this name, in any case of letters.
    pub async fn is_name_taken(
        conn: &mut Conn,
        realm: RealmId,
        name: &str,
        but: Option<UserId>,
    ) -> Result<bool> {
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_active.and(users::is_bot.eq(false)))
            .filter(users::id.ne(but.map_or(0, |user| user.0)))
            .filter(lower(users::full_name).eq(name.to_lowercase()));
        Ok(diesel::select(diesel::dsl::exists(query))
            .get_result(conn)
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

    /// The realm's own voice.
    pub async fn notification_bot(conn: &mut Conn, realm: RealmId) -> Result<User> {
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_system_bot)
            .filter(users::email.like("notification-bot@%"));
        Ok(query
            .order(users::id)
            .select(User::as_select())
            .first(conn)
            .await?)
    }

    /// How many active owners who are people the realm has; locks them, so that the answer stays true.
    pub async fn lock_owners(conn: &mut Conn, realm: RealmId) -> Result<usize> {
        let owners = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::role.eq(i16::from(Role::Owner)))
            .filter(users::is_active)
            .filter(diesel::dsl::not(users::is_bot));
        Ok(owners
            .select(users::id)
            .for_update()
            .load::<i32>(conn)
            .await?
            .len())
    }

    /// The bots of somebody that are active, by id.
    pub async fn active_bots_of(
        conn: &mut Conn,
        realm: RealmId,
        owner: UserId,
    ) -> Result<Vec<User>> {
        let query = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::bot_owner_id.eq(owner.0))
            .filter(users::is_bot.and(users::is_active));
        let query = query.order(users::id).select(User::as_select());
        Ok(query.load(conn).await?)
    }

    /// Another name.
    pub async fn set_full_name(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        name: &str,
    ) -> Result<()> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        found(
            diesel::update(user)
                .set(users::full_name.eq(name))
                .execute(conn)
                .await?,
        )
    }

    /// Another time zone.
    pub async fn set_timezone(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        zone: &str,
    ) -> Result<()> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        found(
            diesel::update(user)
                .set(users::timezone.eq(zone))
                .execute(conn)
                .await?,
        )
    }

    /// Sets these settings and keeps the others.
    pub async fn merge_settings(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        patch: &Value,
    ) -> Result<()> {
        let sql = "UPDATE users SET settings = settings || $3 WHERE realm_id = $1 AND id = $2";
        let update = diesel::sql_query(sql)
            .bind::<diesel::sql_types::Integer, _>(realm.0)
            .bind::<diesel::sql_types::Integer, _>(id.0)
            .bind::<diesel::sql_types::Jsonb, _>(patch);
        found(update.prepared().execute(conn).await?)
    }

    /// Where the picture comes from (`U`: uploaded, `G`: Gravatar), which makes it a new version.
    pub async fn set_avatar_source(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        source: &str,
    ) -> Result<User> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        let update = diesel::update(user).set((
            users::avatar_source.eq(source),
            users::avatar_version.eq(users::avatar_version + 1),
        ));
        let update = update.returning(User::as_returning());
        Ok(update.get_result(conn).await?)
    }

    /// Active or not.
    pub async fn set_active(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        active: bool,
    ) -> Result<()> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        found(
            diesel::update(user)
                .set(users::is_active.eq(active))
                .execute(conn)
                .await?,
        )
    }

    /// Another password.
    pub async fn set_password(
        conn: &mut Conn,
        realm: RealmId,
        id: UserId,
        hash: &str,
    ) -> Result<()> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        found(
            diesel::update(user)
                .set(users::password_hash.eq(hash))
                .execute(conn)
                .await?,
        )
    }

    /// Another role.
    pub async fn set_role(conn: &mut Conn, realm: RealmId, id: UserId, role: Role) -> Result<()> {
        let user = users::table
            .filter(users::realm_id.eq(realm.0))
            .filter(users::id.eq(id.0));
        found(
            diesel::update(user)
                .set(users::role.eq(i16::from(role)))
                .execute(conn)
                .await?,
        )
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
