//! What requests cost: statements, rows and bytes, which a change must not raise unseen. Never times.

use narrows_actions::load_world::{self, Made, Plan, PlannedStream};
use narrows_actions::realms::{self, NewOrganization};
use narrows_actions::users::NewPerson;
use narrows_testkit::{Said, Tap, TestApp, TestUser};
use narrows_wire::Role;

const FEW: usize = 10;
const MANY: usize = 400;

/// A server with a realm in which a stream has few subscribers and another many.
struct World {
    app: TestApp,
    tap: Tap,
    users: Vec<TestUser>,
}

impl World {
    async fn new() -> anyhow::Result<World> {
        let (app, tap) = TestApp::start_tapped().await?;
        let organization = NewOrganization {
            subdomain: "load",
            name: "Load",
            description: "",
            owner: NewPerson {
                email: "owner@load.invalid",
                full_name: "Owner",
                password: None,
                role: Role::Owner,
            },
        };
        let owner = realms::create(&app.ctx, organization).await?;
        let stream = |name: &str, subscribers| PlannedStream {
            name: name.to_owned(),
            subscribers,
            messages: 300,
        };
        let plan = Plan {
            users: MANY,
            password: "a long enough password".to_owned(),
            domain: "load.invalid".to_owned(),
            streams: vec![stream("quiet", FEW), stream("crowd", MANY)],
            topics: 40,
            unread: 0,
        };
        let made = load_world::fill(&app.ctx, &owner.realm, &plan).await?;
        let host = format!("load.{}", app.user("hamlet").host);
        let user = |made: Made| {
            let mut user = app.user("hamlet").with_key(&made.api_key);
            (user.id, user.email) = (made.user_id, made.email);
            user.host.clone_from(&host);
            user
        };
        let users = made.into_iter().map(user).collect();
        Ok(World { app, tap, users })
    }

    /// What a request costs that was made before: statements are prepared, caches are warm.
    async fn cost(&self, request: impl AsyncFn() -> anyhow::Result<()>) -> anyhow::Result<Said> {
        request().await?;
        // What the request before left to the background.
        self.app.ctx.store.publisher().flush().await;
        self.tap.take();
        request().await?;
        Ok(self.tap.take())
    }
}

#[actix_web::test]
async fn a_send_costs_the_same_whatever_the_audience() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sender = &world.users[0];
    let send = async |stream| {
        let request = async || sender.send_to(stream, "topic 1", "Hello").await.map(drop);
        world.cost(request).await
    };
    let (few, many) = (send("quiet").await?, send("crowd").await?);
    assert_eq!(few.count(), many.count(), "{few:#?} {many:#?}");
    for said in [&few, &many] {
        // Message, outbox, topic.
        assert!(said.rows_written <= 3, "{said:?}");
        assert!(said.count() <= 8, "{said:#?}");
    }
    assert!(few.bytes.abs_diff(many.bytes) < 200, "{few:?} {many:?}");
    world.app.finish().await
}

#[actix_web::test]
async fn who_sent_a_while_ago_is_not_looked_up() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sender = &world.users[0];
    let request = async || sender.send_to("crowd", "topic 1", "Hello").await.map(drop);
    let said = world.cost(request).await?;
    // BEGIN, locks, whether all is as it was, message, outbox, COMMIT.
    assert_eq!(said.count(), 6, "{said:#?}");
    world.app.finish().await
}

#[actix_web::test]
async fn sends_that_come_together_share_their_transaction() -> anyhow::Result<()> {
    let world = World::new().await?;
    let sender = &world.users[0];
    let alone = world
        .cost(async || sender.send_to("crowd", "topic 1", "Hello").await.map(drop))
        .await?;
    let together = 40;
    let said = world
        .cost(async || {
            let sends = world
                .users
                .iter()
                .take(together)
                .map(|user| user.send_to("crowd", "topic 1", "Hello"));
            futures_util::future::try_join_all(sends).await.map(drop)
        })
        .await?;
    let commits = |said: &Said| {
        said.statements
            .iter()
            .filter(|sql| *sql == "COMMIT")
            .count()
    };
    assert_eq!(commits(&alone), 1);
    assert!(commits(&said) < together, "{} transactions", commits(&said));
    world.app.finish().await
}

#[actix_web::test]
async fn reading_takes_the_same_statements_for_any_number_of_messages() -> anyhow::Result<()> {
    let world = World::new().await?;
    let reader = &world.users[5];
    let read = async |number: &'static str| {
        let request = async || {
            let narrow = r#"[{"operator": "stream", "operand": "crowd"}]"#;
            let params = [
                ("anchor", "newest"),
                ("num_before", number),
                ("num_after", "0"),
                ("narrow", narrow),
            ];
            reader.get("/messages", &params).await?.assert_success();
            Ok(())
        };
        world.cost(request).await
    };
    let (few, many) = (read("2").await?, read("100").await?);
    assert_eq!(few.count(), many.count(), "{few:#?} {many:#?}");
    assert!(many.count() <= 5, "{:#?}", many.statements);
    assert_eq!(many.rows_written, 0);
    world.app.finish().await
}

#[actix_web::test]
async fn registering_takes_the_same_statements_for_any_number_of_people_and_streams()
-> anyhow::Result<()> {
    let world = World::new().await?;
    // One of the others' realm of eight people, and one of hundreds.
    let (small, large) = (world.app.user("hamlet"), &world.users[0]);
    let register = async |user: &TestUser| {
        let request = async || {
            user.register(&[("include_subscribers", "true")])
                .await
                .map(drop)
        };
        world.cost(request).await
    };
    let (few, many) = (register(small).await?, register(large).await?);
    assert_eq!(few.count(), many.count(), "{few:#?} {many:#?}");
    assert!(many.count() <= 28, "{:#?}", many.statements);
    // People come from a cache, by the realm's version: nothing that grows with them is read.
    let all =
        |sql: &&String| sql.contains("FROM \"users\"") && !sql.contains("\"users\".\"id\" = ");
    assert_eq!(many.statements.iter().filter(all).count(), 0, "{many:#?}");
    world.app.finish().await
}

#[actix_web::test]
async fn unsubscribing_takes_the_same_statements_for_any_number_of_people() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.app.user("desdemona");
    let hamlet = world.app.user("hamlet");
    let unsubscribe = async |who: &[&str]| {
        let ids: Vec<_> = who.iter().map(|name| world.app.user(name).id.0).collect();
        let principals = serde_json::to_string(&ids)?;
        let new = r#"[{"name": "passing"}]"#;
        let joined = owner
            .post(
                "/users/me/subscriptions",
                &[("subscriptions", new), ("principals", &principals)],
            )
            .await?;
        joined.assert_success();
        hamlet
            .send_to("passing", "t", "unread by those who leave")
            .await?;
        world.app.ctx.store.publisher().flush().await;
        world.tap.take();
        let gone = [
            ("subscriptions", r#"["passing"]"#),
            ("principals", &principals),
        ];
        owner
            .delete("/users/me/subscriptions", &gone)
            .await?
            .assert_success();
        anyhow::Ok(world.tap.take().count())
    };
    // Once before, so that statements are prepared.
    unsubscribe(&["iago"]).await?;
    let one = unsubscribe(&["iago"]).await?;
    let many = unsubscribe(&["iago", "shiva", "cordelia", "othello"]).await?;
    assert_eq!(one, many);
    world.app.finish().await
}
