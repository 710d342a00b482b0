//! `POST /register`: an event queue, and the state that its events change.
//!
//! Exact without a second copy of every state change: push allocates the queue, the state is read in one snapshot, and
//! push then drops what the snapshot had seen (docs/subsystems/events.md).

mod described;
mod fragments;
mod realm;
mod spectator;
mod state;
mod stop_words;
mod user;

use std::collections::BTreeSet;

use narrows_store::queries::{memberships, snapshot};
use narrows_wire::feature_level::{FEATURE_LEVEL, NARROWS_VERSION, ZULIP_VERSION};
use narrows_wire::limits::{IDLE_QUEUE_TIMEOUT_SECONDS, MAX_IDLE_QUEUE_TIMEOUT_SECONDS};
use narrows_wire::queue::{Activate, Capabilities, Descriptor, NarrowTerm};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::unread;

pub use spectator::spectate;
pub use state::State;

/// How often a registration is tried anew when its snapshot lost a race.
const TRIES: usize = 5;

/// What a client asks for.
#[derive(Clone, Debug)]
pub struct Register {
    /// Events wanted; `None` = all.
    pub event_types: Option<Vec<String>>,
    /// State wanted; `None` = as `event_types`.
    pub fetch_event_types: Option<Vec<String>>,
    /// Message content as HTML.
    pub apply_markdown: bool,
    /// Gravatar URLs are computed by the client.
    pub client_gravatar: bool,
    /// Presence by user id.
    pub slim_presence: bool,
    /// Of how many days presence is wanted.
    pub presence_history_limit_days: Option<i64>,
    /// With the ids of each stream's subscribers.
    pub include_subscribers: bool,
    /// Messages of all public streams.
    pub all_public_streams: bool,
    /// Filter for messages.
    pub narrow: Vec<NarrowTerm>,
    /// What the client understands.
    pub capabilities: Capabilities,
    /// Seconds that the queue is to live without a poll.
    pub idle_timeout: Option<u64>,
}

impl Register {
    /// The kinds of state to fetch; `None` = all.
    fn fetched(&self) -> Option<BTreeSet<&str>> {
        let types = self
            .fetch_event_types
            .as_ref()
            .or(self.event_types.as_ref())?;
        Some(types.iter().map(String::as_str).collect())
    }

    fn wants_unread(&self) -> bool {
        self.fetched().is_none_or(|types| types.contains("message"))
    }

    fn descriptor(&self, caller: &Caller) -> Descriptor {
        let idle = self.idle_timeout.unwrap_or(IDLE_QUEUE_TIMEOUT_SECONDS);
        Descriptor {
            realm_id: caller.realm_id(),
            user_id: Some(caller.user_id()),
            email: caller.user.email.clone(),
            delivery_email: caller.user.delivery_email.clone(),
            role: caller.user.role(),
            credential: Some(caller.credential.clone()),
            event_types: self.event_types.clone(),
            narrow: self.narrow.clone(),
            all_public_streams: self.all_public_streams,
            apply_markdown: self.apply_markdown,
            client_gravatar: self.client_gravatar,
            slim_presence: self.slim_presence,
            include_subscribers: self.include_subscribers,
            capabilities: self.capabilities,
            idle_timeout: idle.clamp(IDLE_QUEUE_TIMEOUT_SECONDS, MAX_IDLE_QUEUE_TIMEOUT_SECONDS),
            client: caller.client.clone(),
        }
    }
}

/// Makes a queue and reads the state. The answer's fields, `queue_id` first.
pub async fn register(ctx: &Ctx, caller: &Caller, request: &Register) -> Result<State> {
    if request.all_public_streams && caller.user.role().is_guest() {
        return Err(Error::bad_request("User not authorized for this query"));
    }
    check_narrow(&request.narrow)?;
    if request.wants_unread() {
        unread::catch_up(ctx, caller.user_id()).await?;
    }
    let allocated = ctx.push.allocate(&request.descriptor(caller)).await?;
    let read = read_state(ctx, caller, request).await;
    let (mut state, activate) = match read {
        Ok(read) => read,
        Err(error) => {
            if let Err(error) = ctx.push.free(&allocated.queue_id).await {
                tracing::debug!(%error, "an unused queue is left to expire");
            }
            return Err(error);
        }
    };
    ctx.push.activate(&allocated.queue_id, &activate).await?;
    state.put("queue_id", &allocated.queue_id)?;
    state.put("last_event_id", &allocated.last_event_id)?;
    Ok(state)
}

/// Push applies a queue's narrow to each new message by what the message says of itself.
fn check_narrow(narrow: &[NarrowTerm]) -> Result<()> {
    let supported = |term: &&NarrowTerm| NarrowTerm::OPERATORS.contains(&term.operator.as_str());
    match narrow.iter().find(|term| !supported(term)) {
        None => Ok(()),
        Some(term) => {
            let msg = format!("Operator {} not supported.", term.operator);
            Err(Error::bad_request(msg))
        }
    }
}

async fn read_state(ctx: &Ctx, caller: &Caller, request: &Register) -> Result<(State, Activate)> {
    let mut tries = 0;
    loop {
        tries += 1;
        match read_state_once(ctx, caller, request).await {
            Err(Error::Unavailable {
                component: "the database",
                ..
            }) if tries < TRIES => {}
            done => return done,
        }
    }
}

async fn read_state_once(
    ctx: &Ctx,
    caller: &Caller,
    request: &Register,
) -> Result<(State, Activate)> {
    let mut tx = ctx.store.snapshot().await?;
    let snapshot = snapshot::current(&mut tx).await?;
    let streams = memberships::of_user(&mut tx, caller.realm_id(), caller.user_id()).await?;
    // Who the caller is, as of this moment: their role may just have changed.
    let caller = &caller.refreshed(&mut tx).await?;
    let fetched = request.fetched();
    let mut state = State::new(fetched.as_ref());
    put_versions(&mut state)?;
    realm::gather(ctx, &mut tx, &caller.realm, request, &mut state).await?;
    user::gather(ctx, &mut tx, caller, request, &mut state).await?;
    drop(tx.commit().await?);
    let activate = Activate {
        snapshot,
        since: streams.iter().map(|(id, own)| (*id, own.since)).collect(),
        streams: streams
            .into_iter()
            .map(|(id, own)| (id, own.version))
            .collect(),
    };
    Ok((state, activate))
}

fn put_versions(state: &mut State) -> Result<()> {
    state.put("zulip_version", ZULIP_VERSION)?;
    state.put("zulip_feature_level", &FEATURE_LEVEL)?;
    state.put("zulip_merge_base", ZULIP_VERSION)?;
    state.put("narrows_version", NARROWS_VERSION)?;
    Ok(())
}
