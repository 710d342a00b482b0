use serde::Deserialize;

use super::{ConfigError, Environment};

/// The app server: `[server]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Where it listens. `NARROWS_SERVER_BIND`.
    pub bind: String,
    /// The host (and port, unless the scheme's own) that people type; realms are its subdomains.
    /// `NARROWS_EXTERNAL_HOST`.
    pub external_host: String,
    /// Whether people reach it by `https`; so it is but in development. `NARROWS_EXTERNAL_HTTPS`.
    pub external_https: Option<bool>,
    /// The subdomain of the realm that the bare host serves; none: a landing page. `NARROWS_ROOT_SUBDOMAIN`.
    pub root_subdomain: Option<String>,
    /// The domain of addresses that stand for people whose own is hidden, where the host is none that mail knows
    /// (`localhost`, an IP address). `NARROWS_FAKE_EMAIL_DOMAIN`.
    pub fake_email_domain: Option<String>,
    /// Where push reaches the app server. `NARROWS_SERVER_URL`.
    pub internal_url: String,
    /// Where uploads, search indexes and the like are. `NARROWS_DATA_DIR`.
    pub data_dir: String,
    /// Secrets may have defaults, logs are for people, mail may go to files. `NARROWS_DEVELOPMENT`.
    pub development: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:9991".into(),
            external_host: "localhost:9991".into(),
            external_https: None,
            root_subdomain: None,
            fake_email_domain: None,
            internal_url: "http://127.0.0.1:9991".into(),
            data_dir: "var/data".into(),
            development: false,
        }
    }
}

impl ServerConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) -> Result<(), ConfigError> {
        environment.text("NARROWS_SERVER_BIND", &mut self.bind);
        environment.text("NARROWS_EXTERNAL_HOST", &mut self.external_host);
        environment.optional("NARROWS_ROOT_SUBDOMAIN", &mut self.root_subdomain);
        environment.optional("NARROWS_FAKE_EMAIL_DOMAIN", &mut self.fake_email_domain);
        environment.text("NARROWS_SERVER_URL", &mut self.internal_url);
        environment.text("NARROWS_DATA_DIR", &mut self.data_dir);
        environment.flag("NARROWS_DEVELOPMENT", &mut self.development)?;
        let mut https = self.https();
        environment.flag("NARROWS_EXTERNAL_HTTPS", &mut https)?;
        self.external_https = Some(https);
        Ok(())
    }

    /// Whether people reach it by `https`.
    pub fn https(&self) -> bool {
        self.external_https.unwrap_or(!self.development)
    }
}
