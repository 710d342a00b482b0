use serde::Deserialize;

use super::{Environment, Secret};

/// Outgoing mail: `[mail]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// `smtp://host:port`, `smtps://user:password@host:port`, … `NARROWS_MAIL_URL`.
    pub url: Secret,
    /// The sender's address. `NARROWS_MAIL_FROM`.
    pub from: String,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("smtp://127.0.0.1:25"),
            from: "Narrows <noreply@localhost>".into(),
        }
    }
}

impl MailConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) {
        environment.secret("NARROWS_MAIL_URL", &mut self.url);
        environment.text("NARROWS_MAIL_FROM", &mut self.from);
    }
}
