//! Migrations, embedded in the binary.

use diesel_async::AsyncConnection;
use diesel_async::AsyncMigrationHarness;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::error::{Error, Result};
use crate::store::Conn;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Brings the database at `url` to the newest schema. Returns the names of the migrations that ran.
pub async fn run(url: &str) -> Result<Vec<String>> {
    let conn = Conn::establish(url)
        .await
        .map_err(|error| Error::Unavailable(Box::new(error)))?;
    let applied = tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(conn);
        let versions = harness.run_pending_migrations(MIGRATIONS)?;
        Ok(versions
            .into_iter()
            .map(|version| version.to_string())
            .collect())
    });
    applied
        .await
        .map_err(|error| Error::Internal(Box::new(error)))?
        .map_err(Error::Internal)
}

/// A name for the schema that the migrations make: the version of the newest one, and how many there are. An older one may
/// come in beside it.
pub fn schema_name() -> Result<String> {
    let migrations: Vec<Box<dyn diesel::migration::Migration<diesel::pg::Pg>>> =
        diesel::migration::MigrationSource::migrations(&MIGRATIONS).map_err(Error::Internal)?;
    let versions = migrations
        .iter()
        .map(|migration| migration.name().version().to_string());
    let newest = versions
        .max()
        .ok_or_else(|| Error::Internal("no migrations".into()))?;
    Ok(format!("{newest}_{}", migrations.len()))
}
