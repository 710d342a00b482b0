//! `/events/websocket`: the same queue, without asking again and again. Each frame is what a poll would have answered; the
//! client acknowledges with `{"last_event_id":N}` all events up to that one, as often as it likes.

use actix_web::http::header;
use actix_web::web::{Data, Payload, Query};
use actix_web::{Error, HttpRequest, HttpResponse};
use actix_ws::{CloseCode, CloseReason, Message, MessageStream, Session};
use bytestring::ByteString;
use futures_util::StreamExt;
use serde::Deserialize;

use super::answer;
use super::events::{Connection, Parameters, Refused, Request, last_event_id};
use crate::auth::Door;
use crate::service::Push;

/// Longest frame that a client may send.
const MAX_FRAME: usize = 4096;

#[derive(Deserialize)]
struct Acknowledgement {
    last_event_id: i64,
}

/// Opens a websocket on a queue.
pub async fn open(
    request: HttpRequest,
    body: Payload,
    push: Data<Push>,
    door: Data<Door>,
    query: Query<Parameters>,
) -> Result<HttpResponse, Error> {
    if **door == Door::Json && !same_origin(&request) {
        return Ok(answer::bad_request("Cross-origin websocket"));
    }
    let (id, last) = match admitted(&request, &push, **door, &query).await {
        Ok(admitted) => admitted,
        Err(refused) => return Ok(*refused),
    };
    let Some(connection) = Connection::open(&push, &id) else {
        return Ok(answer::bad_queue_id(&id));
    };
    if push.shard().acknowledge(&id, last).is_err() {
        return Ok(answer::bad_request(&format!(
            "An event newer than {last} has already been pruned!"
        )));
    }
    let (response, session, messages) = match actix_ws::handle(&request, body) {
        Ok(opened) => opened,
        Err(error) => return Ok(answer::bad_request(&error.to_string())),
    };
    let messages = messages.max_frame_size(MAX_FRAME);
    actix_web::rt::spawn(serve(
        push.get_ref().clone(),
        id,
        last,
        connection,
        session,
        messages,
    ));
    Ok(response)
}

async fn admitted(
    request: &HttpRequest,
    push: &Push,
    door: Door,
    parameters: &Parameters,
) -> Result<(String, i64), Refused> {
    let request = Request::read(request, door, parameters.queue_id())?;
    let last = last_event_id(parameters.last_event_id())?;
    request.admit(push).await?;
    Ok((request.queue_id, last))
}

/// A page of another site must not read a user's events with the user's cookie.
fn same_origin(request: &HttpRequest) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else {
        return true;
    };
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host);
    origin.is_some() && origin == host
}

async fn serve(
    push: Push,
    id: String,
    mut sent: i64,
    connection: Connection,
    mut session: Session,
    mut messages: MessageStream,
) {
    let reason = loop {
        tokio::select! {
            frames = connection.next(sent, true) => {
                let Ok(frames) = frames else { break Some("the queue is gone") };
                let Some(last) = frames.last() else { break Some("the queue is served elsewhere") };
                sent = last.id;
                let text = ByteString::try_from(answer::events(&frames, &id)).unwrap_or_default();
                if session.text(text).await.is_err() {
                    return;
                }
            }
            message = messages.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    if !acknowledge(&push, &id, &text) {
                        break Some("not an acknowledgement");
                    }
                }
                Some(Ok(Message::Ping(data))) => {
                    if session.pong(&data).await.is_err() {
                        return;
                    }
                }
                Some(Ok(Message::Pong(_) | Message::Nop)) => {}
                Some(Ok(Message::Close(_))) | None => break None,
                Some(Ok(_)) => break Some("not an acknowledgement"),
                Some(Err(_)) => return,
            }
        }
    };
    let reason = reason.map(|why| CloseReason {
        code: CloseCode::Policy,
        description: Some(why.to_owned()),
    });
    // An error means that the client has gone already.
    session.close(reason).await.ok();
}

fn acknowledge(push: &Push, id: &str, text: &str) -> bool {
    let Ok(acknowledgement) = serde_json::from_str::<Acknowledgement>(text) else {
        return false;
    };
    push.shard()
        .acknowledge(id, acknowledgement.last_event_id)
        .is_ok()
}
