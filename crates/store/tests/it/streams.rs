//! Streams and what goes with them.

use narrows_store::models::{
    NewStream, Stream, StreamChange, Subscription, SubscriptionProperty, Topic, UserTopic,
};
use narrows_store::queries::memberships::{self, Change};
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_store::queries::{streams, topics};
use narrows_store::{Constraint, Error};
use narrows_wire::{RealmId, Role, StreamId};

use super::Fixture;

#[tokio::test]
async fn a_stream_of_another_realm_is_not_there() {
    let fixture = Fixture::new("realms").await;
    let stream = fixture.stream("here").await;
    let user = fixture.user("user", Role::Member).await;
    let mut conn = fixture.store.read().await.expect("connects");
    let (realm, other) = (fixture.realm.id(), RealmId(fixture.realm.id().0 + 1));
    assert!(
        Stream::find(&mut conn, realm, user.id(), stream.id())
            .await
            .is_ok()
    );
    let found = Stream::find(&mut conn, other, user.id(), stream.id()).await;
    assert!(matches!(found, Err(Error::NotFound)));
    let found = Stream::by_name(&mut conn, other, user.id(), "here").await;
    assert!(matches!(found, Err(Error::NotFound)));
    assert!(
        Stream::all(&mut conn, other, user.id(), true)
            .await
            .expect("queries")
            .is_empty()
    );
    let firsts = streams::first_messages(&mut conn, other, Some(&[stream.id()]))
        .await
        .expect("queries");
    assert!(firsts.is_empty());
    let change = StreamChange {
        name: Some("mine"),
        ..StreamChange::default()
    };
    let changed = Stream::update(&mut conn, other, stream.id(), &change).await;
    assert!(matches!(changed, Err(Error::NotFound)));
}

#[tokio::test]
async fn names_are_unique_in_any_case_among_streams_that_are_not_archived() {
    let fixture = Fixture::new("names").await;
    let realm = fixture.realm.id();
    let stream = fixture.stream("Grüße").await;
    let user = fixture.user("user", Role::Member).await.id();
    let again = NewStream::builder()
        .realm_id(realm)
        .name("grüße")
        .created_at(stream.created_at)
        .build();
    let mut tx = fixture.store.begin().await.expect("begins");
    let refused = again.insert(&mut tx).await;
    assert!(matches!(
        refused,
        Err(Error::Constraint(Constraint::StreamName))
    ));
    drop(tx);
    let mut tx = fixture.store.begin().await.expect("begins");
    let (found, _) = Stream::by_name(&mut tx, realm, user, "GRÜSSE".replace("SS", "ß").as_str())
        .await
        .expect("finds");
    assert_eq!(found.id(), stream.id());
    let found = Stream::by_names(&mut tx, realm, user, &["GRÜßE", "other"])
        .await
        .expect("finds");
    assert_eq!(found.len(), 1);
    let archived = StreamChange {
        is_archived: Some(true),
        ..StreamChange::default()
    };
    Stream::update(&mut tx, realm, stream.id(), &archived)
        .await
        .expect("updates");
    let new = again.insert(&mut tx).await.expect("the name is free");
    assert_ne!(new.id(), stream.id());
    assert_eq!(
        Stream::find_many(&mut tx, realm, &[stream.id(), new.id(), StreamId(0)])
            .await
            .expect("finds")
            .len(),
        2
    );
}

#[tokio::test]
async fn subscriptions_keep_their_settings_when_somebody_leaves() {
    let fixture = Fixture::new("settings").await;
    let realm = fixture.realm.id();
    let stream = fixture.stream("colours").await;
    let user = fixture.user("user", Role::Member).await.id();
    let mut tx = fixture.store.begin().await.expect("begins");
    let join = || Change::join(&stream, vec![(user, "#111111".to_owned())]);
    memberships::change(&mut tx, realm, vec![join()])
        .await
        .expect("joins");
    for property in [
        SubscriptionProperty::Color("#222222".to_owned()),
        SubscriptionProperty::PushNotifications(Some(false)),
    ] {
        Subscription::set(&mut tx, user, stream.id(), &property)
            .await
            .expect("sets");
    }
    memberships::change(&mut tx, realm, vec![Change::leave(&stream, vec![user])])
        .await
        .expect("leaves");
    let refused = Subscription::set(
        &mut tx,
        user,
        stream.id(),
        &SubscriptionProperty::IsMuted(true),
    )
    .await;
    assert!(matches!(refused, Err(Error::NotFound)));
    memberships::change(&mut tx, realm, vec![join()])
        .await
        .expect("joins");
    let found = Subscription::of_users(&mut tx, stream.id(), &[user])
        .await
        .expect("finds");
    let found = found.first().expect("one");
    assert_eq!(
        (found.color.as_str(), found.push_notifications, found.active),
        ("#222222", Some(false), true)
    );
    drop(tx.commit().await.expect("commits"));
}

#[tokio::test]
async fn every_realm_has_its_system_groups() {
    let fixture = Fixture::new("groups").await;
    let mut conn = fixture.store.read().await.expect("connects");
    let groups = SystemGroups::of_realm(&mut conn, fixture.realm.id())
        .await
        .expect("queries");
    for group in SystemGroup::ALL {
        assert!(groups.id(group).is_ok(), "{group:?}");
    }
}

#[tokio::test]
async fn onlookers_are_the_active_users_of_the_realm() {
    let fixture = Fixture::new("onlookers").await;
    let realm = fixture.realm.id();
    let stream = fixture.stream("seen").await;
    let owner = fixture.user("owner", Role::Owner).await.id();
    let guest = fixture.user("guest", Role::Guest).await.id();
    let mut tx = fixture.store.begin().await.expect("begins");
    let join = Change::join(&stream, vec![(guest, "#111111".to_owned())]);
    memberships::change(&mut tx, realm, vec![join])
        .await
        .expect("joins");
    let people = streams::onlookers(&mut tx, realm, stream.id())
        .await
        .expect("queries");
    let people: Vec<_> = people
        .iter()
        .map(|who| (who.user_id(), who.role(), who.subscribed))
        .collect();
    assert_eq!(
        people,
        [(owner, Role::Owner, false), (guest, Role::Guest, true)]
    );
    assert_eq!(
        streams::admins(&mut tx, realm).await.expect("queries"),
        [owner]
    );
    assert_eq!(
        streams::subscribed_guests(&mut tx, stream.id())
            .await
            .expect("queries"),
        [guest]
    );
}

#[tokio::test]
async fn topic_policies_compare_names_in_any_case() {
    let fixture = Fixture::new("policies").await;
    let stream = fixture.stream("topics").await;
    let user = fixture.user("user", Role::Member).await.id();
    let now = stream.created_at;
    let mut tx = fixture.store.begin().await.expect("begins");
    assert!(
        UserTopic::set(&mut tx, user, stream.id(), "Plan", 1, now)
            .await
            .expect("sets")
    );
    assert!(
        !UserTopic::set(&mut tx, user, stream.id(), "plan", 1, now)
            .await
            .expect("sets")
    );
    assert!(
        UserTopic::set(&mut tx, user, stream.id(), "PLAN", 3, now)
            .await
            .expect("sets")
    );
    let all = UserTopic::of_users(&mut tx, &[user]).await.expect("finds");
    let all: Vec<_> = all
        .iter()
        .map(|(row, stream)| (row.visibility_policy, stream.as_str()))
        .collect();
    assert_eq!(all, [(3, "topics")]);
    assert_eq!(
        UserTopic::of_topic(&mut tx, stream.id(), "plan")
            .await
            .expect("finds")
            .len(),
        1
    );
    assert!(
        UserTopic::clear(&mut tx, user, stream.id(), "pLaN")
            .await
            .expect("clears")
    );
    assert!(
        !UserTopic::clear(&mut tx, user, stream.id(), "plan")
            .await
            .expect("clears")
    );
    assert!(
        topics::all(&mut tx, stream.recipient_id())
            .await
            .expect("finds")
            .is_empty()
    );
    assert!(matches!(
        Topic::by_name(&mut tx, stream.recipient_id(), "plan").await,
        Err(Error::NotFound)
    ));
}
