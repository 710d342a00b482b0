//! Links into the web client, as Zulip's clients write and read them: `#narrow/channel/7-design/topic/lunch/near/42`.

use crate::access::messages::{Conversation, MessageAccess};

/// The link to a message in its conversation.
pub fn near(access: &MessageAccess) -> String {
    let id = access.message.id();
    match &access.conversation {
        Conversation::Stream(stream) => {
            let (stream_id, name) = (stream.stream.id(), slug(&stream.stream.name));
            let topic = encode(access.topic.as_ref().map_or("", |(_, name)| name));
            format!("#narrow/channel/{stream_id}-{name}/topic/{topic}/near/{id}")
        }
        Conversation::Direct(people) => {
            let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
            format!("#narrow/dm/{}/near/{id}", ids.join(","))
        }
    }
}

fn slug(name: &str) -> String {
    encode(&name.replace(' ', "-"))
}

/// Percent encoding with "." for "%", so that browsers leave it alone.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!(".{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_not_plain_is_written_in_hex_after_a_dot() {
        assert_eq!(super::encode("lunch 1.5 ✔"), "lunch.201.2E5.20.E2.9C.94");
        assert_eq!(super::slug("web public"), "web-public");
    }
}
