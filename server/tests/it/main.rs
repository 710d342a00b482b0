//! The app server from outside, one file per resource of `src/http/`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod auth;
mod emoji;
mod errors;
mod events;
mod groups;
mod isolation;
mod limits;
mod login;
mod realms;
mod roles;
mod server_settings;
mod users;
