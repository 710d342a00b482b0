//! Which topic names a stream allows.

use narrows_store::models::Stream;
use narrows_wire::ErrorCode;
use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;

use crate::error::{Error, Result};
use crate::realms::Settings;

/// Which topic names are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicsPolicy {
    /// As the realm has it.
    Inherit,
    /// All.
    AllowEmpty,
    /// All but the empty one.
    DisableEmpty,
    /// Only the empty one.
    EmptyOnly,
}

impl TopicsPolicy {
    const ALL: [TopicsPolicy; 4] = [
        TopicsPolicy::Inherit,
        TopicsPolicy::AllowEmpty,
        TopicsPolicy::DisableEmpty,
        TopicsPolicy::EmptyOnly,
    ];

    /// The API's name.
    pub fn name(self) -> &'static str {
        match self {
            TopicsPolicy::Inherit => "inherit",
            TopicsPolicy::AllowEmpty => "allow_empty_topic",
            TopicsPolicy::DisableEmpty => "disable_empty_topic",
            TopicsPolicy::EmptyOnly => "empty_topic_only",
        }
    }

    /// From the API's name.
    pub fn from_name(name: &str) -> Result<TopicsPolicy> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.name() == name)
            .ok_or_else(|| Error::bad_request("Invalid topics_policy"))
    }
}

/// Refuses a topic that a message must not have in a stream.
pub(crate) fn check_topic_allowed(stream: &Stream, topic: &str, settings: &Settings) -> Result<()> {
    let policy = TopicsPolicy::from_name(&stream.topics_policy).unwrap_or(TopicsPolicy::Inherit);
    match (policy, topic.is_empty()) {
        (TopicsPolicy::Inherit, true) if settings.mandatory_topics => Err(Error::bad_request(
            "Topics are required in this organization.",
        )),
        (TopicsPolicy::DisableEmpty, true) => Err(Error::api(
            ErrorCode::TopicsPolicy,
            format!(
                "Sending messages to the \"{EMPTY_TOPIC_DISPLAY_NAME}\" topic is not allowed in this channel."
            ),
        )),
        (TopicsPolicy::EmptyOnly, false) => Err(Error::api(
            ErrorCode::TopicsPolicy,
            format!("Only the \"{EMPTY_TOPIC_DISPLAY_NAME}\" topic is allowed in this channel."),
        )),
        _ => Ok(()),
    }
}
