//! A database for one test: a clone of a template that the migrations made once.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use tokio_postgres::NoTls;

/// A database that goes away with this value.
pub struct TestDb {
    admin_url: String,
    name: String,
    /// Where it is.
    pub url: String,
}

/// Tests of several processes take turns in making the template.
const LOCK: i64 = 7_003;

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> anyhow::Result<String> {
    let (server, _) = url
        .rsplit_once('/')
        .context("NARROWS_DATABASE_URL names no database")?;
    Ok(format!("{server}/{name}"))
}

pub(crate) async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl TestDb {
    /// A fresh database with all tables.
    pub async fn create() -> anyhow::Result<TestDb> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let admin_url = crate::variable("NARROWS_DATABASE_URL")?;
        let client = connect(&admin_url).await?;
        let template = format!(
            "narrows_template_{}",
            narrows_store::migrate::schema_name()?
        );
        client
            .execute("SELECT pg_advisory_lock($1)", &[&LOCK])
            .await?;
        let made = make_template(&client, &admin_url, &template).await;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("narrows_test_{}_{number}", std::process::id());
        let cloned = match made {
            Ok(()) => {
                client
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await?;
                client
                    .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
                    .await
            }
            Err(error) => return Err(error),
        };
        client
            .execute("SELECT pg_advisory_unlock($1)", &[&LOCK])
            .await?;
        cloned?;
        Ok(TestDb {
            url: with_database(&admin_url, &name)?,
            admin_url,
            name,
        })
    }
}

async fn make_template(
    client: &tokio_postgres::Client,
    admin_url: &str,
    name: &str,
) -> anyhow::Result<()> {
    let there = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?;
    if there.is_some() {
        return Ok(());
    }
    // Complete under its final name, or not there.
    let draft = format!("{name}_draft");
    client
        .batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))
        .await?;
    client
        .batch_execute(&format!("CREATE DATABASE {draft}"))
        .await?;
    narrows_store::migrate::run(&with_database(admin_url, &draft)?).await?;
    client
        .batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
        .await?;
    Ok(())
}

impl Drop for TestDb {
    /// In a thread of its own: the runtime of the test may be gone.
    fn drop(&mut self) {
        let (url, name) = (self.admin_url.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let client = connect(&url).await?;
                client
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await?;
                anyhow::Ok(())
            })
        });
        if let Ok(Err(error)) = dropping.join() {
            eprintln!("a test database stays behind: {error}");
        }
    }
}
