//! The app server from outside, one file per resource of `src/http/`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod auth;
mod avatars;
mod bots;
mod caches;
mod channel_folders;
mod channels;
mod costs;
mod custom_emoji;
mod drafts;
mod emoji;
mod errors;
mod events;
mod exports;
mod flags;
mod groups;
mod invites;
mod isolation;
mod joining;
mod known_senders;
mod limits;
mod link_previews;
mod linkifiers;
mod login;
mod messages;
mod messages_read;
mod personal_lists;
mod plans;
mod profile_fields;
mod push_tokens;
mod reactions;
mod realm_domains;
mod realm_pictures;
mod realm_settings;
mod realms;
mod reference;
mod refusals;
mod reports;
mod roles;
mod scheduled_messages;
mod searching;
mod sending;
mod server_settings;
mod settings;
mod spectators;
mod stream_rights;
mod stream_traffic;
mod streams;
mod uploads;
mod users;
mod visibility;
mod webhooks;
