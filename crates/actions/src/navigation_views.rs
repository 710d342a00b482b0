//! The views that a user has in the navigation of their client: built-in ones, and named ones of their own.

use narrows_store::models::{NavigationView, NavigationViewChange};
use narrows_store::{Conn, Constraint};
use narrows_wire::Event;
use narrows_wire::events::personal::{
    NavigationView as Shown, NavigationViewData, NavigationViews,
};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Views that every client has under a name of its own.
const BUILT_IN: [&str; 7] = [
    "inbox",
    "recent",
    "feed",
    "drafts",
    "narrow/has/reaction/sender/me",
    "narrow/is/mentioned",
    "narrow/is/starred",
];
/// Longest fragment and name.
const MAX_LENGTH: usize = 100;

/// The caller's views.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<Shown>> {
    gather(&mut *ctx.store.read().await?, caller).await
}

/// [`list`] for a registration.
pub(crate) async fn gather(conn: &mut Conn, caller: &Caller) -> Result<Vec<Shown>> {
    let found = NavigationView::of_user(conn, caller.user_id()).await?;
    Ok(found.into_iter().map(shown).collect())
}

/// Adds a view.
pub async fn create(
    ctx: &Ctx,
    caller: &Caller,
    fragment: String,
    is_pinned: bool,
    name: Option<String>,
) -> Result<()> {
    check_fragment(&fragment)?;
    match (&name, BUILT_IN.contains(&fragment.as_str())) {
        (None, false) => return Err(Error::bad_request("Custom views must have a valid name.")),
        (name, built_in) => check_name(name.as_deref(), built_in)?,
    }
    let view = NavigationView {
        fragment,
        is_pinned,
        name,
    };
    let mut tx = ctx.store.begin().await?;
    if let Err(error) = view.insert(&mut tx, caller.user_id()).await {
        return Err(match error {
            narrows_store::Error::Constraint(Constraint::NavigationView) => {
                Error::bad_request("Navigation view already exists.")
            }
            other => other.into(),
        });
    }
    let event = NavigationViews::Add {
        navigation_view: shown(view),
    };
    caller.tell(&mut tx, &Event::NavigationView(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// Changes a view.
pub async fn edit(
    ctx: &Ctx,
    caller: &Caller,
    fragment: &str,
    is_pinned: Option<bool>,
    name: Option<String>,
) -> Result<()> {
    if is_pinned.is_none() && name.is_none() {
        return Err(Error::bad_request("Nothing to update for this view."));
    }
    check_name(name.as_deref(), BUILT_IN.contains(&fragment))?;
    let mut tx = ctx.store.begin().await?;
    let change = NavigationViewChange {
        is_pinned,
        name: name.as_deref(),
    };
    let changed = NavigationView::update(&mut tx, caller.user_id(), fragment, change).await;
    changed.map_err(|error| Error::from(error).or_missing(no_such_view))?;
    let event = NavigationViews::Update {
        fragment: fragment.to_owned(),
        data: NavigationViewData { is_pinned, name },
    };
    caller.tell(&mut tx, &Event::NavigationView(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// Removes a view.
pub async fn delete(ctx: &Ctx, caller: &Caller, fragment: &str) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let deleted = NavigationView::delete(&mut tx, caller.user_id(), fragment).await;
    deleted.map_err(|error| Error::from(error).or_missing(no_such_view))?;
    let event = NavigationViews::Remove {
        fragment: fragment.to_owned(),
    };
    caller.tell(&mut tx, &Event::NavigationView(event))?;
    drop(tx.commit().await?);
    Ok(())
}

fn no_such_view() -> Error {
    Error::not_found("Navigation view does not exist.")
}

fn check_fragment(fragment: &str) -> Result<()> {
    if fragment.is_empty() {
        return Err(Error::bad_request("fragment cannot be blank"));
    }
    check_length("fragment", fragment)
}

fn check_name(name: Option<&str>, built_in: bool) -> Result<()> {
    match name {
        None => Ok(()),
        Some(_) if built_in => Err(Error::bad_request(
            "Built-in views cannot have a custom name.",
        )),
        Some("") => Err(Error::bad_request("Custom views must have a valid name.")),
        Some(name) => check_length("name", name),
    }
}

fn check_length(what: &str, text: &str) -> Result<()> {
    if text.chars().count() <= MAX_LENGTH {
        return Ok(());
    }
    Err(Error::bad_request(format!(
        "{what} is too long (limit: {MAX_LENGTH} characters)"
    )))
}

fn shown(view: NavigationView) -> Shown {
    Shown {
        fragment: view.fragment,
        is_pinned: view.is_pinned,
        name: view.name,
    }
}
