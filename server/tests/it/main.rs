//! The app server from outside, one file per resource of `src/http/`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod auth;
mod avatars;
mod caches;
mod costs;
mod drafts;
mod emoji;
mod errors;
mod events;
mod groups;
mod isolation;
mod limits;
mod linkifiers;
mod login;
mod personal_lists;
mod profile_fields;
mod realms;
mod roles;
mod scheduled_messages;
mod sending;
mod server_settings;
mod settings;
mod stream_rights;
mod uploads;
mod users;
