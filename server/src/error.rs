//! Errors as answers. The only place that picks HTTP statuses and logs failures.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use narrows_actions::{ApiError, Error};
use narrows_wire::ErrorCode;
use serde_json::{Map, Value, json};

use crate::pages;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// An action, or the parsing of parameters.
    #[error(transparent)]
    Action(#[from] Error),
    /// The request names nobody, or not convincingly.
    #[error("{msg}")]
    Unauthorized {
        /// What to tell.
        msg: String,
        /// How the client could have authenticated.
        scheme: Scheme,
    },
    /// The URL is there, but not for this method.
    #[error("Method Not Allowed")]
    MethodNotAllowed {
        /// The methods that are.
        allowed: Vec<&'static str>,
    },
    /// No such page.
    #[error("no such page")]
    PageNotFound,
    /// A page for people, with a status of its own.
    #[error("{0:?}")]
    Page(pages::Failure),
}

/// How requests authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `/api/v1`: HTTP Basic, e-mail address and API key.
    Basic,
    /// `/json`: session cookie.
    Session,
}

impl Scheme {
    fn challenge(self) -> &'static str {
        match self {
            Scheme::Basic => r#"Basic realm="zulip""#,
            Scheme::Session => r#"Session realm="zulip""#,
        }
    }
}

impl ServerError {
    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        ServerError::Action(Error::Internal(source.into()))
    }

    /// The status of the answer.
    fn status(&self) -> StatusCode {
        match self {
            ServerError::Action(Error::Api(error)) => status_of(error.code),
            ServerError::Action(Error::Unavailable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            ServerError::Action(Error::Store(_) | Error::Internal(_)) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            ServerError::Unauthorized { .. } => StatusCode::UNAUTHORIZED,
            ServerError::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            ServerError::PageNotFound => StatusCode::NOT_FOUND,
            ServerError::Page(failure) => failure.status(),
        }
    }

    /// Told once, here: faults of ours and of the components.
    fn log(&self) {
        match self {
            ServerError::Action(error @ Error::Unavailable { .. }) => {
                tracing::warn!(%error, "a request failed")
            }
            ServerError::Action(error @ (Error::Store(_) | Error::Internal(_))) => {
                tracing::error!(%error, source = ?std::error::Error::source(error), "a request failed");
            }
            _ => tracing::debug!(error = %self, "a request was refused"),
        }
    }

    fn body(&self) -> ApiError {
        let error = |code, msg: &str| ApiError {
            code,
            msg: msg.to_owned(),
            data: Map::new(),
        };
        match self {
            ServerError::Action(Error::Api(api)) => (**api).clone(),
            ServerError::Action(Error::Unavailable { component, .. }) => error(
                ErrorCode::ServiceUnavailable,
                &format!("Try again in a moment: {component} does not answer."),
            ),
            ServerError::Action(Error::Store(_) | Error::Internal(_)) => {
                error(ErrorCode::InternalServerError, "Internal server error")
            }
            ServerError::Unauthorized { msg, .. } => error(ErrorCode::Unauthorized, msg),
            ServerError::MethodNotAllowed { allowed } => {
                let mut error = error(ErrorCode::MethodNotAllowed, "Method Not Allowed");
                error.data.insert("allowed_methods".into(), json!(allowed));
                error
            }
            ServerError::PageNotFound | ServerError::Page(_) => {
                error(ErrorCode::BadRequest, "Not found")
            }
        }
    }
}

impl ResponseError for ServerError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        match self {
            ServerError::PageNotFound => return pages::Failure::NotFound.respond(),
            ServerError::Page(failure) => return failure.respond(),
            _ => {}
        }
        let error = self.body();
        let mut response = HttpResponse::build(self.status());
        match self {
            ServerError::Unauthorized { scheme, .. } => {
                response.insert_header((header::WWW_AUTHENTICATE, scheme.challenge()));
            }
            ServerError::MethodNotAllowed { allowed } => {
                response.insert_header((header::ALLOW, allowed.join(", ")));
            }
            _ => {}
        }
        if let Some(seconds) = error.data.get("retry-after").and_then(Value::as_f64) {
            response.insert_header((header::RETRY_AFTER, seconds.ceil().to_string()));
        }
        let mut body = Map::from_iter([
            ("result".to_owned(), json!("error")),
            ("msg".to_owned(), json!(error.msg)),
            ("code".to_owned(), json!(error.code)),
        ]);
        body.extend(error.data);
        response
            .content_type("application/json")
            .body(Value::Object(body).to_string())
    }
}

impl From<narrows_store::Error> for ServerError {
    fn from(error: narrows_store::Error) -> Self {
        ServerError::Action(error.into())
    }
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Unauthorized
        | ErrorCode::InvalidApiKey
        | ErrorCode::AuthenticationFailed
        | ErrorCode::UserDeactivated
        | ErrorCode::RealmDeactivated
        | ErrorCode::PasswordAuthDisabled => StatusCode::UNAUTHORIZED,
        ErrorCode::CsrfFailed => StatusCode::FORBIDDEN,
        ErrorCode::NonexistentSubdomain | ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::ChannelAlreadyExists => StatusCode::CONFLICT,
        ErrorCode::RateLimitHit => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::RequestTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
        // Services that are told of an error try again, and give up one day.
        ErrorCode::UnsupportedWebhookEventType => StatusCode::OK,
        ErrorCode::BadRequest
        | ErrorCode::InvalidPushDeviceToken
        | ErrorCode::PushServiceNotConfigured
        | ErrorCode::MissingHttpEventHeader
        | ErrorCode::AnomalousWebhookPayload
        | ErrorCode::RequestVariableMissing
        | ErrorCode::RequestVariableInvalid
        | ErrorCode::BadEventQueueId
        | ErrorCode::BadNarrow
        | ErrorCode::InvalidZoomToken
        | ErrorCode::CannotSetTopicsPolicyToEmptyTopicOnly
        | ErrorCode::StreamDoesNotExist
        | ErrorCode::UnauthorizedPrincipal
        | ErrorCode::StreamWildcardMentionNotAllowed
        | ErrorCode::TopicWildcardMentionNotAllowed
        | ErrorCode::MoveMessagesTimeLimitExceeded
        | ErrorCode::ExpectationMismatch
        | ErrorCode::ReactionAlreadyExists
        | ErrorCode::ReactionDoesNotExist
        | ErrorCode::SystemGroupRequired
        | ErrorCode::CannotDeactivateLastUser
        | ErrorCode::InvitationFailed
        | ErrorCode::TopicsPolicy => StatusCode::BAD_REQUEST,
    }
}
