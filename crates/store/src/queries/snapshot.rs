//! What a transaction sees.

use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use narrows_wire::queue::Snapshot;

use crate::error::{Error, Result};
use crate::prepared::Prepared;
use crate::store::Conn;

/// The snapshot of the current transaction (of this statement, outside of REPEATABLE READ).
pub async fn current(conn: &mut Conn) -> Result<Snapshot> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        snapshot: String,
    }
    let row: Row = diesel::sql_query("SELECT pg_current_snapshot()::text AS snapshot")
        .prepared()
        .get_result(conn)
        .await?;
    Snapshot::parse(&row.snapshot)
        .ok_or_else(|| Error::Internal(format!("odd snapshot {}", row.snapshot).into()))
}
