//! Many messages by conversation: what is unread, as a registration tells it.

use std::collections::{HashMap, HashSet};

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{RecipientId, StreamId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// Ids with no more than so many others between them are read as a run: to walk over a few rows of the index costs less
/// than to descend from its root once more.
const MAX_GAP: i64 = 16;

/// Some messages of one topic or direct conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they are.
    pub place: Place,
    /// The messages, ascending.
    pub ids: Vec<i64>,
    /// Those of them that mention everybody, ascending.
    pub wildcard_ids: Vec<i64>,
}

/// A topic or direct conversation, as a user stands to it.
#[derive(Clone, Debug, PartialEq, Eq, diesel::QueryableByName)]
pub struct Place {
    #[diesel(sql_type = BigInt)]
    recipient_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    topic_id: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    stream_id: Option<i32>,
    /// The topic's name; `None` for direct messages.
    #[diesel(sql_type = Nullable<Text>)]
    pub topic: Option<String>,
    /// All people of a direct conversation, ascending.
    #[diesel(sql_type = Nullable<Array<Integer>>)]
    pub user_ids: Option<Vec<i32>>,
    /// Whether the user may still see the conversation.
    #[diesel(sql_type = Bool)]
    pub visible: bool,
    /// Whether the user is subscribed, or in the direct conversation.
    #[diesel(sql_type = Bool)]
    pub subscribed: bool,
    /// Whether the stream is muted for the user.
    #[diesel(sql_type = Bool)]
    pub stream_muted: bool,
    /// The user's policy for the topic; 0 = none.
    #[diesel(sql_type = SmallInt)]
    pub visibility_policy: i16,
}

impl Place {
    /// The conversation.
    pub fn recipient_id(&self) -> RecipientId {
        RecipientId(self.recipient_id)
    }

    /// The stream; `None` for direct messages.
    pub fn stream_id(&self) -> Option<StreamId> {
        self.stream_id.map(StreamId)
    }

    /// Whether the user has muted it. A topic's own policy goes before that of its stream.
    pub fn is_muted(&self) -> bool {
        match self.visibility_policy {
            1 => true,
            2 | 3 => false,
            _ => self.stream_muted,
        }
    }
}

/// Conversation and topic.
type Key = (i64, Option<i64>);

/// Messages of a conversation, and those of them that mention everybody.
#[derive(Default)]
struct Ids {
    all: Vec<i64>,
    wildcard: Vec<i64>,
}

/// Where messages are, by topic and direct conversation, as a user stands to these. Those that are gone are left out.
///
/// `guest`: the user does not see public streams that they are not in.
pub async fn groups(conn: &mut Conn, user: UserId, guest: bool, ids: &[i64]) -> Result<Vec<Group>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut grouped = by_conversation(conn, &ids).await?;
    let (recipients, topics): (Vec<i64>, Vec<Option<i64>>) = grouped.keys().copied().unzip();
    let sql = "
        SELECT g.recipient_id, g.topic_id, s.id AS stream_id, t.name AS topic, r.user_ids,
            coalesce(sub.active OR s.is_web_public OR NOT (s.invite_only OR $2), r.user_ids @> ARRAY[$1], FALSE) AS visible,
            coalesce(sub.active, r.user_ids @> ARRAY[$1], FALSE) AS subscribed,
            coalesce(sub.is_muted, FALSE) AS stream_muted,
            coalesce(ut.visibility_policy, 0::smallint) AS visibility_policy
        FROM unnest($3::bigint[], $4::bigint[]) AS g (recipient_id, topic_id) JOIN recipients r ON r.id = g.recipient_id
            LEFT JOIN streams s ON s.recipient_id = g.recipient_id
            LEFT JOIN topics t ON t.id = g.topic_id
            LEFT JOIN subscriptions sub ON sub.user_id = $1 AND sub.stream_id = s.id
            LEFT JOIN user_topics ut ON ut.user_id = $1 AND ut.stream_id = s.id AND lower(ut.topic_name) = lower(t.name)
        ORDER BY s.id, t.name, g.recipient_id";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .bind::<Bool, _>(guest)
        .bind::<Array<BigInt>, _>(recipients)
        .bind::<Array<Nullable<BigInt>>, _>(topics);
    let places: Vec<Place> = query.prepared().load(conn).await?;
    let groups = places.into_iter().map(|place| {
        let ids = grouped.remove(&(place.recipient_id, place.topic_id));
        let ids = ids.unwrap_or_default();
        Group {
            place,
            ids: ids.all,
            wildcard_ids: ids.wildcard,
        }
    });
    Ok(groups.collect())
}

/// `ids` ascend. Columns rather than rows, and grouped here: half of what it costs PostgreSQL to group tens of thousands.
async fn by_conversation(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<Key, Ids>> {
    #[derive(diesel::QueryableByName)]
    struct Columns {
        #[diesel(sql_type = Array<BigInt>)]
        ids: Vec<i64>,
        #[diesel(sql_type = Array<BigInt>)]
        recipients: Vec<i64>,
        #[diesel(sql_type = Array<Nullable<BigInt>>)]
        topics: Vec<Option<i64>>,
        #[diesel(sql_type = Array<BigInt>)]
        wildcards: Vec<i64>,
    }
    let (firsts, lasts) = runs(ids);
    let sql = "
        SELECT coalesce(array_agg(m.id), '{}') AS ids, coalesce(array_agg(m.recipient_id), '{}') AS recipients,
            coalesce(array_agg(m.topic_id), '{}') AS topics,
            coalesce(array_agg(m.id) FILTER (WHERE m.wildcard_mention & 1 <> 0), '{}') AS wildcards
        FROM unnest($1::bigint[], $2::bigint[]) AS run (first, last) CROSS JOIN LATERAL (
            SELECT id, recipient_id, topic_id, wildcard_mention FROM messages
            WHERE id BETWEEN run.first AND run.last OFFSET 0) AS m";
    let found: Columns = diesel::sql_query(sql)
        .bind::<Array<BigInt>, _>(firsts)
        .bind::<Array<BigInt>, _>(lasts)
        .prepared()
        .get_result(conn)
        .await?;
    let wildcards: HashSet<i64> = found.wildcards.into_iter().collect();
    let mut grouped: HashMap<Key, Ids> = HashMap::new();
    let places = found.recipients.into_iter().zip(found.topics);
    for (id, key) in found.ids.into_iter().zip(places) {
        if ids.binary_search(&id).is_err() {
            continue;
        }
        let group = grouped.entry(key).or_default();
        group.all.push(id);
        if wildcards.contains(&id) {
            group.wildcard.push(id);
        }
    }
    for group in grouped.values_mut() {
        group.all.sort_unstable();
        group.wildcard.sort_unstable();
    }
    Ok(grouped)
}

/// The first and the last ids of runs that hold all `ids`, which ascend.
fn runs(ids: &[i64]) -> (Vec<i64>, Vec<i64>) {
    let runs = ids.chunk_by(|id, next| next - id <= MAX_GAP + 1);
    runs.filter_map(|run| Some((run.first()?, run.last()?)))
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_near_are_one_run() {
        assert_eq!(runs(&[]), (vec![], vec![]));
        assert_eq!(runs(&[3, 4, 21, 39, 40]), (vec![3, 39], vec![21, 40]));
    }
}
