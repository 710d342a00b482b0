//! The plumbing of a process, without any of the domain.
//!
//! | module | what it holds |
//! |---|---|
//! | [`config`] | settings, one file per section: TOML overlaid by environment variables |
//! | [`clock`] | the time, which tests can set |
//! | [`telemetry`] | logs and metrics |
//! | [`shutdown`] | a graceful end on SIGTERM and SIGINT |
//! | [`bus`] | RabbitMQ: the event log of each push shard and the job queues |
//! | [`per_runtime`] | connections that are driven by the thread that uses them |
//! | [`redis`] | Redis, connected lazily and never waited for long |
//! | [`memcached`] | a cache whose death is a miss |
//! | [`outward`] | requests to addresses that users name, and only to public ones |
//! | [`storage`] | where uploaded files are |
//!
//! To add a setting: a documented field in `config/<section>.rs`, and its variable in that file's `overlay`.

pub mod bus;
pub mod clock;
pub mod config;
pub mod memcached;
pub mod outward;
pub mod per_runtime;
pub mod redis;
pub mod shutdown;
pub mod storage;
pub mod telemetry;

pub use clock::Clock;
pub use config::{Config, Secret};
pub use per_runtime::PerRuntime;
pub use shutdown::Shutdown;
