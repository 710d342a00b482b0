//! The realm's patterns that become links.

use narrows_markdown::InvalidLinkifier;
use narrows_store::models::{Linkifier as Row, Realm};
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::realm_lists::{Linkifier, RealmLinkifiers};
use narrows_wire::{Audience, Event, RealmId};
use serde_json::json;

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// What a client wants a linkifier to be.
#[derive(Clone, Debug)]
pub struct NewLinkifier {
    /// Regular expression with named groups.
    pub pattern: String,
    /// URL template that uses exactly these groups.
    pub url_template: String,
}

/// The realm's linkifiers, in the order in which they match.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<Linkifier>> {
    objects(&mut *ctx.store.read().await?, caller.realm_id()).await
}

/// Adds one at the end; returns its id. For administrators.
pub async fn add(ctx: &Ctx, caller: &Caller, new: &NewLinkifier) -> Result<i32> {
    check_works(new).await?;
    let mut tx = ctx.store.begin().await?;
    let id = Row::insert(&mut tx, caller.realm_id(), &new.pattern, &new.url_template).await;
    let id = id.map_err(taken_or_missing)?;
    announce(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(id)
}

/// Replaces one. For administrators.
pub async fn update(ctx: &Ctx, caller: &Caller, id: i32, new: &NewLinkifier) -> Result<()> {
    check_works(new).await?;
    let mut tx = ctx.store.begin().await?;
    let realm = caller.realm_id();
    let changed = Row::update(&mut tx, realm, id, &new.pattern, &new.url_template).await;
    changed.map_err(taken_or_missing)?;
    announce(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Removes one. For administrators.
pub async fn remove(ctx: &Ctx, caller: &Caller, id: i32) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let removed = Row::delete(&mut tx, caller.realm_id(), id).await;
    removed.map_err(taken_or_missing)?;
    announce(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Puts all of them into another order. For administrators.
pub async fn reorder(ctx: &Ctx, caller: &Caller, ids: &[i32]) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let known = Row::all(&mut tx, caller.realm_id()).await?;
    let mut known: Vec<i32> = known.iter().map(|row| row.id).collect();
    let mut wanted = ids.to_vec();
    known.sort_unstable();
    wanted.sort_unstable();
    if known != wanted {
        return Err(Error::bad_request(
            "The ordered list must enumerate all existing linkifiers exactly once",
        ));
    }
    Row::reorder(&mut tx, caller.realm_id(), ids).await?;
    announce(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// As the API shows them.
pub(crate) async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<Linkifier>> {
    let rows = Row::all(conn, realm).await?;
    let objects = rows.into_iter().map(|row| Linkifier {
        id: row.id,
        pattern: row.pattern,
        url_template: row.url_template,
    });
    Ok(objects.collect())
}

async fn announce(tx: &mut Tx, realm: RealmId) -> Result<()> {
    // Compiled linkifiers are cached by the realm's version.
    Realm::touch(tx, realm).await?;
    let event = RealmLinkifiers {
        realm_linkifiers: objects(tx, realm).await?,
    };
    tx.emit(realm, Audience::realm(), &Event::RealmLinkifiers(event))?;
    Ok(())
}

/// Compiles the pattern, away from the event loop: a large one takes milliseconds.
async fn check_works(new: &NewLinkifier) -> Result<()> {
    let NewLinkifier {
        pattern,
        url_template,
    } = new.clone();
    let compiled = tokio::task::spawn_blocking(move || {
        narrows_markdown::Linkifier::new(&pattern, &url_template).map(drop)
    });
    let compiled = compiled
        .await
        .map_err(|error| Error::Internal(Box::new(error)))?;
    compiled.map_err(|invalid| match invalid {
        InvalidLinkifier::Pattern(error) => {
            invalid_field("pattern", format!("Bad regular expression: {error}"))
        }
        InvalidLinkifier::Template => {
            invalid_field("url_template", "Invalid URL template.".to_owned())
        }
        InvalidLinkifier::UnknownVariable(name) => invalid_field(
            "__all__",
            format!("Group '{name}' in URL template is not present in linkifier pattern."),
        ),
        InvalidLinkifier::UnusedGroup(name) => invalid_field(
            "__all__",
            format!("Group '{name}' in linkifier pattern is not present in URL template."),
        ),
    })
}

fn taken_or_missing(error: StoreError) -> Error {
    match error {
        StoreError::NotFound => Error::bad_request("Linkifier not found."),
        StoreError::Constraint(Constraint::LinkifierPattern) => invalid_field(
            "__all__",
            "Realm filter with this Realm and Pattern already exists.".to_owned(),
        ),
        other => other.into(),
    }
}

/// What is wrong with which field, as the API tells it for forms.
pub(crate) fn invalid_field(field: &str, msg: String) -> Error {
    Error::bad_request(msg.as_str()).with("errors", json!({ field: [msg] }))
}
