//! The routes of push.

mod answer;
mod events;
mod internal;
mod websocket;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, guard};

use crate::auth::Door;
use crate::service::Push;

/// The routes of clients (`/api/v1/events`, `/json/events`) and of the app server (`/internal/…`). They need
/// `Data<Push>` in the app.
pub fn routes(config: &mut ServiceConfig) {
    for (path, door) in [("/api/v1/events", Door::Api), ("/json/events", Door::Json)] {
        config.service(
            web::resource(format!("{path}/websocket"))
                .app_data(Data::new(door))
                .route(web::get().to(websocket::open))
                .default_service(web::to(|| async { answer::method_not_allowed(&["GET"]) })),
        );
        config.service(
            web::resource(path)
                .app_data(Data::new(door))
                .route(web::route().guard(guard::Get()).to(events::get))
                .route(web::route().guard(guard::Delete()).to(events::delete))
                .default_service(web::to(|| async {
                    answer::method_not_allowed(&["DELETE", "GET"])
                })),
        );
    }
    config
        .route("/internal/queues", web::post().to(internal::allocate))
        .route(
            "/internal/queues/{id}/activate",
            web::post().to(internal::activate),
        )
        .route("/internal/queues/{id}", web::delete().to(internal::free))
        .route("/internal/push/health", web::get().to(health));
}

/// Whether the log was replayed.
pub async fn health(push: Data<Push>) -> HttpResponse {
    if push.is_ready() {
        HttpResponse::Ok()
            .json(serde_json::json!({"status": "ok", "position": push.shard().position()}))
    } else {
        HttpResponse::ServiceUnavailable().json(serde_json::json!({"status": "replaying"}))
    }
}
