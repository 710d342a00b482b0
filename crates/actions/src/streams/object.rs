//! The stream object of the API.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use narrows_store::Conn;
use narrows_store::models::{PostPolicy, Realm, Stream};
use narrows_store::queries::memberships;
use narrows_store::queries::streams::{Span, spans};
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::events::stream::StreamObject;
use narrows_wire::{StreamId, UserId};
use serde_json::{Map, Value, json};

use crate::access::streams::PERMISSIONS;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// How long a stream without messages counts as active.
const RECENT: TimeDelta = TimeDelta::days(180);

/// What stream objects need beside the rows, read in the same number of queries for any number of streams.
pub struct Objects {
    groups: SystemGroups,
    spans: HashMap<StreamId, Span>,
    members: HashMap<StreamId, Arc<[UserId]>>,
    now: DateTime<Utc>,
}

impl Objects {
    /// Of `streams`, which `conn` has seen as it sees `realm`; it sees only what is committed.
    pub(crate) async fn of_realm<'a>(
        ctx: &Ctx,
        conn: &mut Conn,
        realm: &Realm,
        streams: impl IntoIterator<Item = &'a Stream>,
        now: DateTime<Utc>,
    ) -> Result<Objects> {
        Ok(Objects {
            members: ctx.realm_cache.members(conn, realm, streams).await?,
            groups: SystemGroups::of_realm(conn, realm.id()).await?,
            spans: spans(conn, realm.id(), None).await?,
            now,
        })
    }

    /// Of some streams, as a transaction sees them that may have changed them.
    pub async fn of_streams(conn: &mut Conn, caller: &Caller, ids: &[StreamId]) -> Result<Objects> {
        let realm = caller.realm_id();
        let members = memberships::of_streams(conn, realm, ids).await?;
        Ok(Objects {
            members: members
                .into_iter()
                .map(|members| (members.stream_id(), members.into_users().into()))
                .collect(),
            groups: SystemGroups::of_realm(conn, realm).await?,
            spans: spans(conn, realm, Some(ids)).await?,
            now: caller.asked_at,
        })
    }

    /// The object of a stream, without `subscribers` and `is_default`.
    pub fn stream(&self, stream: &Stream) -> Result<StreamObject> {
        let span = self.spans.get(&stream.id());
        let last_sign = span
            .and_then(|span| span.last_sent_at)
            .unwrap_or(stream.created_at);
        let policy = stream.post_policy();
        Ok(StreamObject {
            stream_id: stream.id(),
            name: stream.name.clone(),
            description: stream.description.clone(),
            rendered_description: stream.rendered_description.clone(),
            date_created: stream.created_at.timestamp(),
            creator_id: stream.creator_id(),
            first_message_id: span.and_then(Span::first_message_id),
            invite_only: stream.invite_only,
            is_web_public: stream.is_web_public,
            is_archived: stream.is_archived,
            is_recently_active: last_sign.max(stream.created_at) + RECENT > self.now,
            history_public_to_subscribers: stream.history_public_to_subscribers,
            message_retention_days: stream.message_retention_days,
            stream_post_policy: policy as i16,
            is_announcement_only: policy == PostPolicy::Admins,
            stream_weekly_traffic: None,
            subscriber_count: self
                .members
                .get(&stream.id())
                .map_or(0, |users| users.len() as i64),
            topics_policy: stream.topics_policy.clone(),
            folder_id: stream.folder_id(),
            groups: self.groups(stream)?,
            is_default: None,
            subscribers: None,
        })
    }

    /// Who is subscribed to a stream.
    pub fn subscribers(&self, stream: StreamId) -> Vec<UserId> {
        self.members
            .get(&stream)
            .map(|users| users.to_vec())
            .unwrap_or_default()
    }

    fn groups(&self, stream: &Stream) -> Result<Map<String, Value>> {
        let mut shown = Map::new();
        for (name, default) in PERMISSIONS {
            let default = match name {
                "can_send_message_group" => senders(stream.post_policy()),
                _ => default,
            };
            let value = match stream.permissions.get(name) {
                Some(decided) => decided.clone(),
                None => json!(self.groups.id(default)?),
            };
            shown.insert(name.to_owned(), value);
        }
        Ok(shown)
    }
}

/// Who may send by the older setting, as a group.
pub(super) fn senders(policy: PostPolicy) -> SystemGroup {
    match policy {
        PostPolicy::Everyone => SystemGroup::Everyone,
        PostPolicy::Admins => SystemGroup::Administrators,
        PostPolicy::FullMembers => SystemGroup::FullMembers,
        PostPolicy::Moderators => SystemGroup::Moderators,
    }
}
