//! What people can say of themselves in a realm: its custom profile fields, which administrators define, and their
//! values, which everybody fills in.

mod kind;
mod values;

use narrows_store::models::{ProfileField, ProfileFieldContent, ProfileValue, Realm};
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::realm::{CustomProfileField, CustomProfileFields};
use narrows_wire::{Audience, Event, RealmId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use kind::Kind;

pub use kind::{external_accounts, types};
pub(crate) use values::values;
pub use values::{NewValue, ProfileData, clear_own, set_of, set_own, values_of};

/// Longest name and hint.
const MAX_NAME: usize = 40;
const MAX_HINT: usize = 80;
/// Most fields on small profiles.
const MAX_IN_SUMMARY: usize = 2;

/// What is to be changed about a field; `None` stays.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// What it is called.
    pub name: Option<String>,
    /// Shown to who fills it in.
    pub hint: Option<String>,
    /// The options of a list, or the kind of account.
    pub field_data: Option<Value>,
    /// Everybody shall fill it in.
    pub required: Option<bool>,
    /// Shown on small profiles.
    pub display_in_profile_summary: Option<bool>,
    /// People fill it in themselves.
    pub editable_by_user: Option<bool>,
}

/// Adds one at the end; returns its id. For administrators.
pub async fn add(ctx: &Ctx, caller: &Caller, kind: i16, new: &FieldChange) -> Result<i32> {
    let number = kind;
    let kind = Kind::from_number(number);
    let kind = kind.ok_or_else(|| Error::bad_request("Invalid field type."))?;
    let realm = caller.realm_id();
    let data = new
        .field_data
        .clone()
        .unwrap_or_else(|| Value::Object(Default::default()));
    let field_data = kind.check_data(&data)?;
    let (name, hint) = match kind::default_name(kind, &field_data) {
        Some(name) => (name.to_owned(), String::new()),
        None => (
            check_name(new.name.as_deref().unwrap_or_default())?,
            check_hint(new.hint.as_deref().unwrap_or_default())?,
        ),
    };
    let content = ProfileFieldContent {
        name,
        hint,
        field_data,
        required: new.required.unwrap_or(false),
        display_in_profile_summary: new.display_in_profile_summary.unwrap_or(false),
        editable_by_user: new.editable_by_user.unwrap_or(true),
    };
    let mut tx = ctx.store.begin().await?;
    if content.display_in_profile_summary {
        check_summary(&mut tx, realm, kind).await?;
    }
    let id = ProfileField::insert(&mut tx, realm, number, &content).await;
    let id = id.map_err(taken_or_missing(None))?;
    announce(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(id)
}

/// Changes one. For administrators.
pub async fn update(ctx: &Ctx, caller: &Caller, id: i32, change: &FieldChange) -> Result<()> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let fields = ProfileField::all(&mut tx, realm).await?;
    let field = fields.into_iter().find(|field| field.id == id);
    let field = field.ok_or_else(|| no_such_field(id))?;
    let kind = known(&field)?;
    let mut content = field.content.clone();
    if let Some(name) = &change.name {
        content.name = check_name(name)?;
    }
    if let Some(hint) = &change.hint {
        content.hint = check_hint(hint)?;
    }
    if let Some(data) = &change.field_data {
        content.field_data = kind.check_data(data)?;
    }
    content.required = change.required.unwrap_or(content.required);
    content.editable_by_user = change.editable_by_user.unwrap_or(content.editable_by_user);
    let shown = change.display_in_profile_summary;
    content.display_in_profile_summary = shown.unwrap_or(content.display_in_profile_summary);
    if content == field.content {
        return Ok(());
    }
    let named = (&content.name, &content.hint, &content.field_data);
    let was = &field.content;
    if kind::default_name(kind, &was.field_data).is_some()
        && named != (&was.name, &was.hint, &was.field_data)
    {
        let msg = "Default custom field cannot be updated.";
        return Err(Error::bad_request(msg));
    }
    if content.display_in_profile_summary && !was.display_in_profile_summary {
        check_summary(&mut tx, realm, kind).await?;
    }
    let updated = ProfileField::update(&mut tx, realm, id, &content).await;
    updated.map_err(taken_or_missing(Some(id)))?;
    if kind == Kind::Select {
        ProfileValue::retain(&mut tx, id, &kind::choices(&content.field_data)?).await?;
    }
    announce(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Removes one, with what people have filled in. For administrators.
pub async fn remove(ctx: &Ctx, caller: &Caller, id: i32) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let removed = ProfileField::delete(&mut tx, caller.realm_id(), id).await;
    removed.map_err(taken_or_missing(Some(id)))?;
    announce(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Gives all of them the order of the list. For administrators.
pub async fn reorder(ctx: &Ctx, caller: &Caller, order: &[i32]) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let fields = ProfileField::all(&mut tx, caller.realm_id()).await?;
    if !fields.iter().all(|field| order.contains(&field.id)) {
        return Err(Error::bad_request("Invalid order mapping."));
    }
    ProfileField::reorder(&mut tx, caller.realm_id(), order).await?;
    announce(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// All of them, in their order.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<CustomProfileField>> {
    objects(&mut *ctx.store.read().await?, caller.realm_id()).await
}

/// As the API shows them.
pub(crate) async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<CustomProfileField>> {
    let rows = ProfileField::all(conn, realm).await?;
    let objects = rows.into_iter().map(|row| CustomProfileField {
        id: row.id,
        kind: row.kind,
        order: row.position,
        name: row.content.name,
        hint: row.content.hint,
        field_data: row.content.field_data,
        display_in_profile_summary: row.content.display_in_profile_summary,
        required: row.content.required,
        editable_by_user: row.content.editable_by_user,
    });
    Ok(objects.collect())
}

/// All members see other fields or values than before.
async fn announce(tx: &mut Tx, realm: RealmId) -> Result<()> {
    Realm::touch(tx, realm).await?;
    let fields = objects(tx, realm).await?;
    let event = Event::CustomProfileFields(CustomProfileFields { fields });
    tx.emit(realm, Audience::realm(), &event)?;
    Ok(())
}

async fn check_summary(tx: &mut Tx, realm: RealmId, kind: Kind) -> Result<()> {
    if !kind.fits_summary() {
        let msg = "Field type not supported for display in profile summary.";
        return Err(Error::bad_request(msg));
    }
    let fields = ProfileField::all(tx, realm).await?;
    let shown = fields
        .iter()
        .filter(|field| field.content.display_in_profile_summary);
    match shown.count() < MAX_IN_SUMMARY {
        true => Ok(()),
        false => Err(Error::bad_request(format!(
            "Only {MAX_IN_SUMMARY} custom profile fields can be displayed in the profile summary."
        ))),
    }
}

fn check_name(name: &str) -> Result<String> {
    if name.trim().is_empty() {
        return Err(Error::bad_request("Label cannot be blank."));
    }
    check_length("name", name, MAX_NAME)
}

fn check_hint(hint: &str) -> Result<String> {
    check_length("hint", hint, MAX_HINT)
}

fn check_length(what: &str, text: &str, max: usize) -> Result<String> {
    match text.chars().count() > max {
        true => Err(Error::bad_request(format!(
            "{what} is too long (limit: {max} characters)"
        ))),
        false => Ok(text.trim().to_owned()),
    }
}

/// The type of a stored field.
fn known(field: &ProfileField) -> Result<Kind> {
    Kind::from_number(field.kind).ok_or_else(|| no_such_field(field.id))
}

fn no_such_field(id: i32) -> Error {
    Error::bad_request(format!("Field id {id} not found."))
}

fn taken_or_missing(id: Option<i32>) -> impl FnOnce(StoreError) -> Error {
    move |error| match (error, id) {
        (StoreError::NotFound, Some(id)) => no_such_field(id),
        (StoreError::Constraint(Constraint::ProfileFieldName), _) => {
            Error::bad_request("A field with that label already exists.")
        }
        (other, _) => other.into(),
    }
}
