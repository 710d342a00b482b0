//! How PostgreSQL answers what hot paths ask, in a realm with a history: through an index, never by reading all messages or
//! topics.
//!
//! A plan depends on what the last `ANALYZE` saw, so that a statement which is quick today may read a whole table
//! tomorrow. These tests look at the plans rather than at a clock.

use std::collections::BTreeSet;

use anyhow::Context as _;
use narrows_testkit::TestApp;
use serde_json::Value;
use tokio_postgres::Client;

/// Tables that grow with what people write.
const GROWING: [&str; 2] = ["messages", "topics"];

/// Streams with a long history, and a conversation of each three people.
const HISTORY: &str = "
    INSERT INTO recipients (realm_id, kind, user_ids)
        SELECT a.realm_id, 3, ARRAY[a.id, b.id, c.id] FROM users a JOIN users b USING (realm_id) JOIN users c USING (realm_id)
        WHERE a.id < b.id AND b.id < c.id ON CONFLICT DO NOTHING;
    INSERT INTO subscription_periods (user_id, recipient_id, from_message_id)
        SELECT unnest(user_ids), id, 0 FROM recipients WHERE kind = 3 ON CONFLICT DO NOTHING;
    INSERT INTO messages (realm_id, recipient_id, sender_id, content, rendered_content, rendered_version, client, sent_at)
        SELECT realm_id, id, user_ids[1], 'text', '<p>text</p>', 1, 'test', now()
        FROM recipients CROSS JOIN generate_series(1, 5) AS n WHERE kind = 3;
    INSERT INTO topics (recipient_id, name, last_message_id)
        SELECT s.recipient_id, 'topic ' || n, 0 FROM streams s CROSS JOIN generate_series(1, 400) AS n;
    INSERT INTO messages (realm_id, recipient_id, topic_id, sender_id, content, rendered_content, rendered_version,
            client, sent_at)
        SELECT s.realm_id, s.recipient_id, t.id, u.id, 'text', '<p>text</p>', 1, 'test', now()
        FROM streams s JOIN topics t USING (recipient_id) CROSS JOIN generate_series(1, 40) AS n
            JOIN LATERAL (SELECT id FROM users WHERE realm_id = s.realm_id ORDER BY id LIMIT 1) AS u ON true;
    UPDATE topics SET last_message_id = m.id
        FROM (SELECT topic_id, max(id) AS id FROM messages GROUP BY topic_id) AS m WHERE m.topic_id = topics.id;
    INSERT INTO user_message_flags (user_id, message_id, flags)
        SELECT u.id, m.id, 1 FROM messages m JOIN users u USING (realm_id) WHERE m.id % 2000 = 0 ON CONFLICT DO NOTHING;
    ANALYZE";

#[actix_web::test]
async fn no_hot_path_reads_all_messages_or_topics() -> anyhow::Result<()> {
    let (app, tap) = TestApp::start_tapped().await?;
    let (sql, user) = (app.sql().await?, app.user("hamlet"));
    sql.batch_execute(HISTORY).await?;
    let narrows = [
        "[]",
        r#"[["channel", "general"]]"#,
        r#"[["channel", "general"], ["topic", "topic 7"]]"#,
        r#"[["is", "dm"]]"#,
        r#"[["is", "starred"]]"#,
        r#"[["is", "mentioned"]]"#,
        r#"[["is", "unread"]]"#,
        r#"[["search", "text"]]"#,
    ];
    tap.take();
    user.register(&[]).await?;
    user.send_to("general", "topic 7", "Hello").await?;
    for narrow in narrows {
        for anchor in ["newest", "first_unread", "5000"] {
            let page = [
                ("narrow", narrow),
                ("anchor", anchor),
                ("num_before", "50"),
                ("num_after", "50"),
            ];
            user.get("/messages", &page).await?.assert_success();
        }
    }
    user.register(&[]).await?;

    let said: BTreeSet<String> = tap.take().statements.into_iter().collect();
    let mut looked_at = 0;
    for statement in said.iter().filter(|sql| asks_for_what_grows(sql)) {
        let plan = plan_of(&sql, statement).await?;
        let mut found = Vec::new();
        whole_scans(&plan, &mut found);
        assert!(found.is_empty(), "{statement}\nreads all of {found:?}");
        looked_at += 1;
    }
    assert!(looked_at > 10, "{said:#?}");
    app.finish().await
}

fn asks_for_what_grows(statement: &str) -> bool {
    let is_query = ["SELECT", "WITH"]
        .iter()
        .any(|verb| statement.starts_with(verb));
    is_query && GROWING.iter().any(|table| statement.contains(table))
}

/// The plan that serves all values, as JSON.
async fn plan_of(sql: &Client, statement: &str) -> anyhow::Result<Value> {
    let parameters = (1..)
        .take_while(|n| statement.contains(&format!("${n}")))
        .count();
    let nulls = match parameters {
        0 => String::new(),
        n => format!("({})", vec!["NULL"; n].join(", ")),
    };
    // A table of a few thousand rows is read as a whole for want of anything to gain. In one of millions it is not.
    sql.batch_execute(&format!(
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; PREPARE looked_at AS {statement}"
    ))
    .await
    .context(statement.to_owned())?;
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE looked_at{nulls}");
    let rows = sql.query(&explain, &[]).await?;
    sql.batch_execute("DEALLOCATE looked_at").await?;
    let plan: Value = rows.first().context("no plan")?.get(0);
    Ok(plan)
}

/// What a plan reads from one end to the other.
fn whole_scans(plan: &Value, found: &mut Vec<String>) {
    match plan {
        Value::Object(node) => {
            let text = |key| node.get(key).and_then(Value::as_str).unwrap_or_default();
            let bounded = node.contains_key("Index Cond") || node.contains_key("Recheck Cond");
            let relation = text("Relation Name");
            if GROWING.contains(&relation) && text("Node Type").ends_with("Scan") && !bounded {
                found.push(format!("{relation} by {}", text("Node Type")));
            }
            node.values().for_each(|part| whole_scans(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| whole_scans(part, found)),
        _ => {}
    }
}
