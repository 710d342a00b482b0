//! Sending many requests over some connections.

use std::{
    cell::{Cell, RefCell},
    time::Instant,
};

use bytes::Bytes;
use futures_util::future::join_all;

use super::{
    Extent,
    client::{Call, Connection},
    site::Site,
    tally::{Errors, Tally, Times},
};

/// How much to send.
#[derive(Clone, Copy, Debug)]
pub struct Volume {
    /// At the same time, each over a connection of its own.
    pub connections: usize,
    /// Altogether.
    pub count: u64,
    /// A bound on time.
    pub extent: Extent,
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
    let work = async |index: usize, mut connection: Connection<'_>| {
        while next.get() < volume.count && started.elapsed() < volume.extent.limit() {
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
