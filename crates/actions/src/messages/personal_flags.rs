//! The flags of a message as each of its recipients has them, for events about it.

use std::collections::BTreeMap;

use narrows_store::Conn;
use narrows_store::models::Message;
use narrows_store::queries::flags::{self, bit};
use narrows_store::queries::unread::{self, ReadState};
use narrows_wire::{MessageFlags, PersonalFlags, UserId};

use crate::error::Result;

/// Who has which flags. Those to whom the message was not delivered have it as read. `mentions_all`: whether it mentions
/// everybody, in the transaction's eyes.
pub(super) async fn personal_flags(
    conn: &mut Conn,
    message: &Message,
    mentions_all: bool,
) -> Result<PersonalFlags> {
    let marked = flags::of_message(conn, message.id()).await?;
    let mut marked: BTreeMap<UserId, i32> = marked.into_iter().collect();
    let mut groups: BTreeMap<MessageFlags, Vec<UserId>> = BTreeMap::new();
    for row in unread::rows_of_delivered(conn, message.recipient_id(), message.id()).await? {
        let user = UserId(row.user_id);
        let unread = ReadState::decode(&row)?.is_unread(message.id().0, message.is_news_to(user));
        let bits = marked.remove(&user).unwrap_or_default();
        let flags = of_bits(bits, !unread, mentions_all);
        groups.entry(flags).or_default().push(user);
    }
    // What is left are marks on messages that were not delivered.
    for (user, bits) in marked {
        groups
            .entry(of_bits(bits, true, false))
            .or_default()
            .push(user);
    }
    let rest = of_bits(0, true, false);
    groups.remove(&rest);
    for users in groups.values_mut() {
        users.sort_unstable();
    }
    Ok(PersonalFlags {
        rest,
        groups: groups.into_iter().collect(),
    })
}

fn of_bits(bits: i32, read: bool, mentions_all: bool) -> MessageFlags {
    let has = |bit: i32| bits & bit != 0;
    MessageFlags::of([
        (read, MessageFlags::READ),
        (has(bit::STARRED), MessageFlags::STARRED),
        (has(bit::COLLAPSED), MessageFlags::COLLAPSED),
        (has(bit::MENTIONED), MessageFlags::MENTIONED),
        (mentions_all, MessageFlags::STREAM_WILDCARD),
        (
            has(bit::TOPIC_WILDCARD_MENTIONED),
            MessageFlags::TOPIC_WILDCARD,
        ),
        (has(bit::HAS_ALERT_WORD), MessageFlags::ALERT_WORD),
    ])
}
