//! What a message was checked against, when that was read some time ago.
//!
//! A premise names rows with their versions. The transaction that writes the message looks whether each row still has its
//! version: then the check would come to the same now, and nobody has to read the rows again.

use chrono::{DateTime, Utc};
use narrows_wire::{RealmId, StreamId, UserId};
use tokio_postgres::types::ToSql;

/// Which version of a row was read: the number of the transaction that wrote it (`xmin`). Every change of a row makes
/// another one; locks do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowVersion(pub(crate) i64);

/// The rows that say that a user may send to a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Premise {
    /// The realm.
    pub realm: (RealmId, RowVersion),
    /// The sender.
    pub user: (UserId, RowVersion),
    /// SHA-256 of the API key or session token that the sender came with; it has to be good still …
    pub credential: Vec<u8>,
    /// … at this moment.
    pub asked_at: DateTime<Utc>,
    /// The stream.
    pub stream: (StreamId, RowVersion),
    /// The sender's subscription to it; `None` if there is no such row.
    pub subscription: Option<RowVersion>,
}

/// Whether each premise holds, in their order. If one does not, messages that are inserted later in the transaction are
/// not, and take no ids: see [`crate::batch`].
pub(crate) const CHECK: &str = "
    SELECT holds, CASE WHEN NOT holds THEN set_config('narrows.premises', 'broken', true) END FROM (
        SELECT p.place, EXISTS (
            SELECT FROM users u JOIN realms r ON r.id = u.realm_id
                JOIN streams s ON s.id = p.stream AND s.realm_id = u.realm_id
                LEFT JOIN subscriptions sub ON sub.stream_id = s.id AND sub.user_id = u.id
            WHERE u.id = p.sender AND u.xmin::text::bigint = p.sender_version
                AND r.id = p.realm AND r.xmin::text::bigint = p.realm_version
                AND s.xmin::text::bigint = p.stream_version
                AND sub.xmin::text::bigint IS NOT DISTINCT FROM p.subscription
                AND (EXISTS (SELECT FROM api_keys k WHERE k.key_hash = p.credential AND k.user_id = u.id)
                    OR EXISTS (SELECT FROM sessions k
                        WHERE k.token_hash = p.credential AND k.user_id = u.id AND k.expires_at > p.asked_at))
        ) AS holds
        FROM unnest($1::int[], $2::bigint[], $3::int[], $4::bigint[], $5::bytea[], $6::timestamptz[],
                $7::int[], $8::bigint[], $9::bigint[]) WITH ORDINALITY
            AS p (realm, realm_version, sender, sender_version, credential, asked_at, stream, stream_version, subscription, place)
    ) AS premise ORDER BY place";

/// Premises column by column, as [`CHECK`] takes them.
#[derive(Default)]
pub(crate) struct Columns<'a> {
    realms: Vec<i32>,
    realm_versions: Vec<i64>,
    users: Vec<i32>,
    user_versions: Vec<i64>,
    credentials: Vec<&'a [u8]>,
    asked_at: Vec<DateTime<Utc>>,
    streams: Vec<i32>,
    stream_versions: Vec<i64>,
    subscriptions: Vec<Option<i64>>,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(premises: impl IntoIterator<Item = &'a Premise>) -> Columns<'a> {
        let mut columns = Columns::default();
        for premise in premises {
            columns.push(premise);
        }
        columns
    }

    fn push(&mut self, premise: &'a Premise) {
        self.realms.push(premise.realm.0.0);
        self.realm_versions.push(premise.realm.1.0);
        self.users.push(premise.user.0.0);
        self.user_versions.push(premise.user.1.0);
        self.credentials.push(&premise.credential);
        self.asked_at.push(premise.asked_at);
        self.streams.push(premise.stream.0.0);
        self.stream_versions.push(premise.stream.1.0);
        self.subscriptions
            .push(premise.subscription.map(|version| version.0));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.realms.is_empty()
    }

    pub(crate) fn parameters(&self) -> [&(dyn ToSql + Sync); 9] {
        [
            &self.realms,
            &self.realm_versions,
            &self.users,
            &self.user_versions,
            &self.credentials,
            &self.asked_at,
            &self.streams,
            &self.stream_versions,
            &self.subscriptions,
        ]
    }
}
