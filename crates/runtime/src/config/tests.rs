use super::*;

fn environment<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    }
}

#[test]
fn variables_win_over_the_file_and_the_file_over_defaults() {
    let file = "[server]\ndevelopment = true\nbind = '127.0.0.1:1'\n[push]\nshards = 3\n";
    let config = Config::from_sources(
        file,
        environment(&[
            ("NARROWS_SERVER_BIND", "127.0.0.1:2"),
            ("NARROWS_PUSH_SHARD", "2"),
        ]),
    )
    .expect("valid");
    assert_eq!(config.server.bind, "127.0.0.1:2");
    assert_eq!((config.push.shards, config.push.shard), (3, 2));
    assert_eq!(
        config.database.pool_size,
        DatabaseConfig::default().pool_size
    );
}

#[test]
fn production_does_not_start_without_secrets_and_says_which() {
    let error = Config::from_sources("", environment(&[])).expect_err("no secret");
    assert!(
        error.to_string().contains("NARROWS_INTERNAL_SECRET"),
        "{error}"
    );
    let short = [("NARROWS_INTERNAL_SECRET", "short")];
    Config::from_sources("", environment(&short)).expect_err("too short");
}

#[test]
fn mistakes_are_named() {
    let development = ("NARROWS_DEVELOPMENT", "true");
    for (file, variables, part) in [
        ("[server]\nbnid = 'x'", vec![development], "bnid"),
        (
            "",
            vec![development, ("NARROWS_PUSH_SHARDS", "many")],
            "NARROWS_PUSH_SHARDS",
        ),
        (
            "",
            vec![("NARROWS_DEVELOPMENT", "maybe")],
            "NARROWS_DEVELOPMENT",
        ),
        (
            "",
            vec![development, ("NARROWS_PUSH_SHARD", "7")],
            "NARROWS_PUSH_SHARD",
        ),
    ] {
        let error = Config::from_sources(file, environment(&variables)).expect_err(part);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn printing_shows_no_secret() {
    let secret = "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";
    let config = Config::from_sources(
        "",
        environment(&[
            ("NARROWS_INTERNAL_SECRET", secret),
            ("NARROWS_SECRET_KEY", secret),
            ("NARROWS_DATABASE_URL", "postgres://me:s3cr3t@host/db"),
        ]),
    )
    .expect("valid");
    assert_eq!(config.secrets.internal_secret.expose(), secret);
    assert!(!format!("{config:?}").contains("s3cr3t"));
}

#[test]
fn every_variable_is_documented() {
    let page = include_str!("../../../../docs/configuration.md");
    let asked = std::cell::RefCell::new(Vec::new());
    let variable = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        (name == "NARROWS_DEVELOPMENT").then(|| "true".to_owned())
    };
    Config::from_sources("", variable).expect("valid");
    let asked = asked.into_inner();
    assert!(asked.len() > 20, "nothing was asked for: nothing is tested");
    for name in asked {
        assert!(
            page.contains(&format!("`{name}`")),
            "{name} is not in docs/configuration.md"
        );
    }
}
