//! Answers in the API's form.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use bytes::{BufMut, Bytes, BytesMut};
use narrows_wire::ErrorCode;
use serde_json::{Value, json};

use crate::auth::{Door, Refusal};
use crate::event::Frame;

/// `{"result":"success","msg":"","events":[…],"queue_id":…}`, copied together from frames.
pub fn events(frames: &[Frame], queue_id: &str) -> Bytes {
    let length: usize = frames.iter().map(|frame| frame.json.len() + 1).sum();
    let mut body = BytesMut::with_capacity(length + 128);
    body.put_slice(b"{\"result\":\"success\",\"msg\":\"\",\"events\":[");
    for (n, frame) in frames.iter().enumerate() {
        if n > 0 {
            body.put_u8(b',');
        }
        body.put_slice(&frame.json);
    }
    body.put_slice(b"],\"queue_id\":");
    body.put_slice(Value::from(queue_id).to_string().as_bytes());
    body.put_u8(b'}');
    body.freeze()
}

/// A success with nothing to tell.
pub fn success() -> HttpResponse {
    HttpResponse::Ok().json(json!({"result": "success", "msg": ""}))
}

fn error(status: StatusCode, code: ErrorCode, msg: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({"result": "error", "msg": msg, "code": code}))
}

/// A parameter is missing or malformed, or the like.
pub fn bad_request(msg: &str) -> HttpResponse {
    error(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, msg)
}

/// No such queue, or not theirs.
pub fn bad_queue_id(queue_id: &str) -> HttpResponse {
    let msg = format!("Bad event queue ID: {queue_id}");
    let code = ErrorCode::BadEventQueueId;
    HttpResponse::BadRequest()
        .json(json!({"result": "error", "msg": msg, "queue_id": queue_id, "code": code}))
}

/// Not let in.
pub fn refused(refusal: Refusal, queue_id: &str) -> HttpResponse {
    match refusal {
        Refusal::NotTheirs => bad_queue_id(queue_id),
        Refusal::Missing(door) => {
            let msg = "Not logged in: API authentication or user session required";
            unauthorized(
                msg,
                if door == Door::Json {
                    "Session"
                } else {
                    "Basic"
                },
            )
        }
        Refusal::Malformed => unauthorized("Invalid authorization header for basic auth", "Basic"),
        Refusal::Unavailable => unavailable("The app server does not answer"),
    }
}

fn unauthorized(msg: &str, scheme: &str) -> HttpResponse {
    let mut answer = error(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, msg);
    if let Ok(value) = header::HeaderValue::try_from(format!("{scheme} realm=\"zulip\"")) {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    answer
}

/// Try again in a moment.
pub fn unavailable(msg: &str) -> HttpResponse {
    let mut answer = error(
        StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::ServiceUnavailable,
        msg,
    );
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    answer
}

/// The URL does not know this method.
pub fn method_not_allowed(allowed: &[&str]) -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allowed.join(", "))).json(json!({
        "result": "error", "msg": "Method Not Allowed", "code": ErrorCode::MethodNotAllowed, "allowed_methods": allowed,
    }))
}
