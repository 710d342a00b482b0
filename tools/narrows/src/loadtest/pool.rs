//! Sending many requests over some connections.

use std::{
    cell::{Cell, RefCell},
    time::Instant,
};

use bytes::Bytes;
use clap::Args;
use futures_util::future::join_all;

use super::{
    Extent,
    client::{Call, Connection},
    report::Figures,
    site::Site,
    tally::{Errors, Tally, Times},
};

/// Requests of a warm-up, for each connection.
const WARM_UP: u64 = 10;

/// Options of the loads that make many requests of one kind.
#[derive(Clone, Copy, Debug, Args)]
pub struct Volume {
    /// How many requests to make at the same time, each over a connection of its own
    #[arg(long, alias = "concurrency", default_value_t = 1, value_parser = super::connections())]
    connections: u32,
    /// How many requests to make in a run
    #[arg(long, default_value_t = 200)]
    pub count: u64,
}

/// A request: the number of the user who makes it, and what it is.
pub type Planned = (usize, Call);

/// Send the requests that `plan(connection, number)` makes, as fast as they are answered; `seen` gets the body of each
/// good answer with its user's number.
///
/// All connections are open before the clock starts.
pub async fn run(
    site: &Site,
    volume: Volume,
    extent: Extent,
    plan: impl Fn(usize, u64) -> anyhow::Result<Planned>,
    seen: impl FnMut(usize, &Bytes),
) -> anyhow::Result<Tally> {
    let mut connections = Vec::new();
    for _ in 0..volume.connections {
        let mut connection = Connection::new(site);
        connection.open().await?;
        connections.push(connection);
    }
    let times = RefCell::new(Times::new()?);
    let errors = RefCell::new(Errors::default());
    let seen = RefCell::new(seen);
    let next = Cell::new(0);
    let started = Instant::now();
    let count = extent.count(volume.count, WARM_UP * u64::from(volume.connections));
    let work = async |index: usize, mut connection: Connection<'_>| {
        while next.get() < count && started.elapsed() < extent.limit() {
            let number = next.replace(next.get() + 1);
            let (user, call) = plan(index, number)?;
            let credential = site.user(user)?;
            let begun = Instant::now();
            match connection.call(credential, call).await {
                Ok(body) => {
                    times.borrow_mut().add(begun.elapsed());
                    (seen.borrow_mut())(user, &body);
                }
                Err(error) => errors.borrow_mut().add(&error),
            }
        }
        anyhow::Ok(())
    };
    let workers = connections.into_iter().enumerate();
    let done = join_all(workers.map(|(index, connection)| work(index, connection))).await;
    done.into_iter().collect::<anyhow::Result<()>>()?;
    Ok(Tally {
        times: times.into_inner(),
        errors: errors.into_inner(),
        wall: started.elapsed(),
    })
}

/// Make the same request again and again, each connection as a user of its own; `body_bytes` is the size of the last
/// answer.
pub async fn repeat(
    site: &Site,
    volume: Volume,
    extent: Extent,
    call: &Call,
) -> anyhow::Result<Figures> {
    let mut size = 0;
    let tally = run(
        site,
        volume,
        extent,
        |connection, _| Ok((connection, call.clone())),
        |_, body| size = body.len(),
    )
    .await?;
    let mut figures = tally.figures();
    figures.add("body_bytes", size as f64);
    Ok(figures)
}
