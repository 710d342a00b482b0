//! The app server from outside, one file per resource of `src/http/`.

mod auth;
mod drafts;
mod emoji;
mod errors;
mod events;
mod flags;
mod groups;
mod isolation;
mod limits;
mod login;
mod messages;
mod messages_read;
mod personal_lists;
mod reactions;
mod realms;
mod roles;
mod scheduled_messages;
mod server_settings;
mod settings;
mod spectators;
mod stream_rights;
mod streams;
mod users;
mod visibility;
