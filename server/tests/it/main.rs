//! The app server from outside, one file per resource of `src/http/`.

mod auth;
mod drafts;
mod emoji;
mod errors;
mod events;
mod groups;
mod isolation;
mod limits;
mod login;
mod personal_lists;
mod realms;
mod roles;
mod scheduled_messages;
mod server_settings;
mod settings;
mod stream_rights;
mod users;
