//! The `code` of an API error: what programs match on. Statuses are the app server's business (`server/src/error.rs`).

use serde::Serialize;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $wire:literal;)*) => {
        /// The machine-readable reason of an error, as Zulip names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $wire)] $name,)*
        }

        impl ErrorCode {
            /// All of them.
            pub const ALL: &[ErrorCode] = &[$(Self::$name),*];

            /// The string on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }
        }
    };
}

codes! {
    /// Anything that the client did wrong and that has no code of its own.
    BadRequest = "BAD_REQUEST";
    /// As [`ErrorCode::BadRequest`], of something that is not there.
    NotFound = "BAD_REQUEST";
    /// A parameter is missing; data: `var_name`.
    RequestVariableMissing = "REQUEST_VARIABLE_MISSING";
    /// A parameter has the wrong shape; data: `var_name`.
    RequestVariableInvalid = "REQUEST_VARIABLE_INVALID";
    /// The event queue is unknown or expired; data: `queue_id`. Clients register anew.
    BadEventQueueId = "BAD_EVENT_QUEUE_ID";
    /// A narrow holds an unknown or malformed term; data: `desc`.
    BadNarrow = "BAD_NARROW";
    /// No stream has this name; data: `stream`.
    StreamDoesNotExist = "STREAM_DOES_NOT_EXIST";
    /// No stream has this id; data: `stream_id`.
    NonexistentSubdomain = "NONEXISTENT_SUBDOMAIN";
    /// Credentials are missing.
    Unauthorized = "UNAUTHORIZED";
    /// The caller's role does not suffice.
    UnauthorizedPrincipal = "UNAUTHORIZED_PRINCIPAL";
    /// The API key is wrong.
    InvalidApiKey = "INVALID_API_KEY";
    /// E-mail or password is wrong.
    AuthenticationFailed = "AUTHENTICATION_FAILED";
    /// The account was deactivated.
    UserDeactivated = "USER_DEACTIVATED";
    /// The organisation was deactivated.
    RealmDeactivated = "REALM_DEACTIVATED";
    /// Passwords cannot be used to log in here.
    PasswordAuthDisabled = "PASSWORD_AUTH_DISABLED";
    /// CSRF token missing or wrong; data: `reason`.
    CsrfFailed = "CSRF_FAILED";
    /// Too many requests; data: `retry-after` in seconds.
    RateLimitHit = "RATE_LIMIT_HIT";
    /// The request is larger than allowed.
    RequestTooLarge = "REQUEST_TOO_LARGE";
    /// The method is not allowed for this URL; data: `allowed_methods`.
    MethodNotAllowed = "METHOD_NOT_ALLOWED";
    /// `@**all**` is limited in large streams.
    StreamWildcardMentionNotAllowed = "STREAM_WILDCARD_MENTION_NOT_ALLOWED";
    /// `@**topic**` is limited in large topics.
    TopicWildcardMentionNotAllowed = "TOPIC_WILDCARD_MENTION_NOT_ALLOWED";
    /// A move would cross a limit of age; data: `first_message_id_allowed_to_move`, counts.
    MoveMessagesTimeLimitExceeded = "MOVE_MESSAGES_TIME_LIMIT_EXCEEDED";
    /// The message's content is not what the editor had seen.
    ExpectationMismatch = "EXPECTATION_MISMATCH";
    /// The reaction is there already.
    ReactionAlreadyExists = "REACTION_ALREADY_EXISTS";
    /// There is no such reaction.
    ReactionDoesNotExist = "REACTION_DOES_NOT_EXIST";
    /// Only subscribers of a private stream may be mentioned in it by wildcard, and the like.
    SystemGroupRequired = "SYSTEM_GROUP_REQUIRED";
    /// The last owner cannot leave; data: `is_last_owner`, `entity`.
    CannotDeactivateLastUser = "CANNOT_DEACTIVATE_LAST_USER";
    /// A stream of that name is there; data: `channel_name`.
    ChannelAlreadyExists = "CHANNEL_ALREADY_EXISTS";
    /// Not everybody was invited; data: `errors`, `sent_invitations`, `license_limit_reached`, `daily_limit_reached`.
    InvitationFailed = "INVITATION_FAILED";
    /// Zoom does not know the user.
    InvalidZoomToken = "INVALID_ZOOM_TOKEN";
    /// There are other topics than the one that is to be the only one.
    CannotSetTopicsPolicyToEmptyTopicOnly = "CANNOT_SET_TOPICS_POLICY_TO_EMPTY_TOPIC_ONLY";
    /// The topic rule of the stream forbids this topic.
    TopicsPolicy = "TOPICS_POLICY";
    /// None of the caller's phones has this token.
    InvalidPushDeviceToken = "INVALID_PUSH_DEVICE_TOKEN";
    /// The server has no contract with what delivers to phones.
    PushServiceNotConfigured = "PUSH_SERVICE_NOT_CONFIGURED";
    /// A service did not say what happened; data: `header`.
    MissingHttpEventHeader = "MISSING_HTTP_EVENT_HEADER";
    /// A service told of something that makes no message; data: `webhook_name`, `event_type`.
    UnsupportedWebhookEventType = "UNSUPPORTED_WEBHOOK_EVENT_TYPE";
    /// What came to a webhook is not what its service sends; data: `webhook_name`.
    AnomalousWebhookPayload = "ANOMALOUS_WEBHOOK_PAYLOAD";
    /// A component that the request needs does not answer; try again.
    ServiceUnavailable = "SERVICE_UNAVAILABLE";
    /// A fault of ours; it is in the log.
    InternalServerError = "INTERNAL_SERVER_ERROR";
}
