//! Making one stream that must not be there yet, with its first subscribers.

use std::collections::HashMap;
use std::slice;

use narrows_store::Constraint;
use narrows_wire::{ErrorCode, StreamId};

use super::add::{NewSubscription, check_principals, check_wanted, emit, join, make};
use super::principals::{self, Principal};
use crate::access::realm::check_no_guest;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::streams::{NewStreamSettings, Notices, tell_made};

/// A stream to be made.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// Its name and description.
    pub channel: NewSubscription,
    /// How it shall be.
    pub settings: NewStreamSettings,
    /// Who is subscribed to it: nobody, if nobody is named.
    pub subscribers: Vec<Principal>,
    /// What the notification bot says of it.
    pub notices: Notices,
}

/// Makes a stream; returns its id.
pub async fn create_channel(ctx: &Ctx, caller: &Caller, new: &NewChannel) -> Result<StreamId> {
    check_no_guest(caller)?;
    let wanted = check_wanted(slice::from_ref(&new.channel), None)?;
    let wanted: Vec<&NewSubscription> = wanted.iter().collect();
    let mut tx = ctx.store.begin().await?;
    let users = match new.subscribers.is_empty() {
        true => vec![],
        false => principals::find(&mut tx, caller, &new.subscribers).await?,
    };
    check_principals(&mut tx, caller, &users, &[]).await?;
    let made = make(ctx, &mut tx, caller, &wanted, &new.settings).await;
    let made = made.map_err(|error| name_taken(error, &wanted))?;
    let realm = caller.realm_id();
    let joined = join(&mut tx, realm, &made, &users, &HashMap::new()).await?;
    emit(&mut tx, caller, &made, 0, &users, &joined).await?;
    tell_made(ctx, &mut tx, caller, &made, new.notices).await?;
    let id = made.first().map(|stream| stream.id());
    let id = id.ok_or_else(|| Error::Internal("a stream was to be made".into()))?;
    drop(tx.commit().await?);
    Ok(id)
}

fn name_taken(error: Error, wanted: &[&NewSubscription]) -> Error {
    match (error, wanted.first()) {
        (Error::Store(narrows_store::Error::Constraint(Constraint::StreamName)), Some(channel)) => {
            let msg = format!("Channel '{}' already exists", channel.name);
            Error::api(ErrorCode::ChannelAlreadyExists, msg)
                .with("channel_name", channel.name.as_str())
        }
        (other, _) => other,
    }
}
