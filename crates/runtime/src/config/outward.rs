use std::net::SocketAddr;

use serde::Deserialize;

use super::{ConfigError, Environment};

/// Requests to other people's servers: `[outward]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutwardConfig {
    /// Websites that messages link to are looked at, where an organisation wants it. `NARROWS_WEBSITE_PREVIEWS`.
    pub website_previews: bool,
    /// Addresses with port that may be asked although they are not public, as `10.1.2.3:443`.
    /// `NARROWS_OUTWARD_ALLOWED_ADDRESSES`, with commas between them.
    pub allowed_addresses: Vec<SocketAddr>,
}

impl Default for OutwardConfig {
    fn default() -> Self {
        Self {
            website_previews: true,
            allowed_addresses: vec![],
        }
    }
}

impl OutwardConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) -> Result<(), ConfigError> {
        environment.flag("NARROWS_WEBSITE_PREVIEWS", &mut self.website_previews)?;
        let variable = "NARROWS_OUTWARD_ALLOWED_ADDRESSES";
        let mut list = None;
        environment.optional(variable, &mut list);
        if let Some(value) = list {
            let addresses = value.split(',').map(|address| address.trim().parse());
            self.allowed_addresses =
                addresses
                    .collect::<Result<_, _>>()
                    .map_err(|_| ConfigError::Variable {
                        variable,
                        value,
                        wanted: "a list of addresses with ports",
                    })?;
        }
        Ok(())
    }
}
