//! What another service sends to an incoming webhook.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use narrows_actions::Error;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{form, params};
use crate::error::ServerError;

/// What the URL that somebody gave to the service says.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct DeliveryOptions {
    /// The key of the bot that sends.
    pub api_key: String,
    /// Name or id of a stream; without it, the owner of the bot gets a direct message.
    pub stream: Option<String>,
    /// The topic, instead of the one that follows from what happened.
    pub topic: Option<String>,
    /// Only these events become messages; `*` stands for anything.
    pub only_events: Option<Vec<String>>,
    /// These events become no messages; `*` stands for anything.
    pub exclude_events: Option<Vec<String>>,
}

/// A request of another service, in the service's own words.
pub struct Delivery {
    /// What the URL says.
    pub options: DeliveryOptions,
    headers: HeaderMap,
    pairs: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Delivery {
    /// The text of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A parameter of the URL, or of the body if it is a form.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut all = self.pairs.iter().rev();
        all.find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The JSON of the body; of a form, that of its field `payload`.
    pub fn json(&self) -> Result<Value, Error> {
        let text = self.parameter("payload").map(str::as_bytes);
        serde_json::from_slice(text.unwrap_or(&self.body))
            .map_err(|_| Error::bad_request("Malformed JSON"))
    }
}

impl FromRequest for Delivery {
    type Error = ServerError;
    type Future = LocalBoxFuture<'static, Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let mut pairs = Vec::new();
            form::urlencoded(request.query_string().as_bytes(), &mut pairs)?;
            // Names in the body are the service's own.
            let (options, _) = params::parse(&pairs)?;
            let (in_body, body) = form::pairs_or_bytes(&request, &mut payload).await?;
            pairs.extend(in_body);
            Ok(Delivery {
                options,
                headers: request.headers().clone(),
                pairs,
                body,
            })
        })
    }
}
