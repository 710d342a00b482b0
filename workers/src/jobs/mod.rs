//! The jobs, one file each. A job is done once per key, whatever happens: see [`crate::runner`].

mod delete_files;
mod embed_links;
mod export_realm;
mod invitation_email;
mod missed_message_email;

use narrows_wire::Job;

use crate::Worker;

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Something passing; try again later.
    #[error("{0}")]
    Retry(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will never work; an operator has to look at it.
    #[error("{0}")]
    Fail(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<narrows_actions::Error> for JobError {
    fn from(error: narrows_actions::Error) -> Self {
        match error {
            error @ narrows_actions::Error::Unavailable { .. } => JobError::Retry(Box::new(error)),
            other => JobError::Fail(Box::new(other)),
        }
    }
}

impl From<narrows_store::Error> for JobError {
    fn from(error: narrows_store::Error) -> Self {
        narrows_actions::Error::from(error).into()
    }
}

/// Does a job.
pub(crate) async fn run(worker: &Worker, job: &Job) -> Result<(), JobError> {
    match job {
        Job::DeleteFiles(job) => delete_files::run(worker, job).await,
        Job::EmbedLinks(job) => embed_links::run(worker, job).await,
        Job::ExportRealm(job) => export_realm::run(worker, job).await,
        Job::InvitationEmail(job) => invitation_email::run(worker, job).await,
        Job::MissedMessageEmail(job) => missed_message_email::run(worker, job).await,
    }
}
