//! Websites shown below the messages that link to them.
//!
//! A send or an edit leaves a job for the links that the renderer would show more of; a worker looks at them and renders
//! the message once more. Nobody edited it: there is no history of it, and the event says `rendering_only`.

use narrows_store::models::{Message, Realm, Stream, User};
use narrows_store::queries::{message_changes, messages};
use narrows_store::{Error as StoreError, Tx};
use narrows_wire::events::message::UpdateMessage;
use narrows_wire::jobs::EmbedLinks;
use narrows_wire::{Audience, Event, Job, MessageId, RealmId};
use sha2::{Digest, Sha256};

use super::content::{self, Content, RENDERED_VERSION};
use super::personal_flags::personal_flags;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// Whether a worker shall look at links of the message.
pub(super) fn is_wanted(content: &Content) -> bool {
    !content.seen.report.links.is_empty()
}

/// The job for a message with this content, if there is anything to do.
pub(super) fn job(realm: RealmId, id: MessageId, content: &Content) -> Option<Job> {
    is_wanted(content).then(|| {
        Job::EmbedLinks(EmbedLinks {
            realm_id: realm,
            message_id: id,
            content_sha256: digest(&content.text),
            urls: content.seen.report.links.clone(),
        })
    })
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Looks at the links and shows what is there, unless the message is gone or has another text by now.
pub async fn embed_links(ctx: &Ctx, job: &EmbedLinks) -> Result<()> {
    let previews = ctx.link_previews.of(&job.urls).await?;
    if previews.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.store.begin().await?;
    let message = match Message::find_for_update(&mut tx, job.realm_id, job.message_id).await {
        Ok(message) if digest(&message.content) == job.content_sha256 => message,
        Ok(_) | Err(StoreError::NotFound) => return Ok(()),
        Err(other) => return Err(other.into()),
    };
    let realm = Realm::find(&mut tx, job.realm_id).await?;
    let sender = User::find(&mut tx, job.realm_id, message.sender_id()).await?;
    let author = Caller::internal(ctx, realm, sender);
    let text = message.content.clone();
    let content = content::render_with_previews(ctx, &mut tx, &author, text, previews).await?;
    if content.html == message.rendered_content {
        return Ok(());
    }
    let rendering = (content.html.as_str(), RENDERED_VERSION);
    message_changes::set_rendering(&mut tx, job.realm_id, message.id(), rendering).await?;
    announce(ctx, &mut tx, &message, content).await?;
    drop(tx.commit().await?);
    Ok(())
}

async fn announce(ctx: &Ctx, tx: &mut Tx, message: &Message, content: Content) -> Result<()> {
    let place = messages::place(tx, message, None).await?;
    let stream = match place.stream_id() {
        Some(id) => {
            let found = Stream::find(tx, message.realm_id(), message.sender_id(), id).await?;
            Some(found.0)
        }
        None => None,
    };
    let audience = match &stream {
        Some(stream) => Audience::stream(stream.id(), stream.membership_version),
        None => Audience::users(place.people()),
    };
    let mentions_all = message.wildcard_mention & 1 != 0;
    let flags = personal_flags(tx, message, mentions_all).await?;
    let event = UpdateMessage {
        rendering_only: true,
        message_id: message.id().0,
        message_ids: vec![message.id()],
        edit_timestamp: ctx.clock.now().timestamp(),
        stream_id: stream.as_ref().map(Stream::id),
        stream_name: stream.map(|stream| stream.name),
        content: Some(content.text),
        rendered_content: Some(content.html),
        ..UpdateMessage::default()
    };
    let event = Event::UpdateMessage(Box::new(event));
    tx.emit_with_flags(message.realm_id(), audience, &event, flags)?;
    Ok(())
}
