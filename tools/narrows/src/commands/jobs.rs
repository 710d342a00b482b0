//! `narrows jobs`.

use std::sync::Arc;

use clap::Subcommand;
use narrows_runtime::Config;
use narrows_runtime::bus::Bus;

#[derive(Subcommand)]
pub enum JobsCommand {
    /// List jobs that failed for good, with the reason of each.
    Dead {
        /// At most so many.
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Put all jobs that failed for good back into their queues.
    Replay,
}

pub async fn run(config: Arc<Config>, command: JobsCommand) -> anyhow::Result<()> {
    let bus = Bus::connect(&config.amqp);
    match command {
        JobsCommand::Dead { limit } => {
            let dead = bus.dead_jobs(limit).await?;
            for job in &dead {
                say!("{}\t{}\t{}", job.queue, job.reason, job.body);
            }
            if dead.is_empty() {
                say!("no job has failed for good");
            }
        }
        JobsCommand::Replay => {
            let replayed = bus.replay_dead_jobs().await?;
            say!("replayed: {replayed}");
        }
    }
    Ok(())
}
