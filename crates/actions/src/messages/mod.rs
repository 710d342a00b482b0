//! Messages: sending, editing, moving, deleting, reading.
//!
//! A send goes [`recipient`] (who may write where) → [`content`] (clean, render, mentions) → [`send`] (flags,
//! notifications, event) → [`batcher`] (group commit); [`known`] spares it the questions who sends and where to, and
//! [`embed`] adds what a worker found behind its links.
//! Everything else opens a transaction of its own.

mod batcher;
pub mod content;
pub mod delete;
pub mod edit;
pub mod embed;
pub mod fetch;
pub mod history;
mod html_difference;
mod known;
pub mod moves;
mod names;
pub mod notices;
mod object;
mod page;
mod personal_flags;
pub mod recipient;
pub mod report;
pub mod send;
pub mod topic;
mod widget_data;
pub mod widgets;

pub use batcher::Sender;
pub use known::{KnownSender, KnownSenders, send_known};
pub use names::Names;
pub use page::{Fragments, Shape};
