//! Which topic names a stream allows.

use narrows_store::Conn;
use narrows_store::models::Stream;
use narrows_store::queries::topics;
use narrows_wire::ErrorCode;
use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;

use crate::access::realm::may;
use crate::access::streams::is_granted;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::realms::{Right, Settings};

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
        (TopicsPolicy::Inherit, true)
            if settings.topics_policy == TopicsPolicy::DisableEmpty.name() =>
        {
            Err(Error::bad_request(
                "Topics are required in this organization.",
            ))
        }
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

/// Who begins topics, where a stream lets not everybody do so.
const BEGINNERS: &str = "can_create_topic_group";

/// Refuses a topic that nobody has written in yet to who may not begin one.
pub(crate) async fn check_may_begin(
    conn: &mut Conn,
    caller: &Caller,
    stream: &Stream,
    topic: &str,
) -> Result<()> {
    if stream.permissions.get(BEGINNERS).is_none()
        || is_granted(conn, caller, stream, BEGINNERS).await?
        || topics::has_messages(conn, stream.recipient_id(), topic).await?
    {
        return Ok(());
    }
    Err(Error::bad_request(
        "You do not have permission to create new topics in this channel.",
    ))
}

/// Whether the caller may decide on the topics of a stream as they ask for. With other topics there, the empty one
/// cannot become the only one.
pub(super) async fn check_change(
    conn: &mut Conn,
    caller: &Caller,
    stream: &Stream,
    wanted: Option<TopicsPolicy>,
) -> Result<()> {
    let Some(wanted) = wanted.filter(|wanted| wanted.name() != stream.topics_policy) else {
        return Ok(());
    };
    if !may(conn, caller, Right::SetTopicsPolicy).await? {
        return Err(Error::insufficient_permission());
    }
    if wanted == TopicsPolicy::EmptyOnly && topics::has_named(conn, stream.recipient_id()).await? {
        return Err(Error::api(
            ErrorCode::CannotSetTopicsPolicyToEmptyTopicOnly,
            format!(
                "To enable this configuration, all messages in this channel must be in the \"{EMPTY_TOPIC_DISPLAY_NAME}\" topic. Consider renaming or deleting other topics."
            ),
        ));
    }
    Ok(())
}
