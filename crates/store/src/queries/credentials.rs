//! Who a request comes from: one statement, on every request.

use chrono::{DateTime, Utc};
use narrows_wire::RealmId;
use tokio_postgres::Row;

use crate::error::{Error, Result};
use crate::models::{Realm, User};
use crate::premise::RowVersion;
use crate::store::Store;

/// Whom a credential belongs to.
pub struct Found {
    /// The realm of the subdomain.
    pub realm: (Realm, RowVersion),
    /// Its user, if the credential is good.
    pub user: Option<(User, RowVersion)>,
}

/// The columns, in the order that `from_row` takes them.
macro_rules! select {
    () => {
        "SELECT r.id, r.subdomain, r.name, r.description, r.created_at, r.deactivated_at, r.settings, r.version,
            u.id, u.realm_id, u.email, u.delivery_email, u.full_name, u.role, u.password_hash, u.is_active, u.is_bot,
            u.bot_type, u.bot_owner_id, u.is_system_bot, u.date_joined, u.timezone, u.avatar_source, u.avatar_version,
            u.settings, r.xmin::text::bigint, u.xmin::text::bigint"
    };
}

/// The realm of a subdomain, and its user whose API key has this SHA-256, if there is one.
pub async fn by_api_key(store: &Store, subdomain: &str, key_hash: &[u8]) -> Result<Found> {
    let sql = concat!(
        select!(),
        " FROM realms r
        LEFT JOIN (users u JOIN api_keys k ON k.user_id = u.id AND k.key_hash = $2) ON u.realm_id = r.id
        WHERE r.subdomain = $1"
    );
    found(&store.hot().query(sql, &[&subdomain, &key_hash]).await?)
}

/// The realm of a subdomain, and its user whose session token has this SHA-256, unless the session is over.
pub async fn by_session(
    store: &Store,
    subdomain: &str,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Found> {
    let sql = concat!(
        select!(),
        " FROM realms r
        LEFT JOIN (users u JOIN sessions s ON s.user_id = u.id AND s.token_hash = $2 AND s.expires_at > $3)
            ON u.realm_id = r.id
        WHERE r.subdomain = $1"
    );
    found(
        &store
            .hot()
            .query(sql, &[&subdomain, &token_hash, &now])
            .await?,
    )
}

/// The user of a realm whose API key or live session token has this SHA-256.
pub async fn by_hash(
    store: &Store,
    realm: RealmId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<User>> {
    let sql = concat!(
        select!(),
        " FROM realms r JOIN users u ON u.realm_id = r.id
        WHERE r.id = $1 AND u.id IN (
            SELECT user_id FROM api_keys WHERE key_hash = $2
            UNION ALL SELECT user_id FROM sessions WHERE token_hash = $2 AND expires_at > $3)"
    );
    let rows = store.hot().query(sql, &[&realm.0, &hash, &now]).await?;
    Ok(rows.first().map(|row| User::from_row(row, REALM_COLUMNS)))
}

fn found(rows: &[Row]) -> Result<Found> {
    let row = rows.first().ok_or(Error::NotFound)?;
    let version = |at| RowVersion(row.get(at));
    let user = row.get::<_, Option<i32>>(REALM_COLUMNS).map(|_| {
        let user = User::from_row(row, REALM_COLUMNS);
        (user, version(COLUMNS + 1))
    });
    Ok(Found {
        realm: (Realm::from_row(row), version(COLUMNS)),
        user,
    })
}

/// How many columns the realm has in these statements; the user's follow.
const REALM_COLUMNS: usize = 8;
/// How many columns both have; the versions of their rows follow.
const COLUMNS: usize = 25;
