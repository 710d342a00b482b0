//! Every acknowledged message reaches every live queue exactly once, in the order of ids, whatever dies.

use std::time::Duration;

use anyhow::Context;
use futures_util::future::try_join_all;

use crate::cluster::{Cluster, Process, User};
use crate::listener::{Listener, messages};

const LISTENERS: usize = 6;
const SENDERS: usize = 3;

struct World {
    cluster: Cluster,
    senders: Vec<User>,
    listeners: Vec<Listener>,
}

async fn world(name: &str) -> anyhow::Result<World> {
    let (cluster, owner) = Cluster::start(name).await?;
    let mut people = vec![owner.clone()];
    for i in 1..LISTENERS {
        people.push(cluster.member(&owner, &format!("user{i}")).await?);
    }
    cluster
        .subscribe(&owner, "load", &people.iter().collect::<Vec<_>>())
        .await?;
    let mut listeners = Vec::new();
    for user in &people {
        listeners.push(Listener::of_messages(&cluster, user).await?);
    }
    let senders = people.into_iter().take(SENDERS).collect();
    Ok(World {
        cluster,
        senders,
        listeners,
    })
}

/// Sends `count` messages a sender at a time; the ids that were acknowledged.
async fn load(cluster: &Cluster, senders: &[User], count: usize) -> Vec<i64> {
    let one = async |sender: &User| {
        let mut acknowledged = Vec::new();
        for i in 0..count {
            acknowledged.extend(cluster.send(sender, "load", &format!("message {i}")).await);
        }
        acknowledged
    };
    let mut all = futures_util::future::join_all(senders.iter().map(one))
        .await
        .concat();
    all.sort_unstable();
    all
}

/// Lets every listener catch up, and checks what it got.
async fn check(
    cluster: &Cluster,
    listeners: Vec<Listener>,
    acknowledged: &[i64],
) -> anyhow::Result<()> {
    anyhow::ensure!(
        !acknowledged.is_empty(),
        "nothing was acknowledged: nothing is tested"
    );
    let check = async |mut listener: Listener| {
        let all_there = |events: &[serde_json::Value]| {
            let got = messages(events);
            acknowledged.iter().all(|id| got.contains(id))
        };
        listener
            .until(cluster, all_there)
            .await
            .with_context(|| listener.user.email.clone())?;
        let got = listener.messages();
        let mut once_in_order = got.clone();
        once_in_order.sort_unstable();
        once_in_order.dedup();
        anyhow::ensure!(
            got == once_in_order,
            "{} got messages twice or out of order: {got:?}",
            listener.user.email
        );
        Ok(())
    };
    try_join_all(listeners.into_iter().map(check)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_survive_the_death_of_push() -> anyhow::Result<()> {
    let World {
        mut cluster,
        senders,
        listeners,
    } = world("push-killed").await?;
    let mut acknowledged = load(&cluster, &senders, 20).await;
    for _ in 0..3 {
        cluster.kill(Process::Push)?;
        acknowledged.extend(load(&cluster, &senders, 20).await);
        cluster.spawn(Process::Push)?;
        acknowledged.extend(load(&cluster, &senders, 20).await);
    }
    acknowledged.sort_unstable();
    assert_eq!(
        acknowledged.len(),
        SENDERS * 20 * 7,
        "sending does not need push"
    );
    check(&cluster, listeners, &acknowledged).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_is_published_after_the_death_of_the_server() -> anyhow::Result<()> {
    let World {
        mut cluster,
        senders,
        listeners,
    } = world("server-killed").await?;
    let mut acknowledged = load(&cluster, &senders, 5).await;
    // Without RabbitMQ messages are committed and acknowledged, and cannot be published.
    cluster.services(&["stop", "rabbitmq"])?;
    acknowledged.extend(load(&cluster, &senders, 20).await);
    assert_eq!(
        acknowledged.len(),
        SENDERS * 25,
        "sending does not need RabbitMQ"
    );
    cluster.kill(Process::Server)?;
    cluster.services(&["start", "rabbitmq", "--ephemeral"])?;
    cluster.spawn(Process::Server)?;
    cluster.ready().await?;
    acknowledged.extend(load(&cluster, &senders, 5).await);
    check(&cluster, listeners, &acknowledged).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_under_load_keeps_its_word() -> anyhow::Result<()> {
    let World {
        mut cluster,
        senders,
        listeners,
    } = world("server-load").await?;
    let mut acknowledged = Vec::new();
    for _ in 0..3 {
        let url = cluster.url.clone();
        let (http, people) = (cluster.http.clone(), senders.clone());
        let sending = tokio::spawn(async move { hammer(&http, &url, &people).await });
        tokio::time::sleep(Duration::from_millis(700)).await;
        cluster.kill(Process::Server)?;
        acknowledged.extend(sending.await?);
        cluster.spawn(Process::Server)?;
        cluster.ready().await?;
    }
    acknowledged.extend(load(&cluster, &senders, 5).await);
    check(&cluster, listeners, &acknowledged).await
}

/// Sends until the server is gone.
async fn hammer(http: &reqwest::Client, url: &str, senders: &[User]) -> Vec<i64> {
    let one = async |sender: &User| {
        let mut acknowledged = Vec::new();
        for i in 0..2_000 {
            let form = [
                ("type", "stream"),
                ("to", "load"),
                ("topic", "load"),
                ("content", &format!("hammer {i}")),
            ];
            let request = http
                .post(format!("{url}/api/v1/messages"))
                .basic_auth(&sender.email, Some(&sender.key));
            let Ok(response) = request.form(&form).send().await else {
                break;
            };
            let Ok(answer) = response.json::<serde_json::Value>().await else {
                break;
            };
            acknowledged.extend(answer["id"].as_i64());
        }
        acknowledged
    };
    futures_util::future::join_all(senders.iter().map(one))
        .await
        .concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_survive_a_restart_of_rabbitmq_and_of_redis() -> anyhow::Result<()> {
    let World {
        cluster,
        senders,
        listeners,
    } = world("services").await?;
    let mut acknowledged = load(&cluster, &senders, 10).await;
    for service in ["rabbitmq", "redis"] {
        cluster.services(&["stop", service])?;
        acknowledged.extend(load(&cluster, &senders, 10).await);
        cluster.services(&["start", service, "--ephemeral"])?;
        acknowledged.extend(load(&cluster, &senders, 10).await);
    }
    assert_eq!(
        acknowledged.len(),
        SENDERS * 50,
        "sending needs neither RabbitMQ nor Redis"
    );
    check(&cluster, listeners, &acknowledged).await
}
