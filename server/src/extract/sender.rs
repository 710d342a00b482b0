//! Who sends a message.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use narrows_actions::Caller;
use narrows_actions::messages::KnownSender;
use narrows_wire::UserId;

use crate::error::ServerError;

/// Who sends, admitted by [`crate::routes::Access::Sender`].
pub struct MessageSender {
    request: HttpRequest,
    who: Sender,
}

/// How well a sender is known.
#[derive(Clone)]
pub enum Sender {
    /// They proved who they are.
    Proven(Caller),
    /// They did a while ago, with what this request brings.
    Known(KnownSender),
}

impl Sender {
    /// Who it is.
    pub fn user_id(&self) -> UserId {
        match self {
            Sender::Proven(caller) => caller.user_id(),
            Sender::Known(known) => known.user_id(),
        }
    }
}

impl MessageSender {
    /// The program that they use.
    pub fn client(&self) -> &str {
        match &self.who {
            Sender::Proven(caller) => &caller.client,
            Sender::Known(known) => known.client(),
        }
    }

    /// Who they are said to be without a proof.
    pub fn known(&self) -> Option<&KnownSender> {
        match &self.who {
            Sender::Proven(_) => None,
            Sender::Known(known) => Some(known),
        }
    }

    /// How well they are known, and the request that they came with.
    pub fn into_parts(self) -> (Sender, HttpRequest) {
        (self.who, self.request)
    }
}

impl FromRequest for MessageSender {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let who = request.extensions().get::<Sender>().cloned();
        let who = who
            .ok_or_else(|| ServerError::internal(format!("{} admits no senders", request.path())));
        ready(who.map(|who| MessageSender {
            request: request.clone(),
            who,
        }))
    }
}
