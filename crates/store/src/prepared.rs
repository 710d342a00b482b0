//! Statements that are written as SQL, prepared once for each connection.
//!
//! diesel keeps the prepared form of what its query builder made, but has PostgreSQL parse and plan a text anew at each
//! execution, as it may be another one each time. Of a text that never changes, [`Prepared::prepared`] says so.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;

/// For all queries.
pub(crate) trait Prepared: Sized {
    /// Keeps the prepared form. Only for texts that are fixed when the program is built: each one stays on the server.
    fn prepared(self) -> Kept<Self> {
        Kept(self)
    }
}

impl<Q> Prepared for Q {}

/// See [`Prepared::prepared`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<Q>(Q);

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    // Known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Kept<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}
