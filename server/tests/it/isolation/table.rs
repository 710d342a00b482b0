//! The table: for each route, the calls in which it names something.
//!
//! A new route needs a line here. Names in braces stand for what a scene has (`scene.rs`): `{stream}`, `{topic}`,
//! `{message}`, `{user}`, `{email}`, `{group}` …; parameters of the path stand for themselves.

use narrows_server::routes::{API, API_V1, Entry, JSON, PAGES};

/// A call to a route.
#[derive(Clone, Debug)]
pub struct Case {
    /// Method and path, as the table of routes has them.
    pub route: &'static str,
    /// The path that is called, names in braces.
    pub path: String,
    /// The parameters, names in braces.
    pub params: Vec<(&'static str, String)>,
    /// The answer is the same whether the thing named is there or not: only what is stored could differ.
    pub tells_nothing: bool,
    /// Names of streams are taken once for all: who may not see one learns that the name is not free.
    pub takes_names: bool,
    /// Afterwards nobody can do anything any more.
    pub is_last: bool,
}

impl Case {
    /// Another path than the route's own.
    fn at(self, path: &str) -> Case {
        Case {
            path: path.to_owned(),
            ..self
        }
    }

    fn tells_nothing(self) -> Case {
        Case {
            tells_nothing: true,
            ..self
        }
    }

    fn last(self) -> Case {
        Case {
            is_last: true,
            ..self
        }
    }

    fn takes_names(self) -> Case {
        Case {
            takes_names: true,
            ..self
        }
    }

    /// The other realm's texts may come back: one may use its names oneself, and in development all accounts are listed.
    pub fn says_it_all(&self) -> bool {
        self.takes_names || self.route == "GET /dev_list_users"
    }

    /// It names things in a narrow only: nothing that is named goes away by it.
    pub fn is_narrow(&self) -> bool {
        self.params.iter().any(|(name, _)| *name == "narrow")
    }

    /// The method.
    pub fn method(&self) -> &'static str {
        self.route
            .split_once(' ')
            .map_or("GET", |(method, _)| method)
    }

    /// Everything named, once.
    pub fn names(&self) -> Vec<&'static str> {
        let texts: Vec<&str> = self
            .params
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        let named = |name: &&&'static str| {
            let braced = format!("{{{name}}}");
            self.path.contains(&braced) || texts.iter().any(|text| text.contains(&braced))
        };
        super::scene::NAMES.iter().filter(named).copied().collect()
    }
}

/// What a parameter of a path names.
fn in_braces(path: &str) -> String {
    [
        ("{message_id}", "{message}"),
        ("{stream_id}", "{stream}"),
        ("{user_group_id}", "{group}"),
        ("{user_id}", "{user}"),
        ("{muted_user_id}", "{user}"),
        ("{filter_id}", "{filter}"),
        ("{playground_id}", "{playground}"),
        ("{draft_id}", "{draft}"),
        ("{scheduled_message_id}", "{scheduled}"),
        ("{saved_snippet_id}", "{snippet}"),
        ("{reminder_id}", "{reminder}"),
        ("{fragment:.+}", "{view}"),
        ("{attachment_id}", "{attachment}"),
        ("{field_id}", "{field}"),
        ("{bot_id}", "{bot}"),
        ("{channel_folder_id}", "{folder}"),
        ("multiuse/{invite_id}", "multiuse/{link}"),
        ("{invite_id}", "{invite}"),
        ("{export_id}", "{export}"),
        ("{key}", "{link_key}"),
        ("{path:.*}", "app.css"),
    ]
    .iter()
    .fold(path.to_owned(), |path, (from, to)| path.replace(from, to))
}

fn case(route: &'static str, params: &[(&'static str, &str)]) -> Case {
    let path = route.split_once(' ').map_or("", |(_, path)| path);
    Case {
        route,
        path: in_braces(path),
        params: params
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        tells_nothing: false,
        takes_names: false,
        is_last: false,
    }
}

/// A route that names nothing.
fn nothing(route: &'static str) -> Case {
    case(route, &[])
}

/// A draft to oneself.
const DRAFT: &str = r#"{"type": "private", "to": [], "topic": "", "content": "x", "timestamp": 1}"#;

/// Every operator that names something.
const NARROWS: &[&str] = &[
    r#"{"operator": "channel", "operand": {stream}}"#,
    r#"{"operator": "channel", "operand": "{stream_name}"}"#,
    r#"{"operator": "stream", "operand": "{stream_name}"}"#,
    r#"{"operator": "topic", "operand": "{topic}"}"#,
    r#"{"operator": "sender", "operand": {user}}"#,
    r#"{"operator": "sender", "operand": "{email}"}"#,
    r#"{"operator": "dm", "operand": [{user}]}"#,
    r#"{"operator": "dm", "operand": "{email}"}"#,
    r#"{"operator": "pm-with", "operand": "{email}"}"#,
    r#"{"operator": "dm-including", "operand": {user}}"#,
    r#"{"operator": "dm-including", "operand": "{email}"}"#,
    r#"{"operator": "group-pm-with", "operand": "{email}"}"#,
    r#"{"operator": "id", "operand": {message}}"#,
    r#"{"operator": "with", "operand": {message}}"#,
    r#"{"operator": "near", "operand": {message}}"#,
    r#"{"operator": "search", "operand": "{word}"}"#,
];

/// Reads around the newest message, in a narrow and outside of it.
fn narrowed() -> Vec<Case> {
    let mut cases = Vec::new();
    for term in NARROWS {
        for negated in [false, true] {
            let term = match negated {
                true => term.replacen('{', r#"{"negated": true, "#, 1),
                false => (*term).to_owned(),
            };
            let narrow = format!("[{term}]");
            let range = [
                ("anchor", "newest"),
                ("num_before", "20"),
                ("num_after", "0"),
            ];
            let read = [&range[..], &[("narrow", &narrow)]].concat();
            let flag = [("flag", "starred"), ("op", "add")];
            let matches = [("msg_ids", "[{message}]"), ("narrow", narrow.as_str())];
            let flags = [&read[..], &flag].concat();
            let near = term.contains("near");
            for mut case in [
                case("GET /messages", &read),
                case("POST /messages/flags/narrow", &flags),
                case("GET /messages/matches_narrow", &matches),
            ] {
                case.tells_nothing = negated || near || case.route.ends_with("matches_narrow");
                cases.push(case);
            }
        }
        let narrow = format!("[{term}]");
        cases.push(case("POST /register", &[("narrow", &narrow)]).tells_nothing());
    }
    cases
}

/// All calls.
#[rustfmt::skip]
pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("DELETE /attachments/{attachment_id}", &[]),
        nothing("DELETE /bot_storage"),
        case("DELETE /bots/{bot_id}", &[]),
        case("DELETE /default_streams", &[("stream_id", "{stream}")]),
        case("DELETE /drafts/{draft_id}", &[]),
        nothing("DELETE /drafts/{draft_id}").at("/drafts/1"),
        case("DELETE /events", &[("queue_id", "{queue}")]),
        case("DELETE /export/realm/{export_id}", &[]),
        case("DELETE /invites/multiuse/{invite_id}", &[]),
        case("DELETE /invites/{invite_id}", &[]),
        case("DELETE /messages/{message_id}", &[]),
        case("DELETE /messages/{message_id}/reactions", &[("emoji_name", "tada")]),
        case("DELETE /navigation_views/{fragment:.+}", &[]),
        nothing("DELETE /navigation_views/{fragment:.+}").at("/navigation_views/inbox"),
        case("DELETE /realm/domains/{domain}", &[]),
        case("DELETE /realm/emoji/{emoji_name}", &[]),
        case("DELETE /realm/filters/{filter_id}", &[]),
        nothing("DELETE /realm/icon"),
        case("DELETE /realm/logo", &[("night", "false")]),
        case("DELETE /realm/playgrounds/{playground_id}", &[]),
        case("DELETE /realm/profile_fields/{field_id}", &[]),
        case("DELETE /reminders/{reminder_id}", &[]),
        nothing("DELETE /reminders/{reminder_id}").at("/reminders/1"),
        case("DELETE /saved_snippets/{saved_snippet_id}", &[]),
        nothing("DELETE /saved_snippets/{saved_snippet_id}").at("/saved_snippets/1"),
        case("DELETE /scheduled_messages/{scheduled_message_id}", &[]),
        nothing("DELETE /scheduled_messages/{scheduled_message_id}").at("/scheduled_messages/1"),
        case("DELETE /streams/{stream_id}", &[]),
        case("DELETE /user_groups/{user_group_id}", &[]),
        nothing("DELETE /users/me"),
        nothing("DELETE /users/me/alert_words"),
        nothing("DELETE /users/me/android_gcm_reg_id"),
        nothing("DELETE /users/me/apns_device_token"),
        nothing("DELETE /users/me/avatar"),
        case("DELETE /users/me/muted_users/{muted_user_id}", &[]),
        case("DELETE /users/me/profile_data", &[("data", "[{field}]")]),
        case("DELETE /users/me/subscriptions", &[("subscriptions", r#"["{stream_name}"]"#)]),
        case("DELETE /users/me/subscriptions", &[("subscriptions", r#"["{own_stream_name}"]"#), ("principals", "[{user}]")]),
        case("DELETE /users/me/subscriptions", &[("subscriptions", r#"["{own_stream_name}"]"#), ("principals", r#"["{email}"]"#)]),
        case("DELETE /users/{user_id}", &[]),
        nothing("GET /"),
        nothing("GET /accounts/login/"),
        nothing("GET /attachments"),
        case("GET /avatar/{user}", &[]),
        case("GET /avatar/{user}", &[]).at("/avatar/{email}"),
        case("GET /avatar/{user}/medium", &[]),
        nothing("GET /bot_storage"),
        nothing("GET /calls/bigbluebutton/create"),
        nothing("GET /channel_folders"),
        nothing("GET /dev_list_users"),
        nothing("GET /drafts"),
        nothing("GET /emails"),
        case("GET /events", &[("queue_id", "{queue}"), ("last_event_id", "-1"), ("dont_block", "true")]),
        case("GET /events/websocket", &[("queue_id", "{queue}"), ("last_event_id", "-1")]).tells_nothing(),
        nothing("GET /export/realm"),
        nothing("GET /export/realm/consents"),
        case("GET /exports/{export_id}/{name}", &[]).at("/exports/{export}/archive.tar.gz"),
        case("GET /get_stream_id", &[("stream", "{stream_name}")]),
        nothing("GET /health"),
        nothing("GET /invites"),
        case("GET /join/{key}/", &[]),
        nothing("GET /login/"),
        case("GET /messages", &[("anchor", "{message}"), ("num_before", "0"), ("num_after", "0")]),
        case("GET /messages", &[("anchor", "oldest"), ("num_before", "0"), ("num_after", "5000")]),
        case("GET /messages", &[("message_ids", "[{message}]")]),
        case("GET /messages/matches_narrow", &[("msg_ids", "[{message}]"), ("narrow", "[]")]),
        case("GET /messages/matches_narrow", &[("msg_ids", "[{message}]"), ("narrow", r#"[["stream", "{stream_name}"], ["topic", "{topic}"]]"#)]),
        case("GET /messages/{message_id}", &[]),
        case("GET /messages/{message_id}/history", &[]),
        case("GET /messages/{message_id}/read_receipts", &[]),
        nothing("GET /navigation_views"),
        nothing("GET /realm/emoji"),
        nothing("GET /bots"),
        nothing("GET /realm/domains"),
        nothing("GET /realm/linkifiers"),
        nothing("GET /realm/presence"),
        nothing("GET /realm/profile_fields"),
        nothing("GET /reminders"),
        nothing("GET /saved_snippets"),
        nothing("GET /scheduled_messages"),
        nothing("GET /server_settings"),
        nothing("GET /api/"),
        nothing("GET /api/openapi.json"),
        nothing("GET /static/emoji/emoji_api.json"),
        nothing("GET /static/{path:.*}"),
        case("GET /streams", &[("include_all", "true"), ("include_web_public", "true")]),
        case("GET /streams/{stream_id}", &[]),
        case("GET /streams/{stream_id}/email_address", &[]),
        case("GET /streams/{stream_id}/email_address", &[("sender_id", "{bot}")]).at("/streams/{own_stream}/email_address"),
        case("GET /streams/{stream_id}/members", &[]),
        case("GET /user_avatars/{realm_id}/realm/{name}", &[]).at("/user_avatars/{icon}"),
        case("GET /user_avatars/{realm_id}/emoji/images/{name:.+}", &[])
            .at("/user_avatars/{emoji}"),
        case("GET /user_avatars/{realm_id}/{name}", &[]).at("/user_avatars/{avatar}"),
        nothing("GET /user_groups"),
        case("GET /user_groups/{user_group_id}/members", &[]),
        case("GET /user_groups/{user_group_id}/members/{user_id}", &[]),
        case("GET /user_groups/{user_group_id}/subgroups", &[]),
        case("GET /user_uploads/download/{realm_id}/{path:.*}", &[]).at("/user_uploads/download/{upload}"),
        case("GET /user_uploads/temporary/{token}/{name}", &[]).at("/user_uploads/temporary/{temporary}"),
        case("GET /user_uploads/{realm_id}/{path:.*}", &[]).at("/user_uploads/{upload}"),
        nothing("GET /users"),
        case("GET /users", &[("user_ids", "[{user}]")]),
        nothing("GET /users/me"),
        nothing("GET /users/me/alert_words"),
        nothing("GET /users/me/subscriptions"),
        case("GET /users/me/{stream_id}/topics", &[]),
        case("GET /users/{email}", &[]),
        case("GET /users/{user_id}", &[]),
        case("GET /users/{user_id}/status", &[]),
        case("GET /users/{user_id}/subscriptions/{stream_id}", &[]),
        case("GET /users/{user}/presence", &[]),
        case("GET /users/{user}/presence", &[]).at("/users/{email}/presence"),
        case("PATCH /channel_folders", &[("order", "[{folder}]")]).tells_nothing(),
        case("PATCH /channel_folders/{channel_folder_id}", &[("description", "changed")]),
        nothing("PATCH /drafts/{draft_id}").at("/drafts/1"),
        case("PATCH /drafts/{draft_id}", &[("draft", DRAFT)]),
        case("PATCH /messages/{message_id}", &[("content", "changed")]),
        case("PATCH /messages/{message_id}", &[("topic", "moved"), ("propagate_mode", "change_all")]),
        case("PATCH /messages/{message_id}", &[("stream_id", "{stream}"), ("propagate_mode", "change_all")]).at("/messages/{own_message}"),
        nothing("PATCH /navigation_views/{fragment:.+}").at("/navigation_views/inbox"),
        case("PATCH /navigation_views/{fragment:.+}", &[("is_pinned", "false")]),
        case("PATCH /realm", &[("new_stream_announcements_stream_id", "{stream}")]),
        nothing("PATCH /realm"),
        case("PATCH /realm/filters/{filter_id}", &[("pattern", "x(?P<n>1)"), ("url_template", "https://example.com/{n}")]),
        case("PATCH /bots/{bot_id}", &[("full_name", "Other Name")]),
        case("PATCH /bots/{bot_id}", &[("bot_owner_id", "{user}")]).at("/bots/{own_bot}"),
        case("PATCH /bots/{bot_id}", &[("default_sending_stream", "{stream_name}")]).at("/bots/{own_bot}"),
        case("PATCH /realm/domains/{domain}", &[("allow_subdomains", "true")]),
        case("PATCH /realm/linkifiers", &[("ordered_linkifier_ids", "[{filter}]")]).tells_nothing(),
        case("PATCH /realm/profile_fields", &[("order", "[{field}]")]).tells_nothing(),
        case("PATCH /realm/profile_fields/{field_id}", &[("hint", "changed")]),
        nothing("PATCH /realm/user_settings_defaults"),
        nothing("PATCH /saved_snippets/{saved_snippet_id}").at("/saved_snippets/1"),
        case("PATCH /saved_snippets/{saved_snippet_id}", &[("title", "changed")]),
        nothing("PATCH /scheduled_messages/{scheduled_message_id}").at("/scheduled_messages/1"),
        case("PATCH /scheduled_messages/{scheduled_message_id}", &[("content", "changed")]),
        case("PATCH /scheduled_messages/{scheduled_message_id}", &[("type", "stream"), ("to", "{stream}"), ("topic", "t"), ("content", "x")]).at("/scheduled_messages/{own_scheduled}"),
        nothing("PATCH /settings"),
        nothing("PATCH /settings/display"),
        nothing("PATCH /settings/notifications"),
        case("PATCH /streams/{stream_id}", &[("can_send_message_group", r#"{"direct_members": [{user}], "direct_subgroups": []}"#)]).at("/streams/{own_stream}"),
        case("PATCH /streams/{stream_id}", &[("can_subscribe_group", "{group}")]).at("/streams/{own_stream}"),
        case("PATCH /streams/{stream_id}", &[("folder_id", "{folder}")]).at("/streams/{own_stream}"),
        case("PATCH /streams/{stream_id}", &[("description", "changed")]),
        case("PATCH /streams/{stream_id}", &[("new_name", "{stream_name}")]).at("/streams/{own_stream}").tells_nothing().takes_names(),
        case("PATCH /user_groups/{user_group_id}", &[("can_mention_group", "{group}")]).at("/user_groups/{own_group}"),
        case("PATCH /user_groups/{user_group_id}", &[("description", "changed")]),
        case("PATCH /users/me/subscriptions", &[("delete", r#"["{stream_name}"]"#)]),
        case("PATCH /users/me/profile_data", &[("data", r#"[{"id": {field}, "value": "x"}]"#)]),
        case("PATCH /users/me/subscriptions", &[("add", r#"[{"name": "{stream_name}"}]"#)]).tells_nothing().takes_names(),
        case("PATCH /users/me/subscriptions/muted_topics", &[("stream_id", "{stream}"), ("topic", "t"), ("op", "add")]),
        case("PATCH /users/me/subscriptions/muted_topics", &[("stream", "{stream_name}"), ("topic", "t2"), ("op", "add")]),
        case("PATCH /users/{email}", &[("full_name", "Changed Name")]),
        case("PATCH /users/{user_id}", &[("full_name", "Changed Name")]),
        nothing("POST /accounts/login/"),
        nothing("POST /accounts/logout/"),
        case("POST /accounts/register/", &[("key", "{link_key}"), ("full_name", "x"), ("password", "x")]).tells_nothing(),
        nothing("POST /calls/zoom/create"),
        nothing("POST /channel_folders/create"),
        case("POST /channels/create", &[("name", "{stream_name}"), ("subscribers", "[]")]).tells_nothing().takes_names(),
        case("POST /channels/create", &[("name", "a {nonce}"), ("subscribers", "[{user}]")]),
        case("POST /channels/create", &[("name", "b {nonce}"), ("subscribers", "[]"), ("folder_id", "{folder}")]),
        case("POST /channels/create", &[("name", "c {nonce}"), ("subscribers", "[]"), ("can_subscribe_group", "{group}")]),
        case("POST /default_streams", &[("stream_id", "{stream}")]),
        case("POST /dev_fetch_api_key", &[("username", "{email}")]),
        case("POST /drafts", &[("drafts", r#"[{"type": "stream", "to": [{stream}], "topic": "t", "content": "x"}]"#)]),
        case("POST /drafts", &[("drafts", r#"[{"type": "private", "to": [{user}], "topic": "", "content": "x"}]"#)]),
        case("POST /drafts", &[("drafts", r#"[{"type": "stream", "to": [{stream}], "topic": "t", "content": "x", "timestamp": 1}]"#)]).tells_nothing(),
        case("POST /drafts", &[("drafts", r#"[{"type": "private", "to": [{user}], "topic": "", "content": "x", "timestamp": 1}]"#)]).tells_nothing(),
        nothing("POST /external/{integration}").at("/external/json"),
        case("POST /fetch_api_key", &[("username", "{email}"), ("password", "x")]).tells_nothing(),
        nothing("POST /export/realm"),
        nothing("POST /internal/authenticate"),
        case("POST /invites", &[("invitee_emails", "a-{nonce}@example.com"), ("stream_ids", "[{stream}]")]),
        case("POST /invites", &[("invitee_emails", "b-{nonce}@example.com"), ("stream_ids", "[]"), ("group_ids", "[{group}]")]),
        case("POST /invites", &[("invitee_emails", "{email}"), ("stream_ids", "[]")]),
        case("POST /invites/multiuse", &[("stream_ids", "[{stream}]")]),
        case("POST /invites/{invite_id}/resend", &[]),
        case("POST /join/{key}/", &[("email", "a@example.com")]).tells_nothing(),
        nothing("POST /login/"),
        nothing("POST /mark_all_as_read"),
        case("POST /mark_stream_as_read", &[("stream_id", "{stream}")]),
        case("POST /mark_topic_as_read", &[("stream_id", "{stream}"), ("topic_name", "{own_topic}")]),
        case("POST /mark_topic_as_read", &[("stream_id", "{own_stream}"), ("topic_name", "{topic}")]).tells_nothing(),
        case("POST /messages", &[("type", "stream"), ("to", "{stream}"), ("topic", "t"), ("content", "x")]),
        case("POST /messages", &[("type", "stream"), ("to", "{stream_name}"), ("topic", "t"), ("content", "x")]),
        case("POST /messages", &[("type", "direct"), ("to", "[{user}]"), ("content", "x")]),
        case("POST /messages", &[("type", "direct"), ("to", r#"["{email}"]"#), ("content", "x")]),
        case("POST /messages", &[("type", "direct"), ("to", "[{user}, {own_user}]"), ("content", "x")]),
        case("POST /messages/flags", &[("messages", "[{message}]"), ("op", "add"), ("flag", "starred")]),
        case("POST /messages/flags", &[("messages", "[{message}, {own_message}]"), ("op", "add"), ("flag", "read")]).tells_nothing(),
        case("POST /messages/flags/narrow", &[("anchor", "{message}"), ("num_before", "0"), ("num_after", "0"), ("op", "add"), ("flag", "collapsed")]),
        case("POST /messages/flags/narrow", &[("anchor", "oldest"), ("num_before", "0"), ("num_after", "5000"), ("op", "add"), ("flag", "collapsed")]),
        case("POST /messages/render", &[("content", "@**{full_name}** @**{full_name}|{user}** #**{stream_name}** @*{group_name}*")]),
        case("POST /messages/render", &[("content", "#**{own_stream_name}>{topic}**")]).tells_nothing(),
        case("POST /messages/{message_id}/report", &[("report_type", "spam")]),
        case("POST /messages/{message_id}/typing", &[("op", "start")]),
        nothing("POST /mobile_push/test_notification"),
        case("POST /messages/{message_id}/reactions", &[("emoji_name", "{emoji_name}")]),
        case("POST /messages/{message_id}/reactions", &[("emoji_name", "heart")]),
        nothing("POST /navigation_views"),
        nothing("POST /bots"),
        case("POST /bots/{bot_id}/api_key/regenerate", &[]),
        nothing("POST /realm/deactivate").last(),
        nothing("POST /realm/domains"),
        nothing("POST /realm/filters"),
        nothing("POST /realm/icon"),
        nothing("POST /realm/logo"),
        nothing("POST /realm/playgrounds"),
        nothing("POST /realm/profile_fields"),
        nothing("POST /register"),
        nothing("POST /realm/emoji/{emoji_name}"),
        case("POST /reminders", &[("message_id", "{message}"), ("scheduled_delivery_timestamp", "4102444800")]),
        case("POST /reminders", &[("message_id", "{message}"), ("scheduled_delivery_timestamp", "4000000000")]),
        nothing("POST /saved_snippets"),
        case("POST /scheduled_messages", &[("type", "stream"), ("to", "{stream}"), ("topic", "t"), ("content", "x"), ("scheduled_delivery_timestamp", "4102444800")]),
        case("POST /scheduled_messages", &[("type", "direct"), ("to", "[{user}]"), ("content", "x"), ("scheduled_delivery_timestamp", "4102444800")]),
        case("POST /scheduled_messages", &[("type", "direct"), ("to", "[{user}]"), ("content", "x"), ("scheduled_delivery_timestamp", "4000000000")]),
        case("POST /scheduled_messages", &[("type", "stream"), ("to", "{stream}"), ("topic", "t"), ("content", "x"), ("scheduled_delivery_timestamp", "4000000000")]),
        case("POST /streams/{stream_id}/delete_topic", &[("topic_name", "{own_topic}")]),
        case("POST /streams/{stream_id}/delete_topic", &[("topic_name", "{topic}")]).at("/streams/{own_stream}/delete_topic").tells_nothing(),
        case("POST /submessage", &[("message_id", "{message}"), ("msg_type", "widget"), ("content", "{}")]),
        case("POST /typing", &[("op", "start"), ("to", "[{user}]")]),
        case("POST /typing", &[("op", "start"), ("type", "stream"), ("stream_id", "{stream}"), ("topic", "t")]),
        case("POST /user_groups/create", &[("name", "{nonce}"), ("description", ""), ("members", "[{user}]")]),
        case("POST /user_groups/{user_group_id}/deactivate", &[]),
        case("POST /user_groups/{user_group_id}/members", &[("add", "[{own_user}]")]),
        case("POST /user_groups/{user_group_id}/members", &[("add", "[{user}]")]).at("/user_groups/{own_group}/members"),
        case("POST /user_groups/{user_group_id}/members", &[("delete", "[{user}]")]).at("/user_groups/{own_group}/members"),
        case("POST /user_groups/{user_group_id}/subgroups", &[("add", "[{own_group}]")]),
        case("POST /user_groups/{user_group_id}/subgroups", &[("add", "[{group}]")]).at("/user_groups/{own_group}/subgroups"),
        case("POST /user_topics", &[("stream_id", "{stream}"), ("topic", "t"), ("visibility_policy", "3")]),
        nothing("POST /user_uploads"),
        nothing("POST /users"),
        nothing("POST /users/me/alert_words"),
        nothing("POST /users/me/api_key/regenerate"),
        nothing("POST /users/me/android_gcm_reg_id"),
        nothing("POST /users/me/apns_device_token"),
        nothing("POST /users/me/avatar"),
        case("POST /users/me/muted_users/{muted_user_id}", &[]),
        nothing("POST /users/me/onboarding_steps"),
        nothing("POST /users/me/presence"),
        nothing("POST /users/me/status"),
        nothing("POST /users/me/tutorial_status"),
        case("POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "{stream_name}"}]"#)]).tells_nothing().takes_names(),
        case("POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "{own_stream_name}"}]"#), ("principals", "[{user}]")]),
        case("POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "{own_stream_name}"}]"#), ("principals", r#"["{email}"]"#)]),
        case("POST /users/me/subscriptions", &[("subscriptions", r#"[{"name": "d {nonce}"}]"#), ("folder_id", "{folder}")]),
        case("POST /users/me/subscriptions/properties", &[("subscription_data", r##"[{"stream_id": {stream}, "property": "color", "value": "#c2c2c2"}]"##)]),
        case("POST /users/{user_id}/reactivate", &[]),
        case("POST /users/{user_id}/status", &[("status_text", "x")]),
        nothing("POST /zcommand"),
        nothing("PUT /bot_storage"),
    ];
    cases.extend(narrowed());
    cases
}

/// All lines of the tables of routes, each with the prefixes under which it is mounted.
pub fn routes() -> Vec<(String, &'static Entry, &'static [&'static str])> {
    let tables: [(&[Entry], &'static [&'static str]); 4] = [
        (API, &["/api/v1", "/json"]),
        (API_V1, &["/api/v1"]),
        (JSON, &["/json"]),
        (PAGES, &[""]),
    ];
    let lines = tables
        .into_iter()
        .flat_map(|(table, prefixes)| table.iter().map(move |entry| (entry, prefixes)));
    lines
        .map(|(entry, prefixes)| (format!("{} {}", entry.method, entry.path), entry, prefixes))
        .collect()
}
