use narrows_actions::{ApiError, Error};
use narrows_runtime::config::ServerConfig;
use narrows_wire::{ErrorCode, MessageId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::params::{Converted, parse};
use super::subdomain;

#[derive(Debug, Default, PartialEq, Deserialize)]
struct Args {
    content: Option<String>,
    ids: Option<Vec<MessageId>>,
    flag: Option<bool>,
    op: Option<Op>,
    terms: Option<Vec<Term>>,
    anything: Option<Value>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Add,
    Remove,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Term {
    operator: String,
    #[serde(default)]
    negated: bool,
}

#[derive(Debug, Deserialize)]
struct Needed {
    #[serde(rename = "num_before")]
    _num_before: Converted<u32>,
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn args(given: &[(&str, &str)]) -> Args {
    parse(&pairs(given)).expect("valid").0
}

fn refusal<T: serde::de::DeserializeOwned + std::fmt::Debug>(given: &[(&str, &str)]) -> ApiError {
    match parse::<T>(&pairs(given)).expect_err("refused") {
        Error::Api(api) => *api,
        other => panic!("{other}"),
    }
}

#[test]
fn text_is_bare_and_the_rest_is_json() {
    let parsed = args(&[
        ("content", "[1, 2"),
        ("ids", "[3, 4]"),
        ("flag", "true"),
        ("op", "add"),
        ("terms", r#"[{"operator": "is"}]"#),
        ("anything", "bare"),
    ]);
    let terms = vec![Term {
        operator: "is".into(),
        negated: false,
    }];
    let expected = Args {
        content: Some("[1, 2".into()),
        ids: Some(vec![MessageId(3), MessageId(4)]),
        flag: Some(true),
        op: Some(Op::Add),
        terms: Some(terms),
        anything: Some(json!("bare")),
    };
    assert_eq!(parsed, expected);
    assert_eq!(args(&[("op", "\"remove\"")]).op, Some(Op::Remove));
    assert_eq!(args(&[]), Args::default());
}

#[test]
fn of_the_same_name_the_last_counts_and_unknown_names_are_told() {
    let (parsed, ignored) = parse::<Args>(&pairs(&[
        ("content", "a"),
        ("x", "1"),
        ("content", "b"),
        ("x", "2"),
    ]))
    .expect("valid");
    assert_eq!(parsed.content.as_deref(), Some("b"));
    assert_eq!(ignored, ["x"]);
}

#[test]
fn faults_are_told_in_the_words_of_the_api() {
    let missing = refusal::<Needed>(&[]);
    assert_eq!(
        (missing.code, missing.msg.as_str()),
        (
            ErrorCode::RequestVariableMissing,
            "Missing 'num_before' argument"
        )
    );
    assert_eq!(missing.data.get("var_name"), Some(&json!("num_before")));

    let bad = refusal::<Needed>(&[("num_before", "x")]);
    assert_eq!(
        (bad.code, bad.msg.as_str()),
        (
            ErrorCode::RequestVariableInvalid,
            "Bad value for 'num_before': x"
        )
    );
    assert_eq!(bad.data.get("bad_value"), Some(&json!("x")));
    assert_eq!(
        refusal::<Needed>(&[("num_before", "-1")]).code,
        ErrorCode::RequestVariableInvalid
    );

    for (name, value, msg) in [
        ("flag", "perhaps", "Argument \"flag\" is not valid JSON."),
        ("flag", "1", "flag is not a boolean"),
        ("ids", "{}", "ids is not a list"),
        ("ids", "[\"x\"]", "ids[0] is not an integer"),
        ("ids", "[99999999999999999999]", "ids[0] is not an integer"),
        ("op", "bogus", "Invalid op"),
        ("terms", "[{}]", "operator key is missing from terms[0]"),
        (
            "terms",
            r#"[{"operator": 5}]"#,
            "terms[0][\"operator\"] is not a string",
        ),
        ("content", "a\0b", "Message must not contain null bytes"),
        (
            "terms",
            r#"[{"operator": "a\u0000"}]"#,
            "terms[0][\"operator\"] must not contain null bytes",
        ),
    ] {
        let error = refusal::<Args>(&[(name, value)]);
        assert_eq!(
            (error.code, error.msg.as_str()),
            (ErrorCode::BadRequest, msg),
            "{name}={value}"
        );
    }
}

#[test]
fn realms_are_subdomains_of_the_external_host() {
    let config = ServerConfig {
        external_host: "chat.example.com:9991".into(),
        ..ServerConfig::default()
    };
    for (host, expected) in [
        ("chat.example.com:9991", ""),
        ("CHAT.example.com", ""),
        ("acme.chat.example.com", "acme"),
        ("Acme.chat.example.com:80", "acme"),
        ("evilchat.example.com", ""),
        ("127.0.0.1:9991", ""),
        ("", ""),
    ] {
        assert_eq!(subdomain(host, &config), expected, "{host}");
    }
}
