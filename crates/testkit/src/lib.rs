//! What tests need: a database of their own, a server in the process, users who can call it.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! let app = narrows_testkit::TestApp::start().await?;
//! let mut queue = app.user("hamlet").register(&[]).await?;
//! let sent = app.user("iago").post("/messages", &[("type", "stream"), ("to", "general"), ("topic", "t"), ("content", "x")]).await?;
//! sent.assert_success();
//! queue.next("message").await?;
//! app.finish().await
//! # }
//! ```
//!
//! The services come from the `NARROWS_*_URL` variables that `tools/services env` prints; without them a test fails and
//! says so.

mod answer;
mod app;
mod cast;
mod contract;
mod db;
mod facts;
mod queue;
mod rows;
pub mod site;
mod tap;
mod user;
mod validators;

pub use answer::Answer;
pub use app::TestApp;
pub use cast::PASSWORD;
pub use db::TestDb;
pub use queue::Queue;
pub use rows::{Extent, Rows, rows};
pub use tap::{Said, Tap};
pub use user::{Params, TestUser, anonymous};

/// A setting that `tools/services env` prints.
pub(crate) fn variable(name: &str) -> anyhow::Result<String> {
    std::env::var(name).map_err(|_| {
        anyhow::anyhow!(
            "{name} is not set: run the tests with tools/test, or start tools/services first"
        )
    })
}
