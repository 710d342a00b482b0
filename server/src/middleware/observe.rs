//! One line in the log and one measurement for each request.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use narrows_actions::auth;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request a number, and reports how it ended.
pub async fn observe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let started = Instant::now();
    let id: String = auth::random_token().chars().take(16).collect();
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let span = tracing::info_span!("request", id, %method, path);
    let mut result = next.call(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = match &result {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let route = match &result {
        Ok(response) => response.request().match_pattern(),
        Err(_) => None,
    };
    metrics::histogram!(
        "narrows_http_request_seconds",
        "method" => method.to_string(), "route" => route.unwrap_or_default(), "status" => status.as_u16().to_string()
    )
    .record(elapsed);
    span.in_scope(|| {
        tracing::debug!(
            status = status.as_u16(),
            ms = elapsed.as_secs_f64() * 1e3,
            "answered"
        )
    });
    if let (Ok(response), Ok(id)) = (&mut result, HeaderValue::from_str(&id)) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    result
}
