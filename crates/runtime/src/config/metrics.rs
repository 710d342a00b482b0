use serde::Deserialize;

use super::Environment;

/// Prometheus: `[metrics]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// `address:port` of the endpoint that Prometheus reads; none: no endpoint. `NARROWS_METRICS_BIND`.
    pub bind: Option<String>,
}

impl MetricsConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) {
        environment.optional("NARROWS_METRICS_BIND", &mut self.bind);
    }
}
