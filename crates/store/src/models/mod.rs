//! Rows, one file per table. A row type holds what the table holds; finders take the realm first.
//!
//! To add a table: a migration, `schema.rs` anew, and a file here with `derive(Queryable, Selectable)` and, for inserts,
//! a `New*` struct.

mod alert_word;
mod api_key;
mod attachment;
mod bot;
mod bot_storage;
mod channel_folder;
mod custom_emoji;
mod draft;
mod invitation;
mod linkifier;
mod message;
mod muted_user;
mod navigation_view;
mod onboarding_step;
mod playground;
mod profile_field;
mod profile_value;
mod push_token;
mod reaction;
mod realm;
mod realm_domain;
mod realm_export;
mod realm_user_defaults;
mod recipient;
mod saved_snippet;
mod scheduled_message;
mod session;
mod stream;
mod submessage;
mod subscription;
mod topic;
mod user;
mod user_group;
mod user_status;
mod user_topic;

pub use alert_word::AlertWord;
pub use api_key::ApiKey;
pub use attachment::{Attachment, NewAttachment};
pub use bot::{Bot, BotDefaults, KnownBot};
pub use bot_storage::BotStorage;
pub use channel_folder::{ChannelFolder, ChannelFolderChange, NewChannelFolder};
pub use custom_emoji::{CustomEmoji, NewCustomEmoji};
pub use draft::{Draft, DraftContent};
pub use invitation::{Invitation, InvitationStatus, NewInvitation};
pub use linkifier::Linkifier;
pub use message::Message;
pub use muted_user::MutedUser;
pub use navigation_view::{NavigationView, NavigationViewChange};
pub use onboarding_step::OnboardingStep;
pub use playground::Playground;
pub use profile_field::{ProfileField, ProfileFieldContent};
pub use profile_value::ProfileValue;
pub use push_token::{PushService, PushToken};
pub use reaction::Reaction;
pub use realm::{NewRealm, Realm};
pub use realm_domain::RealmDomain;
pub use realm_export::{ExportType, NewRealmExport, RealmExport, RealmExportChange};
pub use realm_user_defaults::RealmUserDefaults;
pub use recipient::Recipient;
pub use saved_snippet::{SavedSnippet, SavedSnippetChange};
pub use scheduled_message::{NewScheduledMessage, ScheduledMessage, ScheduledTo};
pub use session::{NewSession, Session};
pub use stream::{NewStream, PostPolicy, Stream, StreamChange, StreamKey, StreamVersions};
pub use submessage::Submessage;
pub use subscription::{Subscription, SubscriptionProperty};
pub use topic::Topic;
pub use user::{NewUser, User};
pub use user_group::{NewUserGroup, UserGroup};
pub use user_status::UserStatus;
pub use user_topic::UserTopic;

use crate::error::{Error, Result};

/// What a change of one row that found none means.
fn found(rows: usize) -> Result<()> {
    match rows {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
