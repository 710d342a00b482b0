//! The domain: who may do what, and what follows from it. The only crate that changes anything.
//!
//! Every action takes a [`Ctx`] and a [`Caller`]. It gets rows through [`access`] only, whose functions fetch and
//! authorise in one step and return proof types; then it opens a [`narrows_store::Tx`], writes, emits the events, and
//! commits.
//!
//! Verbs: `check_x` validates, `access_x` fetches what the caller may touch, `do_x` changes. Errors are [`Error`], which
//! knows API codes but no HTTP.
//!
//! To add an action: a function in the module of its noun, taking `(&Ctx, &Caller, …)`; an `access_*` if it needs rows
//! that no other action needed; a case in the isolation table of the server's tests.

#![recursion_limit = "256"]

pub mod access;
pub mod alert_words;
pub mod auth;
pub mod bot_storage;
pub mod bots;
mod caller;
pub mod channel_folders;
mod ctx;
pub mod custom_emoji;
pub mod drafts;
mod error;
pub mod exports;
pub mod flags;
pub mod groups;
pub mod invitations;
mod link_previews;
pub mod linkifiers;
pub mod load_world;
pub mod messages;
pub mod muted_users;
pub mod narrow;
pub mod narrow_url;
pub mod navigation_views;
pub mod notifications;
mod participation;
pub mod pictures;
pub mod playgrounds;
pub mod presence;
pub mod profile_fields;
pub mod push_client;
pub mod push_tokens;
pub mod rate_limit;
pub mod reactions;
mod realm_cache;
pub mod realms;
pub mod register;
mod rendering;
pub mod saved_snippets;
pub mod scheduled;
mod secret;
pub mod streams;
pub mod subscriptions;
pub mod topics;
pub mod typing;
pub mod unread;
pub mod uploads;
pub mod user_topics;
pub mod users;
pub mod webhooks;

pub use caller::{Caller, Proof, Spectator};
pub use ctx::Ctx;
pub use error::{ApiError, Error, Result};
pub use link_previews::LinkPreviews;
pub use realm_cache::RealmCache;
