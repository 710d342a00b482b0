//! The domains of mail that belong to the realm. Where the realm says so (`emails_restricted_to_domains`), people join
//! with an address of one of them only.

use narrows_store::models::{Realm, RealmDomain as Row};
use narrows_store::{Conn, Constraint, Error as StoreError};
use narrows_wire::events::realm_lists::{RealmDomain, RealmDomainEvent};
use narrows_wire::{Audience, Event, RealmId};

use super::change::do_change;
use super::{Change, Settings};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// The most characters between two dots.
const MAX_LABEL: usize = 63;
/// The most characters of a domain.
const MAX_DOMAIN: usize = 255;

/// The realm's domains, oldest first.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<RealmDomain>> {
    objects(&mut *ctx.store.read().await?, caller.realm_id()).await
}

/// Adds one; its id and what it became. For owners.
pub async fn add(
    ctx: &Ctx,
    caller: &Caller,
    domain: &str,
    allow_subdomains: bool,
) -> Result<(i32, String)> {
    let domain = domain.trim().to_lowercase();
    check(&domain)?;
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let id = Row::insert(&mut tx, realm, &domain, allow_subdomains).await;
    let id = id.map_err(|error| match error {
        StoreError::Constraint(Constraint::RealmDomain) => Error::bad_request(format!(
            "The domain {domain} is already a part of your organization."
        )),
        other => other.into(),
    })?;
    Realm::touch(&mut tx, realm).await?;
    let realm_domain = RealmDomain {
        domain: domain.clone(),
        allow_subdomains,
    };
    let event = Event::RealmDomains(RealmDomainEvent::Add { realm_domain });
    tx.emit(realm, Audience::realm(), &event)?;
    drop(tx.commit().await?);
    Ok((id, domain))
}

/// Lets what is below a domain belong to the realm, or not. For owners.
pub async fn update(
    ctx: &Ctx,
    caller: &Caller,
    domain: &str,
    allow_subdomains: bool,
) -> Result<()> {
    let realm = caller.realm_id();
    let domain = domain.to_lowercase();
    let mut tx = ctx.store.begin().await?;
    let changed = Row::update(&mut tx, realm, &domain, allow_subdomains).await;
    changed.map_err(|error| missing(error, &domain))?;
    Realm::touch(&mut tx, realm).await?;
    let realm_domain = RealmDomain {
        domain,
        allow_subdomains,
    };
    let event = Event::RealmDomains(RealmDomainEvent::Change { realm_domain });
    tx.emit(realm, Audience::realm(), &event)?;
    drop(tx.commit().await?);
    Ok(())
}

/// Removes one; without any, addresses of all domains may join. For owners.
pub async fn remove(ctx: &Ctx, caller: &Caller, domain: &str) -> Result<()> {
    let realm = caller.realm_id();
    let domain = domain.to_lowercase();
    let mut tx = ctx.store.begin().await?;
    let removed = Row::delete(&mut tx, realm, &domain).await;
    removed.map_err(|error| missing(error, &domain))?;
    Realm::touch(&mut tx, realm).await?;
    let event = Event::RealmDomains(RealmDomainEvent::Remove { domain });
    tx.emit(realm, Audience::realm(), &event)?;
    if Row::all(&mut tx, realm).await?.is_empty() {
        let lift = Change {
            emails_restricted_to_domains: Some(false),
            ..Change::default()
        };
        do_change(&mut tx, caller, lift).await?;
    }
    drop(tx.commit().await?);
    Ok(())
}

/// As the API shows them.
pub(crate) async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<RealmDomain>> {
    let rows = Row::all(conn, realm).await?;
    let objects = rows.into_iter().map(|row| RealmDomain {
        domain: row.domain,
        allow_subdomains: row.allow_subdomains,
    });
    Ok(objects.collect())
}

/// Which addresses may join a realm.
pub(crate) struct Domains(Option<Vec<Row>>);

impl Domains {
    /// Of a realm.
    pub(crate) async fn of(conn: &mut Conn, realm: &Realm) -> Result<Domains> {
        Ok(Domains(
            match Settings::of(realm).emails_restricted_to_domains {
                true => Some(Row::all(conn, realm.id()).await?),
                false => None,
            },
        ))
    }

    /// Whether one may.
    pub(crate) fn allow(&self, email: &str) -> bool {
        let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
        let belongs = |row: &Row| {
            let below = || domain.strip_suffix(row.domain.as_str());
            domain == row.domain
                || (row.allow_subdomains && below().is_some_and(|d| d.ends_with('.')))
        };
        self.0.as_ref().is_none_or(|all| all.iter().any(belongs))
    }
}

/// Refuses an address with which nobody may join the realm.
pub(crate) async fn check_address(conn: &mut Conn, realm: &Realm, email: &str) -> Result<()> {
    match Domains::of(conn, realm).await?.allow(email) {
        true => Ok(()),
        false => Err(Error::bad_request(format!(
            "Email '{email}' not allowed in this organization"
        ))),
    }
}

fn missing(error: StoreError, domain: &str) -> Error {
    Error::from(error)
        .or_missing(|| Error::bad_request(format!("No entry found for domain {domain}.")))
}

fn check(domain: &str) -> Result<()> {
    let invalid = |why: &str| Err(Error::bad_request(format!("Invalid domain: {why}")));
    if domain.is_empty() {
        return invalid("Domain can't be empty.");
    }
    if !domain.contains('.') {
        return invalid("Domain must have at least one dot (.)");
    }
    if domain.starts_with('.') || domain.ends_with('.') {
        return invalid("Domain cannot start or end with a dot (.)");
    }
    if domain.chars().count() > MAX_DOMAIN {
        return invalid("Domain is too long");
    }
    for label in domain.split('.') {
        if label.is_empty() {
            return invalid("Consecutive '.' are not allowed.");
        }
        if label.starts_with('-') || label.ends_with('-') || label.chars().count() > MAX_LABEL {
            return invalid("Subdomains cannot start or end with a '-'.");
        }
        if !label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return invalid("Domain can only have letters, numbers, '.' and '-'s.");
        }
    }
    Ok(())
}
