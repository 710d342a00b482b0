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

/// The indices of those premises that do not hold. If there are any, messages that are inserted later in the transaction
/// are not, and take no ids: see [`crate::batch`].
pub(crate) const BROKEN: &str = "
    SELECT p.index, set_config('narrows.premises', 'broken', true) FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::int[], $5::bigint[], $6::bytea[], $7::timestamptz[],
            $8::int[], $9::bigint[], $10::bigint[])
        AS p (index, realm, realm_version, sender, sender_version, credential, asked_at, stream, stream_version, subscription)
    WHERE NOT EXISTS (
        SELECT FROM users u JOIN realms r ON r.id = u.realm_id
            JOIN streams s ON s.id = p.stream AND s.realm_id = u.realm_id
            LEFT JOIN subscriptions sub ON sub.stream_id = s.id AND sub.user_id = u.id
        WHERE u.id = p.sender AND u.xmin::text::bigint = p.sender_version
            AND r.id = p.realm AND r.xmin::text::bigint = p.realm_version
            AND s.xmin::text::bigint = p.stream_version
            AND sub.xmin::text::bigint IS NOT DISTINCT FROM p.subscription
            AND (EXISTS (SELECT FROM api_keys k WHERE k.key_hash = p.credential AND k.user_id = u.id)
                OR EXISTS (SELECT FROM sessions k
                    WHERE k.token_hash = p.credential AND k.user_id = u.id AND k.expires_at > p.asked_at)))";

/// Premises column by column, as [`BROKEN`] takes them.
#[derive(Default)]
pub(crate) struct Columns<'a> {
    indices: Vec<i64>,
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
    /// Those that are there, with their indices.
    pub(crate) fn of(
        premises: impl IntoIterator<Item = (usize, Option<&'a Premise>)>,
    ) -> Columns<'a> {
        let mut columns = Columns::default();
        for (index, premise) in premises {
            if let (Ok(index), Some(premise)) = (i64::try_from(index), premise) {
                columns.push(index, premise);
            }
        }
        columns
    }

    fn push(&mut self, index: i64, premise: &'a Premise) {
        self.indices.push(index);
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
        self.indices.is_empty()
    }

    pub(crate) fn parameters(&self) -> [&(dyn ToSql + Sync); 10] {
        [
            &self.indices,
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
