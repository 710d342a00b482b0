//! The whole server from outside: real processes, real services, killed and restarted.
//!
//! Each test has services of its own (started by `tools/services`), because it restarts them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod cluster;
mod exact_register;
mod listener;
mod missed_message;
mod nothing_lost;
