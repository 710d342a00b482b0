//! Logs to standard error, metrics for Prometheus.

use std::net::SocketAddr;

use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;

use crate::Config;

/// Why logs or metrics could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter in `RUST_LOG` makes no sense.
    #[error("RUST_LOG: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Somebody set up logs before.
    #[error(transparent)]
    Logs(#[from] tracing_subscriber::util::TryInitError),
    /// The address for metrics makes no sense.
    #[error("metrics.bind (NARROWS_METRICS_BIND): {0}")]
    Address(#[from] std::net::AddrParseError),
    /// The address for metrics cannot be bound.
    #[error("metrics.bind (NARROWS_METRICS_BIND): {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// Sets up logs (lines in development, JSON otherwise; `RUST_LOG` filters) and, with `metrics.bind`, the endpoint
/// that Prometheus reads. Call once, inside the tokio runtime.
pub fn init(process: &'static str, config: &Config) -> Result<(), TelemetryError> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) if !filter.is_empty() => EnvFilter::try_new(filter)?,
        _ => EnvFilter::try_new("info,lapin=error")?,
    };
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if config.server.development {
        init_logs(logs.compact().finish())?;
    } else {
        init_logs(logs.json().finish())?;
    }
    if let Some(bind) = &config.metrics.bind {
        PrometheusBuilder::new()
            .with_http_listener(bind.parse::<SocketAddr>()?)
            .add_global_label("process", process)
            .install()?;
    }
    tracing::info!(process, "starting");
    Ok(())
}

fn init_logs(
    subscriber: impl tracing::Subscriber + Send + Sync + 'static,
) -> Result<(), tracing_subscriber::util::TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt;
    subscriber.try_init()
}
