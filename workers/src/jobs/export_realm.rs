//! Writes what an organisation has into an archive.

use narrows_actions::exports;
use narrows_wire::jobs::ExportRealm;

use super::JobError;
use crate::Worker;

/// Writes it; what went wrong is told to those who asked. A second time does no harm.
pub(crate) async fn run(worker: &Worker, job: &ExportRealm) -> Result<(), JobError> {
    Ok(exports::write(&worker.ctx, job.realm_id, job.export_id).await?)
}
