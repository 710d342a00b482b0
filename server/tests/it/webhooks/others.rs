//! Alerts, errors, and whatever else can send JSON.

use reqwest::Method;
use serde_json::json;

use super::{Hook, assert_told};

#[actix_web::test]
async fn alertmanager_tells_of_each_thing_under_its_own_topic() -> anyhow::Result<()> {
    let alert = |status: &str, instance: &str, name: &str| {
        json!({ "status": status, "labels": { "instance": instance, "alertname": name },
            "annotations": { "summary": "Too hot" }, "generatorURL": "https://example.com/g" })
    };
    let source = "([source](https://example.com/g))";
    assert_told("alertmanager", &[
        (&[], json!({ "alerts": [alert("firing", "db1", "Disk full")] }), "db1", &format!(":alert: **FIRING** Disk full {source}")),
        (&[], json!({ "alerts": [alert("resolved", "db1", "Disk full")] }), "db1", &format!(":squared_ok: **Resolved** Disk full {source}")),
        (&[], json!({ "alerts": [alert("firing", "db1", "A"), alert("firing", "db1", "B"), alert("resolved", "db1", "C")] }), "db1",
            &format!(":alert: **FIRING**\n* A {source}\n* B {source}\n\n:squared_ok: **Resolved** C {source}")),
        (&[], json!({ "alerts": [{ "status": "firing", "labels": {} }] }), "<missing field: instance>", ":alert: **FIRING** <missing field: alertname>"),
        (&[], json!({ "alerts": [] }), "", ""),
    ])
    .await?;
    let hook = Hook::start().await?;
    let body = json!({ "alerts": [alert("firing", "db1", "A")] }).to_string();
    let query = "&stream=builds&name=alertname&desc=summary";
    hook.send("alertmanager", query, &[], body)
        .await?
        .assert_success();
    let told = hook.newest(&mut 0).await?.unwrap();
    assert_eq!(
        told,
        (
            "A".to_owned(),
            format!(":alert: **FIRING** Too hot {source}")
        )
    );
    hook.app.finish().await
}

#[actix_web::test]
async fn grafana_tells_in_its_old_and_its_new_way() -> anyhow::Result<()> {
    let old = |state: &str| {
        json!({ "title": "[Alerting] Heat", "state": state, "ruleName": "Heat", "ruleUrl": "https://example.com/r",
            "message": "It burns.", "evalMatches": [{ "metric": "High", "value": 100 }], "imageUrl": "https://example.com/i.png" })
    };
    let rest = "[Heat](https://example.com/r)\n\nIt burns.\n* **High**: 100\n\n[Image](https://example.com/i.png)";
    let new = |status: &str| {
        json!({ "status": status, "title": "[FIRING:1]", "alerts": [{ "status": status, "labels": { "alertname": "Heat" },
            "annotations": { "summary": "It burns.", "description": "At db1" }, "generatorURL": "https://example.com/g",
            "silenceURL": "https://example.com/s", "panelURL": "https://example.com/p", "valueString": "[ value=1 ]" }] })
    };
    let told = "[Heat](https://example.com/g)\nIt burns.\nAt db1\nValues: [ value=1 ]\n[Silence](https://example.com/s) | [Panel](https://example.com/p)";
    assert_told(
        "grafana",
        &[
            (
                &[],
                old("alerting"),
                "[Alerting] Heat",
                &format!(":alert: **FIRING** {rest}"),
            ),
            (
                &[],
                old("ok"),
                "[Alerting] Heat",
                &format!(":squared_ok: **Resolved** {rest}"),
            ),
            (
                &[],
                old("no_data"),
                "[Alerting] Heat",
                &format!(":shrug: **NO DATA** {rest}"),
            ),
            (
                &[],
                json!({ "title": "Test", "state": "paused" }),
                "Test",
                ":time_ticking: **PAUSED** Test",
            ),
            (
                &[],
                new("firing"),
                "Heat",
                &format!(":alert: **FIRING** {told}"),
            ),
            (
                &[],
                new("resolved"),
                "Heat",
                &format!(":squared_ok: **Resolved** {told}"),
            ),
            (
                &[],
                json!({ "title": "[FIRING:1]", "alerts": [{ "status": "firing", "labels": {} }] }),
                "[FIRING:1]",
                ":alert: **FIRING** [FIRING:1]",
            ),
        ],
    )
    .await
}

#[actix_web::test]
async fn sentry_tells_of_errors_and_issues() -> anyhow::Result<()> {
    let event = json!({ "action": "triggered", "data": { "event": {
        "title": "ValueError: no ghost", "web_url": "https://sentry.io/e/1", "level": "error", "platform": "python",
        "release": "1.0", "culprit": "court.wall", "datetime": "2026-11-22T05:00:00Z",
        "exception": { "values": [{ "stacktrace": { "frames": [
            { "filename": "lib.py", "lineno": 1, "context_line": "other()" },
            { "filename": "wall.py", "lineno": 3, "pre_context": ["def look():"], "context_line": "    raise ValueError", "post_context": ["look()"] },
        ] } }] },
    } } });
    let told = "**New exception:** [ValueError: no ghost](https://sentry.io/e/1)\n* **Level**: error\n* **Platform**: python\n* **Release**: 1.0\n\
        * **When**: 2026-11-22T05:00:00Z\n* **Where**: court.wall\n\nwall.py, line 3:\n\n```\n     def look():\n--->     raise ValueError\n     look()\n```";
    let bare = json!({ "data": { "error": { "title": "Oops", "url": "https://sentry.io/e/2" } } });
    let issue = |action: &str, assigned: &str| {
        json!({ "action": action, "actor": { "name": "Horatio" }, "data": { "issue": {
            "title": "No ghost", "web_url": "https://sentry.io/i/1", "level": "warning",
            "assignedTo": if assigned.is_empty() { json!(null) } else { json!({ "name": assigned }) },
        } } })
    };
    let link = "[No ghost](https://sentry.io/i/1)";
    assert_told(
        "sentry",
        &[
            (&[], event, "ValueError: no ghost", told),
            (
                &[],
                bare,
                "Oops",
                "**New exception:** [Oops](https://sentry.io/e/2)\n* **Level**: error",
            ),
            (
                &[],
                issue("created", ""),
                "No ghost",
                &format!("**New issue created:** {link}\n* **Level**: warning"),
            ),
            (
                &[],
                issue("assigned", "Laertes"),
                "No ghost",
                &format!("Issue {link} was assigned to Laertes by Horatio."),
            ),
            (
                &[],
                issue("resolved", ""),
                "No ghost",
                &format!("Issue {link} was resolved by Horatio."),
            ),
        ],
    )
    .await?;
    let hook = Hook::start().await?;
    let body = json!({ "data": { "installation": {} } }).to_string();
    let unknown = hook.send(
        "sentry",
        "",
        &[("Sentry-Hook-Resource", "installation")],
        body,
    );
    let msg = "The 'installation' event isn't currently supported by the Sentry webhook; ignoring";
    unknown
        .await?
        .assert_error(200, "UNSUPPORTED_WEBHOOK_EVENT_TYPE", msg);
    hook.app.finish().await
}

#[actix_web::test]
async fn slack_is_spoken_too() -> anyhow::Result<()> {
    let attachment = json!({ "attachments": [{
        "pretext": "New *build*", "title": "Build 1", "title_link": "https://example.com/b", "text": "It works",
        "fields": [{ "title": "Branch", "value": "main" }], "footer": "CI",
    }] });
    let blocks = json!({ "text": "not shown", "blocks": [
        { "type": "header", "text": { "type": "plain_text", "text": "Deploy" } },
        { "type": "section", "text": { "type": "mrkdwn", "text": "see <https://example.com|this>" }, "fields": [{ "text": "*Where*\nhere" }] },
        { "type": "divider" },
        { "type": "context", "elements": [{ "type": "mrkdwn", "text": "by ~me~" }] },
        { "type": "image", "alt_text": "a graph", "image_url": "https://example.com/g.png" },
        { "type": "actions", "elements": [] },
    ] });
    assert_told("slack_incoming", &[
        (&[], json!({ "text": "*Hello*, <https://example.com|world>" }), "general chat", "**Hello**, [world](https://example.com)"),
        (&[], attachment, "general chat", "New **build**\n## [Build 1](https://example.com/b)\nIt works\n* **Branch**: main\nCI"),
        (&[], json!({ "attachments": [{ "fallback": "Look" }] }), "general chat", "Look"),
        (&[], blocks, "general chat", "## Deploy\n\nsee [this](https://example.com)\n* **Where** here\n\n----\n\nby ~~me~~\n\n[a graph](https://example.com/g.png)"),
    ])
    .await?;
    let hook = Hook::start().await?;
    let mut after = 0;
    // As a form, and to a channel that the service names.
    let nobody = hook.app.anonymous()?;
    let path = format!(
        "/api/v1/external/slack_incoming?api_key={}&topic=t",
        hook.key
    );
    let payload = json!({ "text": "from a form", "channel": "#builds" }).to_string();
    let request = nobody
        .request(Method::POST, &path)
        .form(&[("payload", payload)]);
    nobody.send(request).await?.assert_success();
    let told = hook.newest(&mut after).await?.unwrap();
    assert_eq!(told, ("t".to_owned(), "from a form".to_owned()));
    hook.app.finish().await
}

#[actix_web::test]
async fn anything_can_be_sent() -> anyhow::Result<()> {
    for (integration, body, topic, content) in [
        (
            "json",
            json!({ "a": [1, "```"] }),
            "JSON",
            "````json\n{\n  \"a\": [\n    1,\n    \"```\"\n  ]\n}\n````",
        ),
        (
            "ifttt",
            json!({ "topic": "Weather", "content": "Rain @**all**" }),
            "Weather",
            "Rain @**all**",
        ),
        (
            "zapier",
            json!({ "topic": "Weather", "content": "Rain" }),
            "Weather",
            "Rain",
        ),
        (
            "zapier",
            json!({ "subject": "Weather", "content": "Rain" }),
            "Weather",
            "Rain",
        ),
        ("zapier", json!({ "type": "auth" }), "", ""),
    ] {
        assert_told(integration, &[(&[], body, topic, content)]).await?;
    }
    Ok(())
}
