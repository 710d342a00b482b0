//! Background work: consumes the job queues, and publishes what dead processes left in the outbox.
//!
//! | module | what it does |
//! |---|---|
//! | [`jobs`] | one file per job: load, act or deliver |
//! | [`runner`] | takes jobs off a queue, retries with delay, gives up into the dead-letter queue |
//! | `schedule` | sends scheduled messages and reminders when they are due |
//! | `traffic` | counts the messages of streams |
//! | [`mail`] | e-mail: contexts, transport, and a sink for development |
//!
//! To add a job: a variant of [`narrows_wire::Job`], a file in `jobs/` with `pub async fn run`, a line in [`jobs::run`].

pub mod jobs;
pub mod mail;
mod relay;
pub mod runner;
mod schedule;
mod traffic;

use anyhow::Context as _;
use narrows_actions::Ctx;
use narrows_runtime::bus::Bus;
use narrows_runtime::shutdown::Shutdown;
use narrows_wire::Job;

/// What a job needs at hand.
#[derive(Clone)]
pub struct Worker {
    /// Actions and queries.
    pub ctx: Ctx,
    /// Outgoing e-mail.
    pub mailer: mail::Mailer,
}

/// Works on `queues` (all, if empty) until shutdown; the jobs in hand are finished first.
///
/// Errors: a queue that does not exist.
pub async fn run(ctx: Ctx, bus: Bus, queues: &[String], shutdown: Shutdown) -> anyhow::Result<()> {
    if let Some(unknown) = queues
        .iter()
        .find(|queue| !Job::QUEUES.contains(&queue.as_str()))
    {
        anyhow::bail!(
            "there is no queue {unknown}; the queues are: {}",
            Job::QUEUES.join(", ")
        );
    }
    if ctx.config.server.development {
        mail::sink::start(&ctx.config)
            .await
            .context("the mail sink for development does not start")?;
    }
    let mailer = mail::Mailer::new(&ctx.config.mail)?;
    let worker = Worker {
        ctx: ctx.clone(),
        mailer,
    };
    let mut tasks = tokio::task::JoinSet::new();
    for queue in Job::QUEUES
        .into_iter()
        .filter(|queue| queues.is_empty() || queues.iter().any(|q| q == queue))
    {
        tasks.spawn(runner::run(
            worker.clone(),
            bus.clone(),
            queue,
            shutdown.clone(),
        ));
    }
    tasks.spawn(schedule::run(ctx.clone(), shutdown.clone()));
    tasks.spawn(traffic::run(ctx.clone(), shutdown.clone()));
    tasks.spawn(relay::run(ctx, shutdown));
    while let Some(ended) = tasks.join_next().await {
        ended?;
    }
    Ok(())
}
