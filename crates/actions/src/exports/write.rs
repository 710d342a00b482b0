//! Writing an archive: a worker's part.

use std::sync::Arc;

use futures_util::TryStreamExt;
use narrows_store::Tx;
use narrows_store::models::{Realm, RealmExport, RealmExportChange, User};
use narrows_store::queries::export::{self, TABLES, Table};
use narrows_wire::feature_level::NARROWS_VERSION;
use narrows_wire::{RealmExportId, RealmId};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use serde::Deserialize;
use serde_json::json;

use super::archive::Archive;
use super::tell;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::recipient::{Destination, People};
use crate::messages::send::{self, SendMessage};
use crate::uploads::{self, unavailable};
use crate::users;

/// About how much of a table goes into one file, in bytes.
const PAGE: usize = 4 << 20;
/// Raised when what is in an archive means something else than before.
const FORMAT: u32 = 1;
/// Pictures that everybody in the realm sees, by their folders in the storage.
const PICTURES: [&str; 3] = ["avatars", "emoji", "realm_pictures"];

/// Writes an archive that was asked for, and tells administrators how that went. One that is there is left alone.
///
/// Errors: the database does not answer, so that nothing can be said.
pub async fn write(ctx: &Ctx, realm: RealmId, id: RealmExportId) -> Result<()> {
    let found = RealmExport::find(&mut *ctx.store.read().await?, realm, id).await?;
    if !found.is_pending() {
        return Ok(());
    }
    let mut archive = Archive::create(ctx, &found.key);
    let outcome = match fill(ctx, realm, &found, &mut archive).await {
        Ok(()) => archive.finish().await,
        Err(error) => {
            archive.abort().await;
            Err(error)
        }
    };
    settle(ctx, realm, id, outcome).await
}

/// Notes what became of an archive.
async fn settle(ctx: &Ctx, realm: RealmId, id: RealmExportId, outcome: Result<u64>) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let export = RealmExport::lock(&mut tx, realm, id).await?;
    if !export.is_pending() {
        // Somebody else was faster, and what they wrote is the same; unless nobody wants it any more.
        return match export.is_there() {
            true => Ok(()),
            false => uploads::delete_stored(ctx, &[export.key]).await,
        };
    }
    let stored = Realm::find(&mut tx, realm).await?;
    let now = ctx.clock.now();
    let is_there = outcome.is_ok();
    let change = match outcome {
        Ok(size) => RealmExportChange {
            completed_at: Some(now),
            size: Some(i64::try_from(size).map_err(|error| Error::Internal(Box::new(error)))?),
            ..RealmExportChange::default()
        },
        Err(error) => {
            tracing::error!(%error, realm = realm.0, export = id.0, "an export failed");
            RealmExportChange {
                failed_at: Some(now),
                ..RealmExportChange::default()
            }
        }
    };
    RealmExport::update(&mut tx, realm, id, &change).await?;
    tell(ctx, &mut tx, &stored).await?;
    if is_there {
        notify(ctx, &mut tx, stored, &export).await?;
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Tells who asked that it is there.
async fn notify(ctx: &Ctx, tx: &mut Tx, realm: Realm, export: &RealmExport) -> Result<()> {
    let asked = User::find(tx, realm.id(), export.acting_user_id()).await?;
    if !asked.is_active {
        return Ok(());
    }
    let bot = users::notification_bot(ctx, &Arc::new(realm)).await?;
    let message = SendMessage {
        to: Destination::Direct(People::Ids(vec![asked.id()])),
        content:
            "Your data export is complete. Administrators find it in the list of data exports."
                .to_owned(),
        local: None,
    };
    send::send_in(ctx, tx, &bot, &message).await?;
    Ok(())
}

/// Everything is as it was at one moment.
async fn fill(
    ctx: &Ctx,
    realm: RealmId,
    export: &RealmExport,
    archive: &mut Archive,
) -> Result<()> {
    let about = json!({
        "format": FORMAT,
        "narrows_version": NARROWS_VERSION,
        "realm_id": realm,
        "export_type": export.export_type() as i16,
        "export_time": export.requested_at,
    });
    archive
        .add("export.json".to_owned(), serde_json::to_vec_pretty(&about)?)
        .await?;
    let mut files = Files::default();
    let mut tx = ctx.store.snapshot().await?;
    for table in TABLES {
        add_table(&mut tx, realm, export, *table, archive, &mut files).await?;
    }
    drop(tx);
    for folder in PICTURES {
        add_folder(ctx, realm, folder, archive).await?;
    }
    files.add(ctx, archive).await
}

async fn add_table(
    tx: &mut Tx,
    realm: RealmId,
    export: &RealmExport,
    table: Table,
    archive: &mut Archive,
    files: &mut Files,
) -> Result<()> {
    export::open(tx, realm, table, export.export_type()).await?;
    let (mut page, mut number) = (String::new(), 0);
    loop {
        let rows = export::next(tx).await?;
        if table.name == "attachments" {
            files.note(&rows)?;
        }
        let ended = rows.is_empty();
        for row in rows {
            page.push_str(if page.is_empty() { "[\n" } else { ",\n" });
            page.push_str(&row);
        }
        if !page.is_empty() && (ended || page.len() >= PAGE) {
            number += 1;
            page.push_str("\n]\n");
            let path = format!("{}/{number:06}.json", table.name);
            archive
                .add(path, std::mem::take(&mut page).into_bytes())
                .await?;
        }
        if ended {
            return Ok(());
        }
    }
}

async fn add_folder(ctx: &Ctx, realm: RealmId, folder: &str, archive: &mut Archive) -> Result<()> {
    let prefix = Path::from(format!("{folder}/{realm}"));
    let mut listed = ctx.files.list(Some(&prefix));
    while let Some(ObjectMeta { location, .. }) = listed.try_next().await.map_err(unavailable)? {
        let name = location.prefix_match(&prefix).into_iter().flatten();
        let name: Vec<String> = name.map(|part| part.as_ref().to_owned()).collect();
        copy(
            ctx,
            &location,
            format!("{folder}/{}", name.join("/")),
            archive,
        )
        .await?;
    }
    Ok(())
}

/// Whether the file was there.
async fn copy(ctx: &Ctx, from: &Path, to: String, archive: &mut Archive) -> Result<bool> {
    let stored = match ctx.files.get(from).await {
        Ok(stored) => stored,
        Err(object_store::Error::NotFound { .. }) => return Ok(false),
        Err(error) => return Err(unavailable(error)),
    };
    let size = stored.meta.size;
    archive.begin(to, size).await?;
    let (mut pieces, mut copied) = (stored.into_stream(), 0);
    while let Some(piece) = pieces.try_next().await.map_err(unavailable)? {
        copied += piece.len() as u64;
        archive.write(piece).await?;
    }
    if copied != size {
        return Err(unavailable(format!(
            "{from} has {copied} bytes instead of {size}"
        )));
    }
    archive.end(size).await?;
    Ok(true)
}

/// Uploaded files that belong into the archive, by their paths.
#[derive(Default)]
struct Files {
    paths: Vec<String>,
}

impl Files {
    fn note(&mut self, rows: &[String]) -> Result<()> {
        #[derive(Deserialize)]
        struct Row {
            path_id: String,
        }
        for row in rows {
            self.paths.push(serde_json::from_str::<Row>(row)?.path_id);
        }
        Ok(())
    }

    /// One that got lost is named, rather than keeping people from all that is left.
    async fn add(self, ctx: &Ctx, archive: &mut Archive) -> Result<()> {
        let mut missing = Vec::new();
        for path in self.paths {
            let from = uploads::place_of(&path);
            if !copy(ctx, &from, format!("uploads/{path}"), archive).await? {
                missing.push(path);
            }
        }
        match missing.is_empty() {
            true => Ok(()),
            false => {
                let missing = serde_json::to_vec_pretty(&missing)?;
                archive.add("missing_files.json".to_owned(), missing).await
            }
        }
    }
}
