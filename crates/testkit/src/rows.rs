//! What the database holds of a realm or a stream, to see that a call changed nothing of it.

use std::collections::BTreeSet;

use anyhow::bail;
use narrows_wire::StreamId;
use tokio_postgres::Client;

/// Tables that say nothing of a realm's state: what is on its way, and what belongs to the installation.
const NOT_STATE: [&str; 4] = [
    "__diesel_schema_migrations",
    "job_receipts",
    "outbox",
    "traffic_progress",
];

/// Whose rows.
#[derive(Clone, Debug)]
pub enum Extent {
    /// All of the realm with this subdomain.
    Realm(String),
    /// Of a stream: itself, its topics, messages, subscriptions, and what people attached to these.
    Stream(StreamId),
}

/// The name of an id's kind, as columns end, and the query for ids of that kind.
type Kind = (&'static str, String);

impl Extent {
    fn kinds(&self) -> Vec<Kind> {
        match self {
            Extent::Realm(subdomain) => {
                let realm = format!("SELECT id FROM realms WHERE subdomain = '{subdomain}'");
                let of =
                    |table: &str| format!("SELECT id FROM {table} WHERE realm_id IN ({realm})");
                let recipients = of("recipients");
                vec![
                    ("user_id", of("users")),
                    ("sender_id", of("users")),
                    ("creator_id", of("users")),
                    ("owner_id", of("users")),
                    ("stream_id", of("streams")),
                    ("channel_id", of("streams")),
                    ("group_id", of("user_groups")),
                    ("message_id", of("messages")),
                    (
                        "topic_id",
                        format!("SELECT id FROM topics WHERE recipient_id IN ({recipients})"),
                    ),
                    ("recipient_id", recipients),
                    ("realm_id", realm),
                ]
            }
            Extent::Stream(id) => {
                let recipient = format!("SELECT recipient_id FROM streams WHERE id = {id}");
                let of = |table: &str| {
                    format!("SELECT id FROM {table} WHERE recipient_id IN ({recipient})")
                };
                vec![
                    ("stream_id", format!("SELECT {id}")),
                    ("channel_id", format!("SELECT {id}")),
                    ("message_id", of("messages")),
                    ("topic_id", of("topics")),
                    ("recipient_id", recipient),
                ]
            }
        }
    }

    /// The kind of the `id` column of a table.
    fn own_id(&self, table: &str) -> Option<&'static str> {
        match table {
            "realms" => Some("realm_id"),
            "streams" => Some("stream_id"),
            _ => None,
        }
    }
}

/// Whether a column holds ids of a kind. Message ids also bound ranges (`from_message_id`), whoever they belong to.
fn names(column: &str, kind: &str) -> bool {
    column == kind
        || (kind != "message_id" && column.ends_with(&format!("_{kind}")))
        || column == format!("sub{kind}")
}

/// Rows as text, each with its table before it.
pub type Rows = BTreeSet<String>;

/// The rows of an extent. A table whose rows cannot be told apart by any id is an error.
pub async fn rows(sql: &Client, extent: &Extent) -> anyhow::Result<Rows> {
    let kinds = extent.kinds();
    let mut selects = Vec::new();
    for (table, columns) in tables(sql).await? {
        let condition = |column: &String| {
            let column_kind = match column.as_str() {
                "id" => extent.own_id(&table)?,
                other => other,
            };
            let (_, ids) = kinds.iter().find(|(kind, _)| names(column_kind, kind))?;
            Some(format!("{column} IN ({ids})"))
        };
        let conditions: Vec<String> = columns.iter().filter_map(condition).collect();
        match conditions.is_empty() {
            true if matches!(extent, Extent::Realm(_)) => {
                bail!("whose rows are in {table}? Teach it to testkit::rows")
            }
            true => {}
            false => selects.push(format!(
                "SELECT '{table}' || row_to_json(t)::text FROM {table} AS t WHERE {}",
                conditions.join(" OR ")
            )),
        }
    }
    let found = sql.query(&selects.join(" UNION ALL "), &[]).await?;
    Ok(found.into_iter().map(|row| row.get(0)).collect())
}

/// Every table with its columns.
async fn tables(sql: &Client) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let query = "SELECT c.table_name::text, array_agg(c.column_name::text)
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1";
    let rows = sql.query(query, &[]).await?;
    let tables = rows.into_iter().map(|row| (row.get(0), row.get(1)));
    Ok(tables
        .filter(|(table, _): &(String, _)| !NOT_STATE.contains(&table.as_str()))
        .collect())
}
