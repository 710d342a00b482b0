//! Events about files that the user uploaded.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ids::{AttachmentId, MessageId};

/// See the API's `attachment`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum AttachmentEvent {
    /// A file was uploaded.
    Add(AttachmentChange<Attachment>),
    /// Other messages link to a file.
    Update(AttachmentChange<Attachment>),
    /// A file is gone.
    Remove(AttachmentChange<RemovedAttachment>),
}

/// A file and what follows from its change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AttachmentChange<T> {
    /// The file.
    pub attachment: T,
    /// What all files of the realm take, in bytes.
    pub upload_space_used: i64,
}

/// A file as its owner sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// As it was called where it came from.
    pub name: String,
    /// The URL after `/user_uploads/`.
    pub path_id: String,
    /// In bytes.
    pub size: i64,
    /// UNIX milliseconds, of whole seconds.
    pub create_time: i64,
    /// The messages that link to it.
    pub messages: Vec<LinkingMessage>,
}

/// A message that links to a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LinkingMessage {
    /// Its id.
    pub id: MessageId,
    /// UNIX milliseconds, of whole seconds.
    pub date_sent: i64,
}

/// A file that is gone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RemovedAttachment {
    /// Its id.
    pub id: AttachmentId,
}
