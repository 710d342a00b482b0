//! `GET` and `DELETE /events`.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use narrows_wire::limits::HEARTBEAT_SECONDS;
use serde::Deserialize;

use super::answer;
use crate::auth::{Door, Presented};
use crate::event::Frame;
use crate::service::Push;
use crate::shard::{PollError, Polled};

/// Parameters as they come; where a name comes twice, the later one counts.
#[derive(Debug, Deserialize)]
#[serde(from = "HashMap<String, String>")]
pub struct Parameters {
    queue_id: Option<String>,
    last_event_id: Option<String>,
    dont_block: Option<String>,
}

impl From<HashMap<String, String>> for Parameters {
    fn from(mut given: HashMap<String, String>) -> Self {
        Self {
            queue_id: given.remove("queue_id"),
            last_event_id: given.remove("last_event_id"),
            dont_block: given.remove("dont_block"),
        }
    }
}

impl Parameters {
    /// Which queue.
    pub fn queue_id(&self) -> Option<&str> {
        self.queue_id.as_deref()
    }

    fn dont_block(&self) -> Result<bool, Refused> {
        let Some(given) = self.dont_block.as_deref() else {
            return Ok(false);
        };
        match serde_json::from_str::<serde_json::Value>(given) {
            Ok(serde_json::Value::Bool(value)) => Ok(value),
            Ok(_) => Err(answer::bad_request("dont_block is not a boolean").into()),
            Err(_) => Err(answer::bad_request("Argument \"dont_block\" is not valid JSON.").into()),
        }
    }

    /// As written.
    pub fn last_event_id(&self) -> Option<&str> {
        self.last_event_id.as_deref()
    }
}

/// A client that is there; when it goes, however it does, the queue knows.
pub struct Connection {
    push: Push,
    id: String,
    turn: u64,
}

impl Connection {
    /// `None` when there is no such queue.
    pub fn open(push: &Push, id: &str) -> Option<Self> {
        let turn = push.shard().connect(id)?;
        Some(Self {
            push: push.clone(),
            id: id.to_owned(),
            turn,
        })
    }

    /// What comes after an id; waits for it until the next heartbeat is due.
    pub async fn next(&self, after: i64, wait: bool) -> Result<Vec<Frame>, PollError> {
        let heartbeat = tokio::time::sleep(Duration::from_secs(HEARTBEAT_SECONDS));
        tokio::pin!(heartbeat);
        loop {
            let polled = self.push.shard().poll(&self.id, self.turn, after)?;
            let bell = match polled {
                Polled::Events(frames) => return Ok(frames),
                Polled::Nothing(_) if !wait => return Ok(Vec::new()),
                Polled::Nothing(bell) => bell,
            };
            let rung = bell.notified();
            tokio::pin!(rung);
            rung.as_mut().enable();
            // It may have rung between the look and now.
            if let Polled::Events(frames) = self.push.shard().poll(&self.id, self.turn, after)? {
                return Ok(frames);
            }
            tokio::select! {
                () = &mut rung => {}
                () = &mut heartbeat => return Ok(vec![self.push.shard().heartbeat(&self.id)?]),
                // The client asks again, and finds the next process.
                () = self.push.shutdown().requested() => return Ok(Vec::new()),
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.push.shard().disconnect(&self.id, self.push.now());
    }
}

/// An answer that ends the handling of a request early.
pub type Refused = Box<HttpResponse>;

/// What a request says of itself and its queue. That it says so comes first, whose the queue is last.
pub struct Request {
    presented: Presented,
    /// The queue.
    pub queue_id: String,
}

impl Request {
    /// Reads the credentials, then the queue's id.
    pub fn read(
        request: &HttpRequest,
        door: Door,
        queue_id: Option<&str>,
    ) -> Result<Self, Refused> {
        let presented =
            Presented::read(request, door).map_err(|refusal| answer::refused(refusal, ""))?;
        let queue_id =
            queue_id.ok_or_else(|| answer::bad_request("Missing 'queue_id' argument"))?;
        Ok(Self {
            presented,
            queue_id: queue_id.to_owned(),
        })
    }

    /// Lets the queue's owner in.
    pub async fn admit(&self, push: &Push) -> Result<(), Refused> {
        if !push.when_ready().await {
            return Err(answer::unavailable("The event log is being replayed").into());
        }
        let owner = push.shard().owner(&self.queue_id);
        let owner = owner.ok_or_else(|| answer::bad_queue_id(&self.queue_id))?;
        let admitted = push.authenticator().admit(&self.presented, &owner).await;
        admitted.map_err(|refusal| Box::new(answer::refused(refusal, &self.queue_id)))
    }
}

/// The answer to a poll that gets nothing.
fn failed(error: PollError, id: &str, last_event_id: i64) -> HttpResponse {
    match error {
        PollError::Unknown => answer::bad_queue_id(id),
        PollError::Pruned => answer::bad_request(&format!(
            "An event newer than {last_event_id} has already been pruned!"
        )),
        PollError::Superseded => respond(&[], id),
    }
}

fn respond(frames: &[Frame], id: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("Cache-Control", "no-store"))
        .body(answer::events(frames, id))
}

/// The id up to which the client has everything.
pub fn last_event_id(parameter: Option<&str>) -> Result<i64, Refused> {
    let text = parameter.ok_or_else(|| answer::bad_request("Missing 'last_event_id' argument"))?;
    let text = text.trim();
    let bare = text
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text);
    match serde_json::from_str::<serde_json::Value>(bare) {
        Ok(value) => Ok(value
            .as_i64()
            .ok_or_else(|| answer::bad_request("last_event_id is not an integer"))?),
        Err(_) => Err(answer::bad_request("Argument \"last_event_id\" is not valid JSON.").into()),
    }
}

/// `GET /events`.
pub async fn get(
    request: HttpRequest,
    push: Data<Push>,
    door: Data<Door>,
    query: Query<Parameters>,
) -> HttpResponse {
    poll(&request, &push, **door, &query)
        .await
        .unwrap_or_else(|refused| *refused)
}

async fn poll(
    request: &HttpRequest,
    push: &Push,
    door: Door,
    parameters: &Parameters,
) -> Result<HttpResponse, Refused> {
    let request = Request::read(request, door, parameters.queue_id())?;
    let last = last_event_id(parameters.last_event_id())?;
    let wait = !parameters.dont_block()?;
    request.admit(push).await?;
    let id = request.queue_id;
    let connection = Connection::open(push, &id).ok_or_else(|| answer::bad_queue_id(&id))?;
    let acknowledged = push.shard().acknowledge(&id, last);
    let polled = match acknowledged {
        Ok(()) => connection.next(last, wait).await,
        Err(error) => Err(error),
    };
    Ok(match polled {
        Ok(frames) => respond(&frames, &id),
        Err(error) => failed(error, &id, last),
    })
}

/// `DELETE /events`. The queue is named in the query or in a form.
pub async fn delete(
    request: HttpRequest,
    push: Data<Push>,
    door: Data<Door>,
    query: Query<Parameters>,
    body: String,
) -> HttpResponse {
    let form = Query::<Parameters>::from_query(&body).ok();
    let queue_id = query
        .queue_id()
        .or_else(|| form.as_ref().and_then(|form| form.queue_id()));
    free(&request, &push, **door, queue_id)
        .await
        .unwrap_or_else(|refused| *refused)
}

async fn free(
    request: &HttpRequest,
    push: &Push,
    door: Door,
    queue_id: Option<&str>,
) -> Result<HttpResponse, Refused> {
    let request = Request::read(request, door, queue_id)?;
    request.admit(push).await?;
    if push.free(&request.queue_id) {
        Ok(answer::success())
    } else {
        Ok(answer::bad_queue_id(&request.queue_id))
    }
}
