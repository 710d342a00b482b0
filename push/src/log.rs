//! Reading the shard's event log into its state.

use std::time::Duration;

use lapin::BasicProperties;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use narrows_runtime::bus::{Bus, BusError, Offset, StreamEntry};
use narrows_wire::{Effect, Envelope};

use crate::service::Push;

/// How long to wait for the fence before another one is published.
const FENCE_PATIENCE: Duration = Duration::from_secs(5);

/// An entry that marks the end of what is to be replayed.
#[derive(serde::Serialize, serde::Deserialize)]
struct Fence {
    fence: u64,
}

/// Loads the state, replays the log to its end, opens for requests, and goes on for ever.
pub async fn follow(push: &Push, bus: &Bus) {
    let from = push.load().await.map_or(Offset::First, Offset::At);
    let mut entries = bus.consume_stream(push.number(), from);
    let fence = rand::random();
    loop {
        publish_fence(push, bus, fence).await;
        let patience = tokio::time::sleep(FENCE_PATIENCE);
        tokio::pin!(patience);
        loop {
            tokio::select! {
                () = &mut patience => break,
                entry = entries.next() => {
                    let fenced = parse_fence(&entry.body) == Some(fence);
                    apply(push, &entry);
                    if fenced {
                        push.open().await;
                        loop {
                            let entry = entries.next().await;
                            apply(push, &entry);
                            push.publish_jobs();
                        }
                    }
                }
            }
        }
    }
}

fn parse_fence(body: &[u8]) -> Option<u64> {
    body.starts_with(b"{\"fence\":")
        .then(|| serde_json::from_slice::<Fence>(body).ok())
        .flatten()
        .map(|fence| fence.fence)
}

fn apply(push: &Push, entry: &StreamEntry) {
    let envelope = match serde_json::from_slice::<Envelope>(&entry.body) {
        Ok(envelope) => Some(envelope),
        Err(_) if parse_fence(&entry.body).is_some() => None,
        Err(error) => {
            // Only a newer release can have written it; going on without would hide an event from clients.
            tracing::error!(%error, offset = entry.offset, "an entry of the event log cannot be read: all event queues end");
            push.shard().end_all();
            None
        }
    };
    let now = push.now();
    let mut shard = push.shard();
    shard.follow(entry.offset);
    if let Some(envelope) = envelope {
        for effect in &envelope.effects {
            if let Effect::KillQueues { user_id, .. } = effect {
                push.authenticator().forget(*user_id);
            }
        }
        shard.apply(envelope, now);
    }
}

/// Everything that was published before is before it in the log.
async fn publish_fence(push: &Push, bus: &Bus, fence: u64) {
    while let Err(error) = try_publish_fence(push, bus, fence).await {
        tracing::warn!(%error, "cannot publish to the event log; trying again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn try_publish_fence(push: &Push, bus: &Bus, fence: u64) -> Result<(), BusError> {
    let channel = bus.channel().await;
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await?;
    bus.declare_events(&channel, push.number()).await?;
    let body = format!("{{\"fence\":{fence}}}");
    let queue = bus.events_queue(push.number());
    let options = BasicPublishOptions::default();
    let properties = BasicProperties::default().with_delivery_mode(2);
    let confirm = channel
        .basic_publish(
            "".into(),
            queue.into(),
            options,
            body.as_bytes(),
            properties,
        )
        .await?;
    confirm.await?;
    channel.close(200, "done".into()).await?;
    Ok(())
}
