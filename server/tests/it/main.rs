//! The app server from outside, one file per resource of `src/http/`.

mod auth;
mod caches;
mod costs;
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
