//! Reading messages: anchors, every operator of a narrow and its opposite, and who reads what.

use std::collections::{BTreeMap, BTreeSet};

use narrows_testkit::{Answer, Params, TestApp, TestUser};
use serde_json::{Value, json};

fn ids(answer: &Answer) -> Vec<i64> {
    let messages = answer.field("messages").as_array();
    messages
        .expect(&answer.text)
        .iter()
        .map(|message| message["id"].as_i64().unwrap())
        .collect()
}

/// All that a user reads in a narrow.
async fn read(user: &TestUser, narrow: &Value) -> anyhow::Result<Answer> {
    let narrow = narrow.to_string();
    let all = [
        ("anchor", "oldest"),
        ("num_before", "0"),
        ("num_after", "1000"),
        ("narrow", &narrow),
    ];
    user.get("/messages", &all).await
}

/// What hamlet reads, by a name for each message.
struct Library {
    app: TestApp,
    ids: BTreeMap<&'static str, i64>,
    stream: i64,
}

impl Library {
    async fn make() -> anyhow::Result<Library> {
        let app = TestApp::start().await?;
        let [hamlet, iago, cordelia, othello] =
            ["hamlet", "iago", "cordelia", "othello"].map(|key| app.user(key));
        let both = [hamlet, cordelia];
        let stream = iago.make_stream("Verona", &both, &[]).await?;
        let web = [("is_web_public", "true")];
        let desdemona = app.user("desdemona");
        desdemona.make_stream("Venice", &both, &web).await?;
        let private = [("invite_only", "true")];
        iago.make_stream("Rome", &both, &private).await?;
        iago.make_stream("elsewhere", &[othello], &private).await?;
        iago.make_stream("noise", &[hamlet], &[]).await?;
        let mut ids = BTreeMap::new();
        ids.insert(
            "plain",
            iago.send_to("Verona", "alpha", "plain words").await?,
        );
        ids.insert(
            "link",
            iago.send_to("Verona", "alpha", "see https://example.com/")
                .await?,
        );
        ids.insert("mine", hamlet.send_to("Verona", "beta", "my own").await?);
        let mention = "@**King Hamlet** look";
        ids.insert(
            "mention",
            cordelia.send_to("Verona", "beta", mention).await?,
        );
        ids.insert(
            "all",
            iago.send_to("Venice", "alpha", "@**all** hear").await?,
        );
        ids.insert(
            "private",
            iago.send_to("Rome", "plans", "in private").await?,
        );
        ids.insert(
            "resolved",
            iago.send_to("Venice", "✔ done", "solved").await?,
        );
        ids.insert("noise", iago.send_to("noise", "alpha", "noise").await?);
        ids.insert(
            "hidden",
            othello.send_to("elsewhere", "alpha", "hidden").await?,
        );
        ids.insert("dm", iago.send_direct(&[hamlet], "to you").await?);
        ids.insert(
            "group",
            cordelia.send_direct(&[hamlet, iago], "to both").await?,
        );
        ids.insert("self", hamlet.send_direct(&[hamlet], "to me").await?);
        ids.insert(
            "strangers",
            iago.send_direct(&[othello], "not yours").await?,
        );
        let library = Library { app, ids, stream };
        library.prepare().await?;
        Ok(library)
    }

    /// Stars, reads, reacts, mutes and follows.
    async fn prepare(&self) -> anyhow::Result<()> {
        let hamlet = self.app.user("hamlet");
        for (flag, names) in [
            ("starred", &["plain", "dm"][..]),
            ("read", &["plain", "dm", "all"]),
        ] {
            let messages = json!(names.iter().map(|name| self.ids[name]).collect::<Vec<_>>());
            let messages = messages.to_string();
            let params = [
                ("messages", messages.as_str()),
                ("op", "add"),
                ("flag", flag),
            ];
            hamlet
                .post("/messages/flags", &params)
                .await?
                .assert_success();
        }
        let path = format!("/messages/{}/reactions", self.ids["link"]);
        let cordelia = self.app.user("cordelia");
        cordelia
            .post(&path, &[("emoji_name", "tada")])
            .await?
            .assert_success();
        let noise = hamlet.get("/get_stream_id", &[("stream", "noise")]).await?;
        let mute = json!([{ "stream_id": noise.field("stream_id"), "property": "is_muted", "value": true }]);
        let mute = mute.to_string();
        hamlet
            .post(
                "/users/me/subscriptions/properties",
                &[("subscription_data", &mute)],
            )
            .await?
            .assert_success();
        let stream = self.stream.to_string();
        let follow = [
            ("stream_id", stream.as_str()),
            ("topic", "beta"),
            ("visibility_policy", "3"),
        ];
        hamlet.post("/user_topics", &follow).await?.assert_success();
        Ok(())
    }

    /// Names of messages as ids, ascending.
    fn ids_of(&self, names: &[&str]) -> Vec<i64> {
        let mut ids: Vec<i64> = names.iter().map(|name| self.ids[name]).collect();
        ids.sort_unstable();
        ids
    }

    /// The names of what was answered.
    fn names(&self, answer: &Answer) -> BTreeSet<&'static str> {
        let ids = ids(answer);
        let named = self.ids.iter().filter(|(_, id)| ids.contains(id));
        named.map(|(name, _)| *name).collect()
    }
}

/// All that hamlet reads.
const READABLE: &[&str] = &[
    "plain", "link", "mine", "mention", "all", "private", "resolved", "noise", "dm", "group",
    "self",
];

#[actix_web::test]
async fn every_operator_and_its_opposite() -> anyhow::Result<()> {
    let library = Library::make().await?;
    let app = &library.app;
    let [hamlet, iago, cordelia] = ["hamlet", "iago", "cordelia"].map(|key| app.user(key));
    let everywhere: &[&str] = READABLE;
    let of_iago = &["plain", "link", "all", "private", "resolved", "noise", "dm"][..];
    let cases: Vec<(Value, Value, &[&str])> = vec![
        (
            json!("channel"),
            json!("verona"),
            &["plain", "link", "mine", "mention"],
        ),
        (
            json!("stream"),
            json!(library.stream),
            &["plain", "link", "mine", "mention"],
        ),
        (
            json!("topic"),
            json!("ALPHA"),
            &["plain", "link", "all", "noise"],
        ),
        (json!("subject"), json!("beta"), &["mine", "mention"]),
        (
            json!("channels"),
            json!("public"),
            &[
                "plain", "link", "mine", "mention", "all", "resolved", "noise",
            ],
        ),
        (json!("channels"), json!("web-public"), &["all", "resolved"]),
        (json!("sender"), json!(iago.email), of_iago),
        (json!("from"), json!(iago.id), of_iago),
        (json!("dm"), json!(iago.email), &["dm"]),
        (json!("pm-with"), json!([iago.id]), &["dm"]),
        (json!("dm"), json!([iago.id, cordelia.id]), &["group"]),
        (json!("dm"), json!([hamlet.id]), &["self"]),
        (json!("dm-including"), json!(iago.id), &["dm", "group"]),
        (json!("group-pm-with"), json!(iago.email), &["group"]),
        (json!("id"), json!(library.ids["link"]), &["link"]),
        (json!("is"), json!("dm"), &["dm", "group", "self"]),
        (json!("is"), json!("private"), &["dm", "group", "self"]),
        (json!("is"), json!("starred"), &["plain", "dm"]),
        (json!("is"), json!("mentioned"), &["mention", "all"]),
        (
            json!("is"),
            json!("unread"),
            &[
                "mine", "self", "link", "mention", "private", "resolved", "noise", "group",
            ],
        ),
        (json!("is"), json!("resolved"), &["resolved"]),
        (json!("is"), json!("followed"), &["mine", "mention"]),
        (json!("has"), json!("link"), &["link"]),
        (json!("has"), json!("reaction"), &["link"]),
        (json!("has"), json!("image"), &[]),
        (json!("has"), json!("attachment"), &[]),
        (json!("search"), json!("private"), &["private"]),
        (json!("in"), json!("all"), everywhere),
    ];
    for (operator, operand, expected) in cases {
        for negated in [false, true] {
            let term = json!({ "operator": operator, "operand": operand, "negated": negated });
            let answer = read(hamlet, &json!([term])).await?;
            answer.assert_success();
            let expected: BTreeSet<&str> = READABLE
                .iter()
                .copied()
                .filter(|name| expected.contains(name) != negated)
                .collect();
            // Only direct messages are ever in the opposite of a narrow to a conversation that is no stream.
            assert_eq!(library.names(&answer), expected, "{term}");
            if operator == "search" {
                continue;
            }
            let all: Vec<i64> = library.ids.values().copied().collect();
            let all = json!(all).to_string();
            let narrow = json!([term]).to_string();
            let params = [("msg_ids", all.as_str()), ("narrow", narrow.as_str())];
            let matching = hamlet.get("/messages/matches_narrow", &params).await?;
            matching.assert_success();
            let matching = matching.field("messages").as_object().unwrap();
            let matching: BTreeSet<&str> = library
                .ids
                .iter()
                .filter(|(_, id)| matching.contains_key(&id.to_string()))
                .map(|(name, _)| *name)
                .collect();
            assert_eq!(matching, expected, "matches_narrow {term}");
        }
    }
    library.app.finish().await
}

#[actix_web::test]
async fn the_home_view_leaves_out_what_is_muted() -> anyhow::Result<()> {
    let library = Library::make().await?;
    let hamlet = library.app.user("hamlet");
    let home = read(hamlet, &json!([["in", "home"]])).await?;
    let names = library.names(&home);
    assert!(
        !names.contains("noise") && names.contains("plain"),
        "{names:?}"
    );
    library.app.finish().await
}

#[actix_web::test]
async fn every_anchor_form() -> anyhow::Result<()> {
    let library = Library::make().await?;
    let hamlet = library.app.user("hamlet");
    let all = library.ids_of(READABLE);
    let (first, last) = (all[0], all[all.len() - 1]);
    let third = all[2].to_string();
    let hidden = library.ids["hidden"].to_string();
    let next = *all.iter().find(|id| **id > library.ids["hidden"]).unwrap();
    // The anchor, before and after it; the ids, and what is known of the ends.
    type Case<'a> = (Vec<(&'a str, &'a str)>, Vec<i64>, (bool, bool, bool));
    let cases: Vec<Case<'_>> = vec![
        (
            vec![
                ("anchor", "newest"),
                ("num_before", "2"),
                ("num_after", "0"),
            ],
            all[all.len() - 2..].to_vec(),
            (false, true, false),
        ),
        (
            vec![
                ("anchor", "oldest"),
                ("num_before", "0"),
                ("num_after", "2"),
            ],
            all[..2].to_vec(),
            (true, false, false),
        ),
        (
            vec![("anchor", &third), ("num_before", "1"), ("num_after", "1")],
            all[1..4].to_vec(),
            (false, false, true),
        ),
        (
            vec![
                ("anchor", &third),
                ("num_before", "0"),
                ("num_after", "1"),
                ("include_anchor", "false"),
            ],
            vec![all[3]],
            (false, false, false),
        ),
        (
            vec![
                ("anchor", &third),
                ("num_before", "100"),
                ("num_after", "100"),
            ],
            all.clone(),
            (true, true, true),
        ),
        (
            vec![("anchor", &third), ("num_before", "0"), ("num_after", "0")],
            vec![all[2]],
            (false, false, true),
        ),
        (
            vec![
                ("anchor", "first_unread"),
                ("num_before", "0"),
                ("num_after", "0"),
            ],
            vec![library.ids["link"]],
            (false, false, true),
        ),
        (
            vec![
                ("use_first_unread_anchor", "true"),
                ("num_before", "0"),
                ("num_after", "0"),
            ],
            vec![library.ids["link"]],
            (false, false, true),
        ),
        (
            vec![("anchor", &hidden), ("num_before", "0"), ("num_after", "1")],
            vec![next],
            (false, false, false),
        ),
        (
            vec![("anchor", "0"), ("num_before", "0"), ("num_after", "1")],
            vec![first],
            (true, false, false),
        ),
        (
            vec![
                ("anchor", "10000000000000000"),
                ("num_before", "1"),
                ("num_after", "0"),
            ],
            vec![last],
            (false, true, false),
        ),
    ];
    // Without what the server says of streams that were made.
    let host = hamlet.host.split(':').next().unwrap_or_default();
    let bot = format!("notification-bot@{host}");
    let narrow = json!([{ "operator": "sender", "operand": bot, "negated": true }]).to_string();
    for (mut params, expected, ends) in cases {
        params.push(("narrow", &narrow));
        let answer = hamlet.get("/messages", &params).await?;
        answer.assert_success();
        assert_eq!(ids(&answer), expected, "{params:?}");
        let known = ["found_oldest", "found_newest", "found_anchor"]
            .map(|name| answer.field(name).as_bool().unwrap());
        assert_eq!((known[0], known[1], known[2]), ends, "{params:?}");
    }
    let chosen = json!([library.ids["dm"], library.ids["hidden"], first]).to_string();
    let answer = hamlet.get("/messages", &[("message_ids", &chosen)]).await?;
    assert_eq!(
        ids(&answer),
        [first, library.ids["dm"]],
        "what is not readable is left out"
    );
    library.app.finish().await
}

#[actix_web::test]
async fn bad_ranges_and_narrows_are_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let bad: &[(Params<'_>, &str, &str)] = &[
        (
            &[
                ("num_before", "1"),
                ("num_after", "1"),
                ("anchor", "nonsense"),
            ],
            "BAD_REQUEST",
            "Invalid anchor",
        ),
        (
            &[("num_before", "1"), ("anchor", "newest")],
            "REQUEST_VARIABLE_MISSING",
            "Missing 'num_after' argument",
        ),
        (
            &[
                ("num_before", "3000"),
                ("num_after", "3000"),
                ("anchor", "newest"),
            ],
            "BAD_REQUEST",
            "Too many messages requested (maximum 5000).",
        ),
        (
            &[
                ("num_before", "1"),
                ("num_after", "1"),
                ("anchor", "newest"),
                ("narrow", r#"[["nonsense", "x"]]"#),
            ],
            "BAD_NARROW",
            "Invalid narrow operator: unknown operator nonsense",
        ),
        (
            &[
                ("num_before", "1"),
                ("num_after", "1"),
                ("anchor", "newest"),
                ("narrow", r#"[["channel", "nowhere"]]"#),
            ],
            "BAD_NARROW",
            "Invalid narrow operator: unknown channel nowhere",
        ),
    ];
    for (params, code, msg) in bad {
        hamlet
            .get("/messages", params)
            .await?
            .assert_error(400, code, msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn history_raw_and_rendered() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    app.user("iago")
        .make_stream("Verona", &[hamlet], &[])
        .await?;
    let id = hamlet.send_to("Verona", "t", "**one**").await?;
    let path = format!("/messages/{id}");
    hamlet
        .patch(&path, &[("content", "*two*")])
        .await?
        .assert_success();
    let raw = hamlet.get(&path, &[("apply_markdown", "false")]).await?;
    assert_eq!(raw.field("raw_content"), "*two*", "{}", raw.text);
    assert_eq!(raw.field("message")["content"], "*two*");
    let html = hamlet.get(&path, &[]).await?;
    assert_eq!(html.field("message")["content"], "<p><em>two</em></p>");
    let history = hamlet.get(&format!("{path}/history"), &[]).await?;
    history.assert_success();
    let states = history.field("message_history").as_array().unwrap();
    assert!(
        states[0].get("content_html_diff").is_none(),
        "{}",
        history.text
    );
    let contents: Vec<&Value> = states.iter().map(|state| &state["content"]).collect();
    assert_eq!(contents, ["**one**", "*two*"]);
    assert_eq!(states[1]["prev_content"], "**one**");
    let diff = "<div><p><em><span class=\"highlight_text_inserted\">two</span></em></p> \
                <p><strong><span class=\"highlight_text_deleted\">one</span></strong></p></div>";
    assert_eq!(states[1]["content_html_diff"], diff);
    assert_eq!(states[1]["user_id"], json!(hamlet.id));
    let rendered = hamlet
        .post("/messages/render", &[("content", "**x**")])
        .await?;
    assert_eq!(rendered.field("rendered"), "<p><strong>x</strong></p>");
    for (text, html) in [("", ""), ("test  ", "<p>test  </p>")] {
        let rendered = hamlet
            .post("/messages/render", &[("content", text)])
            .await?;
        assert_eq!(rendered.assert_success().field("rendered"), html);
    }
    app.finish().await
}

#[actix_web::test]
async fn the_realm_decides_what_is_seen_of_changes() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let id = hamlet.send_to("Verona", "t", "secret").await?;
    let path = format!("/messages/{id}");
    for change in [("content", "public"), ("topic", "u")] {
        hamlet.patch(&path, &[change]).await?.assert_success();
    }
    let decide = async |policy: &str| -> anyhow::Result<()> {
        let policy = [("message_edit_history_visibility_policy", policy)];
        iago.patch("/realm", &policy).await?.assert_success();
        Ok(())
    };
    let shown = async || -> anyhow::Result<Value> {
        let one = hamlet.get(&path, &[]).await?;
        Ok(one.field("message")["edit_history"].clone())
    };
    let all = shown().await?;
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    assert!(all.to_string().contains("secret"));

    decide("moves").await?;
    let moves = shown().await?;
    assert_eq!(moves.as_array().map(Vec::len), Some(1), "{moves}");
    assert_eq!(
        (&moves[0]["prev_topic"], &moves[0]["topic"]),
        (&json!("t"), &json!("u"))
    );
    let history = hamlet.get(&format!("{path}/history"), &[]).await?;
    history.assert_success();
    assert!(!history.text.contains("secret"), "{}", history.text);
    assert_eq!(
        history.field("message_history").as_array().map(Vec::len),
        Some(2)
    );

    decide("none").await?;
    assert_eq!(shown().await?, Value::Null);
    let msg = "Message edit history is disabled in this organization";
    let history = hamlet.get(&format!("{path}/history"), &[]).await?;
    history.assert_error(400, "BAD_REQUEST", msg);
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(
        (
            &state["realm_message_edit_history_visibility_policy"],
            &state["realm_allow_edit_history"]
        ),
        (&json!("none"), &json!(false))
    );
    app.finish().await
}

#[actix_web::test]
async fn names_on_a_page_are_new_as_soon_as_they_change() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [hamlet, iago, cordelia] = ["hamlet", "iago", "cordelia"].map(|key| app.user(key));
    let stream = iago.make_stream("Verona", &[hamlet], &[]).await?;
    hamlet.send_to("Verona", "alpha", "words").await?;
    let people = serde_json::to_string(&[cordelia.id.0])?;
    let direct = [("type", "direct"), ("to", &*people), ("content", "for you")];
    hamlet.post("/messages", &direct).await?.assert_success();
    let names = async || {
        let page = read(hamlet, &json!([])).await?;
        let messages = page.field("messages").as_array().cloned();
        let of = |text: &str| {
            let text = format!("<p>{text}</p>");
            let mut messages = messages.iter().flatten();
            let found = messages.find(|message| message["content"] == *text);
            found.cloned().unwrap_or_default()
        };
        let (in_stream, direct) = (of("words"), of("for you"));
        let people: BTreeSet<String> = direct["display_recipient"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|person| Some(person["full_name"].as_str()?.to_owned()))
            .collect();
        let sender = in_stream["sender_full_name"].clone();
        anyhow::Ok((sender, in_stream["display_recipient"].clone(), people))
    };
    let (sender, place, people) = names().await?;
    assert_eq!(place, "Verona");
    assert!(people.contains(sender.as_str().unwrap_or_default()));
    for (user, name) in [(hamlet, "Yorick"), (cordelia, "Cordelia II")] {
        let new = [("full_name", name)];
        user.patch("/settings", &new).await?.assert_success();
    }
    let path = format!("/streams/{stream}");
    let new = [("new_name", "Padua")];
    iago.patch(&path, &new).await?.assert_success();
    let expected = ["Cordelia II", "Yorick"].map(str::to_owned);
    assert_eq!(
        names().await?,
        (json!("Yorick"), json!("Padua"), expected.into())
    );
    app.finish().await
}
