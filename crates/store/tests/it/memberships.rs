//! Messages and changes of membership are one before the other, and both sides agree which.

use std::collections::{BTreeMap, BTreeSet};

use narrows_store::batch::Batch;
use narrows_store::models::{Stream, User};
use narrows_store::queries::memberships::{self, Change, Changed};
use narrows_store::queries::topics;
use narrows_store::{Draft, Error, Store};
use narrows_wire::{Audience, Envelope, RealmId, Role, UserId};

use super::{Fixture, dial, message};

const COLOR: &str = "#4f8de4";

async fn change(store: &Store, realm: RealmId, change: Change) -> Changed {
    let mut tx = store.begin().await.expect("begins");
    let changed = memberships::change(&mut tx, realm, vec![change])
        .await
        .expect("changes");
    drop(tx.commit().await.expect("commits"));
    changed.into_iter().next().expect("one stream")
}

fn join(stream: &Stream, users: &[UserId]) -> Change {
    Change::join(
        stream,
        users.iter().map(|user| (*user, COLOR.to_owned())).collect(),
    )
}

/// Sends one message; its id and the membership version in its envelope.
async fn send(batch: &Batch, stream: &Stream, sender: &User) -> (i64, i64) {
    let draft = |_: usize, placed: &narrows_store::batch::Placed| -> Result<Vec<Draft>, Error> {
        Ok(vec![Draft::Event(Box::new(Envelope {
            id: None,
            xid: None,
            realm_id: stream.realm_id(),
            audience: Audience::stream(stream.id(), placed.membership_version),
            effects: vec![],
            payload: None,
        }))])
    };
    let placed = batch
        .write(&[&message(stream, sender)], draft)
        .await
        .expect("sends");
    let placed = placed.first().and_then(Option::as_ref);
    let placed = placed.expect("one message");
    (placed.id.0, placed.membership_version)
}

async fn delivered(fixture: &Fixture, user: UserId) -> BTreeSet<i64> {
    let sql =
        "SELECT m.id FROM messages m JOIN subscription_periods p ON p.recipient_id = m.recipient_id
        WHERE p.user_id = $1 AND m.id > p.from_message_id
            AND (p.to_message_id IS NULL OR m.id <= p.to_message_id)";
    let client = dial(&fixture.url).await;
    let rows = client.query(sql, &[&user.0]).await.expect("queries");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Who is subscribed as of each version, from what the changes said of themselves.
fn history(changes: &[Changed]) -> BTreeMap<i64, BTreeSet<UserId>> {
    let mut by_version: Vec<&Changed> = changes
        .iter()
        .filter(|c| !(c.joined.is_empty() && c.left.is_empty()))
        .collect();
    by_version.sort_by_key(|change| change.version);
    let mut members = BTreeSet::new();
    let mut history = BTreeMap::from([(1, members.clone())]);
    for (expected, change) in (2..).zip(by_version) {
        assert_eq!(change.version, expected, "versions have no gaps");
        members.extend(&change.joined);
        members.retain(|user| !change.left.contains(user));
        history.insert(change.version, members.clone());
    }
    history
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_is_delivered_exactly_to_the_members_of_its_version() {
    let fixture = Fixture::new("race").await;
    let stream = fixture.stream("busy").await;
    let sender = fixture.user("sender", Role::Member).await;
    let mut people = Vec::new();
    for index in 0..6 {
        people.push(
            fixture
                .user(&format!("user{index}"), Role::Member)
                .await
                .id(),
        );
    }
    let mut movers = Vec::new();
    for user in people.clone() {
        let (store, stream) = (fixture.store.clone(), stream.clone());
        movers.push(tokio::spawn(async move {
            let mut changes = Vec::new();
            for _ in 0..15 {
                changes.push(change(&store, stream.realm_id(), join(&stream, &[user])).await);
                changes.push(
                    change(
                        &store,
                        stream.realm_id(),
                        Change::leave(&stream, vec![user]),
                    )
                    .await,
                );
            }
            changes
        }));
    }
    let mut senders = Vec::new();
    for _ in 0..4 {
        let (store, stream, sender) = (fixture.store.clone(), stream.clone(), sender.clone());
        senders.push(tokio::spawn(async move {
            let batch = Batch::connect(&store).await.expect("connects");
            let mut sent = Vec::new();
            for _ in 0..60 {
                sent.push(send(&batch, &stream, &sender).await);
            }
            sent
        }));
    }
    let mut changes = Vec::new();
    for mover in movers {
        changes.extend(mover.await.expect("moves"));
    }
    let mut sent = Vec::new();
    for sender in senders {
        sent.extend(sender.await.expect("sends"));
    }
    let history = history(&changes);
    assert_eq!(history.len(), 1 + 6 * 15 * 2);
    for user in people {
        let expected: BTreeSet<i64> = sent
            .iter()
            .filter(|(_, version)| history[version].contains(&user))
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(delivered(&fixture, user).await, expected);
    }
}

#[tokio::test]
async fn joining_twice_changes_nothing_and_returning_goes_on() {
    let fixture = Fixture::new("twice").await;
    let stream = fixture.stream("quiet").await;
    let user = fixture.user("user", Role::Guest).await.id();
    let realm = fixture.realm.id();
    let first = change(&fixture.store, realm, join(&stream, &[user, user])).await;
    assert_eq!((first.version, first.joined.as_slice()), (2, &[user][..]));
    let again = change(&fixture.store, realm, join(&stream, &[user])).await;
    assert_eq!((again.version, again.joined.as_slice()), (2, &[][..]));
    let left = change(&fixture.store, realm, Change::leave(&stream, vec![user])).await;
    assert_eq!((left.version, left.left.as_slice()), (3, &[user][..]));
    let gone = change(&fixture.store, realm, Change::leave(&stream, vec![user])).await;
    assert_eq!((gone.version, gone.left.as_slice()), (3, &[][..]));
    let back = change(&fixture.store, realm, join(&stream, &[user])).await;
    assert_eq!((back.version, back.joined.as_slice()), (4, &[user][..]));

    let mut conn = fixture.store.read().await.expect("connects");
    let members = memberships::members(&mut conn, stream.id())
        .await
        .expect("queries");
    assert_eq!(members, [(user, true)]);
    assert_eq!(
        memberships::count(&mut conn, stream.id())
            .await
            .expect("queries"),
        1
    );
    let own = memberships::of_user(&mut conn, realm, user)
        .await
        .expect("queries");
    let (version, since) = (4, 4);
    let expected = memberships::Membership { version, since };
    assert_eq!(own, BTreeMap::from([(stream.id(), expected)]));
    let colors = memberships::colors_of_users(&mut conn, &[user])
        .await
        .expect("queries");
    assert_eq!(colors.get(&user).map(Vec::len), Some(1));
    let listed = memberships::of_streams(&mut conn, realm, &[stream.id()])
        .await
        .expect("queries");
    let listed: Vec<_> = listed
        .into_iter()
        .map(|members| (members.membership_version, members.into_users()))
        .collect();
    assert_eq!(listed, [(4, vec![user])]);
}

#[tokio::test]
async fn topics_list_what_was_delivered() {
    let fixture = Fixture::new("topics").await;
    let stream = fixture.stream("protected").await;
    let user = fixture.user("user", Role::Member).await;
    let realm = fixture.realm.id();
    let batch = Batch::connect(&fixture.store).await.expect("connects");
    send(&batch, &stream, &user).await;
    let mut conn = fixture.store.read().await.expect("connects");
    let before = topics::delivered(&mut conn, user.id(), stream.recipient_id())
        .await
        .expect("queries");
    assert!(before.is_empty());
    change(&fixture.store, realm, join(&stream, &[user.id()])).await;
    let (id, _) = send(&batch, &stream, &user).await;
    change(
        &fixture.store,
        realm,
        Change::leave(&stream, vec![user.id()]),
    )
    .await;
    send(&batch, &stream, &user).await;
    let after = topics::delivered(&mut conn, user.id(), stream.recipient_id())
        .await
        .expect("queries");
    let after: Vec<_> = after
        .iter()
        .map(|topic| (topic.name.as_str(), topic.max_id.0))
        .collect();
    assert_eq!(after, [("race", id)]);
}
