//! Streams ("channels" in newer clients).

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel_async::RunQueryDsl;
use narrows_wire::{ChannelFolderId, RealmId, RecipientId, StreamId, UserId};
use serde_json::Value;

use super::user::lower;
use super::{Recipient, Subscription};
use crate::error::{Error, Result};
use crate::premise::RowVersion;
use crate::prepared::Prepared;
use crate::schema::{streams, subscriptions};
use crate::store::Conn;

/// A stream.
#[derive(Clone, Debug, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = streams, check_for_backend(diesel::pg::Pg))]
pub struct Stream {
    id: i32,
    realm_id: i32,
    recipient_id: i64,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// HTML.
    pub rendered_description: String,
    /// Private.
    pub invite_only: bool,
    /// Subscribers see what was sent before they came.
    pub history_public_to_subscribers: bool,
    /// Anybody on the internet may read it.
    pub is_web_public: bool,
    /// Nobody can send any more.
    pub is_archived: bool,
    /// New users are subscribed to it.
    pub is_default: bool,
    creator_id: Option<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who may send: see [`PostPolicy`]. Numbers that are none count as the strictest.
    post_policy: i16,
    /// Its own retention; `None` = the realm's, -1 = for ever.
    pub message_retention_days: Option<i32>,
    /// Orders messages and changes of membership.
    pub membership_version: i64,
    /// Who may do what in it, where that was decided; typed by `narrows_actions::groups::value`.
    pub permissions: Value,
    /// Which topic names are allowed; typed by `narrows_actions::streams::TopicsPolicy`.
    pub topics_policy: String,
    folder_id: Option<i32>,
    /// Messages a week, as a worker counted them; `None` = not known yet.
    pub weekly_traffic: Option<i64>,
    /// Whether something was said in it within half a year, as a worker found.
    pub is_recently_active: bool,
}

/// Who may send to a stream; the API's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i16)]
pub enum PostPolicy {
    /// Everyone.
    Everyone = 1,
    /// Administrators.
    Admins = 2,
    /// Members who have been here for the realm's waiting period.
    FullMembers = 3,
    /// Moderators and administrators.
    Moderators = 4,
}

impl PostPolicy {
    /// The policy with this number.
    pub fn from_number(number: i16) -> Option<PostPolicy> {
        [
            Self::Everyone,
            Self::Admins,
            Self::FullMembers,
            Self::Moderators,
        ]
        .into_iter()
        .find(|p| *p as i16 == number)
    }
}

/// What a stream is looked up by.
#[derive(Clone, Copy, Debug)]
pub enum StreamKey<'a> {
    /// Its id; archived ones too.
    Id(StreamId),
    /// Its name in any case of letters, unless it is archived.
    Name(&'a str),
}

/// Versions of a stream and of a subscription to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamVersions {
    /// Of the stream.
    pub stream: RowVersion,
    /// Of the subscription, if there is one.
    pub subscription: Option<RowVersion>,
}

/// A stream to be made, beside its recipient.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = streams)]
pub struct NewStream<'a> {
    #[builder(with = |realm: RealmId| realm.0)]
    realm_id: i32,
    name: &'a str,
    #[builder(default)]
    description: &'a str,
    #[builder(default)]
    rendered_description: &'a str,
    #[builder(default)]
    invite_only: bool,
    #[builder(default = true)]
    history_public_to_subscribers: bool,
    #[builder(default)]
    is_web_public: bool,
    #[builder(default)]
    is_default: bool,
    #[builder(with = |creator: UserId| creator.0)]
    creator_id: Option<i32>,
    created_at: DateTime<Utc>,
    #[builder(default = PostPolicy::Everyone as i16, with = |policy: PostPolicy| policy as i16)]
    post_policy: i16,
    message_retention_days: Option<i32>,
    #[builder(with = |folder: ChannelFolderId| folder.0)]
    folder_id: Option<i32>,
}

/// New values of a stream's columns; `None` leaves one as it is.
#[derive(Clone, Debug, Default, PartialEq, AsChangeset)]
#[diesel(table_name = streams)]
pub struct StreamChange<'a> {
    /// See [`Stream::name`].
    pub name: Option<&'a str>,
    /// See [`Stream::description`].
    pub description: Option<&'a str>,
    /// See [`Stream::rendered_description`].
    pub rendered_description: Option<&'a str>,
    /// See [`Stream::invite_only`].
    pub invite_only: Option<bool>,
    /// See [`Stream::history_public_to_subscribers`].
    pub history_public_to_subscribers: Option<bool>,
    /// See [`Stream::is_web_public`].
    pub is_web_public: Option<bool>,
    /// See [`Stream::is_archived`].
    pub is_archived: Option<bool>,
    /// See [`Stream::is_default`].
    pub is_default: Option<bool>,
    /// See [`Stream::post_policy`].
    pub post_policy: Option<i16>,
    /// See [`Stream::message_retention_days`].
    pub message_retention_days: Option<Option<i32>>,
    /// See [`Stream::permissions`]; all of them.
    pub permissions: Option<&'a Value>,
    /// See [`Stream::topics_policy`].
    pub topics_policy: Option<&'a str>,
    /// See [`Stream::folder_id`].
    pub folder_id: Option<Option<i32>>,
}

impl Stream {
    /// Its id.
    pub fn id(&self) -> StreamId {
        StreamId(self.id)
    }

    /// Its realm.
    pub fn realm_id(&self) -> RealmId {
        RealmId(self.realm_id)
    }

    /// The conversation that its messages are in.
    pub fn recipient_id(&self) -> RecipientId {
        RecipientId(self.recipient_id)
    }

    /// Who made it.
    pub fn creator_id(&self) -> Option<UserId> {
        self.creator_id.map(UserId)
    }

    /// Under which heading it is listed.
    pub fn folder_id(&self) -> Option<ChannelFolderId> {
        self.folder_id.map(ChannelFolderId)
    }

    /// Who may send.
    pub fn post_policy(&self) -> PostPolicy {
        PostPolicy::from_number(self.post_policy).unwrap_or(PostPolicy::Admins)
    }

    /// A stream by id, archived ones too, and how `user` is subscribed to it.
    pub async fn find(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        id: StreamId,
    ) -> Result<(Stream, Option<Subscription>)> {
        let (found, _) = Stream::versioned(conn, realm, user, StreamKey::Id(id)).await?;
        Ok(found)
    }

    /// A stream by its name in any case of letters, unless archived, and how `user` is subscribed to it.
    pub async fn by_name(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        name: &str,
    ) -> Result<(Stream, Option<Subscription>)> {
        let (found, _) = Stream::versioned(conn, realm, user, StreamKey::Name(name)).await?;
        Ok(found)
    }

    /// As [`Stream::find`] or [`Stream::by_name`], with the versions of both rows.
    pub async fn versioned(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        key: StreamKey<'_>,
    ) -> Result<((Stream, Option<Subscription>), StreamVersions)> {
        let mine = subscriptions::stream_id
            .eq(streams::id)
            .and(subscriptions::user_id.eq(user.0));
        let query = streams::table
            .left_join(subscriptions::table.on(mine))
            .filter(streams::realm_id.eq(realm.0))
            .select((
                Stream::as_select(),
                Option::<Subscription>::as_select(),
                sql::<BigInt>("streams.xmin::text::bigint"),
                sql::<Nullable<BigInt>>("subscriptions.xmin::text::bigint"),
            ));
        type Row = (Stream, Option<Subscription>, i64, Option<i64>);
        let found: Row = match key {
            StreamKey::Id(id) => {
                let query = query.filter(streams::id.eq(id.0));
                query.prepared().get_result(conn).await?
            }
            StreamKey::Name(name) => {
                let query = query
                    .filter(lower(streams::name).eq(lower(name)))
                    .filter(streams::is_archived.eq(false));
                query.prepared().get_result(conn).await?
            }
        };
        let (stream, subscription, version, subscription_version) = found;
        let versions = StreamVersions {
            stream: RowVersion(version),
            subscription: subscription_version.map(RowVersion),
        };
        Ok(((stream, subscription), versions))
    }

    /// Streams by their names in any case of letters, unless archived, by id; unknown names are left out.
    pub async fn by_names(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        names: &[&str],
    ) -> Result<Vec<(Stream, Option<Subscription>)>> {
        let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mine = subscriptions::stream_id
            .eq(streams::id)
            .and(subscriptions::user_id.eq(user.0));
        let query = streams::table.left_join(subscriptions::table.on(mine));
        let query = query
            .filter(streams::realm_id.eq(realm.0))
            .filter(lower(streams::name).eq_any(names));
        let query = query
            .filter(streams::is_archived.eq(false))
            .order(streams::id);
        Ok(query
            .select((Stream::as_select(), Option::<Subscription>::as_select()))
            .load(conn)
            .await?)
    }

    /// Streams by id, archived ones too, in the order of ids; for rules see `narrows_actions::access`.
    pub async fn find_many(
        conn: &mut Conn,
        realm: RealmId,
        ids: &[StreamId],
    ) -> Result<Vec<Stream>> {
        let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
        let query = streams::table
            .filter(streams::realm_id.eq(realm.0))
            .filter(streams::id.eq_any(ids));
        Ok(query
            .order(streams::id)
            .select(Stream::as_select())
            .load(conn)
            .await?)
    }

    /// The streams that new users are subscribed to, by id.
    pub async fn defaults(conn: &mut Conn, realm: RealmId) -> Result<Vec<Stream>> {
        let query = streams::table
            .filter(streams::realm_id.eq(realm.0))
            .filter(streams::is_default.eq(true));
        let query = query
            .filter(streams::is_archived.eq(false))
            .order(streams::id);
        Ok(query.select(Stream::as_select()).load(conn).await?)
    }

    /// All streams of a realm, archived ones only if wanted, with how `user` is subscribed to them, by id.
    pub async fn all(
        conn: &mut Conn,
        realm: RealmId,
        user: UserId,
        with_archived: bool,
    ) -> Result<Vec<(Stream, Option<Subscription>)>> {
        let mine = subscriptions::stream_id
            .eq(streams::id)
            .and(subscriptions::user_id.eq(user.0));
        let query = streams::table.left_join(subscriptions::table.on(mine));
        let query = query.filter(streams::realm_id.eq(realm.0)).filter(
            streams::is_archived
                .eq(false)
                .or(with_archived.into_sql::<Bool>()),
        );
        let query = query.order(streams::id);
        Ok(query
            .select((Stream::as_select(), Option::<Subscription>::as_select()))
            .load(conn)
            .await?)
    }

    /// Writes new values. Refused with [`crate::Constraint::StreamName`] if the new name is taken.
    pub async fn update(
        conn: &mut Conn,
        realm: RealmId,
        id: StreamId,
        change: &StreamChange<'_>,
    ) -> Result<Stream> {
        let stream = streams::table
            .filter(streams::realm_id.eq(realm.0))
            .filter(streams::id.eq(id.0));
        if *change == StreamChange::default() {
            return Ok(stream.select(Stream::as_select()).first(conn).await?);
        }
        Ok(diesel::update(stream)
            .set(change)
            .returning(Stream::as_returning())
            .get_result(conn)
            .await?)
    }

    /// The streams that anybody on the internet may read, by id.
    pub async fn web_public(conn: &mut Conn, realm: RealmId) -> Result<Vec<Stream>> {
        let query = streams::table.filter(streams::realm_id.eq(realm.0));
        let query = query
            .filter(streams::is_web_public.eq(true))
            .filter(streams::is_archived.eq(false));
        Ok(query
            .order(streams::id)
            .select(Stream::as_select())
            .load(conn)
            .await?)
    }
}

impl NewStream<'_> {
    /// Inserts it with its recipient. Refused with [`crate::Constraint::StreamName`] if the name is taken.
    pub async fn insert(&self, conn: &mut Conn) -> Result<Stream> {
        let recipient = Recipient::insert_stream(conn, RealmId(self.realm_id)).await?;
        let insert = diesel::insert_into(streams::table)
            .values((self, streams::recipient_id.eq(recipient.0)));
        insert
            .returning(Stream::as_returning())
            .get_result(conn)
            .await
            .map_err(Error::from)
    }
}
