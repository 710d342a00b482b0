//! Streams ("channels" in newer clients).

use actix_web::web;
use narrows_actions::groups::value::GroupChange;
use narrows_actions::streams::{self, Listing, StreamEdit, TopicsPolicy};
use narrows_actions::{Ctx, Error};
use narrows_store::models::PostPolicy;
use narrows_wire::events::stream::StreamObject;
use narrows_wire::{ChannelFolderId, StreamId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ServerError;
use crate::extract::{AuthedUser, NoParams, Params, RealmAdmin};
use crate::reply::{Reply, Success};

/// Parameters with those that give rights in a stream to groups: `narrows_actions::access::streams::PERMISSIONS`.
macro_rules! with_permissions {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$inner:meta])* $field:ident: $type:ty,)* }) => {
        $crate::http::streams::with_permissions! {
            $(#[$meta])* pub struct $name { $($(#[$inner])* $field: $type,)* }
            can_add_subscribers_group, can_administer_channel_group, can_create_topic_group, can_delete_any_message_group,
            can_delete_own_message_group, can_move_messages_out_of_channel_group,
            can_move_messages_within_channel_group, can_remove_subscribers_group, can_resolve_topics_group,
            can_send_message_group, can_subscribe_group,
        }
    };
    (
        $(#[$meta:meta])* pub struct $name:ident { $($(#[$inner:meta])* $field:ident: $type:ty,)* }
        $($permission:ident,)*
    ) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$inner])* $field: $type,)*
            $(
                #[schemars(with = "Option<narrows_actions::groups::value::GroupChange>")]
                $permission: Option<serde_json::Value>,
            )*
        }

        impl $name {
            fn permissions(
                &self,
            ) -> Result<
                Vec<(&'static str, narrows_actions::groups::value::GroupChange)>,
                narrows_actions::Error,
            > {
                $crate::http::streams::group_changes([
                    $((stringify!($permission), &self.$permission),)*
                ])
            }
        }
    };
}
pub(super) use with_permissions;

/// Parameters that make a stream: those named, and what a new stream may be.
macro_rules! with_new_stream {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$inner:meta])* $field:ident: $type:ty,)* }) => {
        $crate::http::streams::with_permissions! {
            $(#[$meta])*
            pub struct $name {
                $($(#[$inner])* $field: $type,)*
                /// A new one is private.
                invite_only: Option<bool>,
                /// Anybody on the internet may read a new one.
                is_web_public: Option<bool>,
                /// New users are subscribed to a new one.
                is_default_stream: Option<bool>,
                /// Subscribers see what was sent before they came.
                history_public_to_subscribers: Option<bool>,
                /// How long messages are kept: days, `unlimited` or `realm_default`.
                message_retention_days: Option<serde_json::Value>,
                /// Whether the empty topic is allowed, or the only one.
                topics_policy: Option<String>,
                /// The folder under which a new one is listed.
                folder_id: Option<Option<narrows_wire::ChannelFolderId>>,
                /// Say in the organization's stream for it that there is a new one.
                announce: Option<bool>,
            }
        }

        impl $name {
            fn settings(
                &self,
                post_policy: Option<narrows_store::models::PostPolicy>,
            ) -> Result<narrows_actions::streams::NewStreamSettings, $crate::error::ServerError> {
                use $crate::http::streams::{retention, topics_policy};
                let days = self.message_retention_days.as_ref();
                Ok(narrows_actions::streams::NewStreamSettings {
                    invite_only: self.invite_only.unwrap_or(false),
                    is_web_public: self.is_web_public.unwrap_or(false),
                    is_default: self.is_default_stream.unwrap_or(false),
                    history_public_to_subscribers: self.history_public_to_subscribers,
                    post_policy,
                    message_retention_days: days.map(retention).transpose()?.flatten(),
                    topics_policy: topics_policy(self.topics_policy.as_deref())?,
                    folder_id: self.folder_id.flatten(),
                    permissions: self.permissions()?,
                })
            }
        }
    };
}
pub(super) use with_new_stream;

/// The id of a stream in a path: digits, maybe more than an id has.
pub(super) fn stream_id(digits: &str) -> Result<StreamId, ServerError> {
    let id = digits.parse().map(StreamId);
    id.map_err(|_| Error::bad_request("Invalid channel ID").into())
}

/// The policy with the API's number.
pub(super) fn post_policy(number: Option<i16>) -> Result<Option<PostPolicy>, ServerError> {
    let invalid = || Error::bad_request("Invalid stream_post_policy").into();
    number
        .map(|number| PostPolicy::from_number(number).ok_or_else(invalid))
        .transpose()
}

/// Days, "unlimited" (-1) or "realm_default" (`None`).
pub(super) fn retention(value: &Value) -> Result<Option<i32>, ServerError> {
    match (value.as_str(), value.as_i64()) {
        (Some("realm_default"), _) => return Ok(None),
        (Some("unlimited" | "forever"), _) => return Ok(Some(-1)),
        (None, Some(days)) if days > 0 => {
            if let Ok(days) = i32::try_from(days) {
                return Ok(Some(days));
            }
        }
        _ => {}
    }
    let msg = format!("Bad value for 'message_retention_days': {value}");
    Err(Error::bad_request(msg).into())
}

/// The policy with the API's name.
pub(super) fn topics_policy(name: Option<&str>) -> Result<Option<TopicsPolicy>, Error> {
    name.map(TopicsPolicy::from_name).transpose()
}

/// Parameters of [`get_all`].
#[derive(Deserialize, JsonSchema)]
pub struct GetStreams {
    /// Those that are public; yes if not given.
    include_public: Option<bool>,
    /// Those that the caller is subscribed to; yes if not given.
    include_subscribed: Option<bool>,
    /// Those that are web-public.
    include_web_public: Option<bool>,
    /// All of them, for administrators.
    include_all: Option<bool>,
    /// The older name of `include_all`.
    include_all_active: Option<bool>,
    /// Say which ones new users are subscribed to.
    include_default: Option<bool>,
    /// Those that the bot's owner is subscribed to.
    include_owner_subscribed: Option<bool>,
    exclude_archived: Option<bool>,
}

/// Answer of [`get_all`].
#[derive(Serialize, JsonSchema)]
pub struct Streams {
    /// By name.
    streams: Vec<StreamObject>,
}

/// `GET /streams`.
pub async fn get_all(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<GetStreams>,
) -> Reply<Streams> {
    let listing = Listing {
        public: args.include_public.unwrap_or(true),
        subscribed: args.include_subscribed.unwrap_or(true),
        web_public: args.include_web_public.unwrap_or(false),
        all: args
            .include_all
            .or(args.include_all_active)
            .unwrap_or(false),
        owner_subscribed: args.include_owner_subscribed.unwrap_or(false),
        archived: !args.exclude_archived.unwrap_or(true),
        with_default: args.include_default.unwrap_or(false),
    };
    let streams = streams::list(&ctx, &caller, listing).await?;
    Ok(Success::new(Streams { streams }))
}

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct One {
    /// It.
    stream: StreamObject,
}

/// `GET /streams/{stream_id}`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    _: NoParams,
) -> Reply<One> {
    let stream = streams::get(&ctx, &caller, stream_id(&path)?).await?;
    Ok(Success::new(One { stream }))
}

/// Parameters of [`get_id`].
#[derive(Deserialize, JsonSchema)]
pub struct GetId {
    /// The stream's name.
    stream: String,
}

/// Answer of [`get_id`].
#[derive(Serialize, JsonSchema)]
pub struct Id {
    /// Its id.
    stream_id: StreamId,
}

/// `GET /get_stream_id`.
pub async fn get_id(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<GetId>,
) -> Reply<Id> {
    let stream_id = streams::id_of(&ctx, &caller, &args.stream).await?;
    Ok(Success::new(Id { stream_id }))
}

/// Answer of [`members`].
#[derive(Serialize, JsonSchema)]
pub struct Members {
    /// Who is subscribed.
    subscribers: Vec<UserId>,
}

/// `GET /streams/{stream_id}/members`.
pub async fn members(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    _: NoParams,
) -> Reply<Members> {
    let subscribers = streams::members(&ctx, &caller, stream_id(&path)?).await?;
    Ok(Success::new(Members { subscribers }))
}

/// Parameters of [`email_address`].
#[derive(Deserialize, JsonSchema)]
pub struct EmailAddress {
    /// As whom messages come: a bot of the caller's, or the caller if not given.
    sender_id: Option<UserId>,
}

/// Answer of [`email_address`].
#[derive(Serialize, JsonSchema)]
pub struct Address {
    /// The address.
    email: String,
}

/// `GET /streams/{stream_id}/email_address`.
pub async fn email_address(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(args): Params<EmailAddress>,
) -> Reply<Address> {
    let id = stream_id(&path)?;
    let email = streams::email_address(&ctx, &caller, id, args.sender_id).await?;
    Ok(Success::new(Address { email }))
}

with_permissions! {
    /// Parameters of [`update`].
    #[derive(Deserialize, JsonSchema)]
    pub struct Update {
        /// What it shall be called.
        new_name: Option<String>,
        /// What it is about, in Markdown.
        description: Option<String>,
        /// Only for those who are subscribed.
        is_private: Option<bool>,
        /// Anybody on the internet may read it.
        is_web_public: Option<bool>,
        /// Subscribers see what was sent before they came.
        history_public_to_subscribers: Option<bool>,
        /// New users are subscribed to it.
        is_default_stream: Option<bool>,
        /// The older form of `stream_post_policy`.
        is_announcement_only: Option<bool>,
        /// Who may send: 1 everybody, 2 administrators, 3 full members, 4 moderators.
        stream_post_policy: Option<i16>,
        /// How long messages are kept: days, `unlimited` or `realm_default`.
        message_retention_days: Option<Value>,
        /// Whether the empty topic is allowed, or the only one.
        topics_policy: Option<String>,
        /// Nobody can send any more.
        is_archived: Option<bool>,
        /// The folder under which it is listed; `null` for none.
        folder_id: Option<Option<ChannelFolderId>>,
    }
}

/// The settings that were given, read as groups.
pub(super) fn group_changes<'a>(
    given: impl IntoIterator<Item = (&'static str, &'a Option<Value>)>,
) -> Result<Vec<(&'static str, GroupChange)>, Error> {
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name, value.as_ref()?)))
        .map(|(name, value)| Ok((name, GroupChange::parse(name, value)?)))
        .collect()
}

/// `PATCH /streams/{stream_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(args): Params<Update>,
) -> Reply {
    let announcements = args.is_announcement_only.map(|only| match only {
        true => PostPolicy::Admins,
        false => PostPolicy::Everyone,
    });
    let edit = StreamEdit {
        permissions: args.permissions()?,
        topics_policy: topics_policy(args.topics_policy.as_deref())?,
        is_archived: args.is_archived,
        folder_id: args.folder_id,
        name: args.new_name,
        description: args.description,
        is_private: args.is_private,
        is_web_public: args.is_web_public,
        history_public_to_subscribers: args.history_public_to_subscribers,
        is_default: args.is_default_stream,
        post_policy: post_policy(args.stream_post_policy)?.or(announcements),
        message_retention_days: args
            .message_retention_days
            .as_ref()
            .map(retention)
            .transpose()?,
    };
    streams::update(&ctx, &caller, stream_id(&path)?, edit).await?;
    Ok(Success::empty())
}

/// `DELETE /streams/{stream_id}`.
pub async fn archive(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    _: NoParams,
) -> Reply {
    streams::archive(&ctx, &caller, stream_id(&path)?).await?;
    Ok(Success::empty())
}

/// Parameters of [`add_default`] and [`remove_default`].
#[derive(Deserialize, JsonSchema)]
pub struct DefaultStream {
    /// The stream.
    stream_id: StreamId,
}

/// `POST /default_streams`.
pub async fn add_default(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<DefaultStream>,
) -> Reply {
    streams::add_default(&ctx, &caller, args.stream_id).await?;
    Ok(Success::empty())
}

/// `DELETE /default_streams`.
pub async fn remove_default(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<DefaultStream>,
) -> Reply {
    streams::remove_default(&ctx, &caller, args.stream_id).await?;
    Ok(Success::empty())
}
