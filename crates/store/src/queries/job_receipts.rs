//! Which jobs were done.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::error::Result;
use crate::schema::job_receipts;
use crate::store::Conn;

/// Whether the job with this key was done.
pub async fn is_done_across_realms(conn: &mut Conn, key: &str) -> Result<bool> {
    Ok(
        diesel::select(diesel::dsl::exists(job_receipts::table.find(key)))
            .get_result(conn)
            .await?,
    )
}

/// Notes that the job with this key is done.
pub async fn insert_across_realms(conn: &mut Conn, key: &str, now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(job_receipts::table)
        .values((job_receipts::key.eq(key), job_receipts::done_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets receipts older than `before`: no queue delivers a job that late.
pub async fn delete_old_across_realms(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
    Ok(
        diesel::delete(job_receipts::table.filter(job_receipts::done_at.lt(before)))
            .execute(conn)
            .await?,
    )
}
