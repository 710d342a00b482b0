//! The role matrix: for each rule, who may and who may not.

use std::collections::BTreeMap;

use narrows_testkit::{Answer, Extent, Rows, TestApp, TestUser, rows};
use reqwest::Method;
use serde_json::{Value, json};

/// Those who ask, least powerful last. `othello` is a member who came today; the bot is hamlet's.
const PEOPLE: [&str; 7] = [
    "desdemona",
    "iago",
    "shiva",
    "hamlet",
    "bot",
    "othello",
    "polonius",
];
const OWNERS: &[&str] = &["desdemona"];
const ADMINS: &[&str] = &["desdemona", "iago"];
const MODERATORS: &[&str] = &["desdemona", "iago", "shiva"];
const FULL_MEMBERS: &[&str] = &["desdemona", "iago", "shiva", "hamlet", "bot"];
const MEMBERS: &[&str] = &["desdemona", "iago", "shiva", "hamlet", "bot", "othello"];
const EVERYONE: &[&str] = &PEOPLE;
const NOBODY: &[&str] = &[];

/// The groups that follow from roles, with who is in them.
const ROLES: [(&str, &[&str]); 7] = [
    ("role:members", MEMBERS),
    ("role:administrators", ADMINS),
    ("role:fullmembers", FULL_MEMBERS),
    ("role:moderators", MODERATORS),
    ("role:everyone", EVERYONE),
    ("role:nobody", NOBODY),
    ("role:owners", OWNERS),
];
/// Guests have some rights in no case.
const GUESTS: &[&str] = &["polonius"];
/// Bots invite nobody, either.
const BOTS_AND_GUESTS: &[&str] = &["bot", "polonius"];

/// A call, with names in braces for what [`Stage`] has.
#[derive(Clone, Debug)]
struct Call {
    what: &'static str,
    route: &'static str,
    params: &'static [(&'static str, &'static str)],
    /// What other calls name is not there any more afterwards.
    spoils: bool,
}

const fn call(
    what: &'static str,
    route: &'static str,
    params: &'static [(&'static str, &'static str)],
) -> Call {
    Call {
        what,
        route,
        params,
        spoils: false,
    }
}

const fn spoil(
    what: &'static str,
    route: &'static str,
    params: &'static [(&'static str, &'static str)],
) -> Call {
    Call {
        what,
        route,
        params,
        spoils: true,
    }
}

/// A right, what it lets people do, and who may whoever has it.
struct Governed {
    right: &'static str,
    call: Call,
    always: &'static [&'static str],
    never: &'static [&'static str],
    /// Tried with the groups of all roles, beside groups of people.
    by_roles: bool,
}

const fn governed(right: &'static str, call: Call) -> Governed {
    Governed {
        right,
        call,
        always: NOBODY,
        never: NOBODY,
        by_roles: false,
    }
}

const fn but_guests(right: &'static str, call: Call) -> Governed {
    Governed {
        never: GUESTS,
        ..governed(right, call)
    }
}

#[rustfmt::skip]
const GOVERNED: &[Governed] = &[
    Governed { by_roles: true, ..but_guests("can_create_public_channel_group",
        call("make a public stream", "POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "new {fresh}"}]"#)])) },
    but_guests("can_create_public_channel_group",
        call("make a channel", "POST /channels/create", &[("name", "new {fresh}"), ("subscribers", "[]")])),
    but_guests("can_set_topics_policy_group",
        call("decide on topics", "POST /channels/create", &[("name", "new {fresh}"), ("subscribers", "[]"), ("topics_policy", "disable_empty_topic")])),
    Governed { never: BOTS_AND_GUESTS, ..governed("can_create_bots_group",
        call("make a bot", "POST /bots", &[("full_name", "Bot {fresh}"), ("short_name", "bot-{fresh}")])) },
    but_guests("can_create_private_channel_group",
        call("make a private stream", "POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "new {fresh}"}]"#), ("invite_only", "true")])),
    Governed { by_roles: true, ..governed("can_move_messages_between_topics_group",
        call("rename a topic", "PATCH /messages/{others_message}", &[("topic", "renamed {fresh}"), ("propagate_mode", "change_all")])) },
    but_guests("can_add_subscribers_group",
        call("subscribe others", "POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "open {n}"}]"#), ("principals", "[{cordelia}]")])),
    but_guests("can_create_groups",
        call("make a group", "POST /user_groups/create", &[("name", "group {fresh}"), ("description", ""), ("members", "[]")])),
    Governed { always: OWNERS, ..but_guests("can_manage_all_groups",
        call("describe others' group", "PATCH /user_groups/{group}", &[("description", "{fresh}")])) },
    Governed { never: BOTS_AND_GUESTS, ..governed("can_invite_users_group",
        call("invite by mail", "POST /invites", &[("invitee_emails", "new{fresh}@example.com"), ("stream_ids", "[]")])) },
    Governed { never: BOTS_AND_GUESTS, ..governed("create_multiuse_invite_group",
        call("make a link for many", "POST /invites/multiuse", &[])) },
    governed("can_mention_many_users_group",
        call("mention everybody in a large stream", "POST /messages", &[("type", "stream"), ("to", "large"), ("topic", "t"), ("content", "@**all** {fresh}")])),
    governed("can_mention_many_users_group",
        call("mention everybody by editing", "PATCH /messages/{large_message}", &[("content", "@**all** {fresh}")])),
    governed("can_resolve_topics_group",
        spoil("resolve a topic", "PATCH /messages/{own_message}", &[("topic", "\u{2714} mine"), ("propagate_mode", "change_all")])),
    but_guests("can_move_messages_between_channels_group",
        spoil("move to another stream", "PATCH /messages/{others_message}", &[("stream_id", "{elsewhere}"), ("propagate_mode", "change_all")])),
    Governed { always: ADMINS, ..governed("can_delete_own_message_group",
        spoil("delete one's own message", "DELETE /messages/{own_message}", &[])) },
    but_guests("can_delete_any_message_group",
        spoil("delete what others wrote", "DELETE /messages/{others_message}", &[])),
    but_guests("can_delete_any_message_group",
        spoil("delete a topic", "POST /streams/{open}/delete_topic", &[("topic_name", "t")])),
    Governed { always: &["bot"], ..governed("direct_message_permission_group",
        call("write where nobody else may permit it", "POST /messages", &[("type", "direct"), ("to", "[{victim}]"), ("content", "x")])) },
    Governed { always: &["bot"], ..governed("direct_message_initiator_group",
        spoil("begin a conversation", "POST /messages", &[("type", "direct"), ("to", "[{second_owner}]"), ("content", "x")])) },
];

/// By roles alone.
#[rustfmt::skip]
const WEB_PUBLIC: Governed = governed("can_create_web_public_channel_group",
    call("make a web-public stream", "POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "new {fresh}"}]"#), ("is_web_public", "true")]));

/// Calls that only roles decide on.
#[rustfmt::skip]
const BY_ROLE: &[(&[&str], Call)] = &[
    (ADMINS, call("describe a stream", "PATCH /streams/{open}", &[("description", "{fresh}")])),
    (ADMINS, spoil("rename a stream", "PATCH /streams/{open}", &[("new_name", "renamed {n}")])),
    (ADMINS, spoil("make a stream private", "PATCH /streams/{open}", &[("is_private", "true")])),
    (ADMINS, spoil("archive a stream", "DELETE /streams/{open}", &[])),
    (ADMINS, call("make a stream default", "POST /default_streams", &[("stream_id", "{open}")])),
    (ADMINS, call("make a channel folder", "POST /channel_folders/create", &[("name", "folder {fresh}")])),
    (EVERYONE, call("list the channel folders", "GET /channel_folders", &[])),
    (ADMINS, call("see a private stream from outside", "GET /streams/{private}", &[])),
    (ADMINS, call("see who is in a private stream", "GET /streams/{private}/members", &[])),
    (NOBODY, call("read a private stream from outside", "GET /messages/{private_message}", &[])),
    (NOBODY, call("list topics of a private stream from outside", "GET /users/me/{private}/topics", &[])),
    (NOBODY, call("get the address of a private stream from outside", "GET /streams/{private}/email_address", &[])),
    (MEMBERS, call("get the address of a public stream from outside", "GET /streams/{public}/email_address", &[])),
    (NOBODY, call("join a private stream", "POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "private {n}"}]"#)])),
    (NOBODY, call("send to a private stream from outside", "POST /messages", &[("type", "stream"), ("to", "{private}"), ("topic", "t"), ("content", "x")])),
    (NOBODY, call("edit what others wrote", "PATCH /messages/{others_message}", &[("content", "x")])),
    (NOBODY, call("read others' direct messages", "GET /messages/{direct_message}", &[])),
    (NOBODY, call("react to others' direct messages", "POST /messages/{direct_message}/reactions", &[("emoji_name", "tada")])),
    (MEMBERS, call("see a public stream from outside", "GET /streams/{public}", &[])),
    (MEMBERS, call("read a public stream from outside", "GET /messages/{public_message}", &[])),
    (MEMBERS, call("send to a public stream from outside", "POST /messages", &[("type", "stream"), ("to", "{public}"), ("topic", "t"), ("content", "x")])),
    (MEMBERS, spoil("join a public stream", "POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "public {n}"}]"#)])),
    (EVERYONE, call("read a web-public stream from outside", "GET /messages/{web_message}", &[])),
    (EVERYONE, call("send where one is", "POST /messages", &[("type", "stream"), ("to", "{open}"), ("topic", "t"), ("content", "x")])),
    (EVERYONE, spoil("edit one's own message", "PATCH /messages/{own_message}", &[("content", "x")])),
    (EVERYONE, spoil("leave a stream", "DELETE /users/me/subscriptions", &[("subscriptions", r#"["open {n}"]"#)])),
    (ADMINS, spoil("remove others from a stream", "DELETE /users/me/subscriptions", &[("subscriptions", r#"["open {n}"]"#), ("principals", "[{desdemona}]")])),
    (ADMINS, spoil("remove others from a private stream", "DELETE /users/me/subscriptions", &[("subscriptions", r#"["private {n}"]"#), ("principals", "[{cordelia}]")])),
    (ADMINS, call("make a user", "POST /users", &[("email", "new{fresh}@example.com"), ("full_name", "New {fresh}"), ("password", "correct horse battery")])),
    (ADMINS, spoil("deactivate a member", "DELETE /users/{victim}", &[])),
    (OWNERS, spoil("deactivate an owner", "DELETE /users/{second_owner}", &[])),
    (ADMINS, call("rename a user", "PATCH /users/{victim}", &[("full_name", "Renamed {fresh}")])),
    (ADMINS, spoil("make a moderator", "PATCH /users/{victim}", &[("role", "300")])),
    (ADMINS, spoil("make an administrator", "PATCH /users/{victim}", &[("role", "200")])),
    (OWNERS, spoil("make an owner", "PATCH /users/{victim}", &[("role", "100")])),
    (OWNERS, spoil("unmake an owner", "PATCH /users/{second_owner}", &[("role", "400")])),
    (ADMINS, call("invite a moderator", "POST /invites", &[("invitee_emails", "mod{fresh}@example.com"), ("stream_ids", "[]"), ("invite_as", "300")])),
    (ADMINS, call("invite an administrator", "POST /invites", &[("invitee_emails", "admin{fresh}@example.com"), ("stream_ids", "[]"), ("invite_as", "200")])),
    (OWNERS, call("invite an owner", "POST /invites", &[("invitee_emails", "owner{fresh}@example.com"), ("stream_ids", "[]"), ("invite_as", "100")])),
    (OWNERS, call("make a link for owners", "POST /invites/multiuse", &[("invite_as", "100")])),
    (EVERYONE, call("see users", "GET /users/{victim}", &[])),
];

/// Who may send by the policy of a stream.
const POST_POLICIES: [(&str, &[&str]); 4] = [
    ("1", EVERYONE),
    ("2", ADMINS),
    ("3", FULL_MEMBERS),
    ("4", MODERATORS),
];

/// What the calls name, new for each of them.
type Stage = BTreeMap<&'static str, String>;

async fn stage(app: &TestApp, user: &TestUser, n: usize) -> anyhow::Result<Stage> {
    use narrows_wire::Role::{Member, Owner};
    let (desdemona, cordelia) = (app.user("desdemona"), app.user("cordelia"));
    let name = |kind: &str| format!("{kind} {n}");
    let open = name("open");
    let mut stage = BTreeMap::from([
        ("n", n.to_string()),
        ("cordelia", cordelia.id.to_string()),
        ("desdemona", desdemona.id.to_string()),
    ]);
    let mut put = |name, id: i64| stage.insert(name, id.to_string());
    let both = [user, cordelia];
    put("open", desdemona.make_stream(&open, &both, &[]).await?);
    let named = name("elsewhere");
    put(
        "elsewhere",
        desdemona.make_stream(&named, &both, &[]).await?,
    );
    put(
        "public",
        cordelia.make_stream(&name("public"), &[], &[]).await?,
    );
    for (key, by, flag) in [
        ("private", cordelia, "invite_only"),
        ("web", desdemona, "is_web_public"),
    ] {
        let made = by.make_stream(&name(key), &[], &[(flag, "true")]).await?;
        put(key, made);
    }
    let alone = json!({ "direct_members": [desdemona.id], "direct_subgroups": [] }).to_string();
    let club = [
        ("name", name("club")),
        ("description", String::new()),
        ("members", "[]".to_owned()),
        ("can_manage_group", alone),
    ];
    let club = club.each_ref().map(|(name, value)| (*name, value.as_str()));
    let made = desdemona.post("/user_groups/create", &club).await?;
    put("group", made.field("group_id").as_i64().unwrap_or_default());
    put("own_message", user.send_to(&open, "mine", "x").await?);
    put("large_message", user.send_to("large", "mine", "x").await?);
    put("others_message", cordelia.send_to(&open, "t", "x").await?);
    let (public, private) = (name("public"), name("private"));
    put("public_message", cordelia.send_to(&public, "t", "x").await?);
    put(
        "private_message",
        cordelia.send_to(&private, "t", "x").await?,
    );
    put(
        "web_message",
        desdemona.send_to(&name("web"), "t", "x").await?,
    );
    for (key, role) in [("victim", Member), ("second_owner", Owner)] {
        let email = format!("{key}{n}@example.com");
        let made = app.add_user(desdemona, &email, &name(key), role).await?;
        put(key, made.id.0.into());
        put("direct_message", made.send_direct(&[cordelia], "x").await?);
    }
    Ok(stage)
}

/// A realm in which everybody but othello has been for long, with a large stream.
async fn start() -> anyhow::Result<TestApp> {
    let app = TestApp::start_with(
        "[limits]\napi_by_user = { calls = 0, seconds = 1 }\n",
        |_| {},
    )
    .await?;
    let desdemona = app.user("desdemona");
    let mut crowd = Vec::new();
    for n in 0..20 {
        let email = format!("crowd{n}@example.com");
        let name = format!("Crowd {n}");
        let role = narrows_wire::Role::Member;
        crowd.push(app.add_user(desdemona, &email, &name, role).await?);
    }
    let all: Vec<&TestUser> = crowd
        .iter()
        .chain(PEOPLE.map(|key| app.user(key)))
        .collect();
    desdemona.make_stream("large", &all, &[]).await?;
    let age = "UPDATE users SET date_joined = now() - interval '100 days' WHERE id <> $1";
    app.sql()
        .await?
        .execute(age, &[&app.user("othello").id.0])
        .await?;
    set(&app, "waiting_period_threshold", 30).await?;
    Ok(app)
}

/// A setting of the realm.
async fn set(app: &TestApp, name: &str, value: impl Into<Value>) -> anyhow::Result<()> {
    let setting = json!({ name: value.into() });
    let update = "UPDATE realms SET settings = settings || $1::text::jsonb, version = version + 1 WHERE subdomain = ''";
    app.sql()
        .await?
        .execute(update, &[&setting.to_string()])
        .await?;
    Ok(())
}

/// Somebody tries everything; what they may not do changes nothing.
struct Trial<'a> {
    app: &'a TestApp,
    sql: tokio_postgres::Client,
    count: usize,
    faults: Vec<String>,
}

/// One with what they try on, which is new again after each success that spoils it.
struct Player<'a> {
    key: &'static str,
    user: &'a TestUser,
    stage: Stage,
    spoiled: bool,
    rows: Rows,
}

impl<'a> Trial<'a> {
    async fn of(app: &'a TestApp) -> anyhow::Result<Trial<'a>> {
        Ok(Trial {
            app,
            sql: app.sql().await?,
            count: 0,
            faults: Vec::new(),
        })
    }

    async fn player(&mut self, key: &'static str) -> anyhow::Result<Player<'a>> {
        let user = self.app.user(key);
        self.count += 1;
        Ok(Player {
            key,
            user,
            stage: stage(self.app, user, self.count).await?,
            spoiled: false,
            rows: self.rows().await?,
        })
    }

    /// All of the realm.
    async fn rows(&self) -> anyhow::Result<Rows> {
        rows(&self.sql, &Extent::Realm(String::new())).await
    }

    /// Lets somebody try a call.
    async fn run(
        &mut self,
        player: &mut Player<'a>,
        rule: &str,
        call: &Call,
        allowed: &[&str],
    ) -> anyhow::Result<()> {
        let key = player.key;
        self.count += 1;
        player.stage.insert("fresh", self.count.to_string());
        let answer = send(player.user, call, &player.stage).await?;
        let may = allowed.contains(&key);
        if answer.status != if may { 200 } else { 400 } {
            let verb = if may { "may" } else { "may not" };
            let what = format!("{rule}: {key} {verb} {}: {}", call.what, answer.text);
            self.faults.push(what);
        }
        player.spoiled = answer.status == 200 && call.spoils;
        let now = self.rows().await?;
        if answer.status == 200 {
            player.rows = now;
        } else if now != player.rows {
            let what = format!("{rule}: {key} changed something: {}", call.what);
            self.faults.push(what);
            player.rows = now;
        }
        Ok(())
    }

    fn end(self) {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}

async fn send(user: &TestUser, call: &Call, stage: &Stage) -> anyhow::Result<Answer> {
    let fill = |text: &str| {
        stage.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    };
    let (method, path) = call.route.split_once(' ').unwrap();
    let params: Vec<(&str, String)> = call
        .params
        .iter()
        .map(|(name, value)| (*name, fill(value)))
        .collect();
    let params: Vec<(&str, &str)> = params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    user.call(method.parse::<Method>()?, &fill(path), &params)
        .await
}

impl Governed {
    fn may(&self, key: &str, people: &[&str]) -> &'static [&'static str] {
        let by_group = people.contains(&key) && !self.never.contains(&key);
        match by_group || self.always.contains(&key) {
            true => EVERYONE,
            false => NOBODY,
        }
    }
}

/// The values that are tried for `key`, with who is in them.
fn values(
    app: &TestApp,
    governed: &Governed,
    key: &'static str,
) -> Vec<(Value, Vec<&'static str>)> {
    let of = |people: Vec<&'static str>| {
        let ids: Vec<_> = people.iter().map(|key| app.user(key).id).collect();
        let value = json!({ "direct_members": ids, "direct_subgroups": [] });
        (value, people)
    };
    let others = PEOPLE.into_iter().filter(|other| *other != key);
    let mut values = vec![of(others.collect()), of(vec![key])];
    if governed.by_roles {
        let roles = ROLES.iter();
        values.extend(roles.map(|(role, people)| (json!(role), people.to_vec())));
    }
    values
}

impl<'a> Trial<'a> {
    /// Lets somebody try what a right governs, given to a group.
    async fn give(
        &mut self,
        player: &mut Player<'a>,
        governed: &Governed,
        value: &Value,
        people: &[&str],
    ) -> anyhow::Result<()> {
        if player.spoiled {
            *player = self.player(player.key).await?;
        }
        set(self.app, governed.right, value.clone()).await?;
        // The setting is a row too.
        player.rows = self.rows().await?;
        let rule = format!("{} = {value}", governed.right);
        let allowed = governed.may(player.key, people);
        self.run(player, &rule, &governed.call, allowed).await?;
        let default = "UPDATE realms SET settings = settings - $1::text, version = version + 1 WHERE subdomain = ''";
        self.sql.execute(default, &[&governed.right]).await?;
        Ok(())
    }
}

#[actix_web::test]
async fn who_has_a_right_may() -> anyhow::Result<()> {
    let app = start().await?;
    let mut trial = Trial::of(&app).await?;
    for key in PEOPLE {
        let mut player = trial.player(key).await?;
        for governed in GOVERNED {
            for (value, people) in values(&app, governed, key) {
                trial.give(&mut player, governed, &value, &people).await?;
            }
        }
        for (role, people) in ROLES {
            let members = !matches!(role, "role:everyone" | "role:members" | "role:fullmembers");
            if members {
                trial
                    .give(&mut player, &WEB_PUBLIC, &json!(role), people)
                    .await?;
            }
        }
    }
    trial.end();
    app.finish().await
}

#[actix_web::test]
async fn roles_say_who_may() -> anyhow::Result<()> {
    let app = start().await?;
    let mut trial = Trial::of(&app).await?;
    for key in PEOPLE {
        let mut player = trial.player(key).await?;
        for (allowed, call) in BY_ROLE {
            if player.spoiled {
                player = trial.player(key).await?;
            }
            trial.run(&mut player, "by role", call, allowed).await?;
        }
    }
    trial.end();
    app.finish().await
}

#[actix_web::test]
async fn a_stream_says_who_may_send() -> anyhow::Result<()> {
    let app = start().await?;
    let mut trial = Trial::of(&app).await?;
    for (policy, allowed) in POST_POLICIES {
        let name = format!("policy {policy}");
        let people = PEOPLE.map(|key| app.user(key));
        let iago = app.user("iago");
        iago.make_stream(&name, &people, &[("stream_post_policy", policy)])
            .await?;
        for key in PEOPLE {
            let may = allowed.contains(&key);
            let params = [
                ("type", "stream"),
                ("to", name.as_str()),
                ("topic", "t"),
                ("content", "x"),
            ];
            let answer = app.user(key).post("/messages", &params).await?;
            if (answer.status == 200) != may {
                trial.faults.push(format!("{name}: {key}: {}", answer.text));
            }
        }
    }
    trial.end();
    app.finish().await
}
