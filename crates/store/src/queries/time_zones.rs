//! The time zones that the database knows.

use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// Whether there is a time zone of this IANA name.
pub async fn exists(conn: &mut Conn, name: &str) -> Result<bool> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        known: bool,
    }
    let sql = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS known";
    let query = diesel::sql_query(sql).bind::<Text, _>(name);
    let row: Row = query.prepared().get_result(conn).await?;
    Ok(row.known)
}
