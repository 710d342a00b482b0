use narrows_testkit::TestApp;
use serde_json::{Value, json};

fn drafts(list: Value) -> String {
    list.to_string()
}

#[actix_web::test]
async fn drafts_are_kept_replaced_and_forgotten() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet.register(&[]).await?;
    assert_eq!(queue.state["drafts"], json!([]));
    let othello = app.user("othello").id;
    let list = drafts(json!([
        { "type": "private", "to": [othello, othello], "topic": "ignored", "content": "Most lame and", "timestamp": 1_595_479_019 },
        { "type": "", "to": [], "topic": "", "content": "nowhere yet", "timestamp": 1_595_479_020 },
    ]));
    let made = hamlet.post("/drafts", &[("drafts", &list)]).await?;
    made.assert_success();
    let ids = made.field("ids").clone();
    let event = queue.next("drafts").await?;
    assert_eq!(event["op"], "add");
    assert_eq!(
        event["drafts"][0],
        json!({ "id": ids[0], "type": "private", "to": [othello], "topic": "", "content": "Most lame and", "timestamp": 1_595_479_019 })
    );
    // The last one first.
    let listed = hamlet.get("/drafts", &[]).await?;
    assert_eq!(listed.field("count"), 2);
    assert_eq!(listed.field("drafts")[0]["id"], ids[1]);

    let path = format!("/drafts/{}", ids[1]);
    let replacement = json!({ "id": 5, "type": "private", "to": [], "topic": "", "content": "impotent conclusion" });
    hamlet
        .patch(&path, &[("draft", &replacement.to_string())])
        .await?
        .assert_success();
    let event = queue.next("drafts").await?;
    assert_eq!(
        (&event["op"], &event["draft"]["content"]),
        (&json!("update"), &json!("impotent conclusion"))
    );
    hamlet.delete(&path, &[]).await?.assert_success();
    let event = queue.next("drafts").await?;
    assert_eq!(
        (&event["op"], &event["draft_id"]),
        (&json!("remove"), &ids[1])
    );
    hamlet
        .delete(&path, &[])
        .await?
        .assert_error(404, "BAD_REQUEST", "Draft does not exist");
    app.finish().await
}

#[actix_web::test]
async fn a_draft_is_its_authors_alone() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let list = drafts(json!([{ "type": "", "to": [], "topic": "", "content": "x" }]));
    let made = app
        .user("hamlet")
        .post("/drafts", &[("drafts", &list)])
        .await?;
    let path = format!("/drafts/{}", made.field("ids")[0]);
    let replacement = json!({ "type": "", "to": [], "topic": "", "content": "mine" }).to_string();
    for other in ["iago", "other-hamlet"] {
        let other = app.user(other);
        other
            .delete(&path, &[])
            .await?
            .assert_error(404, "BAD_REQUEST", "Draft does not exist");
        other
            .patch(&path, &[("draft", &replacement)])
            .await?
            .assert_error(404, "BAD_REQUEST", "Draft does not exist");
    }
    let listed = app.user("hamlet").get("/drafts", &[]).await?;
    assert_eq!(listed.field("drafts")[0]["content"], "x");
    app.finish().await
}

#[actix_web::test]
async fn drafts_that_make_no_sense_are_refused_and_none_is_kept() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let foreign = app.user("other-hamlet").id;
    let good = json!({ "type": "", "to": [], "topic": "", "content": "fine" });
    for (bad, msg) in [
        (
            json!({ "type": "bogus", "to": [], "topic": "", "content": "x" }),
            "Invalid drafts[1][\"type\"]".to_owned(),
        ),
        (
            json!({ "type": "stream", "to": [1, 2], "topic": "t", "content": "x" }),
            "Must specify exactly 1 channel ID for channel messages".to_owned(),
        ),
        (
            json!({ "type": "stream", "to": [999_999], "topic": "t", "content": "x" }),
            "Invalid channel ID".to_owned(),
        ),
        (
            json!({ "type": "private", "to": [foreign], "topic": "", "content": "x" }),
            format!("Invalid user ID {foreign}"),
        ),
        (
            json!({ "type": "", "to": [], "topic": "", "content": "  " }),
            "Message must not be empty".to_owned(),
        ),
        (
            json!({ "type": "", "to": [], "topic": "", "content": "x", "timestamp": -10 }),
            "Timestamp must not be negative.".to_owned(),
        ),
    ] {
        let list = drafts(json!([good, bad]));
        hamlet
            .post("/drafts", &[("drafts", &list)])
            .await?
            .assert_error(400, "BAD_REQUEST", &msg);
    }
    assert_eq!(hamlet.get("/drafts", &[]).await?.field("count"), 0);
    app.finish().await
}
