//! Calls to the push server.

use std::time::Duration;

use narrows_runtime::config::Config;
use narrows_wire::queue::{Activate, Allocated, Descriptor};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The header that carries the internal secret.
pub const INTERNAL_HEADER: &str = "X-Narrows-Internal";

/// The push server's internal API.
#[derive(Clone)]
pub struct PushClient {
    http: reqwest::Client,
    url: String,
    secret: String,
}

impl PushClient {
    /// A client with short time-outs: registering must not hang on a dead push server.
    pub fn new(config: &Config) -> Result<PushClient> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(10))
            .no_proxy()
            .build()
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let secret = config.secrets.internal_secret.expose().to_owned();
        Ok(PushClient {
            http,
            url: config.push.url.trim_end_matches('/').to_owned(),
            secret,
        })
    }

    /// A new queue. Events are kept for it from now on.
    pub async fn allocate(&self, descriptor: &Descriptor) -> Result<Allocated> {
        self.post("/internal/queues", descriptor).await
    }

    /// Gives the queue the snapshot that its owner's state was read in.
    pub async fn activate(&self, queue_id: &str, activate: &Activate) -> Result<()> {
        let _: serde_json::Value = self
            .post(&format!("/internal/queues/{queue_id}/activate"), activate)
            .await?;
        Ok(())
    }

    /// Frees a queue that its owner will never hear of.
    pub async fn free(&self, queue_id: &str) -> Result<()> {
        let url = format!("{}/internal/queues/{queue_id}", self.url);
        self.http
            .delete(url)
            .header(INTERNAL_HEADER, &self.secret)
            .send()
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .header(INTERNAL_HEADER, &self.secret)
            .json(body);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(unavailable)?;
        response.json().await.map_err(unavailable)
    }
}

fn unavailable(error: reqwest::Error) -> Error {
    Error::Unavailable {
        component: "the push server",
        source: Box::new(error),
    }
}
