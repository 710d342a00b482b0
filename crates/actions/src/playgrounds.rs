//! Where the realm's members can try out code.

use narrows_store::models::{Playground as Row, Realm};
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::realm_lists::{Playground, RealmPlaygrounds};
use narrows_wire::{Audience, Event, RealmId};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::linkifiers::invalid_field;

/// What a client wants a playground to be.
#[derive(Clone, Debug)]
pub struct NewPlayground {
    /// What people call it.
    pub name: String,
    /// The language, as `data-code-language` names it.
    pub pygments_language: String,
    /// URL template with the variable `code` and no other.
    pub url_template: String,
}

/// Adds one; returns its id. For administrators.
pub async fn add(ctx: &Ctx, caller: &Caller, new: &NewPlayground) -> Result<i32> {
    let (name, language) = (new.name.trim(), new.pygments_language.trim());
    check(name, language, &new.url_template)?;
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let id = Row::insert(&mut tx, realm, name, language, &new.url_template).await;
    let id = id.map_err(|error| match error {
        StoreError::Constraint(Constraint::PlaygroundName) => invalid_field(
            "__all__",
            "Realm playground with this Realm, Pygments language and Name already exists."
                .to_owned(),
        ),
        other => other.into(),
    })?;
    announce(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(id)
}

/// Removes one. For administrators.
pub async fn remove(ctx: &Ctx, caller: &Caller, id: i32) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let removed = Row::delete(&mut tx, caller.realm_id(), id).await;
    removed.map_err(|error| {
        Error::from(error).or_missing(|| Error::bad_request("Invalid playground"))
    })?;
    announce(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// As the API shows them.
pub(crate) async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<Playground>> {
    let rows = Row::all(conn, realm).await?;
    let objects = rows.into_iter().map(|row| Playground {
        id: row.id,
        name: row.name,
        pygments_language: row.pygments_language,
        url_template: row.url_template,
    });
    Ok(objects.collect())
}

async fn announce(tx: &mut Tx, realm: RealmId) -> Result<()> {
    Realm::touch(tx, realm).await?;
    let event = RealmPlaygrounds {
        realm_playgrounds: objects(tx, realm).await?,
    };
    tx.emit(realm, Audience::realm(), &Event::RealmPlaygrounds(event))?;
    Ok(())
}

fn check(name: &str, language: &str, url_template: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::bad_request("name cannot be blank"));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || " +-#/.()*_'&".contains(c);
    if language.is_empty() || !language.chars().all(known) {
        let msg = "Invalid characters in pygments language".to_owned();
        return Err(invalid_field("pygments_language", msg));
    }
    let wrong = |msg: &str| Err(invalid_field("url_template", msg.to_owned()));
    let Some(variables) = narrows_markdown::template_variables(url_template) else {
        return wrong("Invalid URL template.");
    };
    if !variables.iter().any(|name| name == "code") {
        return wrong("Missing the required variable \"code\" in the URL template");
    }
    if variables.iter().any(|name| name != "code") {
        return wrong("\"code\" should be the only variable present in the URL template");
    }
    Ok(())
}
