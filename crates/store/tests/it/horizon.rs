//! Nothing that can still appear is settled.

use std::time::Duration;

use narrows_store::queries::unread;

use super::{Fixture, dial};

/// Takes an xid and then a message id, as a batch does; returns the id. The transaction stays open.
async fn take_id(client: &tokio_postgres::Client) -> i64 {
    client.batch_execute("BEGIN").await.expect("begins");
    let sql = "SELECT pg_current_xact_id()::text";
    client.query(sql, &[]).await.expect("takes an xid");
    let sql = "SELECT nextval('messages_id_seq')";
    let row = client.query_one(sql, &[]).await.expect("takes an id");
    row.get(0)
}

#[tokio::test]
async fn an_id_in_flight_is_not_settled_however_new_its_transaction() {
    let fixture = Fixture::new("horizon").await;
    let (first, second) = (dial(&fixture.url).await, dial(&fixture.url).await);
    // Both xids are beyond the xmax of any snapshot taken now: no newer transaction is over.
    let (lower, higher) = (take_id(&first).await, take_id(&second).await);
    let settled = async || unread::settled(&fixture.store).await.expect("asks").0;
    assert!(settled().await < lower);
    second.batch_execute("COMMIT").await.expect("commits");
    assert!(settled().await < lower, "the lower one is still in flight");
    first.batch_execute("ROLLBACK").await.expect("rolls back");
    // Transactions of other databases of the server hold the horizon back too, for a while.
    while settled().await < higher {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
