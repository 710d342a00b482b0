//! Who is not there is told by e-mail; who is there is not.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cluster::{Cluster, PATIENCE};
use crate::listener::Listener;

/// The mails that the development sink has caught.
fn mails(cluster: &Cluster) -> Vec<String> {
    let directory: PathBuf = cluster.data_directory().join("emails");
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mails = entries.filter(|entry| {
        entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "eml")
    });
    mails
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_message_to_somebody_away_is_mailed_once() -> anyhow::Result<()> {
    let (cluster, owner) = Cluster::start("missed-message").await?;
    let away = cluster.member(&owner, "anna-away").await?;
    let here = cluster.member(&owner, "henry-here").await?;
    let mut listener = Listener::of_messages(&cluster, &here).await?;
    for user in [&here, &away] {
        let to = format!("[{}]", user.id);
        cluster
            .post(
                &owner,
                "messages",
                &[
                    ("type", "direct"),
                    ("to", &to),
                    ("content", "are you there?"),
                ],
            )
            .await?;
    }
    listener
        .until(&cluster, |events| !events.is_empty())
        .await?;
    let start = Instant::now();
    while mails(&cluster).is_empty() {
        anyhow::ensure!(start.elapsed() < PATIENCE, "no mail came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // From now on mails shall say where a message was, and not what it says.
    for (name, value) in [
        ("message_content_in_email_notifications", "false"),
        ("realm_name_in_email_notifications_policy", "2"),
    ] {
        let request = cluster.request(reqwest::Method::PATCH, &away, "settings");
        let answer = request.form(&[(name, value)]).send().await?;
        anyhow::ensure!(answer.status().is_success(), "{name} was not taken");
    }
    // A second message after the mail: once its mail is there, one to Henry would have been too.
    let to = format!("[{}]", away.id);
    cluster
        .post(
            &owner,
            "messages",
            &[("type", "direct"), ("to", &to), ("content", "hello again")],
        )
        .await?;
    while mails(&cluster).len() < 2 {
        anyhow::ensure!(start.elapsed() < PATIENCE, "no second mail came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mails = mails(&cluster);
    assert_eq!(mails.len(), 2);
    assert!(
        mails
            .iter()
            .all(|mail| mail.contains("anna-away@example.com")),
        "only Anna is away: {mails:?}"
    );
    let of = |text: &str| mails.iter().filter(|mail| mail.contains(text)).count();
    assert_eq!(of("are you there?"), 1);
    assert_eq!(
        of("hello again"),
        0,
        "what it says was to stay out: {mails:?}"
    );
    assert_eq!(
        of("What it says is not sent by e-mail"),
        1,
        "only the second mail keeps it to itself: {mails:?}"
    );
    let subjects = mails
        .iter()
        .filter_map(|mail| mail.lines().find(|line| line.starts_with("Subject:")));
    let named = subjects.filter(|subject| subject.contains('[')).count();
    assert_eq!(
        named, 1,
        "only the second mail's subject names the organisation: {mails:?}"
    );
    Ok(())
}
