//! Sizes and times that clients are told at registration.

/// Longest stream name, in characters.
pub const MAX_STREAM_NAME_LENGTH: usize = 60;
/// Longest stream description, in characters.
pub const MAX_STREAM_DESCRIPTION_LENGTH: usize = 1024;
/// Longest name of a channel folder, in characters.
pub const MAX_CHANNEL_FOLDER_NAME_LENGTH: usize = 60;
/// Longest description of a channel folder, in characters.
pub const MAX_CHANNEL_FOLDER_DESCRIPTION_LENGTH: usize = 1024;
/// Longest topic name, in characters.
pub const MAX_TOPIC_LENGTH: usize = 60;
/// Longest password, in characters: hashing costs time.
pub const MAX_PASSWORD_LENGTH: usize = 512;
/// More people than this are not told one by one that somebody subscribed them.
pub const MAX_BULK_NEW_SUBSCRIPTION_MESSAGES: usize = 100;
/// Longest message, in characters.
pub const MAX_MESSAGE_LENGTH: usize = 10_000;
/// Largest picture of a user or of the realm, in MiB.
pub const MAX_PICTURE_MIB: u64 = 5;
/// Most messages in one answer of `GET /messages`.
pub const MAX_MESSAGES_PER_FETCH: usize = 5_000;
/// A long poll is answered with a heartbeat after this many seconds.
pub const HEARTBEAT_SECONDS: u64 = 50;
/// Clients give up a long poll after this many seconds.
pub const LONGPOLL_TIMEOUT_SECONDS: u64 = 90;
/// An event queue that nobody polls lives this long, in seconds.
pub const IDLE_QUEUE_TIMEOUT_SECONDS: u64 = 600;
/// The longest life of an idle queue that a client may ask for, in seconds (7 days, as Zulip).
pub const MAX_IDLE_QUEUE_TIMEOUT_SECONDS: u64 = 7 * 24 * 3600;
/// How often clients report presence, in seconds.
pub const PRESENCE_PING_INTERVAL_SECONDS: u64 = 60;
/// A user whose last report is older than this many seconds is offline.
pub const PRESENCE_OFFLINE_THRESHOLD_SECONDS: u64 = 200;
/// A typing notice is valid this many milliseconds.
pub const TYPING_STARTED_EXPIRY_MS: u64 = 45_000;
/// A typist who pauses this many milliseconds has stopped.
pub const TYPING_STOPPED_WAIT_MS: u64 = 12_000;
/// While typing goes on, the notice is sent anew every so many milliseconds.
pub const TYPING_STARTED_WAIT_MS: u64 = 30_000;
/// In streams with more subscribers nobody is told who types.
pub const MAX_STREAM_SIZE_FOR_TYPING: usize = 100;
/// The shown name of the empty topic.
pub const EMPTY_TOPIC_DISPLAY_NAME: &str = "general chat";
/// Put before the name of a resolved topic.
pub const RESOLVED_TOPIC_PREFIX: &str = "✔ ";
/// Most characters of the note of a reminder.
pub const MAX_REMINDER_NOTE_LENGTH: usize = 1_000;
/// Most characters of the title of a saved snippet.
pub const MAX_SAVED_SNIPPET_TITLE_LENGTH: usize = 60;
