//! The database: the only crate that names diesel or SQL.
//!
//! * [`Store`] hands out connections ([`Store::read`]), transactions ([`Store::begin`]) and snapshots ([`Store::snapshot`]).
//! * [`Tx`] is the only way to write: it collects events and jobs and publishes them after COMMIT (see [`outbox`]).
//! * [`models`] has one file per table, [`queries`] one per noun for what spans tables. Every function takes the
//!   [`RealmId`](narrows_wire::RealmId) (or a row that was found with one) first; one that crosses realms is named
//!   `*_across_realms` and belongs to operator commands and workers.
//! * [`bulk`] fills a realm with very many rows, for measuring.
//! * [`batch`] writes the messages of many senders in one transaction, over [`hot`] connections; [`premise`] is what they
//!   were checked against.
//!
//! To add a query: a function `(conn: &mut Conn, realm: RealmId, …) -> Result<…>` in the file of its noun. Use
//! diesel's DSL for one table, `sql_query` for what reads better as SQL, and [`hot`] statements only where a
//! benchmark asks for it (diesel does not cache `sql_query` and UPDATE as prepared statements).

pub mod batch;
pub mod bulk;
mod error;
mod horizon;
pub mod hot;
pub mod migrate;
pub mod models;
pub mod outbox;
pub mod premise;
mod prepared;
pub mod queries;
mod schema;
mod store;
mod tx;

pub use error::{Constraint, Error, Result};
pub use store::{Conn, Read, Store};
pub use tx::{Committed, Draft, Tx};
