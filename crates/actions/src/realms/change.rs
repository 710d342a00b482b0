//! Changing an organisation.

use std::collections::BTreeMap;

use narrows_store::Tx;
use narrows_store::models::{Realm, Stream};
use narrows_store::queries::system_groups::SystemGroups;
use narrows_wire::events::realm::RealmEvent;
use narrows_wire::{Audience, Event, Role, StreamId};
use serde_json::{Map, Value, json};

use super::rights::{self, NUMBERED, Right};
use super::settings::{Change, Changed, Settings};
use crate::access::realm::require;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Longest name.
const MAX_NAME: usize = 40;
/// Longest description.
const MAX_DESCRIPTION: usize = 1000;
/// Told to clients as a dictionary.
const AS_DICTIONARY: [&str; 3] = [
    "allow_message_editing",
    "edit_topic_policy",
    "message_content_edit_limit_seconds",
];
/// Only owners decide on who comes into the organisation, and with which rights.
const OF_OWNERS: [&str; 9] = [
    "can_create_groups",
    "can_invite_users_group",
    "can_manage_all_groups",
    "create_multiuse_invite_group",
    "disallow_disposable_email_addresses",
    "emails_restricted_to_domains",
    "invite_required",
    "invite_to_realm_policy",
    "waiting_period_threshold",
];
/// Whose values are streams.
const STREAMS: [&str; 4] = [
    "moderation_request_channel_id",
    "new_stream_announcements_stream_id",
    "signup_announcements_stream_id",
    "zulip_update_announcements_stream_id",
];

/// What changed: settings with their new values; of texts, just "updated".
pub type Told = Map<String, Value>;

/// Changes the caller's organisation, all of it or nothing; the answer's fields.
pub async fn change(ctx: &Ctx, caller: &Caller, change: Change) -> Result<Told> {
    let mut tx = ctx.store.begin().await?;
    let told = do_change(&mut tx, caller, change).await?;
    drop(tx.commit().await?);
    Ok(told.into_iter().map(answered).collect())
}

/// [`change`] within `tx`; what changed, as events tell it.
pub(super) async fn do_change(tx: &mut Tx, caller: &Caller, change: Change) -> Result<Told> {
    let name = check_text("name", change.name.as_deref(), MAX_NAME)?;
    if name.as_deref() == Some("") {
        return Err(Error::bad_request("Organization name cannot be empty"));
    }
    let description = check_text(
        "description",
        change.description.as_deref(),
        MAX_DESCRIPTION,
    )?;
    let realm = Realm::lock(tx, caller.realm_id()).await?;
    let mut settings = Settings::of(&realm);
    let mut changed = settings.apply(&change)?;
    give_rights(tx, caller, &mut settings, &change, &mut changed).await?;
    let owners_only = changed
        .told
        .keys()
        .any(|name| OF_OWNERS.contains(&name.as_str()));
    if owners_only {
        require(caller, Role::Owner)?;
    }
    check_streams(tx, caller, &changed.told).await?;
    let mut told = changed.told;
    let name = name.filter(|name| *name != realm.name);
    let description = description.filter(|description| *description != realm.description);
    for (key, value) in [("name", &name), ("description", &description)] {
        if let Some(value) = value {
            told.insert(key.to_owned(), json!(value));
        }
    }
    if told.is_empty() {
        return Ok(told);
    }
    let (name, description) = (name.as_deref(), description.as_deref());
    let patch = Value::Object(changed.stored);
    Realm::change(tx, realm.id(), name, description, &patch).await?;
    emit(tx, caller, &told)?;
    Ok(told)
}

/// Gives rights to the groups that a change names, by the rights' names or by those of older clients.
async fn give_rights(
    tx: &mut Tx,
    caller: &Caller,
    settings: &mut Settings,
    change: &Change,
    changed: &mut Changed,
) -> Result<()> {
    let asked = change.rights();
    if asked.is_empty() {
        return Ok(());
    }
    let groups = SystemGroups::of_realm(tx, caller.realm_id()).await?;
    let mut given = Vec::new();
    for numbered in NUMBERED {
        if let Some(number) = asked.get(numbered.name) {
            given.extend(numbered.parse(number)?);
        }
    }
    for right in Right::ALL {
        let Some(raw) = asked.get(right.name()) else {
            continue;
        };
        let current = settings.permitted(*right);
        let new = rights::check(tx, caller, *right, raw, &current, &groups).await?;
        given.extend(new.map(|permitted| (*right, permitted)));
    }
    let before: BTreeMap<_, _> = settings.numbers().collect();
    for (right, permitted) in given {
        if settings.permitted(right) == permitted {
            continue;
        }
        let name = right.name().to_owned();
        changed.stored.insert(name.clone(), json!(permitted));
        changed.told.insert(name, json!(permitted.value(&groups)?));
        settings.permit(right, permitted);
    }
    for (name, number) in settings.numbers() {
        if before.get(name) != Some(&number) {
            changed.told.insert(name.to_owned(), json!(number));
        }
    }
    Ok(())
}

/// What a change of a setting is answered with.
fn answered((name, value): (String, Value)) -> (String, Value) {
    match value {
        Value::String(_) => (name, json!("updated")),
        value => (name, value),
    }
}

fn check_text(name: &str, text: Option<&str>, limit: usize) -> Result<Option<String>> {
    let text = text.map(str::trim);
    if text.is_some_and(|text| text.chars().count() > limit) {
        return Err(Error::bad_request(format!(
            "{name} is too long (limit: {limit} characters)"
        )));
    }
    Ok(text.map(str::to_owned))
}

async fn check_streams(tx: &mut Tx, caller: &Caller, told: &Map<String, Value>) -> Result<()> {
    for (_, id) in told
        .iter()
        .filter(|(name, _)| STREAMS.contains(&name.as_str()))
    {
        let id = id.as_i64().and_then(|id| i32::try_from(id).ok());
        let id = id.ok_or_else(crate::access::streams::invalid_id)?;
        if id < 0 {
            continue;
        }
        let found = Stream::find_many(tx, caller.realm_id(), &[StreamId(id)]).await?;
        if !found.iter().any(|stream| !stream.is_archived) {
            return Err(crate::access::streams::invalid_id());
        }
    }
    Ok(())
}

fn emit(tx: &mut Tx, caller: &Caller, told: &Map<String, Value>) -> Result<()> {
    let is_right = |name: &str| Right::ALL.iter().any(|right| right.name() == name);
    let (rights, others): (Vec<_>, Vec<_>) = told.iter().partition(|(name, _)| is_right(name));
    let mut events: Vec<RealmEvent> = others
        .into_iter()
        .map(
            |(name, value)| match AS_DICTIONARY.contains(&name.as_str()) {
                true => RealmEvent::UpdateDict {
                    property: "default",
                    data: Map::from_iter([(name.clone(), value.clone())]),
                },
                false => RealmEvent::Update {
                    property: name.clone(),
                    value: value.clone(),
                },
            },
        )
        .collect();
    if !rights.is_empty() {
        let rights = rights.into_iter();
        events.push(RealmEvent::UpdateDict {
            property: "default",
            data: rights
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        });
    }
    for event in events {
        tx.emit(caller.realm_id(), Audience::realm(), &Event::Realm(event))?;
    }
    Ok(())
}
