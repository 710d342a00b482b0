//! Searches over a long history, which is looked through in steps.

use narrows_testkit::TestApp;

#[actix_web::test]
async fn a_search_finds_what_was_said_long_ago() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, sql) = (app.user("hamlet"), app.sql().await?);
    let needle = async || hamlet.send_to("general", "hay", "a Needle in it").await;
    let hay = async |straws: i32| {
        let text = "INSERT INTO messages (realm_id, recipient_id, topic_id, sender_id, content, rendered_content,
                rendered_version, client, sent_at)
            SELECT realm_id, recipient_id, topic_id, sender_id, 'hay', '<p>hay</p>', rendered_version, client, sent_at
            FROM (SELECT * FROM messages ORDER BY id DESC LIMIT 1) AS m CROSS JOIN generate_series(1, $1)";
        sql.execute(text, &[&straws]).await
    };
    let first = needle().await?;
    hay(12_000).await?;
    let second = needle().await?;
    hay(1_500).await?;
    let third = needle().await?;
    let middle = second.to_string();
    for (anchor, before, after, expected, oldest) in [
        ("newest", "100", "0", vec![first, second, third], true),
        ("newest", "2", "0", vec![second, third], false),
        ("newest", "1", "0", vec![third], false),
        (&middle, "1", "1", vec![first, second, third], false),
        (&middle, "5", "0", vec![first, second], true),
    ] {
        let page = [
            ("narrow", r#"[["search", "needle"]]"#),
            ("anchor", anchor),
            ("num_before", before),
            ("num_after", after),
        ];
        let answer = hamlet.get("/messages", &page).await?;
        let messages = answer
            .assert_success()
            .field("messages")
            .as_array()
            .unwrap();
        let found: Vec<i64> = messages.iter().map(|m| m["id"].as_i64().unwrap()).collect();
        assert_eq!(found, expected, "{anchor} {before} {after}");
        assert_eq!(answer.field("found_oldest"), oldest, "{anchor} {before}");
    }
    app.finish().await
}
