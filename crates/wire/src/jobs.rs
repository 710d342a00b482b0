//! Background jobs: what they carry. Runners are in `workers/src/jobs/`.

use serde::{Deserialize, Serialize};

use crate::ids::{InvitationId, MessageId, RealmExportId, RealmId, UserId};

/// A unit of background work. Tagged by name, so that workers of another release can tell what they do not know.
///
/// Payloads only ever gain fields with defaults; a change of meaning is a new variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Tell a user by e-mail of a message that they are not there to see.
    MissedMessageEmail(MissedMessageEmail),
    /// Delete the bytes of uploaded files whose rows are gone.
    DeleteFiles(DeleteFiles),
    /// Look at websites that a message links to, and show them below it.
    EmbedLinks(EmbedLinks),
    /// Mail an invitation.
    InvitationEmail(InvitationEmail),
    /// Write what an organisation has into an archive.
    ExportRealm(ExportRealm),
}

/// See [`Job::ExportRealm`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRealm {
    /// The realm.
    pub realm_id: RealmId,
    /// The request, which knows what is wanted.
    pub export_id: RealmExportId,
}

/// See [`Job::InvitationEmail`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationEmail {
    /// Its realm.
    pub realm_id: RealmId,
    /// The invitation, which knows to whom.
    pub invitation_id: InvitationId,
}

/// See [`Job::DeleteFiles`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteFiles {
    /// Where they are in the storage.
    pub keys: Vec<String>,
}

/// See [`Job::EmbedLinks`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedLinks {
    /// The realm of the message.
    pub realm_id: RealmId,
    /// The message.
    pub message_id: MessageId,
    /// SHA-256 in hex of the text that had the links: another text is left alone.
    pub content_sha256: String,
    /// Where the links go.
    pub urls: Vec<String>,
}

/// See [`Job::MissedMessageEmail`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedMessageEmail {
    /// The realm of user and message.
    pub realm_id: RealmId,
    /// Who gets the mail.
    pub user_id: UserId,
    /// What they missed.
    pub message_id: MessageId,
    /// Why they are told.
    pub trigger: NotificationTrigger,
}

/// Why somebody is notified of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationTrigger {
    /// A direct message.
    DirectMessage,
    /// Mentioned by name.
    Mention,
    /// A group of theirs was mentioned.
    GroupMention,
    /// `@**topic**` in a topic that they take part in.
    TopicWildcardMention,
    /// `@**all**` and the like.
    StreamWildcardMention,
    /// The user asked for mails of this stream.
    StreamEmail,
    /// The user follows the topic.
    FollowedTopic,
}

/// A job on its way: what RabbitMQ carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobEnvelope {
    /// Unique per piece of work: runners do it once per key. The outbox id, or made by the decider from what it saw.
    pub key: String,
    /// How often it was tried before.
    #[serde(default)]
    pub attempt: u32,
    /// The work.
    pub job: Job,
}

impl Job {
    /// The queue in which it waits; also the name that `narrows worker QUEUE` takes.
    pub fn queue(&self) -> &'static str {
        match self {
            Job::MissedMessageEmail(_) => "missed_message_email",
            Job::DeleteFiles(_) => "delete_files",
            Job::EmbedLinks(_) => "embed_links",
            Job::InvitationEmail(_) => "invitation_email",
            Job::ExportRealm(_) => "export_realm",
        }
    }

    /// Every queue there is.
    pub const QUEUES: [&'static str; 5] = [
        "delete_files",
        "embed_links",
        "export_realm",
        "invitation_email",
        "missed_message_email",
    ];
}
