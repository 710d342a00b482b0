//! Making organisations.

use narrows_store::Constraint;
use narrows_store::models::{NewRealm, NewUser, Realm, User};
use narrows_wire::{RealmId, Role};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::streams::{NewStreamSettings, Notices};
use crate::subscriptions::{NewSubscription, Subscribe, subscribe};
use crate::users::{self, NewPerson};

/// An organisation that shall be.
#[derive(Clone, Debug)]
pub struct NewOrganization<'a> {
    /// "" = at the bare host.
    pub subdomain: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Markdown.
    pub description: &'a str,
    /// Its first owner.
    pub owner: NewPerson<'a>,
}

/// A new realm with its system groups, its notification bot, an owner, and the stream "general".
pub async fn create(ctx: &Ctx, new: NewOrganization<'_>) -> Result<Caller> {
    check_subdomain(new.subdomain)?;
    if new.name.trim().is_empty() {
        return Err(Error::bad_request(
            "The name of an organization cannot be empty.",
        ));
    }
    users::check_person(&new.owner)?;
    let mut tx = ctx.store.begin().await?;
    let realm = NewRealm::builder()
        .subdomain(new.subdomain)
        .name(new.name.trim())
        .description(new.description)
        .created_at(ctx.clock.now())
        .build();
    let realm = realm.insert(&mut tx).await.map_err(|error| match error {
        narrows_store::Error::Constraint(Constraint::Subdomain) => {
            Error::bad_request(format!("Subdomain '{}' is taken.", new.subdomain))
        }
        other => other.into(),
    })?;
    let bot = notification_bot(ctx, &realm);
    let bot = NewUser::builder()
        .realm_id(realm.id())
        .email(&bot)
        .delivery_email(&bot)
        .full_name("Notification Bot")
        .role(Role::Member)
        .is_bot(true)
        .bot_type(1)
        .is_system_bot(true)
        .date_joined(ctx.clock.now())
        .build()
        .insert(&mut tx)
        .await?;
    drop(tx.commit().await?);
    let bot = Caller::internal(ctx, realm.clone(), bot);
    let owner: User = users::create(
        ctx,
        &bot,
        NewPerson {
            role: Role::Owner,
            ..new.owner
        },
    )
    .await?;
    let owner = Caller::internal(ctx, realm, owner);
    let general = Subscribe {
        streams: vec![NewSubscription {
            name: "general".to_owned(),
            description: "For everyone and everything".to_owned(),
            color: None,
        }],
        list: "subscriptions",
        principals: vec![],
        settings: NewStreamSettings {
            is_default: true,
            ..NewStreamSettings::default()
        },
        authorization_errors_fatal: true,
        notices: Notices::default(),
    };
    subscribe(ctx, &owner, general).await?;
    Ok(owner)
}

fn notification_bot(ctx: &Ctx, realm: &Realm) -> String {
    let url = super::url(ctx, realm);
    let host = url.split("://").last().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    format!("notification-bot@{host}")
}

/// Serves an organization at another subdomain.
pub async fn set_subdomain(ctx: &Ctx, realm: RealmId, subdomain: &str) -> Result<()> {
    check_subdomain(subdomain)?;
    let mut tx = ctx.store.begin().await?;
    Realm::set_subdomain(&mut tx, realm, subdomain).await?;
    let realm = Realm::find(&mut tx, realm).await?;
    let bot = User::notification_bot(&mut tx, realm.id()).await?;
    let address = notification_bot(ctx, &realm);
    User::set_addresses(&mut tx, realm.id(), bot.id(), &address, &address).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Deletes an organization with all that it has.
pub async fn delete(ctx: &Ctx, realm: RealmId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    Realm::delete(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// A label of a host name.
fn check_subdomain(subdomain: &str) -> Result<()> {
    let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if subdomain.len() <= 40
        && subdomain.chars().all(ok)
        && !subdomain.starts_with('-')
        && !subdomain.ends_with('-')
    {
        return Ok(());
    }
    Err(Error::bad_request(
        "A subdomain consists of lower-case letters, digits and dashes, at most 40, and neither begins nor ends with a dash.",
    ))
}
