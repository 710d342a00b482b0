//! What people fill in.

use std::collections::{BTreeSet, HashMap};

use narrows_store::models::{ProfileField, ProfileValue, Realm, User};
use narrows_store::{Conn, Tx};
use narrows_wire::{RealmId, UserId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{known, no_such_field};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::streams::render_description;
use crate::users::{access_managed, emit_update};

/// Values by the id of their field, as user objects have them.
pub type ProfileData = Map<String, Value>;

/// What is to be in a field.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct NewValue {
    id: i32,
    /// Nothing and what is empty leave the field empty.
    #[serde(default)]
    value: Value,
}

impl NewValue {
    fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        }
    }
}

/// Of users whom the caller has found.
pub async fn values_of(
    ctx: &Ctx,
    caller: &Caller,
    users: &[User],
) -> Result<HashMap<UserId, ProfileData>> {
    let ids: Vec<UserId> = users.iter().map(User::id).collect();
    values(&mut *ctx.store.read().await?, caller.realm_id(), Some(&ids)).await
}

/// Of some users of a realm, or of all.
pub(crate) async fn values(
    conn: &mut Conn,
    realm: RealmId,
    users: Option<&[UserId]>,
) -> Result<HashMap<UserId, ProfileData>> {
    let mut values: HashMap<UserId, ProfileData> = HashMap::new();
    for value in ProfileValue::of_users(conn, realm, users).await? {
        let mut shown = json!({ "value": value.value });
        if let (Value::Object(shown), Some(html)) = (&mut shown, &value.rendered_value) {
            shown.insert("rendered_value".to_owned(), json!(html));
        }
        let data = values.entry(value.user_id()).or_default();
        data.insert(value.field_id.to_string(), shown);
    }
    Ok(values)
}

/// Fills in fields of the caller's: all of them or none.
pub async fn set_own(ctx: &Ctx, caller: &Caller, data: &[NewValue]) -> Result<()> {
    do_set(ctx, caller, caller.user_id(), data).await
}

/// Fills in fields of somebody whom the caller manages.
pub async fn set_of(ctx: &Ctx, caller: &Caller, user: UserId, data: &[NewValue]) -> Result<()> {
    let user = access_managed(ctx, caller, user).await?;
    do_set(ctx, caller, user.id(), data).await
}

/// Empties fields of the caller's.
pub async fn clear_own(ctx: &Ctx, caller: &Caller, fields: &[i32]) -> Result<()> {
    let empty = |id: &i32| NewValue {
        id: *id,
        value: Value::Null,
    };
    let data: Vec<NewValue> = fields.iter().map(empty).collect();
    do_set(ctx, caller, caller.user_id(), &data).await
}

async fn do_set(ctx: &Ctx, caller: &Caller, user: UserId, data: &[NewValue]) -> Result<()> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let fields = ProfileField::all(&mut tx, realm).await?;
    let fields: HashMap<i32, ProfileField> = fields.into_iter().map(|one| (one.id, one)).collect();
    let had = ProfileValue::of_users(&mut tx, realm, Some(&[user])).await?;
    let mut named = BTreeSet::new();
    let (mut filled, mut emptied) = (Vec::new(), Vec::new());
    for new in data {
        let field = fields.get(&new.id).ok_or_else(|| no_such_field(new.id))?;
        if !field.content.editable_by_user && !caller.user.role().is_admin() {
            let msg =
                "You are not allowed to change this field. Contact an administrator to update it.";
            return Err(Error::bad_request(msg));
        }
        let before = had.iter().find(|value| value.field_id == new.id);
        if new.is_empty() {
            emptied.extend(before.map(|_| new.id));
            continue;
        }
        let kind = known(field)?;
        let content = &field.content;
        let fitting = kind.check_value(&content.name, &content.field_data, &new.value)?;
        named.extend(fitting.users);
        if before.is_none_or(|before| before.value != fitting.stored) {
            let rendered = kind.is_rendered();
            let rendered =
                rendered.then(|| render_description(ctx, &caller.realm, &fitting.stored));
            filled.push(ProfileValue::new(user, new.id, fitting.stored, rendered));
        }
    }
    check_named(&mut tx, realm, named.into_iter().collect()).await?;
    if filled.is_empty() && emptied.is_empty() {
        return Ok(());
    }
    store(&mut tx, realm, user, &filled, &emptied).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Fields name people, who have to be there.
async fn check_named(tx: &mut Tx, realm: RealmId, named: Vec<UserId>) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let found = User::find_many(tx, realm, &named).await?;
    for id in named {
        let wrong = match found.iter().find(|user| user.id() == id) {
            None => format!("Invalid user ID: {id}"),
            Some(user) if !user.is_active => format!("User with ID {id} is deactivated"),
            Some(user) if user.is_bot => format!("User with ID {id} is a bot"),
            Some(_) => continue,
        };
        return Err(Error::bad_request(wrong));
    }
    Ok(())
}

async fn store(
    tx: &mut Tx,
    realm: RealmId,
    user: UserId,
    filled: &[ProfileValue],
    emptied: &[i32],
) -> Result<()> {
    ProfileValue::put(tx, filled).await?;
    ProfileValue::delete(tx, user, emptied).await?;
    Realm::touch(tx, realm).await?;
    for value in filled {
        let mut shown = json!({ "id": value.field_id, "value": value.value });
        if let (Value::Object(shown), Some(html)) = (&mut shown, &value.rendered_value) {
            shown.insert("rendered_value".to_owned(), json!(html));
        }
        emit_update(tx, realm, user, json!({ "custom_profile_field": shown })).await?;
    }
    for id in emptied {
        let shown = json!({ "id": id, "value": null });
        emit_update(tx, realm, user, json!({ "custom_profile_field": shown })).await?;
    }
    Ok(())
}
