//! `narrows migrate`.

use narrows_runtime::Config;

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let applied = narrows_store::migrate::run(config.database.url.expose()).await?;
    for name in &applied {
        say!("applied {name}");
    }
    if applied.is_empty() {
        say!("the database is up to date");
    }
    Ok(())
}
