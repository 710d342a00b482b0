//! Queries that span tables, one file per noun.

pub mod acquaintances;
pub mod attachments;
pub mod credentials;
pub mod direct_messages;
pub mod export;
pub mod flags;
pub mod group_members;
pub mod job_receipts;
pub mod kept;
pub mod memberships;
pub mod message_changes;
pub mod messages;
pub mod names;
pub mod narrow;
pub mod new_message;
pub mod page_names;
pub mod snapshot;
pub mod streams;
pub mod system_groups;
pub mod time_zones;
pub mod topics;
pub mod traffic;
pub mod unread;
