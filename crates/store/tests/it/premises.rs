//! A message is written if what it was checked against is as it was, whatever comes of the others in its batch.

use narrows_store::batch::{Batch, NewMessage, Placed};
use narrows_store::models::{ApiKey, Stream, StreamKey, User};
use narrows_store::premise::Premise;
use narrows_store::queries::credentials;
use narrows_store::{Draft, Error};
use narrows_wire::{Audience, Envelope, RealmId, Role};

use super::{Fixture, dial, message};

const KEY: [u8; 32] = [7; 32];

fn event(realm_id: RealmId) -> Draft {
    Draft::Event(Box::new(Envelope {
        id: None,
        xid: None,
        realm_id,
        audience: Audience::default(),
        effects: vec![],
        payload: None,
    }))
}

async fn write(batch: &Batch, messages: &[&NewMessage]) -> Vec<Option<Placed>> {
    let drafts = |index: usize, _: &Placed| -> Result<Vec<Draft>, Error> {
        let message = messages.get(index).ok_or(Error::NotFound)?;
        Ok(vec![event(message.realm_id)])
    };
    batch.write(messages, drafts).await.expect("writes")
}

/// What says now that the owner of [`KEY`] may send.
async fn premise(fixture: &Fixture, stream: &Stream, sender: &User) -> Premise {
    let found = credentials::by_api_key(&fixture.store, "", &KEY).await;
    let found = found.expect("a realm");
    let mut conn = fixture.store.read().await.expect("connects");
    let key = StreamKey::Id(stream.id());
    let (_, versions) = Stream::versioned(&mut conn, stream.realm_id(), sender.id(), key)
        .await
        .expect("a stream");
    Premise {
        realm: (found.realm.0.id(), found.realm.1),
        user: (sender.id(), found.user.expect("a user").1),
        credential: KEY.to_vec(),
        asked_at: stream.created_at,
        stream: (stream.id(), versions.stream),
        subscription: versions.subscription,
    }
}

#[tokio::test]
async fn what_rests_on_the_past_is_not_written_and_the_rest_of_the_batch_is() {
    let fixture = Fixture::new("premises").await;
    let (stream, sender) = (
        fixture.stream("lane").await,
        fixture.user("sender", Role::Member).await,
    );
    let mut tx = fixture.store.begin().await.expect("begins");
    let made = ApiKey::insert(&mut tx, sender.id(), "", &KEY, stream.created_at).await;
    made.expect("inserts");
    drop(tx.commit().await.expect("commits"));
    let batch = Batch::connect(&fixture.store).await.expect("connects");
    let sql = dial(&fixture.url).await;
    let id = (stream.id().0, sender.id().0);
    let plain = message(&stream, &sender);
    // Each change alone makes another version of a row, or takes the key away.
    for change in [
        format!("UPDATE streams SET post_policy = 2 WHERE id = {}", id.0),
        format!("UPDATE users SET role = 600 WHERE id = {}", id.1),
        "UPDATE realms SET deactivated_at = now()".to_owned(),
        format!(
            "INSERT INTO subscriptions (user_id, stream_id, color) VALUES ({}, {}, '')",
            id.1, id.0
        ),
        "UPDATE subscriptions SET active = FALSE".to_owned(),
        "DELETE FROM subscriptions".to_owned(),
        "DELETE FROM api_keys".to_owned(),
    ] {
        let resting = NewMessage {
            premise: Some(premise(&fixture, &stream, &sender).await),
            ..plain.clone()
        };
        let three = [&plain, &resting, &plain];
        let placed = write(&batch, &three).await;
        assert!(placed.iter().all(Option::is_some), "before {change}");
        // A lock is no change.
        sql.batch_execute("SELECT FROM streams, users FOR UPDATE")
            .await
            .expect("locks");
        assert!(write(&batch, &[&resting]).await.iter().all(Option::is_some));
        sql.batch_execute(&change).await.expect("changes");
        let placed = write(&batch, &three).await;
        let written: Vec<bool> = placed.iter().map(Option::is_some).collect();
        assert_eq!(written, [true, false, true], "after {change}");
        assert!(write(&batch, &[&resting]).await.iter().all(Option::is_none));
    }
    // And no id is missing.
    let count = sql.query_one("SELECT count(*), max(id) FROM messages", &[]);
    let count = count.await.expect("counts");
    let written = 7 * (3 + 1 + 2);
    assert_eq!(
        (count.get::<_, i64>(0), count.get::<_, i64>(1)),
        (written, written)
    );
}
