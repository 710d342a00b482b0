//! The headings under which streams are listed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ids::{ChannelFolderId, UserId};

/// A channel folder, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChannelFolder {
    /// Its id.
    pub id: ChannelFolderId,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// HTML.
    pub rendered_description: String,
    /// UNIX seconds.
    pub date_created: i64,
    /// Who made it.
    pub creator_id: Option<UserId>,
    /// No longer offered.
    pub is_archived: bool,
    /// Where it comes among the others.
    pub order: i32,
}

/// See the API's `channel_folder`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ChannelFolderEvent {
    /// A new one.
    Add {
        /// It.
        channel_folder: ChannelFolder,
    },
    /// One changed.
    Update {
        /// Which.
        channel_folder_id: ChannelFolderId,
        /// What changed.
        data: ChannelFolderData,
    },
    /// They come in another order.
    Reorder {
        /// The ids in this order.
        order: Vec<ChannelFolderId>,
    },
}

/// What changed of a channel folder; `None` stayed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChannelFolderData {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// HTML, with `description`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendered_description: Option<String>,
    /// No longer offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
}
