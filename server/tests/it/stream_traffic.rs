//! How busy streams are.

use chrono::{DateTime, TimeDelta, Utc};
use narrows_actions::streams::traffic;
use narrows_testkit::{TestApp, TestUser};
use serde_json::{Value, json};

/// Two streams of that age in days, and three messages in the first from `days_ago` on, a day apart.
async fn make(app: &TestApp, user: &TestUser, age: i64, days_ago: i64) -> anyhow::Result<[i64; 2]> {
    let [busy, quiet] = ["busy", "quiet"];
    let ids = [
        user.make_stream(busy, &[], &[]).await?,
        user.make_stream(quiet, &[], &[]).await?,
    ];
    let sql = app.sql().await?;
    let days = age.to_string();
    let older = "UPDATE streams SET created_at = created_at - make_interval(days => $1::text::int)
         WHERE name IN ('busy', 'quiet')";
    sql.execute(older, &[&days]).await?;
    // What the notification bot says in new streams.
    let none = "DELETE FROM messages WHERE recipient_id IN (SELECT recipient_id FROM streams WHERE name IN ('busy', 'quiet'))";
    sql.execute(none, &[]).await?;
    for day in 0..3 {
        let id = user.send_to(busy, "t", "x").await?;
        let ago = (days_ago + day).to_string();
        let older = "UPDATE messages SET sent_at = sent_at - make_interval(days => $1::text::int) WHERE id = $2";
        sql.execute(older, &[&ago, &id]).await?;
    }
    Ok(ids)
}

/// Counts until everything that was sent is counted.
async fn count(app: &TestApp, now: DateTime<Utc>) -> anyhow::Result<()> {
    let sql = app.sql().await?;
    let rest = "SELECT (SELECT last_value FROM messages_id_seq) - counted_to FROM traffic_progress";
    loop {
        traffic::count(&app.ctx, now).await?;
        if sql.query_one(rest, &[]).await?.get::<_, i64>(0) <= 0 {
            return Ok(());
        }
    }
}

async fn shown(user: &TestUser, stream: i64) -> anyhow::Result<[Value; 2]> {
    let stream = user.get(&format!("/streams/{stream}"), &[]).await?;
    let stream = stream.assert_success().field("stream");
    let fields = ["stream_weekly_traffic", "is_recently_active"];
    Ok(fields.map(|name| stream[name].clone()))
}

#[actix_web::test]
async fn traffic_is_counted_once_and_told() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let [busy, quiet] = make(&app, hamlet, 14, 1).await?;
    assert_eq!(shown(hamlet, busy).await?, [json!(null), json!(true)]);
    let types = [("event_types", r#"["stream"]"#)];
    let mut queue = hamlet.register(&types).await?;
    let now = app.ctx.clock.now();
    count(&app, now).await?;
    let events = [queue.next("stream").await?, queue.next("stream").await?];
    for event in events {
        let value = if event["stream_id"] == busy { 1 } else { 0 };
        assert_eq!(event["property"], "stream_weekly_traffic", "{event}");
        assert_eq!(event["value"], value, "{event}");
    }
    // Three in fourteen days; what was counted is not counted again.
    count(&app, now).await?;
    assert_eq!(shown(hamlet, busy).await?, [json!(1), json!(true)]);
    assert_eq!(shown(hamlet, quiet).await?, [json!(0), json!(true)]);
    let counted = "SELECT sum(messages)::bigint FROM stream_traffic t JOIN streams s ON s.id = t.stream_id WHERE s.name = 'busy'";
    let counted = app.sql().await?.query_one(counted, &[]).await?;
    assert_eq!(counted.get::<_, i64>(0), 3);
    app.finish().await
}

#[actix_web::test]
async fn what_is_long_ago_counts_no_more() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let [busy, quiet] = make(&app, hamlet, 400, 100).await?;
    let now = app.ctx.clock.now();
    count(&app, now).await?;
    assert_eq!(shown(hamlet, busy).await?, [json!(0), json!(true)]);
    assert_eq!(shown(hamlet, quiet).await?, [json!(0), json!(false)]);
    count(&app, now + TimeDelta::days(90)).await?;
    assert_eq!(shown(hamlet, busy).await?, [json!(0), json!(false)]);
    let types = [("event_types", r#"["stream"]"#)];
    let mut queue = hamlet.register(&types).await?;
    hamlet.send_to("quiet", "t", "x").await?;
    count(&app, now).await?;
    let event = loop {
        let event = queue.next("stream").await?;
        if event["stream_id"] == quiet {
            break event;
        }
    };
    let got = (&event["property"], &event["value"]);
    assert_eq!(got, (&json!("is_recently_active"), &json!(true)));
    app.finish().await
}
