//! Invitations.

use actix_web::web;
use narrows_actions::invitations::{self, InviteObject, Kind, Terms};
use narrows_actions::{Ctx, Error};
use narrows_wire::{GroupId, InvitationId, Role, StreamId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{NoParams, Params, Person};
use crate::reply::{Reply, Success};

/// How long an invitation can be used if nothing is said: ten days.
const MINUTES: i64 = 10 * 24 * 60;

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Listed {
    /// Those by mail first.
    invites: Vec<InviteObject>,
}

/// `GET /invites`.
pub async fn list(ctx: web::Data<Ctx>, Person(caller): Person, _: NoParams) -> Reply<Listed> {
    let invites = invitations::list(&ctx, &caller).await?;
    Ok(Success::new(Listed { invites }))
}

/// Parameters of [`send`].
#[derive(Deserialize, JsonSchema)]
pub struct Send {
    /// Addresses, separated by commas or line breaks.
    invitee_emails: String,
    /// For how long; `null` for ever, ten days if not given.
    invite_expires_in_minutes: Option<Option<i64>>,
    /// The role of who joins; a member if not given.
    invite_as: Option<i16>,
    /// What they are subscribed to.
    stream_ids: Vec<StreamId>,
    /// The groups that they belong to.
    group_ids: Option<Vec<GroupId>>,
    /// Subscribe them to what everybody new is subscribed to.
    include_realm_default_subscriptions: Option<bool>,
    /// Tell the caller when somebody joins; yes if not given.
    notify_referrer_on_join: Option<bool>,
}

/// `POST /invites`.
pub async fn send(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Send>,
) -> Reply {
    let terms = Terms {
        expires_in_minutes: args.invite_expires_in_minutes.unwrap_or(Some(MINUTES)),
        role: role(args.invite_as)?,
        streams: args.stream_ids,
        groups: args.group_ids.unwrap_or_default(),
        include_default_streams: args.include_realm_default_subscriptions.unwrap_or(false),
        notify_referrer: args.notify_referrer_on_join.unwrap_or(true),
    };
    invitations::send(&ctx, &caller, &args.invitee_emails, &terms).await?;
    Ok(Success::empty())
}

/// Parameters of [`create_link`].
#[derive(Deserialize, JsonSchema)]
pub struct CreateLink {
    /// For how long; `null` for ever, ten days if not given.
    invite_expires_in_minutes: Option<Option<i64>>,
    /// The role of who joins; a member if not given.
    invite_as: Option<i16>,
    /// What they are subscribed to.
    stream_ids: Option<Vec<StreamId>>,
    /// The groups that they belong to.
    group_ids: Option<Vec<GroupId>>,
    /// Subscribe them to what everybody new is subscribed to.
    include_realm_default_subscriptions: Option<bool>,
}

/// Answer of [`create_link`].
#[derive(Serialize, JsonSchema)]
pub struct Link {
    /// The link.
    invite_link: String,
}

/// `POST /invites/multiuse`.
pub async fn create_link(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<CreateLink>,
) -> Reply<Link> {
    let terms = Terms {
        expires_in_minutes: args.invite_expires_in_minutes.unwrap_or(Some(MINUTES)),
        role: role(args.invite_as)?,
        streams: args.stream_ids.unwrap_or_default(),
        groups: args.group_ids.unwrap_or_default(),
        include_default_streams: args.include_realm_default_subscriptions.unwrap_or(false),
        notify_referrer: false,
    };
    let invite_link = invitations::create_link(&ctx, &caller, &terms).await?;
    Ok(Success::new(Link { invite_link }))
}

fn role(number: Option<i16>) -> Result<Role, Error> {
    let role = number.map_or(Ok(Role::Member), Role::try_from);
    role.map_err(|_| Error::bad_request("Invalid invite_as"))
}

/// `DELETE /invites/{invite_id}`.
pub async fn revoke(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<InvitationId>,
    _: NoParams,
) -> Reply {
    invitations::revoke(&ctx, &caller, *id, Kind::Mail).await?;
    Ok(Success::empty())
}

/// `DELETE /invites/multiuse/{invite_id}`.
pub async fn revoke_link(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<InvitationId>,
    _: NoParams,
) -> Reply {
    invitations::revoke(&ctx, &caller, *id, Kind::Link).await?;
    Ok(Success::empty())
}

/// `POST /invites/{invite_id}/resend`.
pub async fn resend(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<InvitationId>,
    _: NoParams,
) -> Reply {
    invitations::resend(&ctx, &caller, *id).await?;
    Ok(Success::empty())
}
