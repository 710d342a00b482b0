//! The table of routes: every URL of the app server, one line each.
//!
//! [`API`] is mounted under `/api/v1` (HTTP Basic) and under `/json` (session cookie). The order of lines means nothing:
//! of two paths that fit a URL, the one with fewer parameters counts. A parameter whose name ends in `_id` matches
//! digits only.
//! What needs no authentication says `access: Public`. The text at the end of a line is what the API's description
//! ([`crate::openapi`]) calls the operation.

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{Resource, Route, guard, web};

use crate::error::ServerError;
use crate::http;
use crate::middleware::admission::admit;
use crate::openapi::{self, Schemas, Signature};
use crate::pages;

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; nobody is authenticated.
    Public,
    /// Users, and everybody else where the realm shows something to the web.
    Visitor,
    /// Users, but no bots that only send.
    User,
    /// Users, and bots that only send.
    Sender,
    /// The same, by a key in the URL: services that can be told no more than where to send.
    Webhook,
}

/// Which budget a call is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// That of the user; of the address, if nobody is authenticated.
    General,
    /// None: the answer costs as much as saying no.
    Free,
}

/// A line of the table.
pub struct Entry {
    /// The method.
    pub method: Method,
    /// The path below the prefix.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
    /// From which budget.
    pub limit: Limit,
    /// What it does, in one line; pages are not described.
    pub about: Option<About>,
    to: fn(Route) -> Route,
}

/// What a line says of an operation of the API, beside its handler's types.
pub struct About {
    /// What it does.
    pub summary: &'static str,
    /// The path of its handler.
    pub handler: &'static str,
    /// What its handler's types say.
    pub describe: fn(&mut Signature, &mut Schemas),
}

macro_rules! route {
    ($method:ident $path:literal => $handler:path, limit: $limit:ident, access: $access:ident) => {
        route!(@ $method $path => $handler, $limit, $access, None)
    };
    ($method:ident $path:literal => $handler:path, limit: $limit:ident, access: $access:ident, $summary:literal) => {
        route!(@ $method $path => $handler, $limit, $access, Some(About {
            summary: $summary,
            handler: stringify!($handler),
            describe: |signature, schemas| openapi::describe($handler, signature, schemas),
        }))
    };
    (@ $method:ident $path:literal => $handler:path, $limit:ident, $access:ident, $about:expr) => {
        Entry {
            method: Method::$method,
            path: $path,
            access: Access::$access,
            limit: Limit::$limit,
            about: $about,
            to: |route| route.to($handler),
        }
    };
}

/// The API.
#[rustfmt::skip]
pub static API: &[Entry] = &[
    route!(DELETE "/attachments/{attachment_id}" => http::uploads::remove, limit: General, access: User, "Delete a file"),
    route!(DELETE "/bot_storage" => http::bot_storage::remove, limit: General, access: User, "Forget entries of a bot"),
    route!(DELETE "/bots/{bot_id}" => http::bots::remove, limit: General, access: User, "Deactivate a bot"),
    route!(DELETE "/default_streams" => http::streams::remove_default, limit: General, access: User, "Take a stream off those that new users are subscribed to"),
    route!(DELETE "/drafts/{draft_id}" => http::drafts::delete, limit: General, access: User, "Delete a draft"),
    route!(DELETE "/events" => http::events::close, limit: Free, access: Public, "Close an event queue"),
    route!(DELETE "/export/realm/{export_id}" => http::exports::delete, limit: General, access: User, "Delete an archive"),
    route!(DELETE "/invites/multiuse/{invite_id}" => http::invites::revoke_link, limit: General, access: User, "Take back a link for everybody"),
    route!(DELETE "/invites/{invite_id}" => http::invites::revoke, limit: General, access: User, "Take back an invitation"),
    route!(DELETE "/messages/{message_id}" => http::messages::delete, limit: General, access: User, "Delete a message"),
    route!(DELETE "/messages/{message_id}/reactions" => http::reactions::delete, limit: General, access: User, "Take a reaction back"),
    route!(DELETE "/navigation_views/{fragment:.+}" => http::navigation_views::delete, limit: General, access: User, "Forget a navigation view"),
    route!(DELETE "/realm/domains/{domain}" => http::realm_domains::remove, limit: General, access: User, "Remove a domain of mail"),
    route!(DELETE "/realm/emoji/{emoji_name}" => http::realm_emoji::delete, limit: General, access: User, "Deactivate a custom emoji"),
    route!(DELETE "/realm/filters/{filter_id}" => http::linkifiers::remove, limit: General, access: User, "Remove a linkifier"),
    route!(DELETE "/realm/icon" => http::realm_pictures::remove_icon, limit: General, access: User, "Remove the icon"),
    route!(DELETE "/realm/logo" => http::realm_pictures::remove_logo, limit: General, access: User, "Remove a logo"),
    route!(DELETE "/realm/playgrounds/{playground_id}" => http::playgrounds::remove, limit: General, access: User, "Remove a playground"),
    route!(DELETE "/realm/profile_fields/{field_id}" => http::profile_fields::remove, limit: General, access: User, "Remove a profile field"),
    route!(DELETE "/reminders/{reminder_id}" => http::scheduled_messages::delete_reminder, limit: General, access: User, "Delete a reminder"),
    route!(DELETE "/saved_snippets/{saved_snippet_id}" => http::saved_snippets::delete, limit: General, access: User, "Delete a saved snippet"),
    route!(DELETE "/scheduled_messages/{scheduled_message_id}" => http::scheduled_messages::delete, limit: General, access: User, "Delete a scheduled message"),
    route!(DELETE "/streams/{stream_id}" => http::streams::archive, limit: General, access: User, "Archive a stream"),
    route!(DELETE "/user_groups/{user_group_id}" => http::groups::deactivate, limit: General, access: User, "Deactivate a group"),
    route!(DELETE "/users/me" => http::users::deactivate_me, limit: General, access: User, "Deactivate one's own account"),
    route!(DELETE "/users/me/alert_words" => http::alert_words::remove, limit: General, access: User, "Remove alert words"),
    route!(DELETE "/users/me/android_gcm_reg_id" => http::push_tokens::remove_fcm, limit: General, access: User, "Forget an Android device"),
    route!(DELETE "/users/me/apns_device_token" => http::push_tokens::remove_apns, limit: General, access: User, "Forget an Apple device"),
    route!(DELETE "/users/me/avatar" => http::avatars::delete, limit: General, access: User, "Remove one's own picture"),
    route!(DELETE "/users/me/muted_users/{muted_user_id}" => http::muted_users::unmute, limit: General, access: User, "Unmute a user"),
    route!(DELETE "/users/me/profile_data" => http::profile_fields::clear_own, limit: General, access: User, "Clear fields of one's own profile"),
    route!(DELETE "/users/me/subscriptions" => http::subscriptions::remove, limit: General, access: User, "Unsubscribe"),
    route!(DELETE "/users/{user_id}" => http::users::deactivate, limit: General, access: User, "Deactivate a user"),
    route!(GET "/attachments" => http::uploads::list, limit: General, access: User, "List one's own files"),
    route!(GET "/bot_storage" => http::bot_storage::get, limit: General, access: User, "Read what a bot remembers"),
    route!(GET "/bots" => http::bots::list, limit: General, access: User, "List one's own bots"),
    route!(GET "/calls/bigbluebutton/create" => http::calls::big_blue_button, limit: General, access: User, "Make a call with BigBlueButton"),
    route!(GET "/channel_folders" => http::channel_folders::list, limit: General, access: User, "List folders of streams"),
    route!(GET "/dev_list_users" => http::auth::dev_list_users, limit: General, access: Public, "List who can log in without a password (in development)"),
    route!(GET "/drafts" => http::drafts::list, limit: General, access: User, "List drafts"),
    route!(GET "/events" => http::events::poll, limit: Free, access: Public, "Wait for events"),
    route!(GET "/events/websocket" => http::events::websocket, limit: Free, access: Public, "Receive events by websocket"),
    route!(GET "/export/realm" => http::exports::list, limit: General, access: User, "List archives of the organization"),
    route!(GET "/export/realm/consents" => http::exports::consents, limit: General, access: User, "Find out who agrees to the export of what is theirs"),
    route!(GET "/get_stream_id" => http::streams::get_id, limit: General, access: User, "Find a stream's id by its name"),
    route!(GET "/invites" => http::invites::list, limit: General, access: User, "List open invitations"),
    route!(GET "/messages" => http::messages_read::list, limit: General, access: Visitor, "Read messages"),
    route!(GET "/messages/matches_narrow" => http::messages_read::matches_narrow, limit: General, access: User, "Find out which messages a narrow has"),
    route!(GET "/messages/{message_id}" => http::messages_read::get, limit: General, access: Visitor, "Read a message"),
    route!(GET "/messages/{message_id}/history" => http::messages_read::message_history, limit: General, access: User, "Read how a message was changed"),
    route!(GET "/messages/{message_id}/read_receipts" => http::messages_read::read_receipts, limit: General, access: User, "Find out who has read a message"),
    route!(GET "/navigation_views" => http::navigation_views::list, limit: General, access: User, "List navigation views"),
    route!(GET "/realm/domains" => http::realm_domains::get, limit: General, access: User, "List domains of mail"),
    route!(GET "/realm/emoji" => http::realm_emoji::get, limit: General, access: User, "List custom emoji"),
    route!(GET "/realm/linkifiers" => http::linkifiers::get, limit: General, access: User, "List linkifiers"),
    route!(GET "/realm/presence" => http::presence::of_realm, limit: General, access: User, "Find out who is there"),
    route!(GET "/realm/profile_fields" => http::profile_fields::list, limit: General, access: User, "List profile fields"),
    route!(GET "/reminders" => http::scheduled_messages::list_reminders, limit: General, access: User, "List reminders"),
    route!(GET "/saved_snippets" => http::saved_snippets::list, limit: General, access: User, "List saved snippets"),
    route!(GET "/scheduled_messages" => http::scheduled_messages::list, limit: General, access: User, "List scheduled messages"),
    route!(GET "/server_settings" => http::server_settings::get, limit: General, access: Public, "Learn about the server before logging in"),
    route!(GET "/streams" => http::streams::get_all, limit: General, access: User, "List streams"),
    route!(GET "/streams/{stream_id}" => http::streams::get, limit: General, access: User, "Read about a stream"),
    route!(GET "/streams/{stream_id}/email_address" => http::streams::email_address, limit: General, access: User, "Get the address to which mail for a stream goes"),
    route!(GET "/streams/{stream_id}/members" => http::streams::members, limit: General, access: User, "List a stream's subscribers"),
    route!(GET "/user_groups" => http::groups::get_all, limit: General, access: User, "List groups"),
    route!(GET "/user_groups/{user_group_id}/members" => http::groups::get_members, limit: General, access: User, "List a group's members"),
    route!(GET "/user_groups/{user_group_id}/members/{user_id}" => http::groups::get_is_member, limit: General, access: User, "Find out whether a user belongs to a group"),
    route!(GET "/user_groups/{user_group_id}/subgroups" => http::groups::get_subgroups, limit: General, access: User, "List the groups within a group"),
    route!(GET "/user_uploads/{realm_id}/{path:.*}" => http::uploads::temporary_url, limit: General, access: Visitor, "Get a URL at which a file can be read without logging in"),
    route!(GET "/users" => http::users::get_all, limit: General, access: Visitor, "List users"),
    route!(GET "/users/me" => http::users::get_me, limit: General, access: User, "Read about oneself"),
    route!(GET "/users/me/alert_words" => http::alert_words::get, limit: General, access: User, "List alert words"),
    route!(GET "/users/me/subscriptions" => http::subscriptions::get, limit: General, access: User, "List one's own subscriptions"),
    route!(GET "/users/me/{stream_id}/topics" => http::topics::get, limit: General, access: User, "List a stream's topics"),
    route!(GET "/users/{user_id}" => http::users::get_by_id, limit: General, access: User, "Read about a user"),
    route!(GET "/users/{user_id}/status" => http::settings::get_status, limit: General, access: User, "Read a user's status"),
    route!(GET "/users/{user_id}/subscriptions/{stream_id}" => http::subscriptions::status, limit: General, access: User, "Find out whether a user is subscribed"),
    route!(GET "/users/{email}" => http::users::get_by_email, limit: General, access: User, "Read about a user by address"),
    route!(GET "/users/{user}/presence" => http::presence::of_user, limit: General, access: User, "Find out whether a user is there"),
    route!(PATCH "/bots/{bot_id}" => http::bots::update, limit: General, access: User, "Change a bot"),
    route!(PATCH "/channel_folders" => http::channel_folders::reorder, limit: General, access: User, "Reorder folders of streams"),
    route!(PATCH "/channel_folders/{channel_folder_id}" => http::channel_folders::update, limit: General, access: User, "Change a folder of streams"),
    route!(PATCH "/drafts/{draft_id}" => http::drafts::edit, limit: General, access: User, "Replace a draft"),
    route!(PATCH "/messages/{message_id}" => http::messages::patch, limit: General, access: User, "Edit or move a message"),
    route!(PATCH "/navigation_views/{fragment:.+}" => http::navigation_views::edit, limit: General, access: User, "Change a navigation view"),
    route!(PATCH "/realm" => http::settings::change_realm, limit: General, access: User, "Change settings of the organization"),
    route!(PATCH "/realm/domains/{domain}" => http::realm_domains::update, limit: General, access: User, "Change a domain of mail"),
    route!(PATCH "/realm/filters/{filter_id}" => http::linkifiers::update, limit: General, access: User, "Change a linkifier"),
    route!(PATCH "/realm/linkifiers" => http::linkifiers::reorder, limit: General, access: User, "Reorder linkifiers"),
    route!(PATCH "/realm/profile_fields" => http::profile_fields::reorder, limit: General, access: User, "Reorder profile fields"),
    route!(PATCH "/realm/profile_fields/{field_id}" => http::profile_fields::update, limit: General, access: User, "Change a profile field"),
    route!(PATCH "/realm/user_settings_defaults" => http::settings::change_defaults, limit: General, access: User, "Change the settings that new users begin with"),
    route!(PATCH "/saved_snippets/{saved_snippet_id}" => http::saved_snippets::edit, limit: General, access: User, "Change a saved snippet"),
    route!(PATCH "/scheduled_messages/{scheduled_message_id}" => http::scheduled_messages::edit, limit: General, access: User, "Change a scheduled message"),
    route!(PATCH "/settings" => http::settings::change_own, limit: General, access: User, "Change one's own settings"),
    route!(PATCH "/settings/display" => http::settings::change_own, limit: General, access: User, "Change one's own settings (an older name)"),
    route!(PATCH "/settings/notifications" => http::settings::change_own, limit: General, access: User, "Change one's own settings (an older name)"),
    route!(PATCH "/streams/{stream_id}" => http::streams::update, limit: General, access: User, "Change a stream"),
    route!(PATCH "/user_groups/{user_group_id}" => http::groups::update, limit: General, access: User, "Change a group"),
    route!(PATCH "/users/me/profile_data" => http::profile_fields::set_own, limit: General, access: User, "Fill in one's own profile"),
    route!(PATCH "/users/me/subscriptions" => http::subscriptions::change, limit: General, access: User, "Subscribe and unsubscribe at once"),
    route!(PATCH "/users/me/subscriptions/muted_topics" => http::topics::set_muted, limit: General, access: User, "Mute or unmute a topic (an older form)"),
    route!(PATCH "/users/{email}" => http::users::update_by_email, limit: General, access: User, "Change a user, named by address"),
    route!(PATCH "/users/{user_id}" => http::users::update, limit: General, access: User, "Change a user"),
    route!(POST "/bots" => http::bots::create, limit: General, access: User, "Make a bot"),
    route!(POST "/bots/{bot_id}/api_key/regenerate" => http::bots::regenerate_key, limit: General, access: User, "Give a bot another key"),
    route!(POST "/calls/zoom/create" => http::calls::zoom, limit: General, access: User, "Make a call with Zoom"),
    route!(POST "/channel_folders/create" => http::channel_folders::create, limit: General, access: User, "Make a folder of streams"),
    route!(POST "/channels/create" => http::channels::create, limit: General, access: User, "Make a stream"),
    route!(POST "/default_streams" => http::streams::add_default, limit: General, access: User, "Add a stream to those that new users are subscribed to"),
    route!(POST "/dev_fetch_api_key" => http::auth::dev_fetch_api_key, limit: General, access: Public, "Get a key without a password (in development)"),
    route!(POST "/drafts" => http::drafts::create, limit: General, access: User, "Keep drafts"),
    route!(POST "/export/realm" => http::exports::request, limit: General, access: User, "Ask for an archive of the organization"),
    route!(POST "/invites" => http::invites::send, limit: General, access: User, "Invite people by mail"),
    route!(POST "/invites/multiuse" => http::invites::create_link, limit: General, access: User, "Make a link by which everybody can join"),
    route!(POST "/invites/{invite_id}/resend" => http::invites::resend, limit: General, access: User, "Send an invitation again"),
    route!(POST "/mark_all_as_read" => http::flags::mark_all_as_read, limit: General, access: User, "Mark everything as read"),
    route!(POST "/mark_stream_as_read" => http::flags::mark_stream_as_read, limit: General, access: User, "Mark a stream as read"),
    route!(POST "/mark_topic_as_read" => http::flags::mark_topic_as_read, limit: General, access: User, "Mark a topic as read"),
    route!(POST "/messages" => http::messages::post, limit: General, access: Sender, "Send a message"),
    route!(POST "/messages/flags" => http::flags::update, limit: General, access: User, "Flag messages"),
    route!(POST "/messages/flags/narrow" => http::flags::update_narrow, limit: General, access: User, "Flag the messages of a narrow"),
    route!(POST "/messages/render" => http::messages_read::render, limit: General, access: User, "Render a text"),
    route!(POST "/messages/{message_id}/reactions" => http::reactions::post, limit: General, access: User, "React to a message"),
    route!(POST "/messages/{message_id}/report" => http::messages::report, limit: General, access: User, "Report a message to moderators"),
    route!(POST "/messages/{message_id}/typing" => http::typing::edit, limit: General, access: User, "Tell others that one is editing a message"),
    route!(POST "/mobile_push/test_notification" => http::push_tokens::test, limit: General, access: User, "Try whether devices can be reached"),
    route!(POST "/navigation_views" => http::navigation_views::create, limit: General, access: User, "Keep a navigation view"),
    route!(POST "/realm/deactivate" => http::settings::deactivate_realm, limit: General, access: User, "Close the organization"),
    route!(POST "/realm/domains" => http::realm_domains::add, limit: General, access: User, "Add a domain of mail"),
    route!(POST "/realm/emoji/{emoji_name}" => http::realm_emoji::post, limit: General, access: User, "Upload a custom emoji"),
    route!(POST "/realm/filters" => http::linkifiers::add, limit: General, access: User, "Add a linkifier"),
    route!(POST "/realm/icon" => http::realm_pictures::set_icon, limit: General, access: User, "Upload the icon"),
    route!(POST "/realm/logo" => http::realm_pictures::set_logo, limit: General, access: User, "Upload a logo"),
    route!(POST "/realm/playgrounds" => http::playgrounds::add, limit: General, access: User, "Add a playground"),
    route!(POST "/realm/profile_fields" => http::profile_fields::add, limit: General, access: User, "Add a profile field"),
    route!(POST "/register" => http::register::post, limit: General, access: Visitor, "Make an event queue and read the state"),
    route!(POST "/reminders" => http::scheduled_messages::create_reminder, limit: General, access: User, "Make a reminder"),
    route!(POST "/saved_snippets" => http::saved_snippets::create, limit: General, access: User, "Keep a snippet"),
    route!(POST "/scheduled_messages" => http::scheduled_messages::create, limit: General, access: User, "Schedule a message"),
    route!(POST "/streams/{stream_id}/delete_topic" => http::messages::delete_topic, limit: General, access: User, "Delete a topic"),
    route!(POST "/submessage" => http::messages::post_submessage, limit: General, access: User, "Add to a poll or a to-do list"),
    route!(POST "/typing" => http::typing::post, limit: General, access: User, "Tell others that one is typing"),
    route!(POST "/user_groups/create" => http::groups::create, limit: General, access: User, "Make a group"),
    route!(POST "/user_groups/{user_group_id}/deactivate" => http::groups::deactivate, limit: General, access: User, "Deactivate a group"),
    route!(POST "/user_groups/{user_group_id}/members" => http::groups::update_members, limit: General, access: User, "Change who belongs to a group"),
    route!(POST "/user_groups/{user_group_id}/subgroups" => http::groups::update_subgroups, limit: General, access: User, "Change which groups belong to a group"),
    route!(POST "/user_topics" => http::topics::set_visibility, limit: General, access: User, "Follow, mute or unmute a topic"),
    route!(POST "/user_uploads" => http::uploads::post, limit: General, access: User, "Upload a file"),
    route!(POST "/users" => http::users::create, limit: General, access: User, "Create a user"),
    route!(POST "/users/me/alert_words" => http::alert_words::add, limit: General, access: User, "Add alert words"),
    route!(POST "/users/me/android_gcm_reg_id" => http::push_tokens::add_fcm, limit: General, access: User, "Name an Android device that wants notifications"),
    route!(POST "/users/me/api_key/regenerate" => http::auth::regenerate_api_key, limit: General, access: User, "Get another key"),
    route!(POST "/users/me/apns_device_token" => http::push_tokens::add_apns, limit: General, access: User, "Name an Apple device that wants notifications"),
    route!(POST "/users/me/avatar" => http::avatars::post, limit: General, access: User, "Upload one's own picture"),
    route!(POST "/users/me/muted_users/{muted_user_id}" => http::muted_users::mute, limit: General, access: User, "Mute a user"),
    route!(POST "/users/me/onboarding_steps" => http::settings::see_onboarding_step, limit: General, access: User, "Say that a hint was seen"),
    route!(POST "/users/me/presence" => http::presence::post, limit: General, access: User, "Report one's presence and read that of others"),
    route!(POST "/users/me/status" => http::settings::set_status, limit: General, access: User, "Set one's own status"),
    route!(POST "/users/me/subscriptions" => http::subscriptions::add, limit: General, access: User, "Subscribe, making streams where they are not there"),
    route!(POST "/users/me/subscriptions/properties" => http::subscriptions::set_properties, limit: General, access: User, "Change how one treats streams"),
    route!(POST "/users/me/tutorial_status" => http::settings::set_tutorial_status, limit: General, access: User, "Say how far one is with the tutorial (for older clients)"),
    route!(POST "/users/{user_id}/reactivate" => http::users::reactivate, limit: General, access: User, "Reactivate a user"),
    route!(POST "/users/{user_id}/status" => http::settings::set_status_of, limit: General, access: User, "Set a user's status"),
    route!(POST "/zcommand" => http::settings::run_command, limit: General, access: User, "Run a command"),
    route!(PUT "/bot_storage" => http::bot_storage::update, limit: General, access: User, "Let a bot remember entries"),
];

/// What differs between the prefixes.
#[rustfmt::skip]
pub static API_V1: &[Entry] = &[
    route!(POST "/external/{integration}" => http::webhooks::post, limit: General, access: Webhook, "Receive what another service tells"),
    route!(POST "/fetch_api_key" => http::auth::fetch_api_key, limit: General, access: Public, "Get a key for a password"),
];

/// What differs between the prefixes.
#[rustfmt::skip]
pub static JSON: &[Entry] = &[
    route!(POST "/fetch_api_key" => http::auth::fetch_own_api_key, limit: General, access: User, "Get a key for a password"),
];

/// Everything else.
#[rustfmt::skip]
pub static PAGES: &[Entry] = &[
    route!(GET "/" => pages::app::get, limit: General, access: Public),
    route!(GET "/accounts/login/" => pages::login::get, limit: General, access: Public),
    route!(GET "/api/" => pages::reference::get, limit: General, access: Public),
    route!(GET "/api/openapi.json" => openapi::get, limit: General, access: Public),
    route!(GET "/avatar/{user}" => pages::avatars::small, limit: General, access: User),
    route!(GET "/avatar/{user}/medium" => pages::avatars::medium, limit: General, access: User),
    route!(GET "/emails" => pages::emails::get, limit: General, access: Public),
    route!(GET "/exports/{export_id}/{name}" => pages::exports::get, limit: General, access: User),
    route!(GET "/health" => http::health::get, limit: Free, access: Public),
    route!(GET "/join/{key}/" => pages::join::get, limit: General, access: Public),
    route!(GET "/login/" => pages::login::get, limit: General, access: Public),
    route!(GET "/static/emoji/emoji_api.json" => pages::emoji::get, limit: Free, access: Public),
    route!(GET "/static/{path:.*}" => pages::assets::get, limit: Free, access: Public),
    route!(GET "/user_avatars/{realm_id}/emoji/images/{name:.+}" => pages::avatars::emoji, limit: General, access: Visitor),
    route!(GET "/user_avatars/{realm_id}/realm/{name}" => pages::avatars::realm, limit: General, access: Public),
    route!(GET "/user_avatars/{realm_id}/{name}" => pages::avatars::get, limit: General, access: Visitor),
    route!(GET "/user_uploads/download/{realm_id}/{path:.*}" => pages::uploads::download, limit: General, access: Visitor),
    route!(GET "/user_uploads/temporary/{token}/{name}" => pages::uploads::temporary, limit: General, access: Public),
    route!(GET "/user_uploads/{realm_id}/{path:.*}" => pages::uploads::get, limit: General, access: Visitor),
    route!(POST "/accounts/login/" => pages::login::post, limit: General, access: Public),
    route!(POST "/accounts/logout/" => pages::login::logout, limit: General, access: Public),
    route!(POST "/accounts/register/" => pages::join::register, limit: General, access: Public),
    route!(POST "/internal/authenticate" => http::internal::authenticate, limit: Free, access: Public),
    route!(POST "/join/{key}/" => pages::join::post, limit: General, access: Public),
    route!(POST "/login/" => pages::login::post, limit: General, access: Public),
];

/// Mounts all of it.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(resources(resources(web::scope("/api/v1"), API_V1), API));
    config.service(resources(resources(web::scope("/json"), JSON), API));
    for resource in collect(PAGES) {
        config.service(resource);
    }
}

fn resources(scope: actix_web::Scope, table: &'static [Entry]) -> actix_web::Scope {
    collect(table)
        .into_iter()
        .fold(scope, actix_web::Scope::service)
}

/// A segment that is spelled out comes before an id, an id before any text.
fn generality(segment: &str) -> u8 {
    match segment.strip_prefix('{') {
        None => 0,
        Some(parameter) if parameter.ends_with("_id}") => 1,
        Some(_) => 2,
    }
}

/// One resource for each path, which also knows which methods it does not have.
fn collect(table: &'static [Entry]) -> Vec<Resource> {
    let mut paths: Vec<&str> = Vec::new();
    for entry in table {
        if !paths.contains(&entry.path) {
            paths.push(entry.path);
        }
        paths.sort_by_key(|path| path.split('/').map(generality).collect::<Vec<_>>());
    }
    paths
        .into_iter()
        .map(|path| {
            resource(
                path,
                table.iter().filter(|entry| entry.path == path).collect(),
            )
        })
        .collect()
}

fn resource(path: &str, entries: Vec<&'static Entry>) -> Resource {
    let mut allowed: Vec<&'static str> =
        entries.iter().map(|entry| entry.method.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let other_methods = web::to(move || {
        let allowed = allowed.clone();
        async { Err::<String, _>(ServerError::MethodNotAllowed { allowed }) }
    });
    let resource = web::resource(pattern(path)).default_service(other_methods);
    entries
        .into_iter()
        .fold(resource, |resource, entry| resource.route(mount(entry)))
}

fn mount(entry: &'static Entry) -> Route {
    let route = match entry.method {
        Method::GET => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        _ => web::method(entry.method.clone()),
    };
    (entry.to)(route).wrap(from_fn(move |request, next| admit(entry, request, next)))
}

/// Ids are digits: everything else is another URL.
fn pattern(path: &str) -> String {
    path.replace("_id}", "_id:[0-9]+}")
}
