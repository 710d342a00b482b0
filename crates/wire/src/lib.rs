//! The language that Narrows' processes speak with each other and with clients: plain serde types, no I/O.
//!
//! | module | what it holds |
//! |---|---|
//! | [`ids`] | newtypes for every identifier |
//! | [`role`] | the roles of a realm |
//! | [`error_code`] | the machine-readable codes of API errors |
//! | [`limits`] | sizes and times that clients are told |
//! | [`feature_level`] | what the server announces |
//! | [`events`] | what clients receive from an event queue, one module per noun |
//! | [`envelope`] | an event on its way through the log: audience, payload, effects |
//! | [`message_flags`] | what sets a message apart for one user |
//! | [`queue`] | the descriptor of an event queue and the calls between app server and push |
//! | [`jobs`] | payloads of background jobs |
//!
//! To add an event: a struct in `events/<noun>.rs`, a variant in [`events::Event`].
//! To add a job: a variant in [`jobs::Job`] and a runner in `workers/src/jobs/`.

pub mod envelope;
pub mod error_code;
pub mod events;
pub mod feature_level;
pub mod group_settings;
pub mod ids;
pub mod jobs;
pub mod limits;
pub mod message_flags;
pub mod message_object;
pub mod queue;
pub mod role;

pub use envelope::{Audience, Effect, Envelope, Payload};
pub use error_code::ErrorCode;
pub use events::Event;
pub use ids::*;
pub use jobs::Job;
pub use message_flags::{MessageFlags, PersonalFlags};
pub use role::Role;
