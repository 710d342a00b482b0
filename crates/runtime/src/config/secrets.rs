use serde::Deserialize;

use super::{ConfigError, Environment, Secret};

/// What nobody else may know: `[secrets]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretsConfig {
    /// What app server and push prove themselves with to each other. `NARROWS_INTERNAL_SECRET`.
    pub internal_secret: Secret,
    /// What tokens in links and cookies are signed with. `NARROWS_SECRET_KEY`.
    pub secret_key: Secret,
}

const SHORTEST: usize = 32;

impl SecretsConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) {
        environment.secret("NARROWS_INTERNAL_SECRET", &mut self.internal_secret);
        environment.secret("NARROWS_SECRET_KEY", &mut self.secret_key);
    }

    /// In development unset secrets get a well-known value; otherwise each must be set and long.
    pub(super) fn complete(&mut self, development: bool) -> Result<(), ConfigError> {
        for (secret, field, variable) in [
            (
                &mut self.internal_secret,
                "internal_secret",
                "NARROWS_INTERNAL_SECRET",
            ),
            (&mut self.secret_key, "secret_key", "NARROWS_SECRET_KEY"),
        ] {
            if development && secret.is_empty() {
                *secret = Secret::new(format!("development only, not a secret: {field}"));
            }
            if secret.expose().len() < SHORTEST && !development {
                return Err(ConfigError::MissingSecret { field, variable });
            }
        }
        Ok(())
    }
}
