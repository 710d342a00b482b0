//! Outgoing e-mail.

pub(crate) mod invitation;
pub(crate) mod missed_message;
pub mod sink;

use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use narrows_runtime::config::MailConfig;

use crate::jobs::JobError;

/// Sends mail over SMTP. Cheap to clone; connections are pooled.
#[derive(Clone)]
pub struct Mailer {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mailer {
    /// A mailer for the configured server: `smtp://`, `smtps://`, with user and password in the URL if needed.
    pub fn new(config: &MailConfig) -> anyhow::Result<Mailer> {
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.url.expose())?;
        Ok(Mailer {
            smtp: smtp
                .timeout(Some(std::time::Duration::from_secs(20)))
                .build(),
        })
    }

    /// Hands a mail to the server. A server that refuses it for good is a failure, all else is tried again.
    pub(crate) async fn send(&self, mail: Message) -> Result<(), JobError> {
        match self.smtp.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(JobError::Fail(Box::new(error))),
            Err(error) => Err(JobError::Retry(Box::new(error))),
        }
    }
}

/// A mail that cannot be written is a fault that time does not mend.
pub(crate) fn fail(error: impl std::error::Error + Send + Sync + 'static) -> JobError {
    JobError::Fail(Box::new(error))
}

/// Where our mails come from, for Message-IDs.
pub(crate) fn host(config: &MailConfig) -> &str {
    let domain = config.from.rsplit('@').next().unwrap_or("localhost");
    domain.trim_end_matches('>')
}
