//! Senders and the streams that they send to, as this process last saw them.
//!
//! After most messages comes another one of the same sender to the same stream. To ask once more who they are and whether
//! they may send would take two round trips to the database, as many as writing the message. Nothing here is believed, though: a message that
//! was checked against it carries the versions of what was read ([`Premise`]), and is not written if they are past. It
//! starts anew then, as any other, with a sender who proves who they are.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use narrows_store::Conn;
use narrows_store::models::User;
use narrows_store::premise::Premise;
use narrows_wire::{MessageId, UserId};

use super::content;
use super::recipient::{Destination, known_recipient};
use super::send::{Asked, Checked, SendMessage, check_to, outbound};
use crate::access::streams::{StreamAccess, StreamRef};
use crate::caller::{Caller, CredentialKind};
use crate::ctx::Ctx;
use crate::error::Result;

/// How long somebody is known who sends nothing.
const IDLE: Duration = Duration::from_secs(300);
/// How many senders a process knows.
const SENDERS: u64 = 2_000;
/// How many rights to send to a stream it knows.
const STREAMS: u64 = 4_000;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct KnownSenders {
    /// By what they came with: its kind, and the SHA-256 in hex.
    senders: Cache<(CredentialKind, String), Caller>,
    streams: Cache<(UserId, StreamRef), StreamAccess>,
}

/// Somebody who proved who they are, but not now: good for nothing but [`send_known`].
#[derive(Clone, Debug)]
pub struct KnownSender(Caller);

impl KnownSender {
    /// Who they were.
    pub fn user_id(&self) -> UserId {
        self.0.user_id()
    }

    /// As they were.
    pub(crate) fn user(&self) -> &User {
        &self.0.user
    }

    /// The program that they use now.
    pub fn client(&self) -> &str {
        &self.0.client
    }
}

impl Default for KnownSenders {
    fn default() -> Self {
        KnownSenders {
            senders: Cache::builder()
                .max_capacity(SENDERS)
                .time_to_idle(IDLE)
                .build(),
            streams: Cache::builder()
                .max_capacity(STREAMS)
                .time_to_idle(IDLE)
                .build(),
        }
    }
}

impl KnownSenders {
    /// Whom this belonged to, in this realm.
    pub(crate) fn sender(
        &self,
        ctx: &Ctx,
        kind: CredentialKind,
        credential: String,
        subdomain: &str,
        client: String,
    ) -> Option<KnownSender> {
        let known = self.senders.get(&(kind, credential))?;
        (known.realm.subdomain == subdomain).then(|| {
            KnownSender(Caller {
                client,
                asked_at: ctx.clock.now(),
                ..known
            })
        })
    }

    /// The right that they had.
    fn stream(&self, sender: &Caller, stream: &StreamRef) -> Option<StreamAccess> {
        self.streams.get(&(sender.user_id(), stream.clone()))
    }

    /// Keeps what was proven just now.
    pub(super) fn keep(&self, sender: &Caller, stream: &StreamRef, access: StreamAccess) {
        let Some(proof) = sender.proof else { return };
        let key = (proof.kind, sender.credential.clone());
        // No secret stays in memory that nobody needs.
        let mut user = User::clone(&sender.user);
        user.password_hash = None;
        let sender = Caller {
            user: Arc::new(user),
            ..sender.clone()
        };
        let user = sender.user_id();
        self.senders.insert(key, sender);
        self.streams.insert((user, stream.clone()), access);
    }

    /// Forgets what turned out to be past.
    fn forget(&self, sender: &Caller, stream: &StreamRef) {
        if let Some(proof) = sender.proof {
            let key = (proof.kind, sender.credential.clone());
            self.senders.invalidate(&key);
        }
        self.streams.invalidate(&(sender.user_id(), stream.clone()));
    }
}

/// Sends as [`super::send::send_of_client`] on the ground of what was known of the sender and the stream.
///
/// `None`: nothing was sent and nothing was changed, as it is not known, or not so any more, or more follows from the
/// message than itself.
pub async fn send_known(
    ctx: &Ctx,
    sender: &KnownSender,
    request: &SendMessage,
    read_by_sender: bool,
) -> Result<Option<MessageId>> {
    let KnownSender(caller) = sender;
    let Destination::Stream { stream, topic } = &request.to else {
        return Ok(None);
    };
    let Some(access) = ctx.known_senders.stream(caller, stream) else {
        return Ok(None);
    };
    let premise = premise(caller, &access);
    let mut conn = ctx.store.read().await?;
    let checked = check_known(ctx, &mut conn, caller, access, topic.as_deref(), request).await;
    drop(conn);
    // Refusals are not to be believed either.
    let placed = match checked {
        Ok(Some(checked)) if premise.is_some() => {
            let asked = Asked::now(ctx, request.local.clone(), read_by_sender);
            let mut outbound = outbound(caller, checked, asked);
            outbound.message.premise = premise;
            ctx.sender.send_on_premise(outbound).await?
        }
        _ => None,
    };
    if placed.is_none() {
        ctx.known_senders.forget(caller, stream);
    }
    Ok(placed.map(|placed| placed.id))
}

/// The message, unless somebody is to follow its topic.
async fn check_known(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    access: StreamAccess,
    topic: Option<&str>,
    request: &SendMessage,
) -> Result<Option<Checked>> {
    let text = content::check_text(&request.content)?;
    let recipient = known_recipient(conn, caller, access, topic).await?;
    let checked = check_to(ctx, conn, caller, recipient, text).await?;
    let changes = checked.participation(ctx, conn, caller).await?;
    Ok(changes.is_empty().then_some(checked))
}

/// What a message of this sender to this stream rests on; `None` for those whom the server speaks for.
fn premise(sender: &Caller, access: &StreamAccess) -> Option<Premise> {
    let (proof, versions) = (sender.proof?, access.versions?);
    Some(Premise {
        realm: (sender.realm_id(), proof.realm),
        user: (sender.user_id(), proof.user),
        credential: hex::decode(&sender.credential).ok()?,
        asked_at: sender.asked_at,
        stream: (access.stream.id(), versions.stream),
        subscription: versions.subscription,
    })
}
