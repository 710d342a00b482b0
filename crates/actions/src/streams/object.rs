//! The stream object of the API.

use std::collections::HashMap;

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
use crate::error::Result;

/// How long a stream without messages counts as active.
const RECENT: TimeDelta = TimeDelta::days(180);

/// What stream objects need beside the rows, read in three queries for any number of streams.
pub struct Objects {
    groups: SystemGroups,
    spans: HashMap<StreamId, Span>,
    members: HashMap<StreamId, (i64, Vec<UserId>)>,
    now: DateTime<Utc>,
}

impl Objects {
    /// Of all streams of the caller's realm; `listed` with who is subscribed, else only with how many are.
    pub async fn of_realm(conn: &mut Conn, caller: &Caller, listed: bool) -> Result<Objects> {
        Self::load(conn, &caller.realm, None, listed, caller.asked_at).await
    }

    /// Of some streams, with who is subscribed.
    pub async fn of_streams(conn: &mut Conn, caller: &Caller, ids: &[StreamId]) -> Result<Objects> {
        Self::load(conn, &caller.realm, Some(ids), true, caller.asked_at).await
    }

    /// Of all streams of a realm, or of `only`.
    pub(crate) async fn load(
        conn: &mut Conn,
        realm: &Realm,
        only: Option<&[StreamId]>,
        listed: bool,
        now: DateTime<Utc>,
    ) -> Result<Objects> {
        let members = memberships::of_streams(conn, realm.id(), only, listed).await?;
        let members = members
            .into_iter()
            .map(|members| (members.stream_id(), (members.count(), members.into_users())))
            .collect();
        Ok(Objects {
            groups: SystemGroups::of_realm(conn, realm.id()).await?,
            spans: spans(conn, realm.id(), only).await?,
            members,
            now,
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
                .map_or(0, |(count, _)| *count),
            topics_policy: stream.topics_policy.clone(),
            folder_id: None,
            groups: self.groups(stream)?,
            is_default: None,
            subscribers: None,
        })
    }

    /// Who is subscribed to a stream; empty unless read with `listed`.
    pub fn subscribers(&self, stream: StreamId) -> Vec<UserId> {
        self.members
            .get(&stream)
            .map(|(_, users)| users.clone())
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
