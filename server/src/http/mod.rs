//! Operations of the API, one file per resource: parse, call one action, answer.

pub mod alert_words;
pub mod auth;
pub mod bot_storage;
pub mod drafts;
pub mod events;
pub mod flags;
pub mod groups;
pub mod health;
pub mod internal;
pub mod messages;
pub mod messages_read;
pub mod muted_users;
pub mod navigation_views;
pub mod presence;
pub mod reactions;
pub mod register;
pub mod saved_snippets;
pub mod scheduled_messages;
pub mod server_settings;
pub mod settings;
pub mod streams;
pub mod subscriptions;
pub mod topics;
pub mod typing;
pub mod users;
