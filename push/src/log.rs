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

/// All envelopes of an entry, or what went wrong.
fn parse(body: &[u8]) -> serde_json::Result<Vec<Envelope>> {
    serde_json::Deserializer::from_slice(body)
        .into_iter()
        .collect()
}

fn apply(push: &Push, entry: &StreamEntry) {
    let envelopes = match parse(&entry.body) {
        Ok(envelopes) => envelopes,
        Err(_) if parse_fence(&entry.body).is_some() => vec![],
        Err(error) => {
            // Only a newer release can have written it; going on without would hide an event from clients.
            tracing::error!(%error, offset = entry.offset, "an entry of the event log cannot be read: all event queues end");
            push.shard().end_all();
            vec![]
        }
    };
    let now = push.now();
    // Held for the whole entry: what is written down is the state between two of them.
    let mut shard = push.shard();
    shard.follow(entry.offset);
    for envelope in envelopes {
        for effect in &envelope.effects {
            match effect {
                Effect::KillQueues { user_id, .. } => push.authenticator().forget(*user_id),
                Effect::CloseRealm => push.authenticator().forget_realm(envelope.realm_id),
                Effect::Membership { .. } | Effect::RoleChanged { .. } => {}
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_one_envelope_or_several() {
        let envelope = r#"{"realm_id": 1, "audience": {"scope": {"kind": "nobody"}}}"#;
        let one = parse(envelope.as_bytes()).expect("an envelope");
        assert_eq!(one.len(), 1);
        let two = parse(format!("{envelope}\n{envelope}").as_bytes()).expect("envelopes");
        assert_eq!(two.len(), 2);
        assert!(parse(format!("{envelope}\n{{").as_bytes()).is_err());
    }
}
