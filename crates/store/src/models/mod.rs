//! Rows, one file per table. A row type holds what the table holds; finders take the realm first.
//!
//! To add a table: a migration, `schema.rs` anew, and a file here with `derive(Queryable, Selectable)` and, for inserts,
//! a `New*` struct.

mod alert_word;
mod api_key;
mod message;
mod muted_user;
mod reaction;
mod realm;
mod recipient;
mod session;
mod stream;
mod submessage;
mod subscription;
mod topic;
mod user;
mod user_group;
mod user_topic;

pub use alert_word::AlertWord;
pub use api_key::ApiKey;
pub use message::Message;
pub use muted_user::MutedUser;
pub use reaction::Reaction;
pub use realm::{NewRealm, Realm};
pub use recipient::Recipient;
pub use session::{NewSession, Session};
pub use stream::{NewStream, PostPolicy, Stream, StreamChange};
pub use submessage::Submessage;
pub use subscription::{Subscription, SubscriptionProperty};
pub use topic::Topic;
pub use user::{NewUser, User};
pub use user_group::{NewUserGroup, UserGroup};
pub use user_topic::UserTopic;
