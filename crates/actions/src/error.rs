//! What an action answers when it does not act.

use narrows_wire::ErrorCode;
use serde_json::{Map, Value};

/// Result of an action.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An action failed and changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller's mistake, told in the API's terms.
    #[error("{}", .0.msg)]
    Api(Box<ApiError>),
    /// The database.
    #[error(transparent)]
    Store(narrows_store::Error),
    /// A component that this action cannot do without does not answer.
    #[error("{component} is not available: {source}")]
    Unavailable {
        /// Which one.
        component: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A fault of ours.
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// An error of the API: `{"result": "error", "code", "msg", …data}`.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// For programs.
    pub code: ErrorCode,
    /// For people.
    pub msg: String,
    /// What else the answer holds.
    pub data: Map<String, Value>,
}

impl Error {
    /// An error with a code of its own.
    pub fn api(code: ErrorCode, msg: impl Into<String>) -> Self {
        Error::Api(Box::new(ApiError {
            code,
            msg: msg.into(),
            data: Map::new(),
        }))
    }

    /// An error with the general code, `BAD_REQUEST`.
    pub fn bad_request(msg: impl Into<String>) -> Self {
        Self::api(ErrorCode::BadRequest, msg)
    }

    /// What the URL names is not there for the caller.
    pub fn not_found(msg: impl Into<String>) -> Self {
        Self::api(ErrorCode::NotFound, msg)
    }

    /// The caller lacks the right.
    pub fn insufficient_permission() -> Self {
        Self::bad_request("Insufficient permission")
    }

    /// Parameters that exclude each other were given.
    pub fn incompatible(parameters: &[&str]) -> Self {
        let parameters = parameters.join(", ");
        Self::bad_request(format!("Unsupported parameter combination: {parameters}"))
            .with("parameters", parameters)
    }

    /// Adds a field to the answer.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Error::Api(error) = &mut self {
            error.data.insert(key.to_owned(), value.into());
        }
        self
    }

    /// Gives a missing row the API's words; other errors pass.
    pub fn or_missing(self, missing: impl FnOnce() -> Error) -> Error {
        match self {
            Error::Store(narrows_store::Error::NotFound) => missing(),
            other => other,
        }
    }
}

impl From<narrows_store::Error> for Error {
    fn from(error: narrows_store::Error) -> Self {
        match error {
            narrows_store::Error::Unavailable(source) => Error::Unavailable {
                component: "the database",
                source,
            },
            other => Error::Store(other),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(Box::new(error))
    }
}
