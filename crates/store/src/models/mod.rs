//! Rows, one file per table. A row type holds what the table holds; finders take the realm first.
//!
//! To add a table: a migration, `schema.rs` anew, and a file here with `derive(Queryable, Selectable)` and, for inserts,
//! a `New*` struct.

mod api_key;
mod realm;
mod session;
mod user;

pub use api_key::ApiKey;
pub use realm::{NewRealm, Realm};
pub use session::Session;
pub use user::{NewUser, User};
