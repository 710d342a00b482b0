//! Shows websites below the message that links to them.

use narrows_actions::messages::embed;
use narrows_wire::jobs::EmbedLinks;

use super::JobError;
use crate::Worker;

/// Looks at them; a message with another text by now is left alone, so a second time does no harm.
pub(crate) async fn run(worker: &Worker, job: &EmbedLinks) -> Result<(), JobError> {
    Ok(embed::embed_links(&worker.ctx, job).await?)
}
