//! Fetching is authorising: rows reach actions through these functions, which return proof types.

pub mod messages;
pub mod realm;
pub mod streams;
pub mod users;
