//! What the app server asks of push. Every request carries the internal secret.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use narrows_wire::queue::{Activate, Descriptor};
use serde_json::json;

use crate::auth::{INTERNAL_HEADER, same};
use crate::service::{InternalError, Push};

fn is_internal(request: &HttpRequest, push: &Push) -> bool {
    let header = request.headers().get(INTERNAL_HEADER);
    header
        .and_then(|value| value.to_str().ok())
        .is_some_and(|secret| same(secret, push.secret()))
}

fn forbidden() -> HttpResponse {
    HttpResponse::Forbidden().json(json!({"result": "error", "msg": "Not the app server"}))
}

fn refused(error: &InternalError) -> HttpResponse {
    match error {
        InternalError::Unknown => {
            HttpResponse::NotFound().json(json!({"result": "error", "msg": error.to_string()}))
        }
        InternalError::Store(_) => {
            tracing::warn!(%error, "no event queue can be registered");
            super::answer::unavailable("Event queues cannot be stored")
        }
    }
}

/// `POST /internal/queues`.
pub async fn allocate(
    request: HttpRequest,
    push: Data<Push>,
    descriptor: Json<Descriptor>,
) -> HttpResponse {
    if !is_internal(&request, &push) {
        return forbidden();
    }
    if !push.when_ready().await {
        return super::answer::unavailable("The event log is being replayed");
    }
    match push.allocate(descriptor.into_inner()).await {
        Ok(allocated) => HttpResponse::Ok().json(allocated),
        Err(error) => refused(&error),
    }
}

/// `POST /internal/queues/{id}/activate`.
pub async fn activate(
    request: HttpRequest,
    push: Data<Push>,
    id: Path<String>,
    body: Json<Activate>,
) -> HttpResponse {
    if !is_internal(&request, &push) {
        return forbidden();
    }
    match push.activate(&id, body.into_inner()).await {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(error) => refused(&error),
    }
}

/// `DELETE /internal/queues/{id}`.
pub async fn free(request: HttpRequest, push: Data<Push>, id: Path<String>) -> HttpResponse {
    if !is_internal(&request, &push) {
        return forbidden();
    }
    if push.free(&id) {
        HttpResponse::Ok().json(json!({}))
    } else {
        refused(&InternalError::Unknown)
    }
}
