//! Deletes the bytes of files whose rows are gone.

use narrows_actions::uploads;
use narrows_wire::jobs::DeleteFiles;

use super::JobError;
use crate::Worker;

/// Deletes them; a second time does no harm.
pub(crate) async fn run(worker: &Worker, job: &DeleteFiles) -> Result<(), JobError> {
    Ok(uploads::delete_stored(&worker.ctx, &job.keys).await?)
}
