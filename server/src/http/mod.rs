//! Operations of the API, one file per resource: parse, call one action, answer.

pub mod auth;
pub mod events;
pub mod flags;
pub mod health;
pub mod internal;
pub mod messages_read;
pub mod server_settings;
pub mod streams;
pub mod subscriptions;
pub mod topics;
pub mod users;
