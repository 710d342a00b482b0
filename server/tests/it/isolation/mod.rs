//! Who is kept from what, route by route: other realms, streams that one may not read, log-in.

mod admission;
mod realms;
mod scene;
mod streams;
mod table;

use narrows_testkit::TestApp;

/// No limit of calls; nobody's ids are like anybody's, or like other numbers.
async fn start() -> anyhow::Result<TestApp> {
    let app = TestApp::start_with(
        "[limits]\napi_by_user = { calls = 0, seconds = 1 }\napi_by_address = { calls = 0, seconds = 1 }\n\
         log_in_by_account = { calls = 0, seconds = 1 }\nlog_in_by_address = { calls = 0, seconds = 1 }\n",
        |_| {},
    )
    .await?;
    let sequences =
        "SELECT setval(quote_ident(sequencename)::regclass, 7000000 + 10000 * row_number() OVER ())
        FROM pg_sequences WHERE schemaname = 'public' AND sequencename LIKE '%\\_id\\_seq'";
    app.sql().await?.query(sequences, &[]).await?;
    Ok(app)
}

/// Shows what is wrong: all of it, each shortened.
fn assert_none(faults: &[String]) {
    let shown: Vec<String> = faults
        .iter()
        .map(|fault| fault.chars().take(1500).collect())
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        shown.join("\n")
    );
}
