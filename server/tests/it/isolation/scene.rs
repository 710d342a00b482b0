//! What there is to be named: in another realm, in one's own, in a stream that one may not read, or nowhere.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use narrows_testkit::{Answer, Params, TestApp, TestUser};
use narrows_wire::Role;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::table::Case;

/// Everything that a call can name. Any of these with `own_` before it means one's own, always.
pub const NAMES: &[&str] = &[
    "stream",
    "stream_name",
    "topic",
    "message",
    "word",
    "user",
    "email",
    "full_name",
    "group",
    "group_name",
    "queue",
    "draft",
    "scheduled",
    "snippet",
    "reminder",
    "view",
    "filter",
    "playground",
    "upload",
    "attachment",
    "temporary",
    "avatar",
    "emoji_name",
    "emoji",
    "field",
    "bot",
    "domain",
    "icon",
    "export",
    "folder",
    "invite",
    "link",
    "link_key",
];

/// What is one's own alone, in one's own realm too.
pub const NAMES_OF_ONES_OWN: &[&str] =
    &["queue", "draft", "scheduled", "snippet", "reminder", "view"];

/// What one can name in a stream.
pub const NAMES_IN_STREAM: &[&str] = &["stream", "stream_name", "topic", "message", "word"];

/// Ids, names and addresses.
#[derive(Clone, Debug)]
pub struct Scene(BTreeMap<&'static str, String>);

impl Scene {
    /// Nothing has these.
    pub fn nowhere() -> Scene {
        let id = |id: &str| id.to_owned();
        Scene(BTreeMap::from([
            ("stream", id("9000001")),
            ("stream_name", id("no such room")),
            ("topic", id("no such topic")),
            ("message", id("9000002")),
            ("word", id("wordless")),
            ("user", id("9000003")),
            ("email", id("nobody@example.com")),
            ("full_name", id("Nobody Here")),
            ("group", id("9000004")),
            ("group_name", id("no such group")),
            ("queue", id("0:nothing")),
            ("draft", id("9000005")),
            ("scheduled", id("9000006")),
            ("snippet", id("9000007")),
            ("reminder", id("9000008")),
            ("view", id("narrow/is/nowhere")),
            ("filter", id("9000009")),
            ("playground", id("9000010")),
            ("upload", id("9000005/ab/nothing/x.txt")),
            ("attachment", id("9000006")),
            ("temporary", id("00/x.txt")),
            ("avatar", id("9000005/9000007.png")),
            ("emoji_name", id("nothing_like_it")),
            ("emoji", id("9000005/emoji/images/nothing.png")),
            ("field", id("9000008")),
            ("bot", id("9000009")),
            ("domain", id("nowhere.example.com")),
            ("icon", id("9000005/realm/icon.png")),
            ("export", id("9000014")),
            ("folder", id("9000011")),
            ("invite", id("9000012")),
            ("link", id("9000013")),
            ("link_key", id("nothing")),
        ]))
    }

    /// Makes all of it in the realm of `owner`, who is the author of the message, with `mark` in each text. Everybody
    /// of `readers` is subscribed. The people in it have `person` before their names.
    pub async fn make(
        app: &TestApp,
        owner: &TestUser,
        mark: &str,
        person: &str,
        readers: &[&TestUser],
        stream: Params<'_>,
    ) -> anyhow::Result<Scene> {
        let [room, topic, word] = ["room", "topic", "word"].map(|kind| format!("{mark} {kind}"));
        let word = word.replace(' ', "");
        let stream = owner.make_stream(&room, readers, stream).await?;
        let content = format!("{mark} says {word}");
        let message = owner.send_to(&room, &topic, &content).await?;
        let path = format!("/messages/{message}/reactions");
        let reaction = owner.post(&path, &[("emoji_name", "tada")]).await?;
        reaction.assert_success();
        let email = format!("{person}@example.com");
        let full_name = format!("{person} person");
        let user = app
            .add_user(owner, &email, &full_name, Role::Member)
            .await?;
        owner.send_direct(&[&user], "between us").await?;
        let cordelia = app
            .users()
            .values()
            .find(|other| other.realm_id == owner.realm_id && other.email.contains("cordelia"));
        let cordelia = cordelia.unwrap_or(owner);
        user.send_direct(&[owner, cordelia], "between three")
            .await?;
        let group_name = format!("{person} group");
        let members = json!([user.id, owner.id]).to_string();
        let params = [
            ("name", group_name.as_str()),
            ("description", person),
            ("members", &members),
        ];
        let group = owner.post("/user_groups/create", &params).await?;
        group.assert_success();
        let group = group.field("group_id").to_string();
        let queue = owner.register(&[("event_types", "[\"message\"]")]).await?;
        let files = Files::make(owner, mark).await?;
        let export = ask_for_export(app, owner).await?;
        let scene = Scene(BTreeMap::from([
            ("stream", stream.to_string()),
            ("stream_name", room),
            ("topic", topic),
            ("message", message.to_string()),
            ("word", word),
            ("user", user.id.to_string()),
            ("email", email),
            ("full_name", full_name),
            ("group", group),
            ("group_name", group_name),
            ("queue", queue.id),
            ("export", export),
            ("upload", files.upload),
            ("attachment", files.attachment),
            ("temporary", files.temporary),
            ("avatar", files.avatar),
            ("emoji_name", files.emoji_name),
            ("emoji", files.emoji),
            ("icon", files.icon),
        ]));
        scene.with_things(owner, mark).await
    }

    /// Makes what is the owner's alone, and what belongs to the realm.
    async fn with_things(mut self, owner: &TestUser, mark: &str) -> anyhow::Result<Scene> {
        let draft = json!([{
            "type": "stream", "to": [self.get("stream").parse::<i64>()?], "topic": mark, "content": mark, "timestamp": 1,
        }]);
        let (draft, me) = (draft.to_string(), json!([owner.id]).to_string());
        let view = format!("narrow/{}", mark.replace(' ', "-"));
        let message = self.get("message").to_owned();
        let later = ("scheduled_delivery_timestamp", "4000000000");
        let pattern = format!("{mark}-(?P<n>[0-9]+)");
        let url = ("url_template", "https://example.com/{n}");
        let domain = format!("{}.example.com", mark.replace(' ', "-").to_lowercase());
        let short_name = mark.replace(' ', "-");
        let made: [(&'static str, &str, &str, Params<'_>); 10] = [
            (
                "folder",
                "/channel_folders/create",
                "/channel_folder_id",
                &[("name", mark), ("description", mark)],
            ),
            (
                "field",
                "/realm/profile_fields",
                "/id",
                &[("name", mark), ("field_type", "1")],
            ),
            ("draft", "/drafts", "/ids/0", &[("drafts", &draft)]),
            (
                "scheduled",
                "/scheduled_messages",
                "/scheduled_message_id",
                &[("type", "direct"), ("to", &me), ("content", mark), later],
            ),
            (
                "snippet",
                "/saved_snippets",
                "/saved_snippet_id",
                &[("title", mark), ("content", mark)],
            ),
            (
                "reminder",
                "/reminders",
                "/reminder_id",
                &[("message_id", &message), later],
            ),
            (
                "filter",
                "/realm/filters",
                "/id",
                &[("pattern", &pattern), url],
            ),
            (
                "bot",
                "/bots",
                "/user_id",
                &[("full_name", mark), ("short_name", &short_name)],
            ),
            (
                "domain",
                "/realm/domains",
                "/new_domain/1",
                &[("domain", &domain)],
            ),
            (
                "playground",
                "/realm/playgrounds",
                "/id",
                &[
                    ("name", mark),
                    ("pygments_language", "Rust"),
                    ("url_template", "https://example.com/{code}"),
                ],
            ),
        ];
        for (name, path, id, params) in made {
            let answer = owner.post(path, params).await?;
            answer.assert_success();
            let id = answer.json.pointer(id).unwrap_or(&Value::Null);
            let text = id.as_str().map(str::to_owned);
            self.0.insert(name, text.unwrap_or_else(|| id.to_string()));
        }
        let pinned = [
            ("fragment", view.as_str()),
            ("is_pinned", "true"),
            ("name", mark),
        ];
        owner
            .post("/navigation_views", &pinned)
            .await?
            .assert_success();
        self.0.insert("view", view);
        self.with_invitations(owner, mark).await
    }

    /// Invites somebody, and makes a link for many.
    async fn with_invitations(mut self, owner: &TestUser, mark: &str) -> anyhow::Result<Scene> {
        let email = format!("invited-{}@example.com", mark.replace(' ', "-"));
        let params = [("invitee_emails", email.as_str()), ("stream_ids", "[]")];
        owner.post("/invites", &params).await?.assert_success();
        let link = owner.post("/invites/multiuse", &[]).await?;
        let link = link.assert_success().field("invite_link").clone();
        let listed = owner.get("/invites", &[]).await?;
        let listed = listed.field("invites").as_array().cloned();
        let id = |field: &str, value: &Value| {
            let mut all = listed.iter().flatten();
            let found = all.find(|one| one[field] == *value);
            found.map(|one| one["id"].to_string()).unwrap_or_default()
        };
        self.0.insert("invite", id("email", &json!(email)));
        self.0.insert("link", id("link_url", &link));
        let key = link.as_str().and_then(|link| link.rsplit('/').nth(1));
        self.0
            .insert("link_key", key.unwrap_or_default().to_owned());
        Ok(self)
    }

    /// The same with something else for `name`.
    pub fn with(mut self, name: &'static str, value: &str) -> Scene {
        self.0.insert(name, value.to_owned());
        self
    }

    /// What `name` stands for here.
    pub fn get(&self, name: &str) -> &str {
        &self.0[name]
    }
}

/// Asks for an archive; those before it are given up and long ago, as there is one at a time, and few in a week.
async fn ask_for_export(app: &TestApp, owner: &TestUser) -> anyhow::Result<String> {
    let give_up = "UPDATE realm_exports SET failed_at = requested_at, requested_at = requested_at - interval '8 days'
        WHERE realm_id = $1";
    let sql = app.sql().await?;
    sql.execute(give_up, &[&owner.realm_id.0]).await?;
    let asked = owner.post("/export/realm", &[]).await?;
    Ok(asked.assert_success().field("id").to_string())
}

/// What somebody uploaded: the rests of URLs, and an id.
struct Files {
    upload: String,
    attachment: String,
    temporary: String,
    avatar: String,
    emoji_name: String,
    emoji: String,
    icon: String,
}

impl Files {
    async fn make(owner: &TestUser, mark: &str) -> anyhow::Result<Files> {
        let text = Part::text(mark.to_owned()).file_name("x.txt");
        let url = post(owner, "/user_uploads", text, "url").await?;
        let mut png = Cursor::new(Vec::new());
        RgbImage::new(1, 1).write_to(&mut png, ImageFormat::Png)?;
        let png = || Part::bytes(png.get_ref().clone()).file_name("x.png");
        let avatar = post(owner, "/users/me/avatar", png(), "avatar_url").await?;
        let icon = post(owner, "/realm/icon", png(), "icon_url").await?;
        let emoji_name = mark.to_lowercase().replace(' ', "_");
        let path = format!("/api/v1/realm/emoji/{emoji_name}");
        let added = owner.request(Method::POST, &path);
        let added = added.multipart(Form::new().part("file", png()));
        owner.send(added).await?.assert_success();
        let emoji = owner.get("/realm/emoji", &[]).await?;
        let emoji = emoji.field("emoji").as_object().and_then(|all| {
            let mut all = all.values();
            all.find(|emoji| emoji["name"] == *emoji_name)
        });
        let emoji = emoji.and_then(|emoji| emoji["source_url"].as_str());
        let emoji = emoji.unwrap_or_default().to_owned();
        let listed = owner.get("/attachments", &[]).await?;
        let temporary = owner.get(&url, &[]).await?;
        let temporary = temporary.field("url").as_str().unwrap_or_default();
        let rest = |url: &str, start: &str| url.strip_prefix(start).unwrap_or_default().to_owned();
        Ok(Files {
            upload: rest(&url, "/user_uploads/"),
            attachment: listed.field("attachments")[0]["id"].to_string(),
            temporary: rest(temporary, "/user_uploads/temporary/"),
            avatar: rest(&avatar, "/user_avatars/"),
            emoji: rest(&emoji, "/user_avatars/"),
            icon: rest(&icon, "/user_avatars/"),
            emoji_name,
        })
    }
}

/// Uploads a file; the URL in the answer.
async fn post(user: &TestUser, path: &str, file: Part, url: &str) -> anyhow::Result<String> {
    let request = user.request(Method::POST, &format!("/api/v1{path}"));
    let answer = user
        .send(request.multipart(Form::new().part("file", file)))
        .await?;
    answer.assert_success();
    Ok(answer.field(url).as_str().unwrap_or_default().to_owned())
}

/// A call with its names filled in: all from one's own scene, but one from another.
pub struct Filled {
    method: Method,
    path: String,
    params: Vec<(&'static str, String)>,
    /// What to blot out of the answer before it is compared.
    blots: Vec<(String, String)>,
}

/// Fills a case in.
pub fn fill(
    case: &Case,
    own: &Scene,
    other: Option<(&'static str, &Scene)>,
    nonce: &str,
) -> Filled {
    let mut pairs = vec![("{nonce}".to_owned(), nonce.to_owned())];
    let mut blots = vec![(nonce.to_owned(), "<nonce>".to_owned())];
    for name in NAMES {
        let value = match other {
            Some((varied, scene)) if varied == *name => scene.get(name),
            _ => own.get(name),
        };
        pairs.push((format!("{{own_{name}}}"), own.get(name).to_owned()));
        pairs.push((format!("{{{name}}}"), value.to_owned()));
        blots.push((value.to_owned(), format!("<{name}>")));
        // As the fragments of our URLs have it.
        blots.push((value.replace(' ', ".20"), format!("<{name}>")));
    }
    // The longest first: some hold others.
    blots.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    let replace = |text: &str| {
        pairs
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    Filled {
        method: case.method().parse().unwrap(),
        path: replace(&case.path),
        params: case
            .params
            .iter()
            .map(|(name, value)| (*name, replace(value)))
            .collect(),
        blots,
    }
}

impl Filled {
    /// Calls it.
    pub async fn by(&self, user: &TestUser, prefix: &str) -> anyhow::Result<Answer> {
        let params: Vec<(&str, &str)> = self
            .params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let request = user.request(self.method.clone(), &format!("{prefix}{}", self.path));
        user.send(match self.method {
            Method::GET => request.query(&params),
            _ => request.form(&params),
        })
        .await
    }

    /// Status and body, without what differs from call to call and without the names that were filled in.
    pub fn essence(&self, answer: &Answer) -> String {
        let mut json = answer.json.clone();
        if let Value::Object(fields) = &mut json {
            for volatile in [
                "id",
                "ids",
                "scheduled_message_id",
                "reminder_id",
                "queue_id",
                "last_event_id",
                "server_timestamp",
                "presence_last_update_id",
                // Numbers of messages that one starred oneself.
                "starred_messages",
                // What was flagged before is not counted again.
                "updated_count",
            ] {
                fields.remove(volatile);
            }
        }
        let text = match json {
            Value::Null => answer.text.clone(),
            json => json.to_string(),
        };
        let text = format!("{} {text}", answer.status);
        self.blots
            .iter()
            .fold(text, |text, (value, blot)| text.replace(value, blot))
    }
}
