//! The way to push for hosts without a proxy in front of them.

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use narrows_testkit::TestApp;
use serde_json::json;

/// A push server that says what it was asked.
async fn echo(request: HttpRequest, body: String) -> HttpResponse {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
            .to_owned()
    };
    HttpResponse::BadRequest().insert_header(("x-of-push", "yes")).json(json!({
        "result": "error", "msg": "An echo", "code": "BAD_REQUEST", "path": request.path(), "query": request.query_string(), "method": request.method().as_str(),
        "authorization": header("authorization"), "cookie": header("cookie"), "host": header("host"), "body": body,
    }))
}

#[actix_web::test]
async fn requests_reach_push_as_they_are_and_answers_come_back_so() -> anyhow::Result<()> {
    let push = HttpServer::new(|| App::new().default_service(web::to(echo)))
        .workers(1)
        .bind("127.0.0.1:0")?;
    let url = format!("http://{}", push.addrs()[0]);
    actix_web::rt::spawn(push.disable_signals().run());
    let app = TestApp::start_without_push(&url).await?;
    let hamlet = app.user("hamlet");
    let answer = hamlet
        .get("/events", &[("queue_id", "0:x"), ("last_event_id", "-1")])
        .await?;
    assert_eq!(
        (answer.status, answer.header("x-of-push")),
        (400, "yes"),
        "{}",
        answer.text
    );
    assert_eq!(
        (answer.field("path"), answer.field("query")),
        (
            &json!("/api/v1/events"),
            &json!("queue_id=0%3Ax&last_event_id=-1")
        )
    );
    assert!(
        answer
            .field("authorization")
            .as_str()
            .unwrap()
            .starts_with("Basic ")
    );
    assert_eq!(answer.field("host"), hamlet.host.as_str());
    let answer = hamlet.delete("/events", &[("queue_id", "0:x")]).await?;
    assert_eq!(
        (answer.field("method"), answer.field("body")),
        (&json!("DELETE"), &json!("queue_id=0%3Ax"))
    );
    app.finish().await
}

#[actix_web::test]
async fn a_poll_outlives_a_restart_of_push_and_other_requests_fail_clearly() -> anyhow::Result<()> {
    // A port that nobody listens on yet.
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let app = TestApp::start_without_push(&format!("http://{address}")).await?;
    let hamlet = app.user("hamlet").clone();
    let refused = hamlet.delete("/events", &[("queue_id", "0:x")]).await?;
    assert_eq!(
        (refused.status, refused.field("code")),
        (503, &json!("SERVICE_UNAVAILABLE"))
    );
    let poll = actix_web::rt::spawn(async move {
        hamlet
            .get("/events", &[("queue_id", "0:x"), ("last_event_id", "-1")])
            .await
    });
    actix_web::rt::time::sleep(std::time::Duration::from_millis(600)).await;
    let push = HttpServer::new(|| App::new().default_service(web::to(echo)))
        .workers(1)
        .bind(address)?;
    actix_web::rt::spawn(push.disable_signals().run());
    assert_eq!(poll.await??.header("x-of-push"), "yes");
    app.finish().await
}
