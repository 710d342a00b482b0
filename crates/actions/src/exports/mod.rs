//! Archives of what an organisation has, for its administrators.
//!
//! A request is a row and a job; a worker writes the archive ([`write()`]) into the storage of files, page by page, and
//! says how that went. What an archive holds is said in `docs/exports.md`, and of the database in
//! [`narrows_store::queries::export`].

mod archive;
mod write;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::BoxStream;
use narrows_store::models::{
    ExportType, NewRealmExport, Realm, RealmExport, RealmExportChange, User,
};
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::realm_lists::{RealmExport as Shown, RealmExportConsent, RealmExports};
use narrows_wire::jobs::{DeleteFiles, ExportRealm};
use narrows_wire::{Audience, Event, Job, RealmExportId, Role};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use rand::distr::{Alphanumeric, SampleString};

use crate::access::realm::require;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms;
use crate::uploads::unavailable;
use crate::users::Settings;

pub use write::write;

/// So many can be asked for in [`PERIOD`].
const MOST: i64 = 5;
/// See [`MOST`].
const PERIOD: TimeDelta = TimeDelta::days(7);
/// What is not there after that will never be: no queue delivers a job that late.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(1);

/// The archives of the caller's organisation, oldest first.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<Shown>> {
    require(caller, Role::Admin)?;
    gather(ctx, &mut *ctx.store.read().await?, &caller.realm).await
}

/// Who agrees to the export of what is theirs: all people who can log in.
pub async fn consents(ctx: &Ctx, caller: &Caller) -> Result<Vec<RealmExportConsent>> {
    require(caller, Role::Admin)?;
    let users = User::all(&mut *ctx.store.read().await?, caller.realm_id()).await?;
    let people = users.iter().filter(|user| user.is_active && !user.is_bot);
    let consent = |user: &User| RealmExportConsent {
        user_id: user.id(),
        consented: Settings::of(user).allow_private_data_export,
    };
    Ok(people.map(consent).collect())
}

/// Asks for an archive.
pub async fn request(ctx: &Ctx, caller: &Caller, export_type: ExportType) -> Result<RealmExportId> {
    require(caller, Role::Admin)?;
    let (realm, now) = (caller.realm_id(), ctx.clock.now());
    let mut tx = ctx.store.begin().await?;
    RealmExport::give_up(&mut tx, realm, now - GIVEN_UP_AFTER, now).await?;
    if RealmExport::count_since(&mut tx, realm, now - PERIOD).await? >= MOST {
        return Err(Error::bad_request("Exceeded rate limit."));
    }
    let secret = Alphanumeric.sample_string(&mut rand::rng(), 24);
    let key = format!("exports/{realm}/{secret}.tar.gz");
    let new = NewRealmExport::builder()
        .realm_id(realm)
        .acting_user_id(caller.user_id())
        .export_type(export_type)
        .requested_at(now)
        .key(&key)
        .build();
    let made = new.insert(&mut tx).await.map_err(|error| match error {
        StoreError::Constraint(Constraint::PendingExport) => {
            Error::bad_request("An export is already in progress.")
        }
        other => other.into(),
    })?;
    tx.enqueue(Job::ExportRealm(ExportRealm {
        realm_id: realm,
        export_id: made.id(),
    }));
    tell(ctx, &mut tx, &caller.realm).await?;
    drop(tx.commit().await?);
    Ok(made.id())
}

/// Deletes an archive; its line in the list stays.
pub async fn delete(ctx: &Ctx, caller: &Caller, id: RealmExportId) -> Result<()> {
    require(caller, Role::Admin)?;
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let export = RealmExport::lock(&mut tx, realm, id).await;
    let export = export.map_err(|error| Error::from(error).or_missing(no_such_export))?;
    if export.deleted_at.is_some() {
        return Err(Error::bad_request("Export already deleted"));
    }
    if export.failed_at.is_some() {
        return Err(Error::bad_request("Export failed, nothing to delete"));
    }
    if export.is_pending() {
        return Err(Error::bad_request("Export still in progress"));
    }
    let change = RealmExportChange {
        deleted_at: Some(ctx.clock.now()),
        ..RealmExportChange::default()
    };
    RealmExport::update(&mut tx, realm, id, &change).await?;
    tx.enqueue(Job::DeleteFiles(DeleteFiles {
        keys: vec![export.key],
    }));
    tell(ctx, &mut tx, &caller.realm).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// An archive that the caller may read.
pub struct Archive {
    /// In bytes.
    pub size: u64,
    /// What it is.
    pub bytes: BoxStream<'static, object_store::Result<Bytes>>,
}

/// The archive with this id and name; `None` if it is not there, or not for the caller.
pub async fn open(
    ctx: &Ctx,
    caller: &Caller,
    id: RealmExportId,
    name: &str,
) -> Result<Option<Archive>> {
    if require(caller, Role::Admin).is_err() {
        return Ok(None);
    }
    let found = RealmExport::find(&mut *ctx.store.read().await?, caller.realm_id(), id).await;
    let export = match found {
        Ok(export) if export.is_there() && file_name(&caller.realm, &export) == name => export,
        Ok(_) | Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let stored = ctx.files.get(&Path::from(export.key)).await;
    let stored = stored.map_err(unavailable)?;
    Ok(Some(Archive {
        size: stored.meta.size,
        bytes: stored.into_stream(),
    }))
}

/// Administrators get the list anew.
async fn tell(ctx: &Ctx, tx: &mut Tx, realm: &Realm) -> Result<()> {
    let exports = gather(ctx, tx, realm).await?;
    let event = Event::RealmExport(RealmExports { exports });
    Ok(tx.emit(realm.id(), Audience::role(Role::Admin), &event)?)
}

async fn gather(ctx: &Ctx, conn: &mut Conn, realm: &Realm) -> Result<Vec<Shown>> {
    let all = RealmExport::all(conn, realm.id()).await?;
    Ok(all.iter().map(|export| shown(ctx, realm, export)).collect())
}

fn shown(ctx: &Ctx, realm: &Realm, export: &RealmExport) -> Shown {
    let seconds = |time: DateTime<Utc>| time.timestamp_micros() as f64 / 1e6;
    let url = || {
        format!(
            "{}/exports/{}/{}",
            realms::url(ctx, realm),
            export.id(),
            file_name(realm, export)
        )
    };
    Shown {
        id: export.id(),
        acting_user_id: export.acting_user_id(),
        export_time: seconds(export.requested_at),
        deleted_timestamp: export.deleted_at.map(seconds),
        failed_timestamp: export.failed_at.map(seconds),
        export_url: export.is_there().then(url),
        pending: export.is_pending(),
        export_type: export.export_type() as i16,
    }
}

/// What the archive is called where it is saved.
fn file_name(realm: &Realm, export: &RealmExport) -> String {
    let day = export.requested_at.format("%Y-%m-%d");
    let subdomain = match realm.subdomain.as_str() {
        "" => "root",
        subdomain => subdomain,
    };
    format!("narrows-export-{subdomain}-{day}.tar.gz")
}

fn no_such_export() -> Error {
    Error::bad_request("Invalid data export ID")
}
