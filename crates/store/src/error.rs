//! What can go wrong in the database, as callers tell it apart.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Result of a query.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A query failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such row in this realm.
    #[error("no such row")]
    NotFound,
    /// A named constraint refused the write: a client's mistake, not ours.
    #[error("constraint {0:?} violated")]
    Constraint(Constraint),
    /// The database does not answer, or the transaction lost a race; the caller may try again.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A fault of ours.
    #[error("database error: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

macro_rules! constraints {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => {
        /// Constraints whose violation means something to a client.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Constraint { $($(#[$doc])* $name,)* }

        impl Constraint {
            fn from_name(name: &str) -> Option<Self> {
                match name { $($sql => Some(Self::$name),)* _ => None }
            }
        }
    };
}

constraints! {
    /// The subdomain is taken.
    Subdomain = "realms_subdomain_key";
    /// The e-mail address is taken in the realm.
    UserEmail = "users_realm_email_key";
    /// The delivery address is taken in the realm.
    UserDeliveryEmail = "users_realm_delivery_email_key";
    /// A stream of that name is there.
    StreamName = "streams_realm_name_key";
    /// The reaction is there.
    Reaction = "reactions_key";
    /// A topic of that name is there.
    TopicName = "topics_recipient_name_key";
    /// The user has a navigation view of that fragment.
    NavigationView = "navigation_views_pkey";
    /// A group of that name is there.
    GroupName = "user_groups_realm_name_key";
    /// The realm has a linkifier with the pattern.
    LinkifierPattern = "linkifiers_realm_id_pattern_key";
    /// The realm has an active emoji of the name.
    CustomEmojiName = "custom_emoji_realm_id_name_key";
    /// The realm has a profile field of that name.
    ProfileFieldName = "custom_profile_fields_realm_name_key";
    /// The realm has a channel folder of that name.
    ChannelFolderName = "channel_folders_realm_id_name_key";
    /// The realm has the domain.
    RealmDomain = "realm_domains_realm_id_domain_key";
    /// An archive of the realm is being written.
    PendingExport = "realm_exports_pending_key";
    /// The realm has a playground of the language with the name.
    PlaygroundName = "playgrounds_realm_id_pygments_language_name_key";
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::NotFound => return Error::NotFound,
            Diesel::DatabaseError(kind, info) => {
                if let Some(constraint) = info.constraint_name().and_then(Constraint::from_name) {
                    return Error::Constraint(constraint);
                }
                if matches!(
                    kind,
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::SerializationFailure
                ) || info.message().contains("deadlock detected")
                {
                    return Error::Unavailable(Box::new(error));
                }
            }
            _ => {}
        }
        Error::Internal(Box::new(error))
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(db) = error.as_db_error() else {
            return Error::Unavailable(Box::new(error));
        };
        if let Some(constraint) = db.constraint().and_then(Constraint::from_name) {
            return Error::Constraint(constraint);
        }
        let passing = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
        ];
        if passing.contains(db.code()) {
            Error::Unavailable(Box::new(error))
        } else {
            Error::Internal(Box::new(error))
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(Box::new(error))
    }
}
