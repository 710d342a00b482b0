//! Many idle event queues.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use clap::Args;
use futures_util::future::join_all;

use super::{
    client::Connection,
    events::Queue,
    memory,
    report::Figures,
    site::Site,
    tally::{Errors, Times},
};

/// Options of `narrows loadtest idle-queues`.
#[derive(Debug, Args)]
#[command(
    long_about = "Open event queues for messages, hold them without polling, then ask each one whether it is still there.

The users take turns, so that a file with few users opens several queues for each. With --pid, the memory of those
processes (proportional set size, Linux only) is read before the queues are opened, while they are held and after they
are deleted; `bytes_per_queue` is what they grew by. Runs once: memory that a process has had is not given back for the
next run.

  narrows loadtest idle-queues --site … --creds … --queues 10000 --pid $(pgrep -f 'narrows push')"
)]
pub struct Options {
    /// How many queues to open
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    queues: u32,
    /// How many requests to make at the same time
    #[arg(long, default_value_t = 8, value_parser = super::connections())]
    connections: u32,
    /// Hold the queues for this many seconds
    #[arg(long, value_name = "S", default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    hold: u64,
    /// Measure the memory of this process; may be given several times
    #[arg(long)]
    pid: Vec<u32>,
}

/// Open, hold, ask, delete.
pub async fn run(site: &Site, options: &Options) -> anyhow::Result<Figures> {
    // The first queue makes what all queues share.
    let first = open(site, 1, 1).await?;
    let before = measured(&options.pid)?;
    let began = Instant::now();
    let opened = open(site, options.queues as usize, options.connections as usize).await?;
    let seconds = began.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(options.hold)).await;
    let held = measured(&options.pid)?;
    let asked = ask(site, &opened.queues, options.connections as usize).await?;
    delete(site, &opened.queues, options.connections as usize).await?;
    delete(site, &first.queues, 1).await?;

    let mut figures = Figures::default();
    let count = opened.queues.len() as f64;
    figures.add("opened", count);
    figures.add("answered", asked.times.count() as f64);
    figures.add(
        "errors",
        (opened.errors.count() + asked.errors.count()) as f64,
    );
    figures.add("open_s", seconds);
    figures.add_known("open_p50_ms", opened.times.percentile(50.0));
    figures.add_known("ask_p50_ms", asked.times.percentile(50.0));
    if let (Some(before), Some(held)) = (before, held) {
        figures.add("pss_before_kb", before / 1024.0);
        figures.add("pss_held_kb", held / 1024.0);
        if count > 0.0 {
            figures.add("bytes_per_queue", (held - before) / count);
        }
        figures.add_known(
            "pss_after_kb",
            measured(&options.pid)?.map(|pss| pss / 1024.0),
        );
    }
    figures.first_error = opened.errors.first().or(asked.errors.first());
    Ok(figures)
}

fn measured(pids: &[u32]) -> anyhow::Result<Option<f64>> {
    let sizes = pids.iter().map(|pid| memory::pss(*pid));
    let total: u64 = sizes.sum::<anyhow::Result<u64>>()?;
    Ok((!pids.is_empty()).then_some(total as f64))
}

/// Queues that were opened, with the number of each one's user.
struct Opened {
    queues: Vec<(usize, Queue)>,
    times: Times,
    errors: Errors,
}

async fn open(site: &Site, count: usize, connections: usize) -> anyhow::Result<Opened> {
    let queues = RefCell::new(Vec::with_capacity(count));
    let numbers: Vec<usize> = (0..count).collect();
    let asked = each(site, &numbers, connections, async |connection, number| {
        let call = Queue::register_for_messages()?;
        let body = connection.call(site.user(*number)?, call).await?;
        queues.borrow_mut().push((*number, Queue::parse(&body)?));
        Ok(())
    })
    .await?;
    Ok(Opened {
        queues: queues.into_inner(),
        times: asked.times,
        errors: asked.errors,
    })
}

/// Poll each queue without waiting.
async fn ask(site: &Site, queues: &[(usize, Queue)], connections: usize) -> anyhow::Result<Asked> {
    each(
        site,
        queues,
        connections,
        async |connection, (user, queue)| {
            let call = queue.poll(true)?;
            connection.call(site.user(*user)?, call).await.map(drop)
        },
    )
    .await
}

/// Delete queues; one that cannot be deleted expires by itself.
pub async fn delete(
    site: &Site,
    queues: &[(usize, Queue)],
    connections: usize,
) -> anyhow::Result<()> {
    each(
        site,
        queues,
        connections,
        async |connection, (user, queue)| {
            connection
                .call(site.user(*user)?, queue.delete()?)
                .await
                .map(drop)
        },
    )
    .await
    .map(drop)
}

struct Asked {
    times: Times,
    errors: Errors,
}

/// Do something with each item, over a few connections.
async fn each<T>(
    site: &Site,
    items: &[T],
    connections: usize,
    work: impl AsyncFn(&mut Connection<'_>, &T) -> anyhow::Result<()>,
) -> anyhow::Result<Asked> {
    let next = Cell::new(0);
    let asked = RefCell::new(Asked {
        times: Times::new()?,
        errors: Errors::default(),
    });
    let worker = async || {
        let mut connection = Connection::new(site);
        while let Some(item) = items.get(next.replace(next.get() + 1)) {
            let begun = Instant::now();
            match work(&mut connection, item).await {
                Ok(()) => asked.borrow_mut().times.add(begun.elapsed()),
                Err(error) => asked.borrow_mut().errors.add(&error),
            }
        }
    };
    join_all((0..connections).map(|_| worker())).await;
    Ok(asked.into_inner())
}
